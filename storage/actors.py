"""What an agency, an authority, a court or a judge did."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from storage.finding import Found
from storage.models import Involvement, Measure
from storage.timeline import event_of, involved

ACTORS = ("agency", "authority", "court", "judge")
SHOWN = (
    "date", "act", "role", "source", "key", "record", "fact", "code", "direction", "status",
    "basis",
)  # fmt: skip


def acts_of(connection: Connection, actor: Found) -> Iterator[dict[str, Any]]:
    """What an actor did, newest first, undated acts last."""
    newest = (Involvement.acted_on.is_(None), Involvement.acted_on.desc(),
              Involvement.record_id.desc(), Involvement.place)  # fmt: skip
    statement = involved().order_by(None).order_by(*newest)
    for row in connection.execute(statement.where(Involvement.entity_id == actor.id)):
        event = event_of(row, None)
        told = {name: event[name] for name in SHOWN}
        yield told | {"target": row.target, "score": row.score, "rule": row.decided_by}


def counts_of(connection: Connection, actor: Found) -> list[dict[str, Any]]:
    """How often an actor did what, by year, newest first; the year of an undated act is null."""
    year = func.substr(Involvement.acted_on, 1, 4)
    rows = connection.execute(
        select(year, Measure.code, Involvement.act, Involvement.basis, func.count())
        .outerjoin(Measure, Measure.record_id == Involvement.record_id)
        .where(Involvement.entity_id == actor.id)
        .group_by(year, Measure.code, Involvement.act, Involvement.basis)
        .order_by(year.is_(None), year.desc(), func.count().desc(), Measure.code, Involvement.act)
    )
    return [
        {"year": int(y) if y else None, "code": code, "act": act, "basis": basis, "acts": n}
        for y, code, act, basis, n in rows
    ]
