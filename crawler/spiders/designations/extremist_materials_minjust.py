"""Federal list of extremist materials kept by the Ministry of Justice."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from crawler.charset import decode_text
from crawler.documents.csv_form import CsvRow, read_csv
from crawler.documents.headings import map_headings
from crawler.documents.html_form import only, require_end, tree
from crawler.documents.html_table import Row, rows
from crawler.documents.nodes import text_of
from crawler.documents.xml_form import iter_xml
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spider import Ask
from crawler.spiders.designations.itsalt_mirror import ItsaltMirror
from crawler.spiders.designations.running_number import running_number
from pipelines.dates import Unread, read_date
from pipelines.observation import Observation
from pipelines.reading import BadRow, Oddity, Said, StateAt

MOST_PAGES = 200  # 55 pages of a hundred rows in 2026
PAGE_LINK = re.compile(r"[?&]page=(\d{1,4})\b")  # href="/ru/extremist-materials/?page=55"
FIELDS = ("number", "name", "listed_on")
MOSCOW = ZoneInfo("Europe/Moscow")
# An imported copy such as `exportfsm_2021.csv`: its state is as old as its newest entry. A crawl
# needs no such guess, and days of no entry would look to it like a state that stands still.
UNDATED_FILE = re.compile(r"file:(?!.*\d{4}-\d{2}-\d{2}).*", re.DOTALL)


class ExtremistMaterialsMinjust(ItsaltMirror):
    """The CSV of the whole list, else its pages of a hundred rows; its RSS is only counted."""

    name = "extremist_materials_minjust"

    def follow(self, page: Page) -> Iterator[Ask]:
        """The first page links to the last one; all between them are asked."""
        yield from super().follow(page)
        if page.form != "page" or page.context.get("number"):
            return
        root = tree(page.text)
        links = [PAGE_LINK.search(link) for link in root.xpath("//a/@href")]
        last = max((int(found[1]) for found in links if found), default=1)
        if last > MOST_PAGES:
            raise PageChanged(f"The list has {last} pages, over {MOST_PAGES}.")
        base = self.spec.endpoint[page.endpoint].url.partition("?")[0]
        for number in range(2, last + 1):
            url, context = f"{base}?page={number}", {"number": number}
            yield Ask(url, "page", page.part, page.endpoint, context=context)

    def count(self, page: Page) -> int:
        """The RSS is the whole list, not its news: one item a material."""
        return sum(1 for _item in iter_xml(page.body, "item"))

    def sniff(self, page: Page) -> str:
        if page.body[:512].lstrip().startswith(b"<"):
            return "page"
        return super().sniff(page)

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "page":
            yield from self._page(page)
        elif page.form == "csv":
            yield from self._file(page)
        else:
            yield from super().read(page)

    def _file(self, page: Page) -> Iterator[Said]:
        encoding = decode_text(page.body, page.encoding, page.charset, is_html=False)[1]
        lines = read_csv(page.body, encoding=encoding, columns=len(FIELDS))
        header = next(lines)
        places, extra = map_headings(header.cells, self.spec.headings)
        yield from unread(extra, f"csv:bytes={header.start}-{header.end}")
        newest = None
        for line in lines:
            one = self._line(line, places, page.part)
            if isinstance(one, Observation):
                newest = max(filter(None, (newest, day_of(one))), default=None)
            yield one
        if newest is not None and UNDATED_FILE.fullmatch(page.url):
            yield StateAt(datetime.combine(newest, time(), MOSCOW).astimezone(UTC), page.part)

    def _line(self, line: CsvRow, places: dict[str, int], part: str) -> Said:
        locator = f"csv:bytes={line.start}-{line.end}"
        if line.problem is not None:
            return BadRow(None, "row", f"A row cannot be read: {line.problem}.", locator)
        return said({f: line.cells[place] for f, place in places.items()}, locator, part)

    def _page(self, page: Page) -> Iterator[Said]:
        require_end(page.text, "</html>")
        table = only(tree(page.text), "table.table-bordered")
        found = 0
        for place, row in enumerate(rows(table, headings=self._shown(table))):
            found += 1
            locator = f"html:table.table-bordered/{place}"
            if row.problem is not None:
                yield BadRow(None, "row", f"A row cannot be read: {row.problem}.", locator)
            else:
                yield said({f: self._cell(row, f) for f in FIELDS}, locator, page.part)
        if not found:
            raise PageChanged("The table of materials has no row.", reason="empty")

    def _shown(self, table: Any) -> list[str] | None:
        """The headings of a table that shows none: its first cell is a number then."""
        first = next(iter(table.cssselect("tr")), None)
        cells = [] if first is None else [text_of(c) for c in first.cssselect("td, th")]
        if len(cells) == len(FIELDS) and cells[0].rstrip(".").isdecimal():
            return [self.spec.headings[field][0] for field in FIELDS]
        return None

    def _cell(self, row: Row, field: str) -> str:
        """The cell under any of the field's known headings; PageChanged where none is there."""
        known = self.spec.headings[field]
        for heading in known[:-1]:
            try:
                return row.pop(heading)
            except PageChanged:
                continue
        return row.pop(known[-1])


def day_of(row: Observation) -> date | None:
    """The day of entry of a row, where it states one that there is."""
    try:
        return read_date(str(row.fields["listed_on"]))
    except Unread:
        return None


def unread(headings: list[str], locator: str) -> Iterator[Oddity]:
    """A column that was not there when this was written."""
    for heading in headings:
        yield Oddity("unknown-column", heading, f"Nobody reads the column «{heading}».", locator)


def said(cells: dict[str, str], locator: str, part: str) -> Observation | BadRow:
    """One row of the list, from either form."""
    number = running_number(cells["number"])
    if number is None:
        return BadRow(None, "#", "The number of this row is not a number.", locator)
    quote = " | ".join(cells[field].strip() for field in FIELDS if cells[field].strip())
    return Observation((number,), cells | {"number": number}, locator, quote, part)
