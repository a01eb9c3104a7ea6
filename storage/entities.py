"""Entities, their names and their involvements: projections of the revisions.

They follow the revisions in one direction: what is newer than the mark in `projected` is read, in
the transaction that wrote it. Each table is a function of the current revisions (former names: of
all revisions), so following them and making all anew give the same rows, whatever the order.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage import identities, sites
from storage.audit import canonical
from storage.entity_names import Named, chunks, insert_rows, write_names
from storage.entity_reading import OWN, EntityReading, Involved, Seen
from storage.evidence import sha256
from storage.folding import fold
from storage.models import (
    Change,
    Entity,
    EntityName,
    Involvement,
    Projected,
    Record,
    Revision,
    Source,
)

NAME = "entities"
DOMAIN = "domain"  # its key is its name: nothing to choose from


@lru_cache(maxsize=16_384)  # a blocklist names a few agencies and the same domains again
def entity_id(key: tuple[str, ...]) -> str:
    """The id that a key always gives, here and in every other home."""
    return "E" + sha256(canonical(list(key)).encode())[:16]


def refresh(connection: Connection, reading: EntityReading | None) -> int:
    """Read the records whose revisions are new; returns how many. Without a reading nothing is
    done: the next run that has one catches up."""
    if reading is None:
        return 0
    since = _mark(connection)
    newest = connection.execute(select(func.max(Revision.id))).scalar() or 0
    if newest <= since:
        return 0
    touched = select(Revision.record_id).where(Revision.id > since).distinct()
    ids = list(connection.execute(touched.order_by(Revision.record_id)).scalars())
    loose: set[str] = set()
    shared: set[str] = set()
    for some in chunks(ids):
        left, met = _Page(connection, reading, some).project()
        loose |= left
        shared |= met
    _name_shared(connection, reading, shared | loose)
    _drop_unused(connection, loose)
    connection.execute(delete(Projected).where(Projected.name == NAME))
    connection.execute(insert(Projected).values(name=NAME, revision_id=newest))
    identities.suggest(connection, ids)
    sites.suggest_mirrors(connection, ids)
    return len(ids)


def rebuild(connection: Connection, reading: EntityReading) -> int:
    """Make the tables of entities again from the revisions; returns how many records were read.
    Decisions about matches are no projection: they stay."""
    for table in (Involvement, EntityName, Entity, Projected):
        connection.execute(delete(table))
    return refresh(connection, reading)


def _mark(connection: Connection) -> int:
    found = select(Projected.revision_id).where(Projected.name == NAME)
    return connection.execute(found).scalar() or 0


class _Page:
    """Some hundred records, read and written together."""

    def __init__(self, connection: Connection, reading: EntityReading, ids: Sequence[int]) -> None:
        self.connection = connection
        self.reading = reading
        self.ids = ids
        self.entities: dict[str, dict[str, Any]] = {}
        self.names: dict[str, Named] = {}
        self.rows: list[dict[str, Any]] = []

    def project(self) -> tuple[set[str], set[str]]:
        """Write the page; returns the entities that it no longer names, and the shared ones."""
        mine = Involvement.record_id.in_(self.ids)
        before = set(
            self.connection.execute(select(Involvement.entity_id).where(mine).distinct()).scalars()
        )
        self.connection.execute(delete(Involvement).where(mine))
        for record_id, seen in _current(self.connection, self.ids):
            for place, one in enumerate(self.reading.involved(seen)):
                self._add(record_id, place, one)
        self._add_former()
        self._write()
        shared = {
            found for found, row in self.entities.items()
            if row["record_id"] is None and row["kind"] != DOMAIN
        }  # fmt: skip
        return before - self.entities.keys(), shared

    def _add(self, record_id: int, place: int, one: Involved) -> None:
        found = entity_id(one.key)
        own, fixed = one.key[0] == OWN, one.kind == DOMAIN
        if found not in self.entities:
            self.entities[found] = {
                "id": found, "kind": one.kind, "key": canonical(list(one.key)), "name": one.name,
                "record_id": record_id if own else None,
            }  # fmt: skip
        self.rows.append(
            {
                "record_id": record_id, "place": place, "entity_id": found,
                "name": None if fixed else one.name, "role": one.role, "act": one.act,
                "acted_on": one.acted_on, "basis": one.basis, "score": one.score,
                "decided_by": one.decided_by,
            }
        )  # fmt: skip
        if own or fixed:
            names = self.names.setdefault(found, Named(one.kind)).names
            names.setdefault(one.name, "listed")
            for other in one.names:
                names.setdefault(other, "former" if other in one.former else "other")

    def _add_former(self) -> None:
        """Names that a row had before; a name that only our parser misread is none."""
        for _record, seen in _earlier(self.connection, self.ids):
            for one in self.reading.involved(seen):
                named = self.names.get(entity_id(one.key))
                if named is None or one.key[0] != OWN:
                    continue
                known = {fold(name) for name in named.names}
                for name in (one.name, *one.names):
                    if fold(name) not in known:
                        named.names.setdefault(name, "former")

    def _write(self) -> None:
        known = _kept(self.connection, self.entities)
        fresh = [row for found, row in self.entities.items() if found not in known]
        insert_rows(self.connection, Entity, fresh)
        for found, row in known.items():
            now = self.entities[found]
            if now["record_id"] is not None and (row.kind, row.name) != (now["kind"], now["name"]):
                values = {"kind": now["kind"], "name": now["name"]}
                self.connection.execute(update(Entity).where(Entity.id == found).values(**values))
        domains = {e for e, row in self.entities.items() if row["kind"] == DOMAIN}
        names = {e: n for e, n in self.names.items() if e not in domains or e not in known}
        write_names(self.connection, self.reading, names, replace=names.keys() - domains)
        insert_rows(self.connection, Involvement, self.rows)


def _current(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, Seen]]:
    yield from _seen(connection, Revision.id == Record.revision_id, Record.id.in_(ids))


def _earlier(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, Seen]]:
    misread = select(Change.id).where(
        Change.from_revision_id == Revision.id, Change.kind == "reparsed"
    )
    yield from _seen(
        connection, Revision.record_id == Record.id, Record.id.in_(ids),
        Revision.id != Record.revision_id, Source.family != "blocking", ~misread.exists(),
    )  # fmt: skip


def _seen(connection: Connection, which: Any, *where: Any) -> Iterator[tuple[int, Seen]]:
    rows = connection.execute(
        select(Record.id, Record.source, Source.family, Record.key, Revision.fields,
               Revision.measure)
        .join(Revision, which)
        .join(Source, Source.name == Record.source)
        .where(*where)
        .order_by(Record.id, Revision.id)
    ).all()  # fmt: skip
    for row in rows:
        key = tuple(map(str, json.loads(row.key)))
        fields, measure = json.loads(row.fields), json.loads(row.measure)
        yield row.id, Seen(row.source, row.family, key, fields, measure)


def _kept(connection: Connection, ids: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for some in chunks(sorted(ids)):
        rows = select(Entity.id, Entity.kind, Entity.name).where(Entity.id.in_(some))
        found |= {row.id: row for row in connection.execute(rows)}
    return found


def _name_shared(connection: Connection, reading: EntityReading, ids: set[str]) -> None:
    """A body is called as its acts call it: the first spelling in the order of the alphabet."""
    for some in chunks(sorted(ids)):
        rows = connection.execute(
            select(Involvement.entity_id, Involvement.name, Entity.kind)
            .join(Entity, Entity.id == Involvement.entity_id)
            .where(Entity.id.in_(some), Entity.record_id.is_(None), Involvement.name.is_not(None))
            .distinct()
            .order_by(Involvement.entity_id, Involvement.name)
        )
        names: dict[str, Named] = {}
        for found, name, kind in rows:
            names.setdefault(found, Named(kind)).names[name or ""] = "listed"
        for found, own in names.items():
            first = update(Entity).where(Entity.id == found)
            connection.execute(first.values(name=next(iter(own.names))))
        write_names(connection, reading, names, replace=names.keys())


def _drop_unused(connection: Connection, ids: set[str]) -> None:
    """Entities that no record names any more."""
    for some in chunks(sorted(ids)):
        used = select(Involvement.entity_id).where(Involvement.entity_id.in_(some)).distinct()
        unused = sorted(set(some) - set(connection.execute(used).scalars()))
        connection.execute(delete(EntityName).where(EntityName.entity_id.in_(unused)))
        connection.execute(delete(Entity).where(Entity.id.in_(unused)))
