"""What one spreadsheet cell states: its text, nothing, or a reason why it has none."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from crawler.errors import BodyTooLarge

MAX_CELL_CHARS = 32_767  # the limit of Excel itself
FIRST_SURE_DAY = date(1900, 3, 1)  # before it Excel counts a 29.02.1900 that never was


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that states no text of its own; the caller makes an issue of it."""

    row: int
    column: int
    why: str


Cell = str | Unread | None


def read_cell(parsed: dict[str, Any]) -> Cell:
    """The cell that openpyxl parsed to `parsed` (row, column, value, data_type).

    Text is as the file has it; blank text is None. BodyTooLarge: text past Excel's own limit.
    """
    value, kind = parsed["value"], parsed["data_type"]
    if kind == "f":
        return _unread(parsed, "a formula")
    if value is None:
        return None
    if kind == "e":
        return _unread(parsed, f"the error value {value}")
    if isinstance(value, str):
        return _text(parsed, value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    return _moment(parsed, value)


def _unread(parsed: dict[str, Any], why: str) -> Unread:
    return Unread(parsed["row"], parsed["column"], why)


def _text(parsed: dict[str, Any], value: str) -> str | None:
    if len(value) > MAX_CELL_CHARS:
        place = f"row {parsed['row']}, column {parsed['column']}"
        raise BodyTooLarge(f"the cell in {place} has {len(value)} characters")
    return None if value.strip() == "" else value


def _number(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))  # the file has 5.0 or 1E3 where the screen shows 5 or 1000
    return str(value)


def _moment(parsed: dict[str, Any], value: object) -> Cell:
    """A cell formatted as a date: ISO text, without a time when the serial is a whole day."""
    if isinstance(value, datetime):
        if value.date() < FIRST_SURE_DAY:
            return _unread(parsed, "a date before 1 March 1900")
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return _unread(parsed, f"a value of the kind {type(value).__name__}")
