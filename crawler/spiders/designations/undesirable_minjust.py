"""Foreign and international organisations declared undesirable, as the Ministry lists them."""

import re
from collections.abc import Iterator

from crawler.documents.headings import match_headings
from crawler.documents.html_form import require_end, tree
from crawler.documents.html_table import Row, rows
from crawler.documents.json_form import load_json
from crawler.documents.nodes import text_of
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spiders.designations.itsalt_mirror import ItsaltMirror
from crawler.spiders.designations.minjust_registry import MinjustRegistry, bad, quoted
from crawler.spiders.designations.running_number import running_number
from pipelines.observation import Observation
from pipelines.reading import BadRow, Said

HTML_START = re.compile(rb"[\xef\xbb\xbf\s]*<[!a-z]", re.IGNORECASE)  # <!DOCTYPE, <html
QUOTED = (
    "number", "minjust_order", "listed_on", "prosecutor_decision", "name", "status",
    "minjust_exclusion_order", "delisted_on", "prosecutor_cancellation",
)  # fmt: skip
# Keys of the public mirror's JSON, made by its keepers from the Ministry's older page.
MIRROR = {
    "id": "number", "fullName": "name", "decisionInMinjust": "minjust_order",
    "decisionInGenproc": "prosecutor_decision", "decisionOutMinjust": "minjust_exclusion_order",
    "decisionOutGenproc": "prosecutor_cancellation", "dateIn": "listed_on",
    "dateOut": "delisted_on",
}  # fmt: skip
# The older page's columns in their order: it is gone since February 2026, saved copies remain.
PAGE_COLUMNS = (
    "number", "minjust_order", "prosecutor_decision", "name", "minjust_exclusion_order",
    "prosecutor_cancellation",
)  # fmt: skip


class UndesirableMinjust(ItsaltMirror, MinjustRegistry):
    """Interface, else spreadsheet; imports also take the older page and the public mirror."""

    name = "undesirable_minjust"

    def sniff(self, page: Page) -> str:
        if HTML_START.match(page.body[:4096]):
            return "page"
        return super().sniff(page)

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "page":
            yield from self.read_page(page)
        else:
            yield from super().read(page)

    def row(self, page: Page, cells: dict[str, str], locator: str) -> Observation | BadRow:
        number = running_number(cells["number"])
        if number is None:
            return bad(cells, locator, "№", "The number of this row is not a number.")
        return Observation(
            (number,), cells | {"number": number}, locator, quoted(cells, QUOTED), page.part
        )

    def read_mirror(self, page: Page) -> Iterator[Said]:
        listed = load_json(page.text)
        if not isinstance(listed, list) or not listed:
            raise PageChanged("The mirror's file is not a list of rows.")
        for index, row in enumerate(listed):
            if not isinstance(row, dict) or not row.keys() >= MIRROR.keys():
                raise PageChanged(f"Row {index} of the mirror lacks a key that all rows have.")
            cells = {ours: str(row[theirs]) for theirs, ours in MIRROR.items()}
            yield self.row(page, cells, f"/{index}")

    def read_page(self, page: Page) -> Iterator[Said]:
        """The table of the older page, by its headings where they name the columns."""
        require_end(page.text, "</html>")
        tables = tree(page.text).xpath("//*[@id='documentcontent']//table[not(ancestor::table)]")
        if len(tables) != 1:
            raise PageChanged(f"The page has {len(tables)} tables in its text, not one.")
        for index, line in enumerate(rows(tables[0], headings=PAGE_COLUMNS)):
            locator = f"table:{index + 1}"
            if index == 0 and line.problem is None and self._is_heading(line):
                continue
            if line.problem is not None:
                yield BadRow(None, "table", f"A row of the table: {line.problem}.", locator)
            else:
                cells = {name: line.pop(name) for name in PAGE_COLUMNS}
                yield self.row(page, cells, locator)

    def _is_heading(self, line: Row) -> bool:
        """The row of headings; PageChanged where it names the columns in another order."""
        texts = [text_of(cell) for cell in line.cells]
        if texts[0].strip().isdecimal():
            return False
        patterns = self.spec.heading_patterns
        found = match_headings(texts, patterns, optional=patterns).columns
        if any(PAGE_COLUMNS[place] != field for field, place in found.items()):
            raise PageChanged("The headings of the table stand in another order.")
        return True
