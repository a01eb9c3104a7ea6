"""Columns of the portal's lists by the words of their headings, never by position.

The third heading of a list of cases differs by kind (`Правонарушение / Нижестоящий суд`,
`Категория / Стороны / …`, `Информация по делу`), so a column is told by a part of its heading.
"""

from collections.abc import Mapping, Sequence

from crawler.errors import PageChanged

# What a column holds -> words with which its heading begins, or which it contains with `*`.
CASES = {
    "court": ("суд",),
    "number": ("№ дела", "номер дела"),
    "received": ("дата поступления",),
    "information": ("*правонарушение", "*категория", "*информация по делу"),
    "judge": ("судья",),
    "decided": ("дата решения",),
    "result": ("решение",),
    "in_force": ("дата вступления",),
    "acts": ("судебные акты",),
}
HEARINGS = {
    "place": ("№ п/п",),
    "number": ("номер дела",),
    "time": ("время слушания",),
    "event": ("событие",),
    "room": ("место проведения",),
    "information": ("информация по делу",),
    "judge": ("судья",),
    "result": ("результат слушания",),
    "acts": ("судебные акты",),
}


def places(
    headings: Sequence[str], known: Mapping[str, tuple[str, ...]], needed: Sequence[str]
) -> dict[str, int]:
    """Name of a column -> its place.

    PageChanged: a heading that nobody knows, a needed one that is missing, or two of one kind."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = _name(fold(heading), known)
        if name is None or name in found:
            words = "is unknown" if name is None else "stands twice"
            raise PageChanged(f"The heading {heading!r} {words}: {' | '.join(headings)}")
        found[name] = place
    missing = [name for name in needed if name not in found]
    if missing:
        raise PageChanged(f"The list lacks {', '.join(missing)}: {' | '.join(headings)}")
    return found


def fold(text: str) -> str:
    """Small letters, every kind of blank as one space."""
    return " ".join(text.replace("\u00a0", " ").split()).casefold()


def _name(heading: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    exact = [name for name, words in known.items() if heading in words]
    if exact:
        return exact[0]
    for name, words in known.items():
        for word in words:
            if word.startswith("*") and word[1:] in heading:
                return name
            if len(word) > len("решение") and heading.startswith(word):
                return name
    return None
