"""A curated file: its columns, and what is wrong with a row of it.

A fault names the line and the column and never repeats the cell: it may hold what must not be kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.charset import decode_text
from crawler.documents.csv_form import CsvRow, read_csv
from crawler.documents.headings import fold_heading
from crawler.errors import PageChanged
from pipelines.curated import iso_date
from pipelines.curated_person import TARGET_TYPES
from pipelines.taxonomy import by_hand
from pipelines.text import clean

REQUIRED = ("id", "code", "target", "target_type", "acted_on", "evidence", "author", "entered_on")
OPTIONAL = (
    "direction", "place", "authority", "articles", "stated_reason", "source_url", "note",
    "public_reason", "minor", "withdrawn_on", "withdrawn_reason",
)  # fmt: skip
UNREAD, MINOR = "unread-row", "minor"
COMMENT = "#"
ADULT_YEARS = 18
ID = re.compile(r"[\w.-]{1,64}")
ADDRESS = re.compile(r"https?://[^\s/@]+(?:/\S*)?")  # with a user or a password it is refused
BETWEEN_NAMES = re.compile(r"[;|\n]")
NO = ("", "no", "n", "false", "нет")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken: kind of issue, column, plain words without the cell."""

    kind: str
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: where it stands, its cells by column, and what is wrong with it."""

    line: int
    locator: str
    cells: Mapping[str, str]
    fault: Fault | None = None

    @property
    def id(self) -> str:
        """The analyst's own name of the row; "" where none can be read."""
        name = self.cells.get("id", "")
        return name if ID.fullmatch(name) else ""

    def names(self) -> list[str]:
        """The files that the row names as its evidence."""
        return files_of(self.cells.get("evidence", ""))


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a file but comments, and the headings that nobody reads."""

    entries: tuple[Entry, ...]
    extra: tuple[str, ...]


def files_of(cell: str) -> list[str]:
    """The file names in a cell, separated by `;`, `|` or lines."""
    return list(dict.fromkeys(name.strip() for name in BETWEEN_NAMES.split(cell) if name.strip()))


@lru_cache(maxsize=2)  # every row is a part, and each part reads the file
def read_table(body: bytes, declared: str) -> Table:
    """The rows of a file; `declared` is the charset of a file that is not UTF-8.

    Raises PageChanged where columns are missing or stand twice, and the errors of the readers."""
    charset = decode_text(body, declared, None, is_html=False)[1]
    if charset.startswith(("utf-16", "utf-32")):
        raise PageChanged("the file is UTF-16: save it as CSV in UTF-8")
    delimiter = _delimiter(body)
    rows = read_csv(body, encoding=charset, delimiter=delimiter, final_newline=False)
    headings = [fold_heading(cell) for cell in next(rows).cells]
    _check_headings(headings)
    known = {*REQUIRED, *OPTIONAL}
    entries = [_entry(body, row, headings) for row in rows if not _is_empty(row)]
    return Table(tuple(entries), tuple(h for h in headings if h and h not in known))


def template() -> str:
    """A header and one commented row, to begin a file with. The row is fictional."""
    example = {
        "id": "#2026-001", "code": "entry_denial", "target": "Example Times",
        "target_type": "organisation", "acted_on": "2026-11-03", "evidence": "refusal.pdf",
        "author": "Example Monitor", "entered_on": "2026-11-05", "direction": "act",
        "authority": "МИД России", "source_url": "https://times.example/refused",
        "note": "accreditation refused",
    }  # fmt: skip
    columns = (*REQUIRED, *OPTIONAL)
    row = ",".join(example.get(name, "") for name in columns)
    return f"{','.join(columns)}\n{row}\n"


def _delimiter(body: bytes) -> str:
    header = body.split(b"\n", 1)[0]
    return ";" if header.count(b";") > header.count(b",") else ","


def _is_empty(row: CsvRow) -> bool:
    """A comment, or a row of which a spreadsheet left only separators."""
    cells = [cell.strip() for cell in row.cells]
    return row.problem is None and (not any(cells) or cells[0].startswith(COMMENT))


def _check_headings(headings: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in headings]
    twice = sorted({name for name in headings if name and headings.count(name) > 1})
    if missing:
        raise PageChanged(f"no column for: {', '.join(missing)}. Needed: {', '.join(REQUIRED)}")
    if twice:
        raise PageChanged(f"columns that stand twice: {', '.join(twice)}")


def _entry(body: bytes, row: CsvRow, headings: Sequence[str]) -> Entry:
    line = body.count(b"\n", 0, row.start) + 1
    locator = f"csv:bytes={row.start}-{row.end}"
    if row.problem is not None:
        return Entry(line, locator, {}, Fault(UNREAD, "row", f"{row.problem}."))
    cells = {name: cell.strip() for name, cell in zip(headings, row.cells, strict=False) if name}
    return Entry(line, locator, cells, _fault(cells))


def _fault(cells: Mapping[str, str]) -> Fault | None:
    """The first thing that is wrong with a row."""
    if not _is_adult(cells.get("minor", "")):
        words = "rows about minors are not kept: take this row out of the file."
        return Fault(MINOR, "minor", words)
    for name in REQUIRED:
        if not clean(cells.get(name, "")):
            return Fault(UNREAD, name, "the cell is empty and must not be.")
    for column, holds, explain in _CHECKS:
        if not holds(cells.get(column, "")):
            return Fault(UNREAD, column, explain())
    if clean(cells.get("withdrawn_on", "")) and not clean(cells.get("withdrawn_reason", "")):
        return Fault(UNREAD, "withdrawn_reason", "a row that is withdrawn needs its reason.")
    return None


def _is_adult(cell: str) -> bool:
    """`minor`: no, nothing, or an age of 18 and over. Everything else may be a child."""
    word = clean(cell).casefold()
    return word in NO or (word.isdecimal() and int(word[:3]) >= ADULT_YEARS)


def _is_date(cell: str) -> bool:
    try:
        iso_date(cell)
    except ValueError:
        return False
    return True


def _is_day(cell: str) -> bool:
    return _is_date(cell) and len(iso_date(cell) or "") in (0, 10)


def _codes() -> str:
    return f"no kind of act that is entered by hand. Allowed: {', '.join(sorted(by_hand()))}."


_DAY = "no date such as 2026-11-03 or 03.11.2026."
_CHECKS: tuple[tuple[str, Callable[[str], bool], Callable[[], str]], ...] = (
    ("id", lambda c: ID.fullmatch(c) is not None,
     lambda: "only letters, digits, `.`, `_` and `-`, at most 64."),
    ("code", lambda c: c.casefold() in by_hand(), _codes),
    ("direction", lambda c: c.casefold() in ("", "act", "remedy", "reversal"),
     lambda: "one of act, remedy, reversal, or nothing."),
    ("target_type", lambda c: c.casefold() in TARGET_TYPES,
     lambda: f"one of {', '.join(TARGET_TYPES)}."),
    ("acted_on", _is_date, lambda: "no date such as 2026-11-03, 2026-11 or 2026."),
    ("entered_on", _is_day, lambda: _DAY),
    ("withdrawn_on", _is_day, lambda: _DAY),
    ("source_url", lambda c: c == "" or ADDRESS.fullmatch(c) is not None,
     lambda: "no address that begins with http:// or https://."),
    ("evidence", lambda c: bool(files_of(c)), lambda: "names no file."),
)  # fmt: skip
