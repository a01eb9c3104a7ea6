"""Participants of a designated association, out of one cell: `[A, B, C]`, older ones with `;`.

A participant keeps the spelling of the register, a pseudonym in quotes included. A role before the
name (`координатор в Петербурге - `) is no part of it.
"""

import re

from pipelines.text import clean

_ROLE = re.compile(
    r"^(?:[\w-]+ ){0,6}(?:координатор|активист|руководител|участни|основател|организатор)[а-яё]*"
    r"(?: [\w«»-]+){0,6}? [–—-] (?=[А-ЯЁ])",
    re.IGNORECASE,
)


def read_members(cell: str) -> list[str]:
    """Participants in listed order, each once."""
    inner = clean(cell).removeprefix("[").removesuffix("]")
    parts = inner.split(";") if ";" in inner else split_outside_quotes(inner)
    names = (_ROLE.sub("", part.strip(" .,")).strip() for part in parts)
    return list(dict.fromkeys(name for name in names if name))


def split_outside_quotes(text: str) -> list[str]:
    """Split at commas, but not inside « », plain quotes or brackets."""
    parts, depth, start, quoted = [], 0, 0, False
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign in "«(":
            depth += 1
        elif sign in "»)":
            depth = max(0, depth - 1)
        elif sign == "," and depth == 0 and not quoted:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
