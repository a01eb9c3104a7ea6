"""Which entities a person means: by id, by number of a record or fact, by domain, by any name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from storage.entity_names import chunks
from storage.folding import fold
from storage.models import Designation, Entity, EntityName, Involvement, Record, Revision

_ID = re.compile(r"E[0-9a-f]{4,16}", re.IGNORECASE)
_FACT = re.compile(r"F?([0-9]{1,18})", re.IGNORECASE)
# `https://www.example.org/`, as it is copied out of a browser
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([^/\s]+\.[^/\s]+?)/?", re.IGNORECASE)
FOUND_AT_MOST = 50
TARGET = "target"


@dataclass(frozen=True, slots=True)
class Found:
    """An entity that was found, with what tells it from its namesakes."""

    id: str
    kind: str
    name: str
    record_id: int | None
    source: str | None
    number: str | None

    def words(self) -> str:
        """One line: id, kind, name, and the row that it is."""
        row = f" ({self.source} № {self.number})" if self.number else ""
        return f"{self.id}  {self.kind}  {self.name}{row}"


def find(connection: Connection, what: str, kinds: Sequence[str] = ()) -> list[Found]:
    """The entities (of some kinds) that a text names, fifty at most, by the most exact way that has
    any.

    In this order: id; record or fact; a stated name or domain; an alias; all words among names."""
    text = what.strip()
    if _ID.fullmatch(text):
        named = text[0].upper() + text[1:].lower()
        found = _entities(connection, Entity.id.startswith(named), kinds)
        if found:
            return found
    number = _FACT.fullmatch(text)
    if number:
        found = _of_record(connection, int(number[1]), fact=text[:1] in "Ff")
        return [one for one in found if not kinds or one.kind in kinds]
    return _by_name(connection, text, kinds)


def _of_record(connection: Connection, number: int, *, fact: bool) -> list[Found]:
    """The entity that a record is, else those that its act is aimed at."""
    if fact:
        which = select(Revision.record_id).where(Revision.id == number)
        number = connection.execute(which).scalar() or 0
    own = _entities(connection, Entity.record_id == number)
    if own:
        return own
    ids = select(Involvement.entity_id).where(
        Involvement.record_id == number, Involvement.role == TARGET
    )
    return _entities(connection, Entity.id.in_(ids))


def _by_name(connection: Connection, text: str, kinds: Sequence[str]) -> list[Found]:
    key = fold(text)
    address = _ADDRESS.fullmatch(key)
    keys = [key, address[1]] if address else [key]
    if not key:
        return []
    same = EntityName.search_key.in_(keys)
    for which in (same & (EntityName.kind != "alias"), same):
        ids = select(EntityName.entity_id).where(which)
        found = _entities(connection, Entity.id.in_(ids), kinds)
        if found:
            return found
    return _entities(connection, Entity.id.in_(_with_words(connection, key, kinds)), kinds)


def _with_words(connection: Connection, key: str, kinds: Sequence[str] = ()) -> list[str]:
    """Entities of which every word stands in one of the names, the spellings may differ: as a whole
    word, else as a part of one."""
    whole: set[str] | None = None
    part: set[str] | None = None
    for word in dict.fromkeys(key.split()):
        holds = EntityName.search_key.contains(word, autoescape=True)
        statement = select(EntityName.entity_id, EntityName.search_key).where(holds)
        if kinds:
            statement = statement.join(Entity, Entity.id == EntityName.entity_id)
            statement = statement.where(Entity.kind.in_(kinds))
        found = connection.execute(statement).all()
        here = {row.entity_id for row in found if _is_word(word, row.search_key)}
        held = {row.entity_id for row in found}
        whole = here if whole is None else whole & here
        part = held if part is None else part & held
    return sorted(whole or part or ())[:FOUND_AT_MOST]


def _is_word(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _entities(connection: Connection, which: Any, kinds: Sequence[str] = ()) -> list[Found]:
    where = [which, Entity.kind.in_(kinds)] if kinds else [which]
    rows = connection.execute(
        select(Entity.id, Entity.kind, Entity.name, Entity.record_id, Record.source,
               Designation.number)
        .outerjoin(Record, Record.id == Entity.record_id)
        .outerjoin(Designation, Designation.record_id == Entity.record_id)
        .where(*where)
        .order_by(Entity.record_id, Entity.id)
        .limit(FOUND_AT_MOST)
    )  # fmt: skip
    return [Found(*row) for row in rows]


def records_of(connection: Connection, text: str) -> list[int]:
    """Records in which an entity found by this text is a target, is named, or is a row itself:
    those of every way to find it, since who searches wants to see them all."""
    ids = {one.id for one in find(connection, text)} | {*_with_words(connection, fold(text))}
    found: set[int] = set()
    for some in chunks(sorted(ids)):
        rows = select(Involvement.record_id).where(
            Involvement.entity_id.in_(some), Involvement.role.in_((TARGET, "named", "listed"))
        )
        found |= set(connection.execute(rows).scalars())
    return sorted(found)
