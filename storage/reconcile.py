"""Staged rows become the record: set statements inside the caller's one transaction."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, literal, select, update

from storage.audit import canonical
from storage.delta import Delta, staged
from storage.evidence import sha256
from storage.models import Change, HashedRows, KnownLines, Part, Record, Revision, Stage, Tally
from storage.staged_row import UNREAD


@dataclass(frozen=True, slots=True)
class Look:
    """The circumstances of a reconciliation.

    at           moment the state stands for       baseline  first complete run of the part
    reparsed     our parser changed, not the source
    may_end      an absence in this look counts    cut       looks before this moment are old
                 enough to confirm an absence (20 h)
    """

    source: str
    parser: str
    at: str
    baseline: bool
    reparsed: bool
    may_end: bool
    cut: str


@dataclass
class Counts:
    """What a reconciliation did."""

    appeared: int = 0
    changed: int = 0
    gone: int = 0
    returned: int = 0
    reparsed: int = 0
    absent: int = 0


def apply(connection: Connection, delta: Delta, look: Look, volatile: frozenset[str]) -> Counts:
    """Make the delta true. Returns the counts of the run's JSON."""
    counts = Counts()
    _appear(connection, delta, look, counts)
    _revise(connection, delta, look, volatile, counts)
    _see_again(connection, delta, look, counts)
    if look.may_end:
        _miss(connection, delta, look)
        counts.gone = _end(connection, delta, look)
    counts.absent = delta.absent - counts.gone
    return counts


def _appear(connection: Connection, delta: Delta, look: Look, counts: Counts) -> None:
    if not delta.appeared and not delta.uncovered:
        return
    scope = delta.scope
    pair = and_(Record.part_id == Stage.part_id, Record.key == Stage.key)
    fresh = (
        select(
            literal(look.source), Stage.part_id, Stage.key, literal("listed"), literal(look.at),
            literal(scope.run_id), literal(0),
        )
        .where(
            staged(scope), Stage.content_hash != UNREAD, ~select(Record.id).where(pair).exists()
        )
        .order_by(Stage.fetch_id, Stage.key)
    )  # fmt: skip
    names = ["source", "part_id", "key", "status", "first_seen_at", "first_run_id", "revision_id"]
    connection.execute(insert(Record).from_select(names, fresh))
    new = and_(pair, Record.revision_id == 0)
    _insert_revisions(connection, delta, look, new)
    _point_to_newest(connection, Record.revision_id == 0, scope.part_id)
    kind = "reparsed" if look.reparsed else "baseline" if look.baseline else "appeared"
    _insert_changes(connection, delta, look, kind)
    counts.appeared, counts.reparsed = delta.appeared, len(delta.uncovered)


def _insert_revisions(connection: Connection, delta: Delta, look: Look, which: Any) -> None:
    scope = delta.scope
    rows = select(
        Record.id, literal(scope.run_id), Stage.fetch_id, Stage.digest, Stage.locator, Stage.quote,
        Stage.fields, Stage.measure, Stage.content_hash, Stage.judged_hash, literal(scope.role),
        literal(look.at), literal(False), literal(look.parser),
    ).select_from(Stage).join(Record, which).where(staged(scope)).order_by(Record.id)  # fmt: skip
    names = [
        "record_id", "run_id", "fetch_id", "digest", "locator", "quote", "fields", "measure",
        "content_hash", "judged_hash", "role", "seen_at", "past", "parser",
    ]  # fmt: skip
    connection.execute(insert(Revision).from_select(names, rows))


def _point_to_newest(connection: Connection, which: Any, part_id: int) -> None:
    # By record alone: with the run beside it SQLite walks the run's index for every record.
    newest = select(func.max(Revision.id)).where(Revision.record_id == Record.id).scalar_subquery()
    connection.execute(
        update(Record).where(Record.part_id == part_id, which).values(revision_id=newest)
    )


def _insert_changes(connection: Connection, delta: Delta, look: Look, kind: str) -> None:
    scope = delta.scope
    if delta.uncovered:
        _insert_told_apart(connection, delta, look, kind)
        return
    rows = (
        select(
            Record.id, literal(look.source), Record.part_id, literal(scope.run_id), literal(kind),
            literal(look.at), Record.revision_id, literal("[]"), literal(False),
        )
        .where(Record.part_id == scope.part_id, Record.first_run_id == scope.run_id)
        .order_by(Record.id)
    )  # fmt: skip
    names = [
        "record_id", "source", "part_id", "run_id", "kind", "at", "to_revision_id", "fields",
        "volatile",
    ]  # fmt: skip
    connection.execute(insert(Change).from_select(names, rows))


def _insert_told_apart(connection: Connection, delta: Delta, look: Look, kind: str) -> None:
    """New records of which some stood in the source before: only our choice of rows changed."""
    found = connection.execute(
        select(Record.id, Record.key, Record.revision_id)
        .where(Record.part_id == delta.scope.part_id, Record.first_run_id == delta.scope.run_id)
        .order_by(Record.id)
    )
    rows = [
        _change(look, delta, row.id, "reparsed" if row.key in delta.uncovered else kind, None)
        | {"to_revision_id": row.revision_id}
        for row in found
    ]
    connection.execute(insert(Change), rows)


def _revise(
    connection: Connection, delta: Delta, look: Look, volatile: frozenset[str], counts: Counts
) -> None:
    if not delta.changed:
        return
    scope = delta.scope
    ids = [c.record_id for c in delta.changed]
    pair = and_(Record.part_id == Stage.part_id, Record.key == Stage.key)
    keys = {c.record_id: c.key for c in delta.changed}
    for some in _chunks(ids):
        # By key too: with ids alone SQLite tries each of them for every staged row (20 s of 40,000)
        which = and_(pair, Record.id.in_(some), Stage.key.in_([keys[one] for one in some]))
        _insert_revisions(connection, delta, look, which)
        _point_to_newest(connection, Record.id.in_(some), scope.part_id)
    current: dict[int, int] = {}
    for some in _chunks(ids):
        found = connection.execute(select(Record.id, Record.revision_id).where(Record.id.in_(some)))
        current.update((row.id, row.revision_id) for row in found)
    rows = []
    for change in delta.changed:
        # The same fields under another hash: only our reading of the act is different.
        kind = "reparsed" if look.reparsed or not change.fields else "changed"
        row = _change(look, delta, change.record_id, kind, change.revision_id)
        row |= {"to_revision_id": current[change.record_id], "fields": canonical(change.fields)}
        row["volatile"] = bool(change.fields) and set(change.fields) <= volatile
        rows.append(row)
        setattr(counts, kind, getattr(counts, kind) + 1)
    connection.execute(insert(Change), rows)


def _change(
    look: Look, delta: Delta, record_id: int, kind: str, before: int | None
) -> dict[str, Any]:
    return {
        "record_id": record_id, "source": look.source, "part_id": delta.scope.part_id,
        "run_id": delta.scope.run_id, "kind": kind, "at": look.at, "from_revision_id": before,
        "to_revision_id": before, "fields": "[]", "volatile": False,
    }  # fmt: skip


def _see_again(connection: Connection, delta: Delta, look: Look, counts: Counts) -> None:
    """What was absent is simply there; what was gone has returned, in a second interval."""
    back = {"status": "listed", "absent_at": None, "absent_run_id": None, "last_seen_at": None}
    # A row that was only absent keeps its end: it is the source's own date of an exclusion.
    for ids, end in ((delta.present, {}), (delta.returned, {"ended_on": None})):
        for some in _chunks(list(ids)):
            connection.execute(update(Record).where(Record.id.in_(some)).values(**back, **end))
    if delta.returned:
        rows = _rows_with_revision(connection, delta, look, delta.returned, "returned")
        connection.execute(insert(Change), rows)
        counts.returned = len(rows)


def _miss(connection: Connection, delta: Delta, look: Look) -> None:
    """A row that was listed was seen by the newest complete look before this one."""
    before = select(Part.complete_at).where(Part.id == delta.scope.part_id).scalar_subquery()
    for some in _chunks(list(delta.missing)):
        connection.execute(
            update(Record)
            .where(Record.id.in_(some))
            .values(
                status="absent",
                absent_at=look.at,
                absent_run_id=delta.scope.run_id,
                last_seen_at=before,
            )
        )


def _end(connection: Connection, delta: Delta, look: Look) -> int:
    """Second proof: absent in this look and in one at least 20 hours before it."""
    ready: list[int] = []
    for some in _chunks(list(delta.waiting)):
        ready += connection.execute(
            select(Record.id).where(Record.id.in_(some), Record.absent_at <= look.cut)
        ).scalars()
    if not ready:
        return 0
    connection.execute(
        insert(Change), _rows_with_revision(connection, delta, look, tuple(ready), "gone")
    )
    for some in _chunks(ready):
        connection.execute(
            update(Record)
            .where(Record.id.in_(some))
            .values(
                status="gone",
                ended_on=func.coalesce(Record.ended_on, look.at[:10]),
            )
        )
    return len(ready)


def _rows_with_revision(
    connection: Connection, delta: Delta, look: Look, ids: tuple[int, ...], kind: str
) -> list[dict[str, Any]]:
    rows = []
    for some in _chunks(sorted(ids)):
        found = connection.execute(
            select(Record.id, Record.revision_id).where(Record.id.in_(some)).order_by(Record.id)
        )
        rows += [_change(look, delta, row.id, kind, row.revision_id) for row in found]
    return rows


def keep_hashes(connection: Connection, delta: Delta) -> None:
    """The hashed rows of this run become the ones held now (run 0)."""
    scope = delta.scope
    for table in (HashedRows, Tally, KnownLines):
        old = and_(table.part_id == scope.part_id, table.run_id == 0)
        new = and_(table.part_id == scope.part_id, table.run_id == scope.run_id)
        connection.execute(delete(table).where(old))
        connection.execute(update(table).where(new).values(run_id=0))


def rows_digest(connection: Connection, scope: Any) -> str:
    """One digest over what a scope staged: equal when two reads say the same."""
    rows = connection.execute(
        select(Stage.key, Stage.content_hash).where(staged(scope)).order_by(Stage.key)
    )
    return sha256("\n".join(f"{key} {value}" for key, value in rows).encode())


def set_ended_on(connection: Connection, delta: Delta, field: str) -> None:
    """Where the source has its own date of an end, `ended_on` is that date: of rows that were
    read anew, and of rows that were gone and have come back as they were."""
    scope = delta.scope
    _set_ended_on(connection, field, _of_run(scope.part_id, scope.run_id))
    for some in _chunks(list(delta.returned)):
        _set_ended_on(connection, field, Record.id.in_(some))


def _of_run(part_id: int, run_id: int) -> Any:
    return and_(Record.part_id == part_id, Revision.run_id == run_id)


def _set_ended_on(connection: Connection, field: str, where: Any) -> None:
    rows = connection.execute(
        select(Record.id, Record.status, Record.ended_on, Revision.fields)
        .join(Revision, Revision.id == Record.revision_id)
        .where(where)
    )
    values = [
        {"b_id": row.id, "b_on": json.loads(row.fields).get(field)}
        for row in rows
        if row.status == "listed" and json.loads(row.fields).get(field) != row.ended_on
    ]
    if values:
        connection.execute(
            update(Record).where(Record.id == bindparam("b_id")).values(ended_on=bindparam("b_on")),
            values,
        )


def _chunks(ids: list[int], size: int = 400) -> list[list[int]]:
    """SQLite binds at most 999 values a statement in old builds."""
    return [ids[i : i + size] for i in range(0, len(ids), size)]
