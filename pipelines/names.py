"""Names of designated subjects: the own name, and the other names listed beside it.

The registers write one cell: `Name "Pseudonym" (former name)`. For a person, what is quoted or
bracketed after the name is another name. An organisation's own quotes are never touched: only
brackets at the end of its cell are looked into, and a bracket that is a remark (a state, an
address, a registration number) stays in the name.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from pipelines.countries import country_of
from pipelines.text import clean

LONGEST = 4000  # signs; a longer cell is a text, not a name, and is left whole

_STATES = tomllib.loads(files("pipelines").joinpath("states.toml").read_text("utf-8"))
_STATE_NAMES = frozenset(_STATES["names"])
_STATE_WORDS = frozenset(_STATES["words"])
_CLOSING = {"»": "«", "”": "“", "“": "„", '"': '"'}
# `регистрационный номер 50008295751`, `Kurt-Schumacher-Strasse 3, 53113 Bonn`
_REMARK = re.compile(
    r"регистрац|зарегистр|\bдата\b|\bномер|адрес|г\.\s?р\.|[0-9]{5}", re.IGNORECASE
)
# `прежние наименования – `, `другое используемое наименование `, `ранее: `, `с 08.11.2017 – `
_LABEL = re.compile(
    r"(?:(?:прежн|друг|ин(?:ое|ые)|ранее|также|сокращ|далее|бывш|до |с (?=[0-9]))"
    r"[^«»\"–—:]{0,60}?[–—:-]\s"
    r"|(?:прежн[а-яё]+|друг[а-яё]+|ин(?:ое|ые|ая)|сокращ[а-яё]+) "
    r"(?:[а-яё]+ )?(?:наименовани|названи|ФИО|имен)[а-яё]*\s?)",
    re.IGNORECASE,
)
_OTHER_NAME_TAIL = re.compile(r", (?=(?:другое|другие|иное|иные) )", re.IGNORECASE)
_STATE_TAIL = re.compile(r", ?[A-ZА-ЯЁ][^«»\"()]{1,60}")  # `, США` after the bracket
_OR = re.compile(r"» или «")  # («Аль-Джихад» или «Египетский исламский джихад»)
_QUOTED_LIST = re.compile(r"«[^«»]+»(?:, ?«[^«»]+»)+")  # «Русский криминал», «ВЧК-ОГПУ»


@dataclass(frozen=True, slots=True)
class Name:
    """`name` as listed without its other names; `names` the others, unquoted, in listed order."""

    name: str
    names: tuple[str, ...] = ()


def read_name(raw: str, target_type: str) -> Name:
    """The name and other names in one cell of a register.

    `target_type` is one of the contract: the cell of a person is read differently, the text of a
    material is left whole, and an unknown target is read as an organisation.
    """
    text = _without_stray_quote(clean(raw))
    if target_type == "material" or len(text) > LONGEST:
        return Name(text)
    found = _read_person(text) if target_type == "person" else _read_organisation(text)
    others = tuple(dict.fromkeys(other for other in found.names if other != found.name))
    return Name(found.name, others)


def _read_person(text: str) -> Name:
    """Quotes and brackets are taken off the end while something stands before them."""
    groups: list[str] = []
    while (start := _group_start(text)) > 0:
        inside = text[start + 1 : -1].strip()
        if _is_remark(inside):
            break
        groups.insert(0, inside)
        text = text[:start].rstrip(" ,–-")
    return Name(text, tuple(name for group in groups for name in _person_names(group)))


def _person_names(group: str) -> Iterator[str]:
    """`Oxxxymiron (Оксимирон)` are two names, `JesusAVGN, Хесус` also."""
    for part in _split(_LABEL.sub("", group, count=1)):
        opened = _group_start(part) if part.endswith(")") else -1
        if opened > 0:
            yield _unquoted(part[:opened])
            yield from _split(part[opened + 1 : -1])
        else:
            yield part


def _read_organisation(text: str) -> Name:
    """Brackets at the end, before an optional state, are other names unless they are remarks."""
    tail = ""
    parted = _OTHER_NAME_TAIL.split(text, maxsplit=1)
    others = list(_split(_LABEL.sub("", parted[1], count=1))) if len(parted) == 2 else []
    core = parted[0]
    state = _state_tail(core)
    if state:
        core, tail = core[: -len(state)].rstrip(), state
    while core.endswith(")") and (start := _group_start(core)) > 0:
        inside = core[start + 1 : -1].strip()
        if _is_remark(inside):
            tail = f" ({inside}){tail}"
        else:
            others = [*_split(_LABEL.sub("", inside, count=1)), *others]
        core = core[:start].rstrip(" ,")
    if _QUOTED_LIST.fullmatch(core):
        others = [*_split(core), *others]
    return Name(core + tail, tuple(others))


def _state_tail(text: str) -> str:
    """`, США` when it stands right after a bracket, else nothing."""
    closed = text.rfind(")")
    tail = text[closed + 1 :]
    if closed <= 0:
        return ""
    if country_of(tail) is not None:  # `) Эстонская Республика`, without a comma
        return tail
    return tail if _STATE_TAIL.fullmatch(tail) else ""


def _is_remark(inside: str) -> bool:
    """A state, an address, a number, or words in small letters that are no label of a name."""
    if not any(sign.isalpha() for sign in inside):
        return True
    if "«" not in inside and _REMARK.search(inside):
        return True
    if _LABEL.match(inside):
        return False
    first = inside.split(",")[0].strip()
    words = {word.casefold() for word in first.split()}
    if first in _STATE_NAMES or ("«" not in first and words & _STATE_WORDS and len(words) < 5):
        return True
    return inside[0].islower()


def _group_start(text: str) -> int:
    """Where the quote or bracket that closes the text was opened; -1 where none does."""
    if not text:
        return -1
    closing = text[-1]
    if closing in _CLOSING:
        return text.rfind(_CLOSING[closing], 0, len(text) - 1)
    if closing != ")":
        return -1
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return -1


def _split(group: str) -> Iterator[str]:
    """Names of a list at its commas and semicolons outside quotes and brackets, unquoted.

    The registers close nested quotes once (`«Партия «АЛДЕ», «АЛДЕ»`), so a closing quote before a
    comma ends the name whatever is still open.
    """
    group = _OR.sub("», «", group)
    start = depth = 0
    for place, sign in enumerate(group):
        if sign in "«(":
            depth += 1
        elif sign in "»)":
            ends = group[place + 1 : place + 2] in ("", ",", ";")
            depth = 0 if ends and sign == "»" else max(0, depth - 1)
        elif sign in ",;" and depth == 0:
            yield from filter(None, [_unquoted(group[start:place])])
            start = place + 1
    yield from filter(None, [_unquoted(group[start:])])


def _unquoted(name: str) -> str:
    """Without the quotes that enclose all of it; quotes inside stay balanced."""
    name = name.strip(" \t;,.") if name.strip().endswith((";", ",")) else name.strip()
    if name[:1] == '"' and name[-1:] == '"' and len(name) > 1:
        return name[1:-1].strip()
    if name[:1] != "«":
        return name
    if name.count("«") > name.count("»"):
        return name[1:].strip()
    return name[1:-1].strip() if name.endswith("»") and name.count("«") == name.count("»") else name


def _without_stray_quote(text: str) -> str:
    """`"Общество ... «ЕЛКИН КАРТОН»` has an opening quote that nothing closes."""
    return text.strip('" ') if text.count('"') == 1 and text[:1] + text[-1:] != '"' else text
