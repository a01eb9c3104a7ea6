"""Test lists of Citizen Lab: which sites are media, rights groups, politics."""

import re
from collections.abc import Iterator
from posixpath import basename
from urllib.parse import urlsplit

from crawler.charset import decode_text
from crawler.documents.csv_form import CsvRow, read_csv
from crawler.documents.headings import map_headings
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spider import SourceSpider
from pipelines.observation import Observation
from pipelines.reading import BadRow, Oddity, Said

# `ru.csv`, `file:ru_2026-06-30.csv`
FILE_NAME = re.compile(r"(?:file:)?([a-z]+)(?:[^a-z].*)?\.csv")


class MediaCitizenlab(SourceSpider):
    """One file a part: Russia, the world, Ukraine, Belarus, the CIS."""

    name = "media_citizenlab"

    def sniff(self, page: Page) -> str:
        if self.part_of(page) not in self.parts():
            raise PageChanged(f"The file is named like none of the lists: {self.parts()}.")
        return self.spec.endpoint[0].form

    def part_of(self, page: Page) -> str:
        found = FILE_NAME.fullmatch(basename(urlsplit(page.url).path) or page.url)
        return found[1] if found and found[1] in self.parts() else page.part

    def read(self, page: Page) -> Iterator[Said]:
        encoding = decode_text(page.body, page.encoding, page.charset, is_html=False)[1]
        rows = read_csv(page.body, encoding=encoding, delimiter=",", final_newline=False)
        header = next(rows)
        places, extra = map_headings(header.cells, self.spec.headings)
        for heading in extra:
            if heading not in self.spec.noise:
                words = f"Nobody reads the column «{heading}»."
                yield Oddity("unknown-column", heading, words, locate(header))
        for row in rows:
            yield said(row, places, page.part)


def said(row: CsvRow, places: dict[str, int], part: str) -> Observation | BadRow:
    """One row of a list."""
    if row.problem is not None:
        return BadRow(None, "row", f"A row cannot be read: {row.problem}.", locate(row))
    fields = {name: row.cells[place] for name, place in places.items()}
    url = fields["url"].strip()
    if not url:
        return BadRow(None, "url", "The row names no address.", locate(row))
    quote = ",".join(fields.values())
    return Observation((part, url), fields, locate(row), quote, part)


def locate(row: CsvRow) -> str:
    """Where a row stands in its file."""
    return f"csv:bytes={row.start}-{row.end}"
