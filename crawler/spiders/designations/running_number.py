"""The running number of a row: the key of a register, whatever way its cell is written."""

import re

NUMBER = re.compile(r"0*([1-9][0-9]{0,6})\.?")  # `12`, `0012`, `12.`


def running_number(cell: str) -> str | None:
    """The number in decimal digits without noughts before it; null where the cell has none."""
    found = NUMBER.fullmatch(cell.replace("\u00a0", " ").strip())
    return None if found is None else found[1]
