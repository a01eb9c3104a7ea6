"""Names of organisations: brackets at the end, lists, abbreviations, sentences about a company.

An organisation's own quotes are never touched. Brackets at the end of its cell hold other names
unless they are remarks: a state stays in the name, an address or a registration is taken off.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.countries import country_of
from pipelines.legal_forms import read_form
from pipelines.name_kinds import (
    LABEL,
    REGISTRATION,
    Other,
    abbreviates,
    is_remark,
    kind_of_form,
    kind_of_label,
    own_label,
    script,
)
from pipelines.quotes import QUOTED_LIST, first_quoted, group_start, split, unclosed, unquoted

_STATE_TAIL = re.compile(r", ?[A-ZА-ЯЁ][^«»\"()]{1,60}")  # `, США` after the bracket
_LABEL_TAIL = re.compile(rf", (?={LABEL.pattern})", re.IGNORECASE)
_SHORT_TAIL = re.compile(r"(?P<name>.+), (?P<short>[^\s,«»\"()]{2,12})")  # `Team, CIT`
_BRIEF_TAIL = re.compile(
    r"(?P<name>.+), (?P<short>[^,«»\"()]{3,60})"
)  # `Open Russia Movement, Open Russia`
_INNER_SHORT = re.compile(r"\(([^\s()«»]{2,12})\)")  # `internationale Studien (ZOiS) gGmbH`
_QUOTED_AND_PLAIN = re.compile(r"[«\"](?P<quoted>[^«»\"]+)[»\"] (?P<plain>[^«»\"]+)")
_PLAIN_AND_QUOTED = re.compile(r"(?P<plain>[^«»\"]+) [«\"](?P<quoted>[^«»\"]+)[»\"]")
_SLASHED = re.compile(r"([^/«»\"]{3,80})/([^/«»\"]{3,80})")  # `Парни Плюс/Парни+`
# `, являющаяся владельцем интернет-издания`, `, реализующий проект`
_PARTICIPLE = re.compile(r"(?:зарегистрирован|являющ|реализующ|владеющ)[а-яё]+\b", re.IGNORECASE)
_DESCRIBED = re.compile(rf", {_PARTICIPLE.pattern}", re.IGNORECASE)
_COMPANY = re.compile(r"(?:[А-ЯЁа-яё]+ )?(?:юридическое лицо|компания)\b\s?", re.IGNORECASE)
_PROJECT = re.compile(r"\b(?:проект|издание|ресурс)[а-яё]* (?P<name>[A-ZА-ЯЁ][^«»\",]+)$")
_QUOTED = re.compile(r"«([^«»]+)»")
DEEPEST = 4  # brackets within brackets; registers nest two
_STATED_URL = re.compile(r"https?://\S+")


class Read(NamedTuple):
    """The own name, its state as written behind it, the other names, what is no name."""

    core: str
    state: str
    others: list[Other]
    remarks: tuple[str, ...]


def read_organisation(text: str) -> Read:
    """Own and other names of an organisation's cell."""
    parted = _LABEL_TAIL.split(text, maxsplit=1)
    if len(parted) > 1 and _balanced(parted[0]):
        return _with_labelled_tail(parted[0], text[len(parted[0]) + 2 :])
    core, state, groups, remarks = _peel(text)
    core, side = _plain_beside_quoted(core)
    if side:
        core, more_state, more, more_remarks = _peel(core)
        state, remarks = more_state + state, (*more_remarks, *remarks)
        groups = [*more, *side, *groups]
    others = [other for group in groups for other in _names_of(group, core)]
    core, listed = _names_in(core)
    return Read(core, state, [*listed, *others], remarks)


def urls_in_name(text: str) -> list[str]:
    """Addresses that the name states: `интернет-издания «...», https://theins.ru`."""
    return [found[0].rstrip('.,;)»"') for found in _STATED_URL.finditer(text)]


def _with_labelled_tail(first: str, tail: str) -> Read:
    """`NAME, сокращенное наименование SHORT («Перевод») (Бельгия)`."""
    own = read_organisation(first)
    label, rest = own_label(tail)
    core, state, groups, remarks = _peel(rest)
    kind = kind_of_label(label) or "other"
    others = [Other(unquoted(core), kind)]
    others += [other for group in groups for other in _names_of(group, own.core)]
    return Read(own.core, own.state + state, [*own.others, *others], (*own.remarks, *remarks))


def _peel(text: str) -> tuple[str, str, list[str], tuple[str, ...]]:
    """Core, state or remark that stays, insides of brackets, remarks that are taken off."""
    tail = _state_tail(text)
    core = text[: len(text) - len(tail)].rstrip() if tail else text
    groups: list[str] = []
    remarks: list[str] = []
    while True:
        start = group_start(core) if core.endswith(")") else -1
        inside = core[start + 1 : -1].strip()
        if start <= 0:
            start = unclosed(core)  # `NAME (one, «two»` where the bracket is never closed
            inside = core[start + 1 :].strip()
            if start <= 0 or not inside or is_remark(inside):
                return core, tail, groups, tuple(remarks)
        if not is_remark(inside):
            groups.insert(0, inside)
        elif REGISTRATION.search(inside):
            remarks.insert(0, inside)
        else:
            tail = f" ({inside}){tail}"
        core = core[:start].rstrip(" ,")


def _names_of(group: str, core: str, depth: int = DEEPEST) -> Iterator[Other]:
    """The names of one bracket; a part may have a label or a bracket of its own."""
    stated = kind_of_label(own_label(group)[0])
    for part in _parts(own_label(group)[1]):
        label, rest = own_label(part)
        kind = kind_of_label(label) or stated
        opened = group_start(rest) if rest.endswith(")") else -1
        if (
            depth
            and opened > 0
            and not is_remark(rest[opened + 1 : -1].strip())
            and "«" in rest[:opened]
        ):
            yield _other(rest[:opened].strip(), core, kind)
            yield from _names_of(rest[opened + 1 : -1].strip(), core, depth - 1)
        else:
            yield _other(rest, core, kind)


def _other(written: str, core: str, kind: str | None) -> Other:
    name = unquoted(written)
    return Other(name, kind or kind_of_form(name, core, quoted=name != written.strip()))


def _parts(group: str) -> Iterator[str]:
    """Parts of a list; one pair of quotes around three names and more is a list itself.

    `«NS/WP, NS/WP Crew, Sparrows Crew»`: a name begins with a capital letter, so that
    `«по здоровью, правам, гендерному многообразию»` stays one."""
    for part in split(group):
        inner = unquoted(part)
        if inner == part or "«" in inner or inner.count(",") < 2:
            yield part
            continue
        names: list[str] = []
        for piece in inner.split(","):
            if names and not piece.strip()[:1].isupper():
                names[-1] += f",{piece}"
            else:
                names.append(piece.strip())
        yield from names if len(names) > 2 else [part]


def _names_in(core: str) -> tuple[str, list[Other]]:
    """Names that stand inside the own name: lists, initials, a sentence about a company."""
    if QUOTED_LIST.fullmatch(core):
        return core, [Other(unquoted(part), "brand") for part in split(core)]
    if _DESCRIBED.search(core):
        return core, list(_described(core))
    if (found := _SHORT_TAIL.fullmatch(core)) and abbreviates(found["short"], found["name"]):
        return found["name"], [Other(found["short"], "abbreviation")]
    if (found := _BRIEF_TAIL.fullmatch(core)) and found["name"].startswith(found["short"] + " "):
        return found["name"], [Other(found["short"], "brand")]
    if (found := _QUOTED_AND_PLAIN.fullmatch(core)) and _two_scripts(found):
        return core, [Other(found["quoted"], "brand"), Other(found["plain"], "translation")]
    if found := _SLASHED.fullmatch(core):
        first, second = (re.findall(r"\w+", side)[:1] for side in found.groups())
        if first and first == second:
            return core, [Other(side.strip(), "brand") for side in found.groups()]
    inner = [Other(found[1], "abbreviation") for found in _INNER_SHORT.finditer(core)
             if abbreviates(found[1], core[: found.start()])]  # fmt: skip
    return core, inner


def _described(core: str) -> Iterator[Other]:
    """`Юридическое лицо, зарегистрированное в ..., SIA «Medusa Project»`: whom it is about."""
    for place, part in enumerate(split(core)):
        said = _STATED_URL.sub("", part).strip()
        if _PARTICIPLE.match(said):
            named = _PROJECT.search(said)
            yield from (Other(one[1], "brand") for one in _QUOTED.finditer(said))
            yield from [Other(named["name"].strip(), "brand")] if named else []
        elif called := _called(said, first=place == 0):
            yield Other(first_quoted(called) or called, "own")


def _called(part: str, *, first: bool) -> str:
    """The company that a part of such a sentence names; nothing for a state or a bare "company"."""
    bare, tail, _groups, _remarks = _peel(_COMPANY.sub("", part, count=1) if first else part)
    if not bare or country_of(bare) is not None or is_remark(bare):
        return ""
    return bare + tail if "»" not in bare and country_of(tail.strip(" ()")) is None else bare


def subject_of(core: str) -> str:
    """The part of a name that names its bearer: for a sentence about a company, the company."""
    if not _DESCRIBED.search(core):
        return core
    parts = (p for p in split(core) if not _PARTICIPLE.match(p))
    called = (_called(part, first=place == 0) for place, part in enumerate(parts))
    return next(filter(None, called), core)


def _plain_beside_quoted(core: str) -> tuple[str, list[str]]:
    """`Belsat (Belsat TV) «Белсат»`: the quoted name in another alphabet is one of its own."""
    found = _PLAIN_AND_QUOTED.fullmatch(core)
    if found is None or script(found["plain"]) != "latin" or not _two_scripts(found):
        return core, []
    if read_form(found["plain"] + " x").own_name == "x":  # `SIA «Проект»`: only a legal form
        return core, []
    return found["plain"].strip(), [f"«{found['quoted']}»"]


def _two_scripts(found: re.Match[str]) -> bool:
    return bool({script(found["plain"]), script(found["quoted"])} == {"latin", "cyrillic"})


def _state_tail(text: str) -> str:
    """`, США` behind the name: anything like a state after a bracket, else one that is known."""
    closed = text.rfind(")")
    tail = text[closed + 1 :]
    if closed > 0 and country_of(tail) is not None:  # `) Эстонская Республика`, without a comma
        return tail
    if closed > 0 and _STATE_TAIL.fullmatch(tail):
        return tail
    comma = text.rfind(",")
    return text[comma:] if comma > 0 and country_of(text[comma:]) is not None else ""


def _balanced(text: str) -> bool:
    """A label inside a bracket belongs to the bracket's own list."""
    return unclosed(text) < 0
