"""Spellings under which a name is looked for: Latin ones of a Cyrillic name, and back.

Aliases are made for finding and never shown as a name of anybody. Several schemes are in use at
once (passports, BGN/PCGN, GOST and ISO 9, newspapers), so each gives one spelling; letters outside
a scheme stay as they are.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from pipelines.agencies import short_names
from pipelines.domains import site_key
from storage.entity_reading import SITE

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
    """How letters of a word become others, `open` ones where their pattern finds them."""

    letters: dict[int, str]
    groups: dict[str, str]
    endings: dict[str, str]
    open: dict[str, str]
    open_at: re.Pattern[str]
    words: dict[str, str]

    def word(self, word: str) -> str:
        """A word in small letters, rewritten; the longest group of letters first."""
        if word in self.words:
            return self.words[word]
        ending = next((e for e in self.endings if word.endswith(e) and word != e), "")
        stem = word.removesuffix(ending)
        if self.open:
            stem = self.open_at.sub(lambda found: self.open[found[0]], stem)
        for group, other in self.groups.items():
            stem = stem.replace(group, other)
        return stem.translate(self.letters) + self.endings.get(ending, "")


def _scheme(row: dict[str, str], words: dict[str, str]) -> _Scheme:
    letters = _pairs(row["letters"])
    groups = _pairs(row.get("pairs", "")) | {k: v for k, v in letters.items() if len(k) > 1}
    opened = _pairs(row.get("open", ""))
    before = f"(?<![^{row['after']}])" if "after" in row else "^"
    return _Scheme(
        letters=str.maketrans({k: v for k, v in letters.items() if len(k) == 1}),
        groups=dict(sorted(groups.items(), key=_longest_first)),
        endings=dict(sorted(_pairs(row.get("endings", "")).items(), key=_longest_first)),
        open=opened, open_at=re.compile(f"{before}[{''.join(opened) or '-'}]"), words=words,
    )  # fmt: skip


def _longest_first(pair: tuple[str, str]) -> int:
    return -len(pair[0])


_TO_LATIN = {
    name: _scheme(row, _pairs(_TABLE["words"].get(name, "")))
    for name, row in _TABLE["scheme"].items()
}
_TO_CYRILLIC = {
    "cyrillic": _scheme(_TABLE["cyrillic"], {}),
    "cyrillic-2": _scheme(_TABLE["cyrillic"] | {"endings": ""} | _TABLE["other_cyrillic"], {}),
}
_SHORT_BODIES = {row["name"]: tuple(row["short"]) for row in _TABLE["body"]}
_ALL = _TO_LATIN | _TO_CYRILLIC


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
    for scheme in schemes:
        text = _rewritten(scheme, name)
        if text != name and not (scheme == LOOK_ALIKE and _CYRILLIC.search(text)):
            found.setdefault(text, Spelling(scheme, text))
    return list(found.values())


def body_spellings(name: str) -> list[Spelling]:
    """An official body under its short names, in both alphabets."""
    short = [*_SHORT_BODIES.get(name, ()), *short_names(name)]
    written = (one for each in (name, *short) for one in spellings(each))
    return [*(Spelling("short", each) for each in short), *written]


def domain_spellings(domain: str) -> list[Spelling]:
    """A host under the site that it surely belongs to, and a Latin domain as its name is written in
    Cyrillic: `медуза` of `meduza.io`."""
    site = site_key(domain)
    found = [] if site == domain else [Spelling(SITE, site)]
    label = domain.rpartition(".")[0]
    if not _LATIN.search(label) or _CYRILLIC.search(label):
        return found
    return [*found, Spelling("cyrillic", _rewritten("cyrillic", label))]


def _rewritten(scheme: str, name: str) -> str:
    return _WORD.sub(lambda found: _like(scheme, found[0]), name)


@lru_cache(maxsize=65_536)  # given names and words of titles come back all the time
def _like(scheme: str, word: str) -> str:
    """The rewritten word in the letter case of the word."""
    text = _ALL[scheme].word(word.casefold())
    if word.isupper() and len(word) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if word[:1].isupper() else text
