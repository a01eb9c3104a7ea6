"""A card of the Moscow portal: its own labels under the names of `pipelines.court_card`.

Layout of 2026: `.card-sud .row` (captured); of 2018-2024: `.row_card` (independent programs). Both
have `.left` and `.right`. Tables are told by their headings; hidden copies stand in `#modalTable`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.documents.headings import fold_heading
from crawler.documents.html_form import require_end, select, tree
from crawler.documents.html_table import Row, rows
from crawler.documents.nodes import Node, attribute
from crawler.errors import PageChanged, SourceError
from crawler.moscow.cells import label, line, parties, value
from pipelines.observation import Raw

FACTS = {
    "уникальный идентификатор дела": "uid",
    "номер дела ~ материала": "case_number",
    "номер дела": "case_number",
    "номер дела / материала": "case_number",
    "дата поступления": "received_on",
    "дата регистрации": "received_on",
    "дата рассмотрения дела в первой инстанции": "decided_on",
    "дата рассмотрения дела": "decided_on",
    "дата вступления решения в силу": "in_force_on",
    "дата вступления в силу": "in_force_on",
    "дата вступления постановления в силу": "in_force_on",
    "дата вступления приговора в силу": "in_force_on",
    "категория дела": "category",
    "текущее состояние": "state",
    "судья": "judge",
}
ARTICLES = ("статья коап рф", "статья ук рф", "статья", "статьи")
BELOW = ("номер дела в суде нижестоящей инстанции", "номер дела в суде первой инстанции")
# A single person beside a label that is his role; cards of КоАП and of criminal cases.
ROLES = (
    "привлекаемое лицо", "подсудимый", "обвиняемый", "осужденный", "осуждённый", "подозреваемый",
    "потерпевший", "заявитель", "защитник", "взыскатель", "должник",
)  # fmt: skip
SIDES = ("стороны", "стороны по делу", "участники")
PASSED_OVER = (
    "судья нижестоящего суда", "суд нижестоящей инстанции", "номер заявления",
    "номер входящего документа", "дата рассмотрения дела в апелляционной инстанции",
    "основание решения суда", "дата передачи дела судье", "номер протокола",
)  # fmt: skip
DOCUMENT = "/docs/content/"
LATER, FORBIDDEN = "готовится к публикации", "публикация запрещена"
# Documents that decide a case; a ruling on how it is prepared is none.
DECIDING = (
    "приговор", "постановление", "решение", "мотивированное решение", "апелляционное",
    "кассационное", "резолютивная часть решения",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the case. `state`: there, later, forbidden or none."""

    day: str
    kind: str
    state: str
    href: str = ""


@dataclass(slots=True)
class MoscowCard:
    """What a card says: raw fields, labels that nobody reads, documents in their order."""

    fields: dict[str, Raw] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    own_id: str = ""  # the uuid that the page states of itself
    court_code: str = ""

    @property
    def act(self) -> Document | None:
        """The newest document that decides the case, whether its text is there or not."""
        deciding = [d for d in self.documents if d.kind.casefold().startswith(DECIDING)]
        there = [one for one in deciding if one.state == "there"]
        newest = there or deciding
        return newest[-1] if newest else None


def is_card(root: Node) -> bool:
    """Is the page a card in either layout?"""
    return bool(select(root, ".card-sud .left") or select(root, ".row_card .left"))


def read_card(text: str) -> MoscowCard:
    """The card in a page. PageChanged: none, or one without number or state."""
    require_end(text, "</html>")
    root = tree(text)
    if not is_card(root):
        raise PageChanged("The page is no card of a case in either layout of the portal.")
    card = MoscowCard(
        own_id=_hidden(root, "caseId").casefold(), court_code=_hidden(root, "courtCode").upper()
    )
    sides: list[tuple[str, str]] = []
    for name, cell in _facts(root):
        _fact(card, name, cell, sides)
    if not card.fields.get("case_number"):
        raise PageChanged("The card states no number of a case.")
    if sides:
        card.fields["party_roles"] = [role for role, _name in sides]
        card.fields["party_names"] = [name for _role, name in sides]
    for row in _rows(root):
        _table_row(card, row)
    return card


def _hidden(root: Node, name: str) -> str:
    found = root.xpath("//form[@id='subscriptionForm']//input[@name=$name]", name=name)
    return (attribute(found[0], "value") or "").strip() if found else ""


def _facts(root: Node) -> Iterator[tuple[str, Node]]:
    for css in (".card-sud .row", ".row_card"):
        for row in select(root, css):
            left, right = select(row, ".left"), select(row, ".right")
            if left and right:
                yield line(left[0]), right[0]


def _fact(card: MoscowCard, name: str, cell: Node, sides: list[tuple[str, str]]) -> None:
    known = label(name)
    if known in SIDES:
        sides += parties(cell)
    elif known in ROLES:
        sides += [(name, text) for _role, text in parties(cell)]
    elif known in ARTICLES:
        _extend(card, "articles", value(cell))
    elif known in BELOW:
        _extend(card, "lower_numbers", line(cell))
    elif known in FACTS:
        card.fields.setdefault(FACTS[known], line(cell))
    elif known not in PASSED_OVER:
        card.unread.append(name)


def _extend(card: MoscowCard, name: str, text: str) -> None:
    if text:
        earlier = card.fields.get(name)
        card.fields[name] = [*(earlier if isinstance(earlier, list) else []), text]


def _rows(root: Node) -> Iterator[Row]:
    """Rows of all tables of the card; a table without headings is a table of layout."""
    for table in select(root, "table"):
        if any(above.get("id") == "modalTable" for above in table.iterancestors()):
            continue
        try:
            yield from rows(table)
        except SourceError:
            continue


def _table_row(card: MoscowCard, row: Row) -> None:
    at = {fold_heading(heading).split("\n")[0].strip(): i for i, heading in enumerate(row.headings)}
    if row.problem:
        return
    if {"дата", "состояние"} <= set(at):
        _event(card, line(row.cells[at["дата"]]), line(row.cells[at["состояние"]]))
    kind = next((i for name, i in at.items() if name.startswith("вид документа")), None)
    text = next((i for name, i in at.items() if name.startswith("текст документа")), None)
    day = next((i for name, i in at.items() if name.startswith("дата")), None)
    if kind is not None and text is not None:
        said = line(row.cells[day]) if day is not None else ""
        card.documents.append(_document(said, line(row.cells[kind]), row.cells[text]))


def _event(card: MoscowCard, day: str, name: str) -> None:
    if name:
        for list_name, text in (("event_dates", day), ("event_names", name)):
            earlier = card.fields.get(list_name)
            card.fields[list_name] = [*(earlier if isinstance(earlier, list) else []), text]


def _document(day: str, kind: str, cell: Node) -> Document:
    said = line(cell).casefold()
    if FORBIDDEN in said:
        return Document(day, kind, "forbidden")
    if LATER in said:
        return Document(day, kind, "later")
    href = next(
        (a.get("href") or "" for a in select(cell, "a") if DOCUMENT in a.get("href", "")), ""
    )
    return Document(day, kind, "there", href) if href else Document(day, kind, "none")
