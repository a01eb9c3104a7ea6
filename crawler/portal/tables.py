"""Tables of a card, which the portal uses for two things: label and value, or rows under headings.

The wire has no `<tbody>` and opens a `<tr>` before it has closed the last one; pages saved by a
browser have both mended. Nothing here depends on either.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.documents.nodes import Node, attribute, name_of, parts, text_of
from crawler.errors import PageChanged


@dataclass(frozen=True, slots=True)
class Fact:
    """The value beside a label, with the link that it carries."""

    text: str
    href: str | None = None


@dataclass(slots=True)
class Table:
    """One table of a card: its caption, its facts, its rows, and the tables inside it."""

    caption: str = ""
    facts: list[tuple[str, Fact]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    inner: list["Table"] = field(default_factory=list)

    def fact(self, *labels: str) -> Fact | None:
        """The first fact under one of these labels, compared without case."""
        wanted = {label.casefold() for label in labels}
        return next((fact for label, fact in self.facts if label.casefold() in wanted), None)


def read_table(node: Node) -> Table:
    """A table of the portal. PageChanged: a row that does not fit its headings."""
    table = Table()
    for row in own_rows(node):
        cells = [part for part in parts(row) if not isinstance(part, str) and _is_cell(part)]
        if cells:
            _take(table, cells)
    return table


def own_rows(node: Node) -> Iterator[Node]:
    """The rows of a table, not those of the tables inside it."""
    for part in parts(node):
        if isinstance(part, str):
            continue
        if name_of(part) == "tr":
            yield part
        elif name_of(part) in ("tbody", "thead", "tfoot"):
            yield from own_rows(part)


def _is_cell(node: Node) -> bool:
    return name_of(node) in ("td", "th")


def _take(table: Table, cells: list[Node]) -> None:
    if len(cells) == 1:
        inside = list(cells[0].iter("table"))
        if inside:
            table.inner.append(read_table(inside[0]))
        elif name_of(cells[0]) == "th" and not table.caption:
            table.caption = label_of(cells[0])
        return
    if table.headings:
        _row(table, cells)
    elif all(_is_heading(cell) for cell in cells):
        table.headings = [label_of(cell) for cell in cells]
    elif len(cells) == 2:
        table.facts.append((label_of(cells[0]), Fact(text_of(cells[1]), _link(cells[1]))))
    else:
        raise PageChanged(f"a row of {len(cells)} cells stands before the headings of its table")


def _row(table: Table, cells: list[Node]) -> None:
    if len(cells) != len(table.headings):
        found = " | ".join(table.headings)
        raise PageChanged(
            f"a row has {len(cells)} cells under the headings {found}", reason="malformed-row"
        )
    table.rows.append(dict(zip(table.headings, map(text_of, cells), strict=True)))


def _is_heading(cell: Node) -> bool:
    """A heading is a `th`, stands in a `thead`, or is wholly bold."""
    if name_of(cell) == "th":
        return True
    row = cell.getparent()
    if row.getparent() is not None and name_of(row.getparent()) == "thead":
        return True
    bold = list(cell.iter("b"))
    return bool(bold) and text_of(bold[0]) != "" and label_of(cell) == label_of(bold[0])


def label_of(cell: Node) -> str:
    """The text of a label or heading in one line, without the hint that hangs on it."""
    pieces: list[str] = []
    _words(cell, pieces)
    return " ".join("".join(pieces).replace("\u00a0", " ").split())


def _words(node: Node, pieces: list[str]) -> None:
    for part in parts(node):
        if isinstance(part, str):
            pieces.append(part)
        elif name_of(part) == "br":
            pieces.append(" ")
        elif "tooltipShow" not in (attribute(part, "class") or ""):
            _words(part, pieces)


def _link(cell: Node) -> str | None:
    return next((href for node in cell.iter("a") if (href := attribute(node, "href"))), None)
