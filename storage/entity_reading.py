"""What a room that knows languages tells `storage` of the people and bodies in a record.

The functions are handed over with the facts of a source: `storage` keeps what they say and knows
no language itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SITE = "site"  # scheme of the alias of a host: the site that it surely belongs to
OWN = "row"  # first word of the key of an entity that is known by one row of a source alone


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as it is read: `key` is the record's own."""

    source: str
    family: str
    key: tuple[str, ...]
    fields: Mapping[str, Any]
    measure: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Involved:
    """One entity in one role in a record.

    `key` makes the entity one: equal keys are the same entity by rule, everything less certain is
    a match that is suggested. `names` are those stated beside `name`, of an entity of one row, and
    `former` those of them that the source calls former."""

    kind: str
    key: tuple[str, ...]
    name: str
    role: str
    act: str
    acted_on: str | None = None
    basis: str = "stated"
    score: float = 1.0
    decided_by: str | None = None
    names: tuple[str, ...] = ()
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityReading:
    """`involved` reads a record; `spellings` gives (scheme, spelling) pairs by which the name of an
    entity of a kind is found."""

    involved: Callable[[Seen], Sequence[Involved]]
    spellings: Callable[[str, str], Sequence[tuple[str, str]]]
