"""Spellings under which a name is looked for: Latin ones of a Cyrillic name, and back.

Aliases are made for finding and never shown as a name of anybody. Several schemes are in use at
once (passports, BGN/PCGN, GOST and ISO 9, newspapers), so each gives one spelling; letters outside
a scheme stay as they are.
"""

import re
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import NamedTuple

LOOK_ALIKE = "look-alike"
LONGEST = 300  # signs; a longer cell is a text, not a name

_TABLE = tomllib.loads(files("pipelines").joinpath("spellings.toml").read_text("utf-8"))
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")


class Spelling(NamedTuple):
    """One way to write a name, and the scheme that it follows."""

    scheme: str
    text: str


def _pairs(text: str) -> dict[str, str]:
    """`а=a ь=` as a table."""
    return {left: right for left, _sign, right in (one.partition("=") for one in text.split())}


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How letters of a word become others: `open` at its beginning and behind `after`."""

    letters: dict[str, str]
    pairs: dict[str, str] = field(default_factory=dict)
    endings: dict[str, str] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)
    after: str = ""
    words: dict[str, str] = field(default_factory=dict)

    def word(self, word: str) -> str:
        """A word in small letters, rewritten; the longest group of letters first."""
        if word in self.words:
            return self.words[word]
        ending = next((e for e in self.endings if word.endswith(e) and word != e), "")
        stem = word.removesuffix(ending)
        pieces, place = [], 0
        while place < len(stem):
            size = next(n for n in (4, 3, 2, 1) if n == 1 or stem[place : place + n] in self._many)
            group = stem[place : place + size]
            pieces.append(self._one(group, stem[place - 1] if place else ""))
            place += size
        return "".join(pieces) + self.endings.get(ending, "")

    @property
    def _many(self) -> dict[str, str]:
        return self.pairs or self.letters

    def _one(self, group: str, before: str) -> str:
        if group in self.open and (not before or before in self.after):
            return self.open[group]
        return self.pairs.get(group, self.letters.get(group, group))


def _scheme(row: dict[str, str], words: dict[str, str]) -> _Scheme:
    endings = _pairs(row.get("endings", ""))
    return _Scheme(
        letters=_pairs(row["letters"]), pairs=_pairs(row.get("pairs", "")),
        endings=dict(sorted(endings.items(), key=lambda one: -len(one[0]))),
        open=_pairs(row.get("open", "")), after=row.get("after", ""), words=words,
    )  # fmt: skip


_TO_LATIN = {
    name: _scheme(row, _pairs(_TABLE["words"].get(name, "")))
    for name, row in _TABLE["scheme"].items()
}
_TO_CYRILLIC = {
    "cyrillic": _scheme(_TABLE["cyrillic"], {}),
    "cyrillic-2": _scheme(_TABLE["cyrillic"] | {"endings": ""} | _TABLE["other_cyrillic"], {}),
}


def spellings(name: str) -> list[Spelling]:
    """Other spellings of a name, none twice and never the name itself; none of a long text."""
    if len(name) > LONGEST:
        return []
    if _CYRILLIC.search(name):
        schemes = _TO_LATIN
    elif _LATIN.search(name):
        schemes = _TO_CYRILLIC
    else:
        return []
    found: dict[str, Spelling] = {}
    for scheme, rules in schemes.items():
        text = _WORD.sub(lambda one, rules=rules: _like(one[0], rules), name)  # type: ignore[misc]
        if text != name and not (scheme == LOOK_ALIKE and _CYRILLIC.search(text)):
            found.setdefault(text, Spelling(scheme, text))
    return list(found.values())


def _like(word: str, rules: _Scheme) -> str:
    """The rewritten word in the letter case of the word."""
    text = rules.word(word.casefold())
    if word.isupper() and len(word) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if word[:1].isupper() else text
