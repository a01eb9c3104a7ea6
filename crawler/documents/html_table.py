"""Rows of an HTML table by the words of its headings.

Rules, the same for every source:
- rows of nested tables belong to those; their text is part of the cell that holds them;
- heading rows are those of `<thead>`, else the first rows of nothing but `<th>`, else the first
  row; over two rows, a heading reads `upper / lower`; a caption across the table is passed over;
- a heading row repeated further down, a row of column numbers under the headings, blank rows, rows
  of `<tfoot>` and totals ("Итого") are no rows;
- rows in comments, `<template>` and `<noscript>` are no rows;
- rows and columns hidden by their own attributes are rows (paging and folding hide true ones),
  marked `hidden`; a hidden row that repeats a shown one is a copy and no row.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from crawler.documents.headings import fold_heading
from crawler.documents.nodes import (
    INERT,
    Node,
    attribute,
    is_hidden,
    name_of,
    parent_of,
    parts,
    text_of,
)
from crawler.errors import PageChanged

MAX_COLUMNS = 256
MAX_SPAN_ROWS = 65_534  # the limit of HTML
FOOTER = re.compile(
    r"итого\b|всего\s*(?:[:\-–—\d]|$)"
)  # "Всего: 12"; but «Всего хорошего» is a name
HEADING_ROWS = 3  # at most, where there is no <thead>


class Row:
    """One row: heading -> cell, each to be taken once."""

    def __init__(self, headings: Sequence[str], cells: Sequence[Node], *, hidden: bool) -> None:
        self.cells = list(cells)
        self.hidden = hidden
        self._headings = list(headings)
        self._unread = dict(enumerate(headings))

    @property
    def text(self) -> str:
        """All cells in one line, for issues and quotes."""
        return " | ".join(text_of(cell) for cell in self._distinct())

    @property
    def headings(self) -> list[str]:
        """The headings of the table, in the order of its columns."""
        return list(self._headings)

    @property
    def problem(self) -> str | None:
        """Why the row does not fit its headings; None when it does."""
        wanted, got = len(self._headings), len(self.cells)
        if got == wanted and (len(self._distinct()) > 1 or wanted == 1):
            return None
        if len(self._distinct()) == 1:
            return "one cell stands where a row was expected"
        return f"the row has {got} cells under {wanted} headings"

    def pop(self, heading: str) -> str:
        """The text of the cell under `heading`; the errors of `cell`."""
        return text_of(self.cell(heading))

    def cell(self, heading: str) -> Node:
        """The cell under `heading`, for its links; it counts as read.

        PageChanged: no such heading, two of them, or a row that does not fit the headings.
        """
        if self.problem is not None:
            raise PageChanged(self.problem, reason="malformed-row")
        wanted = fold_heading(heading)
        places = [i for i, each in enumerate(self._headings) if fold_heading(each) == wanted]
        if len(places) != 1:
            many = "stands twice" if places else "is missing"
            shown = " | ".join(filter(None, self._headings))
            raise PageChanged(f"the heading {heading!r} {many}; the table has: {shown}")
        self._unread.pop(places[0], None)
        return self.cells[places[0]]

    def left(self) -> list[str]:
        """Headings that nobody read, for the audit."""
        return [heading for heading in self._unread.values() if heading != ""]

    def _distinct(self) -> list[Node]:
        return list({id(cell): cell for cell in self.cells}.values())


def rows(table: Node, *, headings: Sequence[str] | None = None) -> Iterator[Row]:
    """The rows of `table` by the rules above; `headings` for a table that shows none.

    A row that does not fit the headings is given with a `problem`. PageChanged: no heading row, or
    a table wider than MAX_COLUMNS.
    """
    grid = _grid(table)
    names, first = (list(headings), []) if headings else _headings(grid)
    body = _body(chain(first, grid), names)
    if not any(_is_hidden_row(row) for row, _ in _own_rows(table, "")):
        yield from body
        return
    listed = list(body)
    shown = {row.text for row in listed if not row.hidden}
    for row in listed:
        if not row.hidden or row.text not in shown:
            shown.add(row.text)
            yield row


def _is_hidden_row(row: Node) -> bool:
    """Is the row, or a section of the table around it, hidden?"""
    node = row
    while node is not None and name_of(node) != "table":
        if is_hidden(node):
            return True
        node = parent_of(node)
    return False


_Line = tuple[Node, str, list[Node]]  # the <tr>, the section that it stands in, its cells


def _own_rows(node: Node, section: str) -> Iterator[tuple[Node, str]]:
    """The `<tr>` of this table with their section, through any wrapper such as `<form>`."""
    for part in parts(node):
        name = "" if isinstance(part, str) else name_of(part)
        if name == "tr":
            yield part, section
        elif name not in ("", "table") and name not in INERT:
            yield from _own_rows(part, name if name in ("thead", "tfoot") else section)


def _own_cells(row: Node) -> Iterator[Node]:
    for part in parts(row):
        name = "" if isinstance(part, str) else name_of(part)
        if name in ("td", "th"):
            yield part
        elif name not in ("", "table", "tr") and name not in INERT:
            yield from _own_cells(part)


def _grid(table: Node) -> Iterator[_Line]:
    """The rows with spanning cells repeated in every place that they cover."""
    hanging: dict[int, tuple[Node, int]] = {}  # column -> cell from above, rows still to cover
    for row, section in _own_rows(table, ""):
        cells: list[Node] = []
        below: dict[int, tuple[Node, int]] = {}
        for cell in _own_cells(row):
            _hang(cells, hanging, below)
            depth = _span(cell, "rowspan", MAX_SPAN_ROWS)
            for _ in range(_span(cell, "colspan", MAX_COLUMNS)):
                if depth > 1:
                    below[len(cells)] = (cell, depth - 1)
                cells.append(cell)
        _hang(cells, hanging, below)
        if len(cells) > MAX_COLUMNS:
            raise PageChanged(f"a row of the table has over {MAX_COLUMNS} columns")
        hanging = below
        yield row, section, cells


def _hang(
    cells: list[Node],
    hanging: dict[int, tuple[Node, int]],
    below: dict[int, tuple[Node, int]],
) -> None:
    """Put the cells that hang down from rows above into the next places."""
    while len(cells) in hanging:
        cell, rest = hanging[len(cells)]
        if rest > 1:
            below[len(cells)] = (cell, rest - 1)
        cells.append(cell)


def _span(cell: Node, name: str, limit: int) -> int:
    """A span as browsers read it: nonsense is 1, rowspan 0 is the rest of the table."""
    digits = (attribute(cell, name) or "1").strip()
    if not digits.isascii() or not digits.isdigit():
        return 1
    span = int(digits[:6])
    return limit if span == 0 and name == "rowspan" else min(max(span, 1), limit)


def _headings(grid: Iterator[_Line]) -> tuple[list[str], list[_Line]]:
    """The headings, and the row read past them."""
    found: list[list[Node]] = []
    for line in grid:
        _, section, cells = line
        if not found and (len({id(cell) for cell in cells}) < 2 and section != "thead"):
            if len(cells) == 1 and name_of(cells[0]) == "th":
                return [text_of(cells[0])], []
            continue  # a caption across the table
        heads = section == "thead" or all(name_of(cell) == "th" for cell in cells)
        if found and not (heads and len(found) < HEADING_ROWS):
            return _joined(found), [line]
        found.append(cells)
    if not found:
        raise PageChanged("the table has no heading row")
    return _joined(found), []


def _joined(lines: list[list[Node]]) -> list[str]:
    """One heading a column; a cell over two rows is said once."""
    width = max(map(len, lines))
    names: list[str] = []
    for column in range(width):
        stack = {id(cells[column]): cells[column] for cells in lines if column < len(cells)}
        names.append(" / ".join(filter(None, (text_of(cell) for cell in stack.values()))))
    return names


def _body(grid: Iterator[_Line], names: list[str]) -> Iterator[Row]:
    heading = [fold_heading(name) for name in names]
    numbers = [str(number + 1) for number in range(len(names))]
    first = True
    for row, section, cells in grid:
        texts = [fold_heading(text_of(cell)) for cell in cells]
        under, first = first, False
        if section in ("thead", "tfoot") or not any(texts) or texts == heading:
            continue
        if FOOTER.match(next(filter(None, texts))) or (under and texts == numbers != ["1"]):
            continue
        yield Row(names, cells, hidden=_is_hidden_row(row))
