"""Staged rows against current records: what would change if the run were believed.

Set statements find the rows that differ; only those are brought into Python.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from storage import hashed
from storage.models import PartRun, Record, Revision, Stage
from storage.source_facts import OFFICIAL
from storage.staged_row import UNREAD

RAW = "_raw"
# Verdicts of ours that lean on another list beside the row: they change when that list does.
OURS = frozenset({"subject_kind", "subject_rule", "political", "political_rule"})
# The number of a row in the source's own database, which only one of its forms may state: it is
# followed (`alarm_field`), but a row that is read in another form is no other row.
TECHNICAL = frozenset({"row_uuid"})
PAIR = (Record.part_id == Stage.part_id) & (Record.key == Stage.key)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which staged rows stand against which part."""

    run_id: int
    part_id: int
    endpoint: int
    role: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A record whose staged row differs from its current revision."""

    record_id: int
    key: str
    revision_id: int
    before: dict[str, Any]
    after: dict[str, Any]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """All differences of one part.

    appeared  staged rows without a record      changed   records that say something else
    returned  rows of records that were gone    present   records absent until now, seen again
    missing   listed records without a row      waiting   records already absent, still unseen
    uncovered keys of rows without a record that the source showed before and we only hashed

    A record whose row is only hashed now is neither missing nor waiting: it stands in the source.
    """

    scope: Scope
    appeared: int
    changed: tuple[Changed, ...]
    returned: tuple[int, ...]
    present: tuple[int, ...]
    missing: tuple[int, ...]
    waiting: tuple[int, ...]
    approved_absences: int
    uncovered: frozenset[str] = frozenset()

    @property
    def absent(self) -> int:
        """Listed before, not seen now, not yet gone."""
        return len(self.missing) + len(self.waiting)


def staged(scope: Scope) -> Any:
    """The condition that picks the staged rows of a scope."""
    return (
        (Stage.run_id == scope.run_id)
        & (Stage.part_id == scope.part_id)
        & (Stage.endpoint == scope.endpoint)
    )


def compute(
    connection: Connection, scope: Scope, secret: bytes, alarm_field: str | None = None
) -> Delta:
    """Compare the staged rows of a scope with the current records of its part; `secret` is the
    home's hashing key, `alarm_field` a field beside the content that is followed all the same."""
    new, uncovered = _new(connection, scope, secret)
    by_status: dict[str, list[int]] = {"gone": [], "absent": []}
    seen = select(Record.id, Record.status).join(Stage, PAIR).where(staged(scope))
    for record_id, status in connection.execute(seen.where(Record.status != "listed")):
        by_status[status].append(record_id)
    lost, covered = _lost(connection, scope, secret)
    return Delta(
        scope=scope,
        appeared=new - len(uncovered),
        changed=tuple(_changed(connection, scope, alarm_field)),
        returned=tuple(by_status["gone"]),
        present=(*by_status["absent"], *covered),
        missing=tuple(lost["listed"]),
        waiting=tuple(lost["absent"]),
        approved_absences=_approved(connection, scope),
        uncovered=uncovered,
    )


def _new(connection: Connection, scope: Scope, secret: bytes) -> tuple[int, frozenset[str]]:
    """How many staged rows have no record, and which of them were held as hashes until now."""
    which = (
        staged(scope),
        Stage.content_hash != UNREAD,
        ~select(Record.id).where(PAIR).exists(),
    )
    statement = select(func.count()).select_from(Stage).where(*which)
    count = connection.execute(statement).scalar_one()
    before = hashed.packed(connection, scope.part_id, hashed.HELD_NOW) if count else []
    if not before:
        return count, frozenset()
    keys = connection.execute(select(Stage.key).where(*which)).scalars()
    return count, hashed.among(before, secret, keys)


def _lost(
    connection: Connection, scope: Scope, secret: bytes
) -> tuple[dict[str, list[int]], list[int]]:
    """Records without a row by their status; and those absent so far whose row is only hashed."""
    unseen = connection.execute(
        select(Record.id, Record.status, Record.key).where(
            Record.part_id == scope.part_id,
            Record.status != "gone",
            ~select(Stage.key).where(staged(scope), Stage.key == Record.key).exists(),
        )
    ).all()
    now = hashed.packed(connection, scope.part_id, scope.run_id) if unseen else []
    there = hashed.among(now, secret, (row.key for row in unseen))
    lost: dict[str, list[int]] = {"listed": [], "absent": []}
    for row in unseen:
        if row.key not in there:
            lost[row.status].append(row.id)
    return lost, [row.id for row in unseen if row.key in there and row.status == "absent"]


def _changed(connection: Connection, scope: Scope, alarm_field: str | None) -> list[Changed]:
    differs: ColumnElement[bool] = Stage.content_hash != Revision.content_hash
    if alarm_field is not None:
        differs = or_(differs, Stage.fields != Revision.fields)
    rows = connection.execute(
        select(Record.id, Record.key, Revision.id, Revision.fields, Stage.fields,
               (Stage.content_hash == Revision.content_hash).label("same"))
        .join(Revision, Revision.id == Record.revision_id)
        .join(Stage, (Record.part_id == Stage.part_id) & (Record.key == Stage.key))
        .where(
            staged(scope), Stage.content_hash != UNREAD,
            differs, _may_replace(scope),
        )
        .order_by(Record.id)
    )  # fmt: skip
    found = []
    for record_id, key, revision_id, old, new, same in rows:
        before, after = json.loads(old), json.loads(new)
        stated = after.get(alarm_field)
        if same and stated in (None, before.get(alarm_field)):
            continue
        names = tuple(sorted(n for n in {*before, *after} if _differs(n, before, after)))
        found.append(Changed(record_id, key, revision_id, before, after, names))
    return found


def content_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a content hash covers: no raw spellings, no technical number."""
    return {k: v for k, v in fields.items() if not k.endswith(RAW) and k not in TECHNICAL}


def _differs(name: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Another spelling of the same value (`*_raw`) is kept, but is no change of the source; nor
    is a verdict of ours, or a field that the form read before did not state at all."""
    stated = name in before and name in after and name not in OURS
    return stated and not name.endswith(RAW) and before[name] != after[name]


def _may_replace(scope: Scope) -> Any:
    """A mirror never speaks over an official revision."""
    if scope.role == OFFICIAL:
        return Revision.role == Revision.role
    return Revision.role != OFFICIAL


def _approved(connection: Connection, scope: Scope) -> int:
    """Absences that a person has already looked at: they do not trip the breaker again."""
    return connection.execute(
        select(func.count())
        .select_from(Record)
        .join(
            PartRun,
            (PartRun.run_id == Record.absent_run_id) & (PartRun.part_id == Record.part_id),
        )
        .where(
            Record.part_id == scope.part_id,
            Record.status == "absent",
            PartRun.approved_at.is_not(None),
        )
    ).scalar_one()
