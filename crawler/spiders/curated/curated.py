"""Acts that no register states, out of a file that an analyst keeps."""

import json
from collections.abc import Iterator

from crawler.page import Page
from crawler.spider import SourceSpider
from crawler.spiders.curated.table import Entry, read_table
from pipelines.curated import ATTACHMENTS, quote_of
from pipelines.observation import Observation, Raw
from pipelines.reading import BadRow, Oddity, Said


class Curated(SourceSpider):
    """Every act is a part of its own: rows of several files and analysts stand side by side.

    A page is the file as the evidence of one row; `context` names the row and its attachments."""

    name = "curated"

    def read(self, page: Page) -> Iterator[Said]:
        table = read_table(page.body, page.encoding)
        wanted = page.context.get("id")
        for heading in table.extra if wanted is None else ():
            yield Oddity("unknown-column", heading, f"Nobody reads the column «{heading}».")
        for entry in table.entries:
            if wanted in (None, entry.id):
                yield said(entry, page)


def said(entry: Entry, page: Page) -> Observation | BadRow:
    """One row as an observation, or why it is none."""
    key = (entry.id,) if entry.id else None
    if entry.fault is not None:
        words = f"line {entry.line}, column {entry.fault.column}: {entry.fault.words}"
        return BadRow(key, entry.fault.column, words, entry.locator)
    attached = page.context.get(ATTACHMENTS)
    if not attached:
        words = f"line {entry.line}, column evidence: the file was stored without it."
        return BadRow(key, "evidence", words, entry.locator)
    fields: dict[str, Raw] = {**entry.cells, ATTACHMENTS: [json.dumps(one) for one in attached]}
    return Observation((entry.id,), fields, entry.locator, quote_of(entry.cells), page.part)
