"""A state older than the one held: it tells what was said before, and changes nothing now."""

import json

from sqlalchemy import Connection, and_, func, insert, literal, select, update

from storage import hashed
from storage.delta import Scope, staged
from storage.entity_names import chunks
from storage.guard import LOST_EXCLUSIONS, NEW_EXCLUSIONS_A_WEEK
from storage.models import Change, Part, PartRun, Record, Revision, Stage
from storage.report import COMPLETE, HELD, PartReport
from storage.source_facts import OFFICIAL, SourceFacts
from storage.staged_row import UNREAD


def add(
    connection: Connection, scope: Scope, facts: SourceFacts, report: PartReport, at: str
) -> str:
    """Keep what an older state says as past revisions; returns the verdict.

    A state whose dates of exclusion contradict the newer one held is not believed: `held`."""
    words = _contradictions(connection, scope, facts, at)
    if words:
        report.fail("exclusions-contradict", words)
        return HELD
    pair = and_(Record.part_id == Stage.part_id, Record.key == Stage.key)
    _unknown_records(connection, scope, facts, pair, at)
    past_revisions(connection, scope, facts, pair, at)
    known = select(Stage.key).where(staged(scope), Stage.key == Record.key).exists()
    earlier = and_(Record.part_id == scope.part_id, Record.first_seen_at > at, known)
    connection.execute(update(Record).where(earlier).values(first_seen_at=at))
    seen = and_(
        Record.part_id == scope.part_id, Record.status != "listed", Record.last_seen_at < at, known
    )
    connection.execute(update(Record).where(seen).values(last_seen_at=at))
    return COMPLETE


def stand_by_hash(connection: Connection, scope: Scope, secret: bytes) -> int:
    """Rows of an older state that the state held has too, where they were only counted until now:
    they stand in the source. Returns how many."""
    held = hashed.packed(connection, scope.part_id, hashed.HELD_NOW)
    if not held:
        return 0
    fresh = connection.execute(
        select(Record.id, Record.key).where(
            Record.part_id == scope.part_id, Record.first_run_id == scope.run_id,
            Record.status == "absent",
        )
    ).all()  # fmt: skip
    there = hashed.among(held, secret, [row.key for row in fresh])
    values = {"status": "listed", "absent_at": None, "absent_run_id": None, "last_seen_at": None}
    ids = [row.id for row in fresh if row.key in there]
    for some in chunks(ids):
        connection.execute(update(Record).where(Record.id.in_(some)).values(**values))
    return len(ids)


def _contradictions(connection: Connection, scope: Scope, facts: SourceFacts, at: str) -> str:
    field = facts.exclusion_field
    if field is None:
        return ""
    rows = connection.execute(
        select(Stage.fields, Revision.fields)
        .join(Record, and_(Record.part_id == Stage.part_id, Record.key == Stage.key))
        .join(Revision, Revision.id == Record.revision_id)
        .where(staged(scope))
    )
    lost = invented = 0
    for then, now in rows:
        past, present = json.loads(then).get(field), json.loads(now).get(field)
        lost += past is None and present is not None and present < at[:10]
        invented += past is not None and past != present
    if lost <= LOST_EXCLUSIONS and invented <= NEW_EXCLUSIONS_A_WEEK:
        return ""
    return (
        f"Against the newer state that is held, {lost} dates of exclusion are missing here and "
        f"{invented} are others: a column was probably shifted."
    )


def _unknown_records(
    connection: Connection, scope: Scope, facts: SourceFacts, pair: object, at: str
) -> None:
    """Rows that the newer state lacks: known now, absent since the look that missed them. A
    mirror's or an archive's newer state is no such look: then they stand as they were said."""
    part = connection.execute(
        select(Part.complete_run_id, Part.complete_at, PartRun.role)
        .outerjoin(
            PartRun, and_(PartRun.run_id == Part.complete_run_id, PartRun.part_id == Part.id)
        )
        .where(Part.id == scope.part_id)
    ).one()
    looked = part.role == OFFICIAL
    fresh = select(
        literal(facts.name), Stage.part_id, Stage.key, literal("absent" if looked else "listed"),
        literal(at), literal(scope.run_id), literal(0),
        literal(part.complete_at if looked else None),
        literal(part.complete_run_id if looked else None), literal(at if looked else None),
    ).where(staged(scope), Stage.content_hash != UNREAD, ~select(Record.id).where(pair).exists())  # type: ignore[arg-type] # fmt: skip
    names = [
        "source", "part_id", "key", "status", "first_seen_at", "first_run_id", "revision_id",
        "absent_at", "absent_run_id", "last_seen_at",
    ]  # fmt: skip
    connection.execute(insert(Record).from_select(names, fresh))


def past_revisions(
    connection: Connection, scope: Scope, facts: SourceFacts, pair: object, at: str
) -> None:
    """What staged rows say of records that are known, as revisions of the past."""
    said = (
        select(Revision.id)
        .where(Revision.record_id == Record.id, Revision.content_hash == Stage.content_hash)
        .exists()
    )
    rows = (
        select(
            Record.id, literal(scope.run_id), Stage.fetch_id, Stage.digest, Stage.locator,
            Stage.quote, Stage.fields, Stage.measure, Stage.content_hash, Stage.judged_hash,
            literal(scope.role), literal(at), literal(True), literal(facts.parser),
        )
        .select_from(Stage)
        .join(Record, pair)  # type: ignore[arg-type]
        .where(staged(scope), Stage.content_hash != UNREAD, ~said)
        .order_by(Record.id)
    )  # fmt: skip
    names = [
        "record_id", "run_id", "fetch_id", "digest", "locator", "quote", "fields", "measure",
        "content_hash", "judged_hash", "role", "seen_at", "past", "parser",
    ]  # fmt: skip
    connection.execute(insert(Revision).from_select(names, rows))
    current = select(func.max(Revision.id)).where(Revision.record_id == Record.id).scalar_subquery()
    orphan = and_(Record.part_id == scope.part_id, Record.revision_id == 0)
    born = select(
        Record.id, literal(facts.name), Record.part_id, literal(scope.run_id),
        literal("baseline"), literal(at), current, literal("[]"), literal(False),
    ).where(orphan)  # fmt: skip
    columns = [
        "record_id", "source", "part_id", "run_id", "kind", "at", "to_revision_id", "fields",
        "volatile",
    ]  # fmt: skip
    connection.execute(insert(Change).from_select(columns, born))
    connection.execute(update(Record).where(orphan).values(revision_id=current))
