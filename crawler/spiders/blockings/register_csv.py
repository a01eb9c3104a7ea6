"""The register of blocked sites as the mirror's CSV writes it, read as a stream.

windows-1251, LF, `;`, quotes only where needed, no headings, six columns: addresses, domain, URLs,
agency, number of the decision, its date. The first line of the first file only is
`Updated: 2016-06-13 12:04:00 +0000`. Source: dossier of blockings, section 1.
"""

import io
import re
from collections.abc import Generator, Iterator
from datetime import datetime
from itertools import takewhile

from crawler.charset import decode_text
from crawler.documents.csv_form import CsvRow, read_csv, row_of
from crawler.errors import PageChanged, TruncatedBody
from crawler.page import Page
from pipelines import kept_lines
from pipelines.blocking import split_urls
from pipelines.observation import Observation
from pipelines.reading import BadRow, RawRows, Said, StateAt

COLUMNS = 6
UPDATED = re.compile(rb"Updated: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})\r?\n?")
FIRST_WORD = b"Updated:"
NOT_ASCII = re.compile(rb"[\x80-\xff]")
SAMPLE_BYTES = 2**20
STRETCH_BYTES = 2**20
# A line that is a whole row: its quotes are opened and closed as the form has it.
CELL = rb'(?:"(?:[^"]++|"")*+"|[^";]*+)'
WHOLE = re.compile(CELL + rb"(?:;" + CELL + rb")*+\r?")
BLANK = (b"", b"\r")
LOOKED_AT = 5  # lines, of which one must have the six columns


def read_dump(page: Page) -> Iterator[Said]:
    """What a file of the register says, or the lines that were kept of one."""
    encoding = charset_of(page)
    if page.body.startswith(kept_lines.MARK):
        yield from _read_kept(page, encoding)
    else:
        yield from _read_whole(page, encoding)


def updated_line(body: bytes) -> bytes:
    """The first line where it states the moment of the file, else nothing."""
    return body[: body.find(b"\n") + 1] if body.startswith(FIRST_WORD) else b""


def require_columns(body: bytes, encoding: str) -> None:
    """Raises PageChanged for a file without the six columns, such as dump.csv since 2024-03."""
    lines = [line for line in body[:SAMPLE_BYTES].split(b"\n", LOOKED_AT + 1)[:LOOKED_AT] if line]
    rows = [line for line in lines if not line.startswith(FIRST_WORD)]
    if not rows:
        raise TruncatedBody("The file has no row.", reason="empty")
    if not any(_has_columns(line + b"\n", encoding) for line in rows):
        raise PageChanged(f"No line of the first ones has the {COLUMNS} columns of the register.")


def charset_of(page: Page) -> str:
    """The charset by the one rule, found on a stretch that has letters: a whole is 140 MB."""
    found = NOT_ASCII.search(page.body)
    if found is None:
        return page.encoding
    start = page.body.rfind(b"\n", 0, found.start()) + 1
    sample = page.body[start : start + SAMPLE_BYTES]
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    charset = decode_text(whole, page.encoding, page.charset, is_html=False)[1]
    return page.encoding if charset == "ascii" else charset


def _has_columns(line: bytes, encoding: str) -> bool:
    try:
        return any(
            row.problem is None for row in read_csv(line, encoding=encoding, columns=COLUMNS)
        )
    except TruncatedBody:
        return False


def _read_whole(page: Page, encoding: str) -> Iterator[Said]:
    require_columns(page.body, encoding)
    first = updated_line(page.body)
    if first:
        yield _state(first, page, 0)
    yield from Stretches(page.body, encoding, page.part).read(len(first))


class Stretches:
    """A file in stretches of lines that are rows each by itself; others are read row by row."""

    def __init__(self, body: bytes, encoding: str, part: str) -> None:
        self.body, self.encoding, self.part = body, encoding, part
        self.last = body.rfind(b"\n", 0, -1) + 1  # it may be cut: only the next one would tell

    def read(self, place: int) -> Iterator[Said]:
        """The rows from a place on."""
        place = yield from self._one_by_one(place, place + 1)
        while place < self.last:
            end = self.body.rfind(b"\n", place, min(place + STRETCH_BYTES, self.last)) + 1
            end = end or self.body.index(b"\n", place) + 1
            lines = whole_rows(self.body[place : end - 1].split(b"\n"))
            if lines:
                yield RawRows(lines, place, 1, locate, self.row, self.plain, self.part)
                place += sum(map(len, lines)) + len(lines)
            if place < end:
                place = yield from self._one_by_one(place, place + 1)
        yield from self._one_by_one(place, len(self.body))

    def row(self, line: bytes, start: int) -> tuple[list[Observation | BadRow], bool]:
        """What a line says that is a row; the same wherever it stands."""
        row = row_of(line, 0, encoding=self.encoding, columns=COLUMNS)
        return [_said(row, line, start, self.encoding, self.part)], True

    def plain(self, line: bytes) -> tuple[dict[str, str], tuple[str, ...]] | None:
        """The strings of a line without quotes, and the key of its row."""
        try:
            cells = line.decode(self.encoding).split(";")
        except UnicodeDecodeError:
            return None  # the reader says where
        if len(cells) != COLUMNS or b'"' in line or b"\r" in line:
            return None
        strings = {"domain": cells[1], "urls": cells[2], "agency": cells[3], "decided_on": cells[5]}
        return strings, _key(cells)

    def _one_by_one(self, place: int, end: int) -> Generator[Said, None, int]:
        """The rows that begin before `end`; returns where the next one does."""
        if place >= len(self.body):
            return place
        stream = io.BytesIO(self.body)  # the bytes are shared, not copied
        stream.seek(place)
        for row in read_csv(stream, encoding=self.encoding, columns=COLUMNS, start=place):
            if row.start >= end:
                return row.start
            yield _said(row, self.body, row.start, self.encoding, self.part)
        return len(self.body)


def whole_rows(lines: list[bytes]) -> list[bytes]:
    """The lines up to one that is no row by itself: a blank one, or a quote in it is left open."""
    if b"" in lines or b"\r" in lines:
        lines = list(takewhile(lambda line: line not in BLANK, lines))
    for n in [n for n, line in enumerate(lines) if b'"' in line]:
        if not WHOLE.fullmatch(lines[n]):
            return lines[:n]
    return lines


def locate(line: bytes, start: int) -> str:
    """The place of a line, its end included."""
    return kept_lines.locate(start, start + len(line) + 1)


def _read_kept(page: Page, encoding: str) -> Iterator[Said]:
    """A replay: the lines that were kept, at the places that they had in the whole."""
    for start, _end, stretch in kept_lines.unpack(page.body):
        if stretch.startswith(FIRST_WORD):
            yield _state(stretch, page, start)
            continue
        for row in read_csv(stretch, encoding=encoding, columns=COLUMNS):
            yield _said(row, stretch, start, encoding, page.part)


def _state(line: bytes, page: Page, start: int) -> StateAt:
    found = UPDATED.fullmatch(line)
    if found is None:
        raise PageChanged("The first line does not state when the file was updated.")
    at = datetime.strptime(found[1].decode(), "%Y-%m-%d %H:%M:%S %z")
    return StateAt(at, page.part, kept_lines.locate(start, start + len(line)))


def _said(row: CsvRow, held: bytes, start: int, encoding: str, part: str) -> Observation | BadRow:
    """One row; `held` are the bytes that it stands in, `start` is its place in the whole."""
    locator = kept_lines.locate(start, start + row.end - row.start)
    if row.problem is not None:  # never with its words: the row may be a harmful one
        return BadRow(None, "row", f"A row cannot be read: {row.problem}.", locator)
    ips, domain, urls, agency, number, day = row.cells
    fields = {
        "ips": ips, "domain": domain, "urls": urls, "agency": agency,
        "decision_number": number, "decided_on": day,
    }  # fmt: skip
    line = held[row.start : row.end].decode(encoding).rstrip("\r\n")
    named = bool(domain or urls)
    quote = line.partition(";")[2] if named else line  # thousands of addresses say less
    return Observation(_key(row.cells), fields, locator, quote, part)


def _key(cells: list[str]) -> tuple[str, ...]:
    """Addresses change hourly: they name a row only where nothing else does."""
    ips, domain, urls, agency, number, day = map(str.strip, cells)
    if "|" in urls:
        urls = " | ".join(sorted(split_urls(urls)))
    if domain or urls:
        return (domain, urls, agency, number, day)
    addresses = " | ".join(sorted(filter(None, map(str.strip, ips.split("|")))))
    return (domain, urls, agency, number, day, addresses)
