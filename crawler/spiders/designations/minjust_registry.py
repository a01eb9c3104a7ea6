"""The interface of the Ministry's registers, which several of its lists share.

Solr stands behind it: `/info` names the columns, `/values` gives rows by offset. Its limit is cut
to 1000 without a word and the newest rows come last, so paging goes on until `size` is reached.
Source: sources dossier, section 0; column titles seen in programs that read it live.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from crawler.documents.headings import HeadingMap, fold_heading, map_headings, match_headings
from crawler.documents.xlsx_cells import Unread as UnreadCell
from crawler.documents.xlsx_form import read_sheet
from crawler.errors import PageChanged, SourceError
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from crawler.spiders.designations.minjust_answers import (
    TECHNICAL,
    cell,
    epoch,
    first_of,
    info_columns,
    page_rows,
    read_info,
)
from crawler.spiders.designations.running_number import running_number
from pipelines.dates import Unread, read_moment
from pipelines.reading import BadRow, Declared, Oddity, Said, StateAt
from pipelines.spec import Endpoint
from storage.staged_row import Issue

PAGE_ROWS = 1000  # more is cut in silence
INFO = re.compile(rb'"columns"\s*:\s*\[')
MOSCOW = ZoneInfo("Europe/Moscow")
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


class MinjustRegistry(SourceSpider):
    """A register read by its interface, else by its spreadsheet export."""

    columns: list[tuple[str, str]] | None = None  # of an `/info` read before, in an import

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        if endpoint.form == "values":
            info = endpoint.url.replace("/values", "/info")
            yield Ask(info, "info", part, index, headers={"Accept": "application/json"})
        else:
            yield from super().ask(part, index, endpoint)

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """Without `/info` the columns are taken by the numbers that the register has used, where
        all of them are known; else the spreadsheet is read, which has its titles in it."""
        if ask.form != "info" or self.spec.heading_patterns:
            return None
        words = f"The titles of the columns could not be read ({error}); their numbers were used."
        issue = Issue("info-unavailable", error.reason, words, "", None, ask.part, ask.endpoint)
        self.session.run.issue(issue)
        return iter([self._values(ask.part, ask.endpoint, 0, None)])

    def _values(self, part: str, endpoint: int, offset: int, columns: Any) -> Ask:
        query = {"offset": offset, "limit": PAGE_ROWS, "search": ""}
        return Ask(
            self.spec.endpoint[endpoint].url, "values", part, endpoint, method="POST",
            body=json.dumps(query).encode(), headers=JSON_HEADERS,
            context={"columns": columns, "offset": offset},
        )  # fmt: skip

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form == "info":
            yield self._values(page.part, page.endpoint, 0, info_columns(page))
        elif page.form == "values":
            size, rows = page_rows(page)
            reached = page.context.get("offset", 0) + len(rows)
            if rows and reached < size:
                onward = self._values(page.part, page.endpoint, reached, page.context["columns"])
                yield replace(onward, context=onward.context | {"before": first_of(page, rows)})

    def sniff(self, page: Page) -> str:
        head = page.body[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
        if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
            return "xlsx"
        if head.startswith(b"{"):
            return "info" if INFO.search(page.body) else "values"
        if head.startswith(b"["):
            return "mirror"
        raise PageChanged("The file is neither the register's JSON nor its spreadsheet.")

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "info":
            self.columns = info_columns(page)
            yield from read_info(page)
        elif page.form == "values":
            yield from self.read_values(page)
        elif page.form == "xlsx":
            yield from self.read_export(page)
        elif page.form == "mirror":
            yield from self.read_mirror(page)

    def read_mirror(self, page: Page) -> Iterator[Said]:
        """A register that has no mirror of its own form."""
        raise PageChanged("No mirror of this register is known.")

    def row(self, page: Page, cells: dict[str, str], locator: str) -> Said:
        """One row as the register states it; `cells` by our field names."""
        raise NotImplementedError

    def read_values(self, page: Page) -> Iterator[Said]:
        """One page of `/values`."""
        size, rows = page_rows(page)
        if page.context.get("offset", 0) == 0:
            yield Declared(size, page.part)
        names, oddities = self._fields_of(page, rows)
        yield from oddities
        for index, row in enumerate(rows):
            cells = {field: cell(row.get(column)) for field, column in names.items()}
            if isinstance(row.get("id"), str):
                cells["row_uuid"] = row["id"]
            yield self.row(page, cells, f"/values/{index}")
        if rows and isinstance(rows[0].get("lastModified_l"), int):
            yield StateAt(epoch(rows[0]["lastModified_l"]), page.part)

    def _fields_of(
        self, page: Page, rows: list[dict[str, Any]]
    ) -> tuple[dict[str, str], list[Oddity]]:
        """Our field names -> keys of a row, by the titles of `/info` or by known numbers."""
        columns = page.context.get("columns") or self.columns
        known = {key for row in rows[:50] for key in row} - TECHNICAL
        if columns is None and not self.spec.default_headings:
            raise PageChanged("Nobody knows the columns of this register without their titles.")
        if columns is None:
            names = {k: f for f, k in self.spec.default_headings.items()}
            by_field = {field: column for column, field in names.items()}
            oddities = [
                Oddity("unknown-column", key, f"Nobody reads the column `{key}`.", "/values/0")
                for key in sorted(known - set(by_field.values()) - set(self.spec.noise))
                if not key.endswith("_dt")
            ]
            return by_field, oddities
        mapped, extra = self.columns_of([title for _key, title in columns])
        by_field = {field: columns[place][0] for field, place in mapped.items()}
        return by_field, [
            Oddity("unknown-column", title, f"Nobody reads the column «{title}».", "/columns")
            for title in extra
            if not self.is_noise(title)
        ]

    def columns_of(self, titles: Sequence[str | None]) -> HeadingMap:
        """Our field names -> places of their titles: exact ones where the register's are known."""
        if not self.spec.heading_patterns:
            return map_headings(titles, self.spec.headings)
        return match_headings(titles, self.spec.heading_patterns, self.spec.optional_headings)

    def is_noise(self, title: str) -> bool:
        """Is a column left out on purpose (personal data, bank details)?"""
        folded = fold_heading(title)
        patterns = self.spec.noise_patterns
        return title in self.spec.noise or any(re.search(p, folded) for p in patterns)

    def read_export(self, page: Page) -> Iterator[Said]:
        """The spreadsheet: title, moment of the state, headings, then rows in any order."""
        sheet = read_sheet(page.body, max_rows=self.spec.max_rows + 10)
        title = self.spec.settings.get("sheet_title")
        lines = iter(sheet.rows)
        first = next(lines, None)
        if first is None or (title and not any(c == title for c in first.cells)):
            raise PageChanged(f"The sheet does not begin with its title «{title}».")
        yield from self._state(next(lines, None), page)
        header = next(lines, None)
        if header is None:
            raise PageChanged("The sheet has no row of headings.")
        mapped, extra = self.columns_of([text(c) for c in header.cells])
        for heading in extra:
            if not self.is_noise(heading):
                words = f"Nobody reads the column «{heading}»."
                yield Oddity("unknown-column", heading, words, f"xlsx:{header.number}")
        for line in lines:
            locator = f"xlsx:{sheet.title}!{line.number}"
            values = {field: line.at(place) for field, place in mapped.items()}
            unread = [f for f, value in values.items() if isinstance(value, UnreadCell)]
            cells = {f: value for f, value in values.items() if isinstance(value, str)}
            if unread:
                yield bad(cells, locator, unread[0], "A cell states no text of its own.")
            elif cells:
                yield self.row(page, {f: cells.get(f, "") for f in mapped}, locator)

    def _state(self, line: Any, page: Page) -> Iterator[Said]:
        stated = [text(c) for c in line.cells if c] if line is not None else []
        if len(stated) != 1:
            raise PageChanged("The second row of the sheet is not the moment of its state.")
        try:
            yield StateAt(read_moment(stated[0], MOSCOW), page.part)
        except Unread as error:
            raise PageChanged(
                f"The moment of the sheet's state cannot be read: {error}."
            ) from error


def text(value: Any) -> str:
    """A heading of the spreadsheet as text."""
    return value if isinstance(value, str) else ""


def quoted(cells: Mapping[str, str], fields: tuple[str, ...]) -> str:
    """The row as it states itself: the cells of class A, in order."""
    return " | ".join(cells[f].strip() for f in fields if cells.get(f, "").strip())


def bad(cells: Mapping[str, str], locator: str, heading: str, words: str) -> BadRow:
    """A row that is there and cannot be read."""
    number = running_number(cells.get("number", ""))
    return BadRow((number,) if number else None, heading, words, locator)
