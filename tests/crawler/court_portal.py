"""A copy of the courts' portal in both layouts, written from the dossier of its wire forms.

Pages have real windows-1251 bytes, no `<tbody>`, and the doubled rows of the second layout. All
persons are fictional. A court may be made to lie: captcha, 429, maintenance, another day's page.
"""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from tests.chaos.server import LyingServer, Reply, Request

HTML = (("Content-Type", "text/html; charset=windows-1251"),)
FORM = {
    "primary": (
        "<div id='header'><form id='calformH' name='calformH' method='get' action='/modules.php'>"
        "<td>Вывести список дел, назначенных на дату</td>"
        "<input name='H_date' class='text' id='H_date' type='text' value={day}></form></div>"
    ),
    "vnkod": (
        "<div class='round-border-container'><form id='calformH' name='calformH'>"
        "<span>Список дел, назначенных к&nbsp;слушанию&nbsp;на</span>"
        "<input name='H_date' id='H_date' class='date' value='{day}'></form></div>"
    ),
}
HEADINGS = {
    "primary": (
        "№ п/п", "Номер дела", "Время слушания", "Место проведения (Зал судебного заседания)",
        "Информация по делу", "Судья", "Результат слушания", "Судебные акты",
    ),
    "vnkod": (
        "№ п/п", "Номер дела", "Время слушания", "Событие", "Место проведения",
        "Информация по делу", "Судья", "Результат слушания", "Судебные акты",
    ),
}  # fmt: skip


@dataclass
class Case:
    """A case that the portal holds; `gone`: its card is there no more."""

    number: str
    case_uid: str
    day: date  # of its hearing
    article: str = "ст.20.3.3 ч.1 КоАП РФ"
    name: str = "ВЕТЛУГИН Аркадий Титович"
    result: str = "Вынесено постановление о назначении административного наказания"
    delo_id: str = "1500001"
    server: str = "1"
    received: str = "01.06.2026"
    uid: str = "43RS0001-01-2026-000667-40"
    category: str = ""
    act: str = ""
    gone: bool = False
    heard: bool = True  # false: decided without a hearing, so only lists show it

    @property
    def information(self) -> str:
        """The cell of a schedule: a person and an article, or a category."""
        short = f"{self.name.split()[0]} {self.name.split()[1][0]}.{self.name.split()[2][0]}."
        return f"КАТЕГОРИЯ: {self.category}" if self.category else f"{short} - {self.article}"


@dataclass
class PortalCourt:
    """One court of the copy. `lie`: what it answers instead, to the schedule."""

    host: str
    layout: str = "primary"
    cases: list[Case] = field(default_factory=list)
    lie: str = ""  # to the schedule
    search_lie: str = ""  # to a search
    servers: tuple[str, ...] = ()  # where the court wants one chosen
    first_pages: int = 0  # of searches that found something


class CourtPortal:
    """All courts behind one server: `base_url` is `server.url("/{host}")`."""

    def __init__(self, server: LyingServer, courts: list[PortalCourt], page_rows: int = 25) -> None:
        self.server = server
        self.page_rows = page_rows
        self.courts = {court.host: court for court in courts}
        for court in courts:
            server.route(f"/{court.host}/modules.php", self.answer)

    def answer(self, request: Request) -> Reply:
        """The page that a court's module sends for these parameters."""
        court = self.courts[request.path.split("/")[1]]
        query = request.query
        if query.get("name_op") == "case":
            return self._card(court, query.get("case_uid") or query.get("_uid") or "")
        if query.get("name_op") == "r":
            return self._list(court, query)
        return self._schedule(court, query.get("srv_num", "1"), query["H_date"], request.count)

    def _list(self, court: PortalCourt, query: dict[str, str]) -> Reply:
        """A search by article and week, or what a court answers instead."""
        if court.search_lie:
            return SEARCH_LIES[court.search_lie](self, court, query)
        return listed_page(court, found(court, query), query, self.page_rows)

    def _schedule(self, court: PortalCourt, server: str, day: str, count: int) -> Reply:
        lie = LIES.get(court.lie)
        if lie is not None and (court.lie != "429 once" or count == 1):
            return lie(court, day)
        if court.servers and server not in court.servers:
            return page(court, day, choice_of(court))
        heard = [
            case
            for case in court.cases
            if f"{case.day:%d.%m.%Y}" == day and case.server == server and case.heard
        ]
        return page(court, day, schedule_of(court, heard, day))

    def _card(self, court: PortalCourt, case_uid: str) -> Reply:
        case = next(c for c in court.cases if c.case_uid == case_uid.casefold())
        if case.gone:
            return page(
                court, "06.08.2026", "<div id='error'>Данных по запросу не обнаружено.</div>"
            )
        body = primary_card(case) if court.layout == "primary" else vnkod_card(case)
        return page(court, "06.08.2026", body)


def page(court: PortalCourt, day: str, body: str) -> Reply:
    """A whole page of a court in its shell."""
    form = FORM[court.layout].format(day=day)
    text = (
        "<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>"
        f"<title>Суд</title></head><body><div id='modSdpContent'>{form}"
        f"<div id='content'>{body}</div></div></body></html>"
    )
    return Reply(body=text.encode("cp1251", "xmlcharrefreplace"), headers=HTML)


def schedule_of(court: PortalCourt, heard: list[Case], day: str) -> str:
    """The hearings of a day, or the words that there are none."""
    if not heard:
        return f"<p>На {day} дел не назначено</p>"
    cells = "".join(f"<td>{heading}</td>" for heading in HEADINGS[court.layout])
    rows = f"<tr>{cells}</tr><tr><td colspan='{len(HEADINGS[court.layout])}'></td></tr>"
    for place, case in enumerate(heard, 1):
        event = "<td>Рассмотрение</td>" if court.layout == "vnkod" else ""
        room = "<td>зал 5</td>"
        between = event + room if court.layout == "vnkod" else room
        rows += (
            f'<tr><td>{place}.</td><td><a href="{link(court, case)}">{case.number}</a></td>'
            f"<td>10:30</td>{between}<td>{case.information}</td><td>Судьин С.С.</td>"
            f"<td>{case.result}</td><td>&nbsp;</td></tr>"
        )
    if court.layout == "vnkod":
        return f"<div id='resultTable'><table>{rows}</table></div>"
    return f"<table id='tablcont'>{rows}</table>"


def choice_of(court: PortalCourt) -> str:
    """What a court with several servers says where none was chosen."""
    links = "".join(
        f"<li><a href='/modules.php?name=sud_delo&srv_num={server}&H_date=01.06.2026'>"
        f"Сервер {server}</a></li>"
        for server in court.servers
    )
    return (
        "<p>Наш суд использует несколько серверов (источников данных) подсистемы «Судебное "
        "делопроизводство». Выберите сервер для продолжения работы с разделом.</p>"
        f"<ul>{links}</ul>"
    )


def found(court: PortalCourt, query: dict[str, str]) -> list[Case]:
    """The cases of a search: its article is a substring, its week that of the receipt."""
    kind = query.get("delo_id") or query["_deloId"]
    fields = {name.casefold(): value for name, value in query.items()}
    article = next((v for name, v in fields.items() if name.endswith("law_articless")), "")
    first = next(v for name, v in fields.items() if name.endswith("entry_date1d"))
    last = next(v for name, v in fields.items() if name.endswith("entry_date2d"))
    return [
        case
        for case in court.cases
        if case.delo_id == kind and article in case.article and case.server == query["srv_num"]
        and day(first) <= day(case.received) <= day(last)
    ]  # fmt: skip


def day(text: str) -> date:
    """A day as the portal writes it."""
    return date.fromisoformat("-".join(reversed(text.split("."))))


def listed_page(
    court: PortalCourt, cases: list[Case], query: dict[str, str], rows: int, shift: int = 0
) -> Reply:
    """A page of a search's answer. shift: how far the rows have moved since the page before."""
    if not cases:
        words = "<div id='error'>Данных по запросу не обнаружено.</div>"
        return page(court, "06.08.2026", words)
    number = int(query.get("page") or query.get("_page") or "1")
    start = max(0, (number - 1) * rows - shift)
    shown = cases[start : start + rows]
    headings = (
        "№ дела", "Дата поступления", "Правонарушение / Стороны", "Судья", "Дата решения",
        "Решение", "Дата вступления в законную силу", "Судебные акты",
    )  # fmt: skip
    body = "<tr>" + "".join(f"<th>{heading}</th>" for heading in headings) + "</tr>"
    for case in shown:
        body += (
            f"<tr><td><a href='{link(court, case)}'>{case.number}</a></td>"
            f"<td>&nbsp;{case.received}</td><td>{case.information}</td><td>Судьин С.С.</td>"
            f"<td>{case.day:%d.%m.%Y}</td><td>{case.result}</td><td>&nbsp;</td><td>&nbsp;</td></tr>"
        )
    told = f"Всего по запросу найдено — {len(cases)}. На странице записи с {start + 1} по "
    table = f"<table id='tablcont'>{body}</table>"
    if court.layout == "vnkod":
        table = f"<div id='resultTable'><table>{body}</table></div>"
        table += f"<div id='resultMob'><table>{body}</table></div>"
    return page(court, "06.08.2026", f"<p>{told}{start + len(shown)}.</p>{table}")


def link(court: PortalCourt, case: Case) -> str:
    """The link to a card, in the form of the layout."""
    if court.layout == "vnkod":
        return (
            f"/modules.php?name=sud_delo&name_op=case&_id=7&_uid={case.case_uid}"
            f"&_deloId={case.delo_id}&_caseType=0&_new=0&srv_num={case.server}"
        )
    return (
        f"/modules.php?name=sud_delo&srv_num={case.server}&name_op=case&case_id=7"
        f"&case_uid={case.case_uid.upper()}&delo_id={case.delo_id}"
    )


def facts_of(case: Case) -> list[tuple[str, str]]:
    """Labels and values of the first tab."""
    facts = [
        ("Уникальный идентификатор дела", case.uid), ("Дата поступления", case.received),
        ("Категория дела", case.category), ("Судья", "Судьин С.С."),
        ("Дата рассмотрения", f"{case.day:%d.%m.%Y}"), ("Результат рассмотрения", case.result),
    ]  # fmt: skip
    return [(label, value) for label, value in facts if value]


def primary_card(case: Case) -> str:
    """A card of the older layout, as served: no `<tbody>`, a `<tr>` before the last one ends."""
    rows = "".join(f"<tr><td><b>{a}</b></td><td>{b}</td></tr>" for a, b in facts_of(case))
    act = "<li id='tab4' class=nonsel><a href='#'>&nbsp;СУДЕБНЫЕ АКТЫ&nbsp;</a></li>"
    pane = (
        "<div id='cont4'><ul class='tabs'><li id='tab_doc1'><a href='#'>&nbsp;Судебный акт #1 "
        f"(Постановление)&nbsp;</a></li></ul><div id='cont_doc1'>{case.act}</div></div>"
    )
    return (
        "<div align='center' class='title'>Дела об административных правонарушениях - первая "
        f'инстанция</div><div align="center" class=casenumber>ДЕЛО № {case.number}</div>'
        "<ul class='tabs'><li id='tab1' class=sel><a href='#'>&nbsp;ДЕЛО&nbsp;</a></li>"
        "<li id='tab3'><a href='#'>&nbsp;СТОРОНЫ ПО ДЕЛУ&nbsp;</a></li>"
        f"{act if case.act else ''}</ul><div class=contentt>"
        f"<div id='cont1'><table id='tablcont'><tr><th colspan=2>ДЕЛО</th><tr>{rows}</table></div>"
        f"<div id='cont3'><table id='tablcont'><tr><th colspan=10>СТОРОНЫ ПО ДЕЛУ</th></tr>"
        "<tr><td><b>Вид лица, участвующего в деле</b></td><td><b>Фамилия / наименование</b></td>"
        "<td><b>Перечень статей</b></td></tr><tr><td>ПРИВЛЕКАЕМОЕ ЛИЦО</td>"
        f"<td>{case.name}</td><td>{case.article}</td></tr></table></div>"
        f"{pane if case.act else ''}</div>"
    )


def vnkod_card(case: Case) -> str:
    """A card of the newer layout, each table a second time for narrow screens."""
    rows = "".join(f"<tr><td><b>{a}</b></td><td>{b}</td></tr>" for a, b in facts_of(case))
    narrow = (
        "<div class='mobile-lawcase-item block-mobile'><table class='law-case-table'>"
        f"<tr><td><b>Фамилия / наименование</b></td><td>{case.name}</td></tr></table></div>"
    )
    return (
        "<div class='name-instanse'>Дела об административных правонарушениях - первая инстанция"
        f"</div><div id='case_window'><div class='case-num'>ДЕЛО № {case.number}</div>"
        "<ul id='case_bookmarks' class='bookmarks'><li id='tab_id_Case'>Дело</li>"
        "<li id='tab_id_PersonList'>Стороны</li></ul><div id='tab_content_Case'>"
        f"<table class='law-case-table'>{rows}</table></div><div id='tab_content_PersonList'>"
        "<table class='law-case-table list none-mobile'><thead><tr><td>Вид лица, участвующего в "
        "деле</td><td>Фамилия / наименование</td><td>Перечень статей</td></tr></thead>"
        f"<tr><td>ПРИВЛЕКАЕМОЕ ЛИЦО</td><td>{case.name}</td><td>{case.article}</td></tr></table>"
        f"{narrow}</div></div>"
    )


def _other_day(court: PortalCourt, _day: str) -> Reply:
    return page(court, "01.01.2020", schedule_of(court, [], "01.01.2020"))


def _throttled(_court: PortalCourt, _day: str) -> Reply:
    return Reply(status=429, headers=(("Retry-After", "0"),), body=b"")


def _throttled_once(_court: PortalCourt, _day: str) -> Reply:
    return Reply(status=429, headers=(("Retry-After", "2"),), body=b"")


def _maintenance(court: PortalCourt, day: str) -> Reply:
    words = "Информация временно недоступна. Приносим свои извинения. Попробуйте позже."
    return page(court, day, f"<p>{words}</p>")


def _captcha(court: PortalCourt, day: str) -> Reply:
    return page(court, day, "<div id='error'>Неверно указан проверочный код с картинки.</div>")


def _malformed_schedule(court: PortalCourt, day: str) -> Reply:
    """A schedule whose headings nobody knows."""
    return page(
        court, day,
        "<table id='tablcont'><tr><td>Номер дела</td><td>Время слушания</td><td>Погода</td></tr>"
        "<tr><td>5-1/2026</td><td>10:00</td><td>ясно</td></tr></table>",
    )  # fmt: skip


def _search_gate(_portal: CourtPortal, court: PortalCourt, _query: dict[str, str]) -> Reply:
    return _captcha(court, "06.08.2026")


def _search_form(_portal: CourtPortal, court: PortalCourt, _query: dict[str, str]) -> Reply:
    """The form once more, with the picture of a captcha."""
    form = "<form><input name='captcha'><img src='data: image/png;base64, AAAA'></form>"
    return page(court, "06.08.2026", f"<p>Введите проверочный код</p>{form}")


def _search_schedule(_portal: CourtPortal, court: PortalCourt, _query: dict[str, str]) -> Reply:
    """What the module sends when it did not understand a search."""
    return page(court, "06.08.2026", schedule_of(court, [], "06.08.2026"))


def _shifted(portal: CourtPortal, court: PortalCourt, query: dict[str, str]) -> Reply:
    """A case leaves the list before the second page is asked: the next one moves up and away."""
    number = int(query.get("page") or query.get("_page") or "1")
    shift = -1 if number > 1 else 0
    return listed_page(court, found(court, query), query, portal.page_rows, shift)


def _shifted_once(portal: CourtPortal, court: PortalCourt, query: dict[str, str]) -> Reply:
    """The same, in the first reading alone: in the second one page 1 has been asked before."""
    first = (query.get("page") or query.get("_page") or "1") == "1"
    court.first_pages += first and bool(found(court, query))
    lie = _shifted if court.first_pages < 2 else _honest
    return lie(portal, court, query)


def _honest(portal: CourtPortal, court: PortalCourt, query: dict[str, str]) -> Reply:
    return listed_page(court, found(court, query), query, portal.page_rows)


def _first_page_for_ever(portal: CourtPortal, court: PortalCourt, query: dict[str, str]) -> Reply:
    return _honest(portal, court, query | {"page": "1", "_page": "1"})


SEARCH_LIES = {
    "captcha": _search_gate, "form": _search_form, "schedule": _search_schedule,
    "shifted": _shifted, "shifted once": _shifted_once, "page 1 for ever": _first_page_for_ever,
}  # fmt: skip


def _blank(_court: PortalCourt, _day: str) -> Reply:
    return Reply(body=b" ", headers=HTML)


LIES = {
    "blank": _blank,
    "unknown heading": _malformed_schedule,
    "other day": _other_day, "429 once": _throttled_once, "429": _throttled,
    "maintenance": _maintenance, "captcha": _captcha,
}  # fmt: skip


def asked(server: LyingServer) -> list[dict[str, str]]:
    """The parameters of every request, with its host, in the order of arrival."""
    return [
        {"host": hit.path.split("/")[1]}
        | dict(parse_qsl(urlsplit(hit.path).query, encoding="cp1251"))
        for hit in server.hits
    ]
