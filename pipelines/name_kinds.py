"""What an other name is: a former one, an abbreviation, a translation, a brand, a pseudonym.

The register's own words before it decide (`прежнее наименование`); where there are none, its form
does: initials of the name are an abbreviation, another alphabet is a translation, what stands in
quotes beside an own name is a name in use.
"""

import re
import tomllib
from importlib.resources import files
from typing import NamedTuple

KINDS = ("own", "former", "abbreviation", "translation", "brand", "pseudonym", "other")
_USING = re.compile(r"использу[а-яё]+ ", re.IGNORECASE)

_STATES = tomllib.loads(files("pipelines").joinpath("states.toml").read_text("utf-8"))
_STATE_NAMES = frozenset(_STATES["names"])
_STATE_WORDS = frozenset(_STATES["words"])
# `регистрационный номер 50008295751`, `Kurt-Schumacher-Strasse 3, 53113 Bonn`
REGISTRATION = re.compile(
    r"регистрац|зарегистр|\bдата\b|\bномер|адрес|г\.\s?р\.|[0-9]{5}", re.IGNORECASE
)
# `прежние наименования – `, `другое используемое наименование `, `ранее: `, `с 08.11.2017 – `,
# `бывшее «`, `использующая также наименование `
LABEL = re.compile(
    r"(?:(?:прежн|друг|ин(?:ое|ые)|ранее|также|сокращ|далее|бывш|до |с (?=[0-9]))"
    r"[^«»\"–—:]{0,60}?[–—:-]\s"
    r"|(?:использу[а-яё]+ )?(?:также )?"
    r"(?:прежн[а-яё]+|друг[а-яё]+|ин(?:ое|ые|ая)|сокращ[а-яё]+|также) "
    r"(?:[а-яё]+ )?(?:наименовани|названи|ФИО|имен)[а-яё]*:?\s?"
    r"|бывш[а-яё]+\s(?=[«\"])"
    r"|псевдоним[а-яё]{0,2}(?:\s?[–—:-]\s?|\s))",  # `(псевдоним - Имя)`, the PDFs of 2024
    re.IGNORECASE,
)
_FORMER = re.compile(r"прежн|ранее|бывш|до |с [0-9]", re.IGNORECASE)
_SHORT = re.compile(r"сокращ", re.IGNORECASE)
_USED = re.compile(r"друг|ин(?:ое|ые|ая)|также|далее", re.IGNORECASE)
_PSEUDONYM = re.compile(r"псевдоним", re.IGNORECASE)
_STATED = (
    ("former", _FORMER), ("abbreviation", _SHORT), ("pseudonym", _PSEUDONYM), ("brand", _USED),
)  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# Ukrainian as the register writes it, with a Latin i: `Мiжнародний благодiйний фонд`
_UKRAINIAN = re.compile(r"[іїєґ]|(?<=[а-яё])[iï]|[iï](?=[а-яё])", re.IGNORECASE)
_LEGAL = re.compile(r"организаци|общество с|фонд\b|учреждени|ассоциаци|партнерств", re.IGNORECASE)
_VOWEL = re.compile("[AEIOUYАЕЁИОУЫЭЮЯ]")
LONGEST_ABBREVIATION = 12  # signs: `WOIPFG`, `GMRPFGP`; `IRR/TV`


class Other(NamedTuple):
    """Another name, unquoted, and its kind."""

    name: str
    kind: str


def own_label(text: str) -> tuple[str, str]:
    """The register's words before a name, and the name without them."""
    found = LABEL.match(text)
    return (found[0], text[found.end() :].strip()) if found else ("", text)


def kind_of_label(label: str) -> str | None:
    """The kind that the words before a name state."""
    for kind, words in _STATED:
        if label and words.match(_USING.sub("", label, count=1)):
            return kind
    return "brand" if label else None


def kind_of_form(name: str, core: str, *, quoted: bool) -> str:
    """The kind by the form of an other name beside the own name `core`."""
    if is_abbreviation(name):
        return "abbreviation"
    if script(name) and script(core) and script(name) != script(core):
        return "translation"
    if _UKRAINIAN.search(core) and not _UKRAINIAN.search(name):
        return "translation"
    if _LEGAL.search(name) and _LEGAL.search(core) and script(name) == "cyrillic":
        return "former"  # the heading of the column: `Полное наименование (прежнее наименование)`
    return "brand" if quoted else "other"


def script(text: str) -> str:
    """`latin` or `cyrillic`, whichever has more letters; nothing where there are none."""
    latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
    if not latin and not cyrillic:
        return ""
    return "latin" if latin > cyrillic else "cyrillic"


def is_abbreviation(name: str) -> bool:
    """One word mostly of capitals: `РСД`, `CST`, `ZOiS`, `IRR/TV`."""
    if " " in name or len(name) > LONGEST_ABBREVIATION:
        return False
    letters = [sign for sign in name if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    if len(letters) > 6 and _VOWEL.search(name):  # `ГРИНПИС` is a word
        return False
    return 2 <= len(letters) <= 8 and capitals >= 2 and 2 * capitals > len(letters)


def abbreviates(short: str, name: str) -> bool:
    """Are these the initials of the name's words, its first word among them?"""
    if not is_abbreviation(short):
        return False
    initials = [word[0].casefold() for word in _WORDS.findall(name)]
    letters = [sign.casefold() for sign in short if sign.isalpha()]
    if not initials or letters[0] not in (initials[0], *initials[1:2]):
        return False
    rest = iter(initials)
    found = sum(1 for letter in letters if letter in rest)
    return found == len(letters)


def is_remark(inside: str) -> bool:
    """A state, an address, a number, or words in small letters that name nothing."""
    if not any(sign.isalpha() for sign in inside):
        return True
    if "«" not in inside and REGISTRATION.search(inside):
        return True
    if LABEL.match(inside):
        return False
    first = inside.split(",")[0].strip()
    words = {word.casefold() for word in first.split()}
    if first in _STATE_NAMES or ("«" not in first and words & _STATE_WORDS and len(words) < 5):
        return True
    return inside[0].islower() and "«" not in inside
