"""List of organisations declared terrorist, kept by the Federal Security Service.

№ 1-72 stand in one table, each later one in a table of its own with one row: all rows of all
tables are walked (77 of them in September 2026).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from crawler.documents.html_form import require_end, select, tree
from crawler.documents.nodes import Node, name_of, parent_of, text_of
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spiders.designations.itsalt_mirror import ItsaltMirror
from crawler.spiders.designations.names_mirror import PART, is_names_mirror, read_names
from pipelines.members import cut_members
from pipelines.observation import Observation
from pipelines.reading import BadRow, Said

COLUMNS = 3  # №, name, court
COURT = re.compile(r"(?<![а-яё])суд(?:а|ом)?(?![а-яё])", re.IGNORECASE)
WIDTHS = range(2, 5)  # a row of one cell or of seven (a calendar) is none of the list


class TerroristOrgsFsb(ItsaltMirror):
    """One page; imports also take a mirror's JSON of names."""

    name = "terrorist_orgs_fsb"

    def sniff(self, page: Page) -> str:
        return "mirror" if is_names_mirror(page) else super().sniff(page)

    def part_of(self, page: Page) -> str:
        return PART if is_names_mirror(page) else super().part_of(page)

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "mirror":
            yield from read_names(page)
        elif page.form == "page":
            yield from self._page(page)
        else:
            yield from super().read(page)

    def _page(self, page: Page) -> Iterator[Said]:
        require_end(page.text, "</html>")
        found = list(numbered_rows(page.text))
        if not found:
            raise PageChanged("No table of the page has a numbered row.")
        fitting = sum(len(row.cells) == COLUMNS and names_court(row) for row in found)
        if fitting * 2 < len(found):
            raise PageChanged(f"Of {len(found)} rows {fitting} name a court in their third cell.")
        for row in found:
            yield said(row, page.part)


class Numbered(NamedTuple):
    """A row of the list: its number, its cells, its place among all rows of the page."""

    number: str
    cells: list[Node]
    place: int


def numbered_rows(page: str) -> Iterator[Numbered]:
    """The rows that begin with a number; headings and rows of the page's own layout do not."""
    for place, row in enumerate(select(tree(page), "tr")):
        cells = own_cells(row)
        number = text_of(cells[0]).rstrip(". ") if cells else ""
        if number.isdecimal() and len(cells) in WIDTHS:
            yield Numbered(number, cells, place)


def names_court(row: Numbered) -> bool:
    """Does the third cell speak of a court? The headings were never seen, the order of the columns
    is known by their words: a list of courts under the heading of names must not be read."""
    return COURT.search(text_of(row.cells[COLUMNS - 1])) is not None


def own_cells(row: Node) -> list[Node]:
    """The cells of a row without those of tables inside it."""
    return [
        cell
        for cell in row
        if isinstance(cell.tag, str) and name_of(cell) in ("td", "th") and parent_of(cell) is row
    ]


def said(row: Numbered, part: str) -> Observation | BadRow:
    """One numbered row."""
    number, cells, place = row
    locator = f"html:tr/{place}"
    if len(cells) != COLUMNS:
        words = f"The row has {len(cells)} cells, not {COLUMNS}."
        return BadRow((number,), "row", words, locator)
    name, court = (cut_members(text_of(cell)) for cell in cells[1:])
    fields = {"number": number, "name": name, "decisions": court}
    return Observation((number,), fields, locator, f"{number} | {name} | {court}", part)
