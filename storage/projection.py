"""`measure` and the typed tables: an analyst's view of each record's current revision.

Pure functions of record and revision: `unsilenced db rebuild` makes them again, byte-equal.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from storage import entities
from storage.audit import canonical
from storage.entity_reading import EntityReading
from storage.models import TYPED, Base, Measure, Record, Revision, Source
from storage.source_facts import SourceFacts

# Fields whose column has another name: SQL has taken the word.
RENAMED = {"list_name": "list"}
BATCH = 2000


def project(connection: Connection, facts: SourceFacts, run_id: int, part_id: int) -> None:
    """Bring the projections of the records that a run touched up to date."""
    from storage.models import Change

    touched = select(Change.record_id).where(Change.run_id == run_id, Change.part_id == part_id)
    rows = _current(connection, Record.id.in_(touched))
    _write(connection, facts.family, facts.country, rows)


def rebuild(connection: Connection, reading: EntityReading) -> int:
    """Make every projection again from the revisions; returns how many records it covers."""
    tables: list[type[Base]] = [Measure, *TYPED.values()]
    for table in tables:
        connection.execute(delete(table))
    total = 0
    for source in connection.execute(select(Source.name, Source.family, Source.country)).all():
        rows = _current(connection, Record.source == source.name)
        _write(connection, source.family, source.country, rows)
        total += len(rows)
    entities.rebuild(connection, reading)
    return total


def _current(connection: Connection, which: Any) -> list[Row[Any]]:
    return list(
        connection.execute(
            select(
                Record.id, Record.source, Record.status, Record.ended_on, Record.revision_id,
                Revision.fields, Revision.measure,
            )
            .join(Revision, Revision.id == Record.revision_id)
            .where(which)
            .order_by(Record.id)
        )
    )  # fmt: skip


def _write(connection: Connection, family: str, country: str, rows: list[Row[Any]]) -> None:
    typed = TYPED.get(family)
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        measures = [m for row in some if (m := _measure(row, country)) is not None]
        _replace(connection, Measure, [row.id for row in some], measures)
        if typed is not None:
            values = [_typed(typed, row) for row in some]
            _replace(connection, typed, [row.id for row in some], values)


def _replace(
    connection: Connection, table: type[Base], ids: list[int], values: Iterable[dict[str, Any]]
) -> None:
    column = table.__table__.c.record_id
    for start in range(0, len(ids), 500):
        connection.execute(delete(table).where(column.in_(ids[start : start + 500])))
    rows = list(values)
    if rows:
        connection.execute(insert(table), rows)


def _measure(row: Row[Any], country: str) -> dict[str, Any] | None:
    act = json.loads(row.measure)
    if not act:
        return None
    return {
        "record_id": row.id, "revision_id": row.revision_id, "source": row.source,
        "country": country, "code": act["code"], "direction": act["direction"],
        "target": act.get("target"), "target_type": act.get("target_type"),
        "acted_on": act.get("acted_on"), "ended_on": row.ended_on,
        "authority": act.get("authority"), "articles": canonical(act.get("articles", [])),
        "stated_reason": act.get("stated_reason"), "status": row.status,
    }  # fmt: skip


def _typed(table: type[Base], row: Row[Any]) -> dict[str, Any]:
    """The columns of a typed table out of the fields; lists and objects stay JSON."""
    fields = json.loads(row.fields)
    values: dict[str, Any] = {"record_id": row.id}
    for column in table.__table__.columns:
        if column.name == "record_id":
            continue
        value = fields.get(RENAMED.get(column.name, column.name))
        if isinstance(value, list | dict) or (value is None and not column.nullable):
            value = canonical(value if value is not None else [])
        values[column.name] = value
    return values
