"""Names of designated subjects: the own name, and the other names listed beside it, by kind.

The registers write one cell: `Name "Pseudonym" (former name)`. For a person, what is quoted or
bracketed after the name is another name; the heading of the column says which: a pseudonym stands
in quotes, a former name in brackets. Organisations are read in `organisation_names`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.name_kinds import LABEL, Other, is_remark, kind_of_label, own_label
from pipelines.organisation_names import read_organisation
from pipelines.quotes import group_start, split, unclosed, unquoted, without_stray_quote
from pipelines.text import clean

LONGEST = 4000  # signs; a longer cell is a text, not a name, and is left whole


@dataclass(frozen=True, slots=True)
class Name:
    """`name` as listed without its other names; `others` with their kinds, in listed order.

    `core` is the name without its state; `remarks` (an address, a registration) are no names."""

    name: str
    others: tuple[Other, ...] = ()
    core: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The other names, unquoted, without their kinds."""
        return tuple(other.name for other in self.others)


def read_name(raw: str, target_type: str) -> Name:
    """The name and other names in one cell of a register.

    `target_type` is one of the contract: the cell of a person is read differently, the text of a
    material is left whole, and an unknown target is read as an organisation.
    """
    text = without_stray_quote(clean(raw))
    if target_type == "material" or len(text) > LONGEST:
        return Name(text)
    if target_type == "person":
        name, others = _read_person(text)
        return Name(name, _once(name, others), name)
    read = read_organisation(text)
    return Name(read.core + read.state, _once(read.core, read.others), read.core, read.remarks)


def _once(name: str, others: list[Other]) -> tuple[Other, ...]:
    """Each other name once, by its first kind, and never the name itself."""
    found: dict[str, Other] = {}
    for other in others:
        if other.name and other.name != name:
            found.setdefault(other.name, other)
    return tuple(found.values())


def _read_person(text: str) -> tuple[str, list[Other]]:
    """Quotes and brackets are taken off the end while something stands before them."""
    groups: list[tuple[str, str]] = []
    if unclosed(text) > 0:  # `Имя (псевдоним - Oxxxypet (Оксипет)`: closed once
        text += ")"
    while (start := group_start(text)) > 0:
        inside = text[start + 1 : -1].strip()
        if is_remark(inside):
            break
        groups.insert(0, (inside, "former" if text[-1] == ")" else "pseudonym"))
        text = text[:start].rstrip(" ,–-")
    return text, [other for inside, kind in groups for other in _person_names(inside, kind)]


def _person_names(group: str, kind: str) -> Iterator[Other]:
    """`Oxxxymiron (Оксимирон)` are two names, `JesusAVGN, Хесус` also."""
    label, rest = own_label(group)
    kind = kind_of_label(label) or kind
    for part in split(rest if LABEL.match(group) else group):
        opened = group_start(part) if part.endswith(")") else -1
        if opened > 0:
            yield Other(unquoted(part[:opened]), kind)
            yield from (Other(unquoted(one), kind) for one in split(part[opened + 1 : -1]))
        else:
            yield Other(unquoted(part), kind)
