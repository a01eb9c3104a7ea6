"""Delimited text with the place in bytes of every row, read as a stream.

Lines end at byte 0x0A and nowhere else: in windows-1251 the byte 0x85 is an ellipsis, and text
readers that know Unicode take it for a line end (exportfsm.csv, 2025-07-22).
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from crawler.errors import BodyTooLarge, CorruptBody, PageChanged, TruncatedBody

MAX_ROW_BYTES = 8 * 2**20  # the register of 2020-01-26 had 4 MB in 42 rows
MAX_ROW_LINES = 500  # of one quoted row; past it the quote is a stray one
csv.field_size_limit(MAX_ROW_BYTES)  # default 131072: one row of 2018 lists more addresses
HTML = re.compile(rb"\s*<(?:!doctype|html|head|body)\b", re.IGNORECASE)
OPEN_QUOTE = "a quote is opened in the row and not closed"
BLOCK_BYTES = 2**16  # decoded at once: half the cost of a decode for every line
LINE_END = 0x0A
WIDE = ("utf-16", "utf_16", "utf16", "utf-32", "utf_32", "utf32")


class CsvRow(NamedTuple):
    """One row: its bytes are `body[start:end]`, the line end included.

    A row that could not be split has no cells and says in `problem` why; it counts as present.
    """

    start: int
    end: int
    cells: list[str]
    problem: str | None = None


def read_csv(
    body: bytes | BinaryIO,
    *,
    encoding: str,
    delimiter: str = ";",
    columns: int | None = None,
    preamble: int = 0,
    final_newline: bool = True,
    start: int = 0,
) -> Iterator[CsvRow]:
    """The rows of `body`, the header row included, blank lines left out.

    columns        cells that a row must have; None takes the number of the first row
    preamble       lines before the first row that are no rows (`Updated: 2016-06-13 ...`)
    final_newline  the source ends its last line; then a last line without an end was cut
    start          where the body begins in a larger whole: places count from the whole's start

    TruncatedBody: the body is empty or its last row is not whole; a body cut exactly at a line end
    shows no sign and must be caught by counts. CorruptBody: a byte that is not of `encoding`.
    PageChanged: an HTML page.
    """
    if encoding.lower().startswith(WIDE):
        raise ValueError("an encoding whose line end is one byte is needed")
    stream = io.BytesIO(body) if isinstance(body, bytes) else body
    lines = _Lines(stream, encoding, final_newline, start)
    _pass_start(lines, preamble)
    return _rows(lines, delimiter, columns)


Pair = tuple[bytes, str]  # a line: its bytes, and its text without the line feed


class _Lines:
    """The lines of a stream, decoded in blocks; lines can be put back."""

    def __init__(self, stream: BinaryIO, encoding: str, final_newline: bool, start: int) -> None:
        self.stream = stream
        self.encoding = encoding
        self.final_newline = final_newline
        self.start = start  # of the next block
        self.offset = start  # of the next line; the reader of rows keeps it
        self.waiting: list[Pair] = []
        self.pairs = self._pairs()

    def _pairs(self) -> Iterator[Pair]:
        while block := self.stream.readlines(BLOCK_BYTES):
            for pair in zip(block, self._texts(block), strict=False):
                yield pair
                while self.waiting:
                    yield self.waiting.pop()

    def _texts(self, block: list[bytes]) -> list[str]:
        """The lines of `block` as text; a last "" stands after the last line feed."""
        joined = b"".join(block)
        if self.start == 0 and HTML.match(joined):
            raise PageChanged("an HTML page stands where delimited text was expected")
        if len(joined) > BLOCK_BYTES + MAX_ROW_BYTES:
            raise BodyTooLarge(f"a line after byte {self.start} is over {MAX_ROW_BYTES} bytes")
        try:
            text = joined.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise _undecodable(error, self.start) from error
        if self.start == 0:
            text = text.removeprefix("\ufeff")
        self.start += len(joined)
        return text.split("\n")

    def next(self) -> Pair | None:
        """The next line, its offset passed; None at the end."""
        pair = next(self.pairs, None)
        if pair is not None:
            self.offset += len(pair[0])
        return pair

    def put_back(self, pairs: list[Pair]) -> None:
        """Let the lines come again."""
        self.waiting.extend(reversed(pairs))
        self.offset -= sum(len(raw) for raw, _ in pairs)


def _undecodable(error: UnicodeDecodeError, start: int) -> TruncatedBody | CorruptBody:
    place = f"the byte at {start + error.start} is no character of {error.encoding}"
    if error.reason == "unexpected end of data":
        return TruncatedBody(f"the body ends inside a character: {place}")
    return CorruptBody(place)


def _pass_start(lines: _Lines, preamble: int) -> None:
    """Pass the lines before the first row; refuse an empty body."""
    for passed in range(preamble + 1):
        pair = lines.next()
        if pair is None:
            raise TruncatedBody(f"the body ends after {passed} lines, before the first row")
        if passed == preamble:
            lines.put_back([pair])


def _rows(lines: _Lines, delimiter: str, columns: int | None) -> Iterator[CsvRow]:
    make = tuple.__new__  # a million rows: our own calls are kept out of this loop
    for pair in lines.pairs:
        raw, text = pair
        start = lines.offset
        lines.offset = end = start + len(raw)
        if '"' in text:
            row = _quoted(pair, lines, delimiter)
        elif text == "" or text == "\r":
            continue
        else:
            cells = (text[:-1] if text[-1] == "\r" else text).split(delimiter)
            row = make(CsvRow, (start, end, cells, None))
        if columns is None and row.problem is None:
            columns = len(row.cells)
        if row.problem is not None or len(row.cells) != columns:
            row = _miscounted(row, columns, lines)
        elif raw[-1] != LINE_END and lines.final_newline:
            raise TruncatedBody(f"the last row, at byte {start}, has no line end")
        yield row


def row_of(raw: bytes, start: int, *, encoding: str, columns: int, delimiter: str = ";") -> CsvRow:
    """A row by its bytes, which stand at `start` and are one line without its end; other lines
    follow. As `read_csv` reads it there. Raises CorruptBody."""
    try:
        text = raw.decode(encoding).removesuffix("\r")
    except UnicodeDecodeError as error:
        raise _undecodable(error, start) from error
    cells, problem = _split(text, delimiter) if '"' in text else (text.split(delimiter), None)
    if problem is None and len(cells) != columns:
        cells, problem = [], f"the row has {len(cells)} cells, not {columns}"
    return CsvRow(start, start + len(raw) + 1, cells, problem)


def _miscounted(row: CsvRow, columns: int | None, lines: _Lines) -> CsvRow:
    """A row without its number of cells: cut when it is the last one, else a problem of its own."""
    following = lines.next()
    if following is None:
        cells = row.problem or f"{len(row.cells)} of {columns} cells"
        raise TruncatedBody(f"the last row, at byte {row.start}, is not whole: {cells}")
    lines.put_back([following])
    problem = row.problem or f"the row has {len(row.cells)} cells, not {columns}"
    return row._replace(cells=[], problem=problem)


def _quoted(pair: Pair, lines: _Lines, delimiter: str) -> CsvRow:
    """The row that starts with the line `pair`; a quoted cell may hold line ends."""
    start, first_end = lines.offset - len(pair[0]), lines.offset
    taken = [pair]
    while True:
        cells, problem = _split("\n".join(text for _, text in taken), delimiter)
        if problem != OPEN_QUOTE:
            if lines.final_newline and taken[-1][0][-1] != LINE_END:
                raise TruncatedBody(f"the last row, at byte {start}, has no line end")
            return CsvRow(start, lines.offset, cells, problem)
        if len(taken) >= MAX_ROW_LINES or lines.offset - start > MAX_ROW_BYTES:
            lines.put_back(taken[1:])  # a stray quote: only its own line is not understood
            return CsvRow(start, first_end, [], OPEN_QUOTE)
        taken += _until_quote(lines, start)


def _until_quote(lines: _Lines, start: int) -> list[Pair]:
    """The next lines up to one with a quote; only there can an open quote end."""
    taken: list[Pair] = []
    while len(taken) < MAX_ROW_LINES:
        pair = lines.next()
        if pair is None:
            raise TruncatedBody(f"the body ends in an open quote of the row at byte {start}")
        taken.append(pair)
        if '"' in pair[1]:
            break
    return taken


def _split(text: str, delimiter: str) -> tuple[list[str], str | None]:
    """The cells of a row with quotes, or why it has none."""
    try:
        reader = csv.reader([text.removesuffix("\r")], delimiter=delimiter, strict=True)
        return next(reader), None
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return [], OPEN_QUOTE
        return [], f"the row is no delimited text: {error}"
