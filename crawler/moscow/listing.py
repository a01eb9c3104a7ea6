"""A list of the Moscow portal, search or hearings, in both layouts.

Layout of 2026: `table.search-form__table` (captured). Of 2018-2024: `table.custom_table`, with its
pages in `#paginationFormMaxPages`, known from independent programs that agree. A page that is
neither, and does not say that nothing was found, is a changed page, never an empty list.
"""

import re
from dataclasses import dataclass, field

from crawler.documents.html_form import require_end, select, tree
from crawler.documents.html_table import Row, rows
from crawler.documents.nodes import Node, attribute, text_of
from crawler.errors import PageChanged
from crawler.moscow.cells import label, line, parties, value
from crawler.moscow.query import CaseLink, case_link

NOTHING = ("ничего не найдено", "записей не найдено", "слушаний не найдено")
TOTAL = re.compile(r"найдено записей\s*[:—–-]?\s*(\d[\d ]*)")
# Heading -> our name of the column. The captured page of 2026 has the first words of each line.
COLUMNS = {
    "number": ("№ дела", "номер дела", "номер дела ~ материала", "номер дела / материала"),
    "parties": ("стороны", "стороны по делу"),
    "state": ("текущее состояние", "состояние", "результат"),
    "category": ("категория дела", "категория"),
    "article": ("статья", "статья коап рф", "статья ук рф"),
    "judge": ("судья",),
    "list": ("список дел", "тип дела", "вид судопроизводства", "перечень"),
    "first": ("решение первой инстанции",),
    "appeal": ("решение апелляционной инстанции",),
    "time": ("дата и время", "дата и время заседания", "дата"),
    "room": ("зал", "зал заседания"),
    "stage": ("стадия", "событие", "стадия/событие"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: a case and, by column, the page's words."""

    link: CaseLink
    cells: dict[str, str]
    parties: tuple[tuple[str, str], ...]
    place: int


@dataclass(slots=True)
class Listing:
    """One page of a list. `total`, `pages`, `page` are None where the page does not say."""

    form: str  # search or hearing
    layout: str  # 2026 or 2018
    total: int | None = None
    pages: int | None = None
    page: int | None = None
    rows: list[Listed] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)  # place of a row, why unread


def is_listing(root: Node) -> bool:
    """Has the page a table of a list?"""
    return _table(root) is not None


def read_listing(text: str) -> Listing:
    """The list in a page. PageChanged: no list, or a heading that nobody knows."""
    require_end(text, "</html>")
    root = tree(text)
    table, words = _table(root), " ".join(text_of(root).split()).casefold()
    if table is None:
        if any(phrase in words for phrase in NOTHING):
            return Listing("search", "", total=0, pages=0)
        raise PageChanged("The page neither lists cases nor says that none was found.")
    is_new = "search-form__table" in (attribute(table, "class") or "")
    found = TOTAL.search(words)
    listing = Listing(
        "search", "2026" if is_new else "2018",
        total=int(found[1].replace(" ", "")) if found else None,
        pages=_number(root, "#paginationFormMaxPages", "value")
        or _number(root, "#paginationFormInput", "data-max"),
        page=_number(root, "#paginationFormInput", "value"),
    )  # fmt: skip
    for place, row in enumerate(rows(table), 1):
        _take(listing, row, place)
    return listing


def _table(root: Node) -> Node | None:
    for css in ("table.search-form__table", ".wrapper-search-tables table", "table.custom_table"):
        tables = [t for t in select(root, css) if "mainTable" not in (t.get("class") or "")]
        if tables:
            return tables[0]
    return None


def _number(root: Node, css: str, name: str) -> int | None:
    found = select(root, css)
    digits = (attribute(found[0], name) or "").strip() if found else ""
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _take(listing: Listing, row: Row, place: int) -> None:
    at = _places(row.headings)
    if "time" in at:
        listing.form = "hearing"
    if row.problem:
        listing.bad.append((place, row.problem))
        return
    hrefs = [a.get("href") or "" for a in select(row.cells[at["number"]], "a")]
    links = [link for link in map(case_link, hrefs) if link is not None]
    if not links:
        listing.bad.append((place, "the row has no link to a card that we know"))
        return
    cells = {name: value(row.cells[spot]) for name, spot in at.items() if name != "parties"}
    cells["number"] = line(row.cells[at["number"]])
    told = parties(row.cells[at["parties"]]) if "parties" in at else []
    listing.rows.append(Listed(links[0], cells, tuple(told), place))


def _places(headings: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = next((n for n, words in COLUMNS.items() if label(heading) in words), None)
        if name is None or name in found:
            words = "is unknown" if name is None else "stands twice"
            raise PageChanged(f"The heading {heading!r} of the list {words}.")
        found[name] = place
    if "number" not in found or "parties" not in found:
        raise PageChanged("The list lacks the number or the parties of its cases.")
    return found
