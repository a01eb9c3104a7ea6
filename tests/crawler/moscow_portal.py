"""A copy of the Moscow portal in both layouts, with its dirt: hints, cut cells, a Latin C, U+223C.

The layout of 2026 follows the captured pages, that of 2018-2024 independent programs. All persons
are fictional. `lie` names what the portal answers to searches instead of the truth.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from tests.chaos.server import LyingServer, Reply, Request

HINT = (
    '<i class="copy__copied"><div class="hint">Скопировано в буфер обмена</div></i>'
    '<i class="copy__copy active"><div class="hint">Скопировать в буфер обмена</div></i>'
)
UID = "77RS0027-02-2026-000667-40"
HEADINGS = {
    "2026": (
        "№ дела", "Стороны", "Текущее состояние", "Категория дела", "Судья", "Список дел",
        "Решение первой инстанции", "Решение апелляционной инстанции",
    ),
    "2018": (
        "Номер дела", "Стороны", "Текущее состояние", "Cудья", "Статья", "Категория дела",
    ),
    "hearing": (
        "Номер дела", "Стороны", "Результат", "Дата и время", "Зал", "Стадия", "Cудья",
        "Список дел",
    ),
}  # fmt: skip


@dataclass
class Case:
    """A case that the portal holds."""

    uuid: str
    number: str = "05-0174/2026 ∼ М-0170/2026"
    alias: str = "tverskoj"
    section: str = "admin"
    article: str = "ст. 20.3.3 ч.1"
    category: str = ""
    role: str = "Привлекаемое лицо"
    name: str = "Ветлугин Аркадий Титович"
    state: str = "Вынесено постановление о назначении административного наказания, 09.06.2026"
    received: str = "01.06.2026"
    document: str = "there"  # later, forbidden or none

    @property
    def folder(self) -> str:
        return "mgs" if self.alias == "mgs" else f"rs/{self.alias}"

    @property
    def path(self) -> str:
        return f"/{self.folder}/services/cases/{self.section}/details/{self.uuid}"


@dataclass
class MoscowPortal:
    """The portal behind one server. `spelling`: the form of `codex` that its search takes."""

    server: LyingServer
    cases: list[Case] = field(default_factory=list)
    layout: str = "2026"
    lie: str = ""
    spelling: Callable[[str], bool] = lambda codex: True
    asked: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.route("/search", self._search)
        self.server.route("/rs/tverskoj/hearing", self._hearing)
        for case in self.cases:
            self.add(case)

    def add(self, case: Case) -> None:
        """Let the portal hold one more case."""
        if case not in self.cases:
            self.cases.append(case)
        self.server.route(case.path, lambda _request: whole(card(case, self.layout)))
        body = b"\xd0\xcf\x11\xe0" + case.uuid.encode()
        word = (("Content-Type", "application/msword"),)
        self.server.route(document_path(case), Reply(body=body, headers=word))

    def _search(self, request: Request) -> Reply:
        self.asked.append(request.query)
        if self.lie in LIES:
            return LIES[self.lie]
        codex, category = request.query.get("codex", ""), request.query.get("category", "")
        found = [one for one in self.cases if self._fits(one, codex, category)]
        if "19.3" in codex and self.spelling(codex) and self.lie != "deaf search":
            found = [Case("00000000-0000-0000-0000-000000000001", article="ст. 19.3 ч.1")]
        if category == "d1bfef7" and self.lie != "deaf search":
            found = [Case("00000000-0000-0000-0000-000000000002", section="kas", article="")]
        if self.lie == "search filters nothing":
            found = self.cases
        if self.lie == "cases vanish" and "19.3" not in codex and category != "d1bfef7":
            found = []
        return self._paged(found, int(request.query["page"]), self.layout)

    def _fits(self, case: Case, codex: str, category: str) -> bool:
        if category:
            return bool(case.category) and category in case.category
        return bool(codex) and self.spelling(codex) and codex in case.article

    def _hearing(self, request: Request) -> Reply:
        return self._paged(self.cases, int(request.query["page"]), "hearing")

    def _paged(self, found: list[Case], page: int, layout: str) -> Reply:
        pages = max(1, -(-len(found) // 15))
        if self.lie == "repeats its last page":
            page = 1
        shown = found[(page - 1) * 15 : page * 15]
        if self.lie == "shifted pages" and page > 1:
            shown = found[(page - 1) * 15 - 1 : page * 15 - 1]
        if not found:
            return whole('<div class="resultsearch_text">По вашему запросу ничего не найдено</div>')
        if self.lie == "layout changed":
            return whole("<ul class='cases'><li>05-0174/2026</li></ul>")
        count = (
            "" if layout == "2026" else f"<p>По вашему запросу найдено записей: {len(found)}</p>"
        )
        form = (
            f'<input id="paginationFormMaxPages" value="{pages}">'
            f'<input id="paginationFormInput" value="{page}">'
        )
        return whole(count + table(shown, layout, self.lie) + form)


def whole(body: str) -> Reply:
    """A page of the portal in its shell."""
    text = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Суды общей юрисдикции</title>"
        f"</head><body><div id='content'>{body}</div><footer>© Мосгорсуд</footer></body></html>"
    )
    return Reply(body=text.encode())


LIES = {
    "captcha": whole("<h1>Подтвердите, что вы не робот</h1><form><input name='captcha'></form>"),
    "maintenance": whole("<p>Сайт временно недоступен. Ведутся технические работы.</p>"),
    "429": Reply(status=429, headers=(("Retry-After", "0"),), body=b""),
    "empty page": whole(""),
    "cut": Reply(body="<html><body><table class='search-form__table'><tr><th>№ дела".encode()),
}


def document_path(case: Case) -> str:
    """Where the act of a case lies."""
    return f"/{case.folder}/cases/docs/content/{case.uuid}"


def table(shown: list[Case], layout: str, lie: str) -> str:
    """A list in one of its layouts."""
    headings = list(HEADINGS[layout])
    if lie == "new heading":
        headings[2] = "Сведения о движении"
    kind = "search-form__table no-border" if layout == "2026" else "custom_table"
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    rows = "".join(f'<tr class="linked-row">{row(case, layout)}</tr>' for case in shown)
    inner = f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="wrapper-search-tables">{inner}</div>'


def row(case: Case, layout: str) -> str:
    """The cells of one case."""
    first, _tilde, rest = case.number.partition(" ")
    link = f'<a class="detailsLink table-link" href="{case.path}?codex=19">{first}</a>'
    number = f"<nobr>{link}</nobr>{HINT} {rest}"
    sides = f'<p class="table-bold-text">{case.role}</p>{case.name}<br>'
    cut = (
        f'<div class="table-row-content" data-full-text="{escape(sides)}" data-trimmed="true">'
        f'{sides[:40]}... <a href="javascript:void(0)" data-action="expand">раскрыть</a></div>'
    )
    cells = {
        "2026": (number, cut, case.state, case.category, "Судьин С.С.", "Список", "", ""),
        "2018": (number, cut, case.state, "Судьин С.С.", case.article, case.category),
        "hearing": (
            number, cut, case.state, "09.06.2026 10:00", "зал 5", "Рассмотрение", "Судьин С.С.",
            "Дела об административных правонарушениях",
        ),
    }[layout]  # fmt: skip
    return "".join(f"<td>{cell}</td>" for cell in cells)


def card(case: Case, layout: str) -> str:
    """A card in one of its layouts."""
    inside = {
        "there": f'<a href="{document_path(case)}"> Скачать файл </a>',
        "later": f"{case.number} - Постановление - Готовится к публикации",
        "forbidden": '<a class="jsProhibitedAct" href="#">Публикация запрещена</a>',
        "none": "",
    }[case.document]
    if layout == "2026":
        sides = f'<p class="table-bold-text">{case.role}</p>{case.name}<br>'
    else:
        sides = f"<strong>{case.role}: </strong>{case.name}<br>"
    facts = {
        "Уникальный идентификатор дела": f"<div>{UID}{HINT}</div>",
        "Номер дела ~ материала": case.number, "Дата поступления": case.received,
        "Стороны": sides, "Cудья": "Судьин С.С.", "Статья КоАП РФ": case.article,
        "Категория дела": case.category, "Текущее состояние": case.state,
    }  # fmt: skip
    box, line = ("card-sud", "row") if layout == "2026" else ("detail-cart", "row_card")
    rows = "".join(
        f'<div class="{line}"><div class="left"> {name} </div><div class="right"> {value} </div>'
        "</div>"
        for name, value in facts.items()
        if value
    )
    return (
        f'<div class="{box}">{rows}</div><h3>История состояний</h3><table class="mainTable">'
        "<thead><tr><th>Дата</th><th>Состояние</th><th>Документ-основание</th></tr></thead>"
        f"<tr><td>{case.received}</td><td>Регистрация</td><td></td></tr></table>"
        '<table class="custom_table mainTable"><thead><tr><th>Дата документа</th>'
        "<th>Вид документа</th><th>Текст документа</th></tr></thead><tr><td>09.06.2026</td>"
        f"<td>Постановление</td><td>{inside}</td></tr></table>"
    )
