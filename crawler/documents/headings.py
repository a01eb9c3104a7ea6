"""Columns by the words of their headings, never by position."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from crawler.errors import PageChanged

BLANKS = re.compile(r"[\s\u00ad\u200b\u2060\ufeff]+")  # NBSP is in \s; soft hyphen, zero widths


class HeadingMap(NamedTuple):
    """Where each expected field stands, and the headings that nobody asked for."""

    columns: dict[str, int]
    extra: list[str]


def fold_heading(text: str) -> str:
    """`text` for comparison: one blank between words, no invisible characters, no case."""
    visible = text.replace("\u00ad", "").replace("\u200b", "").replace("\u2060", "")
    return BLANKS.sub(" ", visible).strip().casefold()


def map_headings(found: Sequence[str | None], expected: Mapping[str, Sequence[str]]) -> HeadingMap:
    """The column index of every field in `expected` (field -> its known headings).

    Headings are compared folded. `extra` holds the headings, as written, that match no field: the
    caller makes issues of them. PageChanged: a field has no heading, or a heading stands twice.
    """
    places = _places(found)
    columns = {field: _column(field, names, places, found) for field, names in expected.items()}
    used = set(columns.values())
    if len(used) < len(columns):
        raise PageChanged(f"two expected fields share one heading: {_shown(found)}")
    return HeadingMap(columns, [str(found[i]).strip() for i in places.values() if i not in used])


def match_headings(
    found: Sequence[str | None],
    patterns: Mapping[str, Sequence[str]],
    optional: Collection[str] = (),
) -> HeadingMap:
    """The column of every field by patterns, for registers whose exact titles nobody has seen.

    A pattern is searched in the folded heading. A field of `optional` may have no column; where two
    columns would do for it, neither is taken. PageChanged: another field has none, or two.
    """
    places = _places(found)
    columns: dict[str, int] = {}
    for field, some in patterns.items():
        hits = [i for h, i in places.items() if any(re.search(p, h) for p in some)]
        if len(hits) == 1:
            columns[field] = hits[0]
        elif field not in optional:
            words = "more than one heading" if hits else "no heading"
            raise PageChanged(f"{words} for {field!r}; found: {_shown(found)}")
    used = list(columns.values())
    if len(set(used)) < len(used):
        raise PageChanged(f"two expected fields share one heading: {_shown(found)}")
    return HeadingMap(columns, [str(found[i]).strip() for i in places.values() if i not in used])


def _places(found: Sequence[str | None]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, heading in enumerate(found):
        folded = fold_heading(heading or "")
        if folded in places:
            raise PageChanged(f"the heading {str(heading).strip()!r} stands twice")
        if folded != "":
            places[folded] = index
    return places


def _column(
    field: str, names: Sequence[str], places: Mapping[str, int], found: Sequence[str | None]
) -> int:
    hits = {places[fold_heading(name)] for name in names if fold_heading(name) in places}
    if len(hits) == 1:
        return hits.pop()
    if hits:
        raise PageChanged(f"more than one heading for {field!r}: {_shown(found)}")
    raise PageChanged(f"no heading {names[0]!r} for {field!r}; found: {_shown(found)}")


def _shown(found: Sequence[str | None]) -> str:
    return " | ".join(BLANKS.sub(" ", heading).strip() for heading in found if heading)
