"""One sheet of an .xlsx workbook as rows of text, with the number of every row.

Rules, the same for every source:
- only the first visible sheet is read; `Sheet.others` names the rest for an issue;
- hidden rows and columns are read: registers hide columns that they publish;
- a merged area has its text in its first cell only, as the file has it;
- blank rows are not yielded; a value more than MAX_BLANK_ROWS below the last row is an error;
- the declared dimension is not believed (the export of 2025-08-08 declares one cell);
- a formula or an error value is an `Unread` cell: nothing is evaluated, macros are never looked at.
"""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser

from crawler.documents.limits import parser_limit
from crawler.documents.xlsx_cells import Cell, read_cell
from crawler.documents.zip_form import open_zip
from crawler.errors import BodyTooLarge, CorruptBody, PageChanged, SourceError

MAX_ROWS = 200_000
MAX_COLUMNS = 64
MAX_BLANK_ROWS = 1_000
MAX_PART_BYTES = 32 * 2**20  # of a part that openpyxl holds whole: shared texts, styles
PARSE_FAULTS = (
    KeyError,
    ValueError,  # with the refusals of defusedxml
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    EOFError,
    ParseError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    InvalidFileException,
)


if not openpyxl.DEFUSEDXML:
    raise ImportError("openpyxl reads XML unguarded: defusedxml must be installed")


class SheetRow(NamedTuple):
    """One row that is not blank: its number in the sheet and its cells from column A on."""

    number: int
    cells: list[Cell]

    def at(self, index: int) -> Cell:
        """The cell of column `index` (0 is A); None past the last filled one."""
        return self.cells[index] if index < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that was read; `rows` can be gone through once."""

    title: str
    others: tuple[str, ...]
    rows: Iterator[SheetRow]


def read_sheet(body: bytes, *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> Sheet:
    """The first visible sheet of the workbook `body`.

    Numbers become text without loss of digits, whole days `2025-08-08`, moments
    `2025-08-08T17:00:00`. Errors of `open_zip`, and PageChanged: no visible sheet, or a value far
    below the rest. CorruptBody: a part is no workbook XML. BodyTooLarge: a value past `max_rows` or
    `max_columns`. SourceError `parser-limit`: entities or a doctype in the XML. The errors of a
    row are raised while `rows` is gone through.
    """
    book = _load(body)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise PageChanged("the workbook has no visible sheet")
    sheet = visible[0]
    others = tuple(other.title for other in book.worksheets if other is not sheet)
    return Sheet(str(sheet.title), others, _rows(book, sheet, max_rows, max_columns))


def _load(body: bytes) -> Any:
    with open_zip(body) as archive:
        names = {member.filename: member.file_size for member in archive.infolist()}
    for name, size in names.items():
        if size > MAX_PART_BYTES and not name.startswith("xl/worksheets/"):
            raise BodyTooLarge(f"the workbook part {name!r} has {size} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # "contains no default style": harmless
            return openpyxl.load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
    except PARSE_FAULTS as error:
        raise _fault("the workbook", error) from error


def _fault(what: str, error: Exception) -> SourceError:
    """What an error of the parser says about the body."""
    if isinstance(error, DefusedXmlException) or isinstance(error.__cause__, DefusedXmlException):
        return parser_limit(f"{what} has entities or a doctype in its XML")
    if isinstance(error, KeyError | InvalidFileException) and what == "the workbook":
        return PageChanged(f"the zip archive holds no workbook: {error}")
    return CorruptBody(f"{what} cannot be read: {type(error).__name__}: {error}")


class _SheetParser(WorkSheetParser):
    """The parser of openpyxl below its row filler, which trusts the numbers in the file.

    The filler builds a list as wide as the last column says, and a row for every number left out:
    a file of 4.7 KB with one cell at XFD1048576 became 1,048,576 rows.
    """

    def parse_formula(self, element: Any) -> str:
        return "="  # never translated, never shown


def _rows(book: Any, sheet: Any, max_rows: int, max_columns: int) -> Iterator[SheetRow]:
    last = last_filled = 0
    with sheet._get_source() as source:
        for seen, (number, raw) in enumerate(_parsed(book, sheet, source)):
            if number <= last:
                raise CorruptBody(f"row {number} of the sheet stands after row {last}")
            last = number
            cells = _cells(number, raw, max_columns)
            if cells and number > max_rows:
                raise BodyTooLarge(f"row {number} of the sheet is past the limit of {max_rows}")
            if cells and number - last_filled > MAX_BLANK_ROWS + 1:
                raise PageChanged(f"row {number} stands far below row {last_filled}, the last one")
            if cells:
                last_filled = number
                yield SheetRow(number, cells)
            elif seen > max_rows:
                break  # styled rows without a value, as far as a value would be allowed
    book.close()


def _parsed(book: Any, sheet: Any, source: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Row numbers and parsed cells; every fault of the parser typed."""
    parser = _SheetParser(
        source,
        sheet._shared_strings,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )
    steps = parser.parse()
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # a date out of range: an error cell
                step = next(steps, None)
        except PARSE_FAULTS as error:
            raise _fault("the sheet", error) from error
        if step is None:
            return
        parser.row_dimensions.clear()  # heights: a million styled rows would stay in memory
        yield step


def _cells(number: int, raw: list[dict[str, Any]], max_columns: int) -> list[Cell]:
    """The cells of one row up to its last filled one; [] for a blank row."""
    cells: list[Cell] = []
    for parsed in raw:
        column = parsed["column"]
        value = read_cell(parsed)
        if value is None:
            continue
        if column > max_columns:
            raise BodyTooLarge(f"a value in row {number}, column {column}: over {max_columns}")
        if column <= len(cells):
            raise CorruptBody(f"row {number} has column {column} after column {len(cells)}")
        cells += [None] * (column - len(cells) - 1)
        cells.append(value)
    return cells
