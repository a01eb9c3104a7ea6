"""How much of a source of many units (courts) was read in a week: a table beside the record."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from storage.models import Coverage, Part, PartRun

STATES = ("known", "whole", "partly", "captcha", "failed", "never")


@dataclass(frozen=True, slots=True)
class Row:
    """Units of one level and region in one week: all that are known, and what became of them."""

    week: str
    level: str
    region: str
    known: int
    whole: int
    partly: int
    captcha: int
    failed: int
    never: int


def reasons(connection: Connection, source: str, like: str) -> dict[str, frozenset[str]]:
    """Part -> why its newest read was not whole, of parts by an SQL pattern; empty where it was."""
    newest = (
        select(func.max(PartRun.id).label("id"))
        .join(Part, Part.id == PartRun.part_id)
        .where(Part.source == source, Part.key.like(like))
        .group_by(PartRun.part_id)
    )
    rows = connection.execute(
        select(Part.key, PartRun.reasons)
        .join(Part, Part.id == PartRun.part_id)
        .where(PartRun.id.in_(newest))
    )
    return {key: frozenset(json.loads(words)) for key, words in rows}


def write(connection: Connection, source: str, rows: Iterable[Row]) -> None:
    """Put these weeks in the place of what was known of them."""
    values = [{"source": source} | asdict(row) for row in rows]
    for week in {value["week"] for value in values}:
        connection.execute(delete(Coverage).where(Coverage.source == source, Coverage.week == week))
    if values:
        connection.execute(insert(Coverage), values)


def read(
    connection: Connection, week: str | None = None, by: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Counts by week, and by the columns named (`level`, `region`); newest week first."""
    groups = [Coverage.source, Coverage.week, *(getattr(Coverage, name) for name in by)]
    counts = [func.sum(getattr(Coverage, name)).label(name) for name in STATES]
    statement = select(*groups, *counts).group_by(*groups)
    if week is not None:
        statement = statement.where(Coverage.week == week)
    order = [Coverage.week.desc(), Coverage.source, *groups[2:]]
    return [dict(row._mapping) for row in connection.execute(statement.order_by(*order))]
