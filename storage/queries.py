"""What users ask the record for: rows as the contract's JSON shows them, one statement each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import Session, aliased

from storage.announcements import Announced, announced
from storage.family_fields import complete
from storage.finding import records_of
from storage.mirrors import MIRROR, register_records
from storage.models import (
    Change,
    IssueRow,
    Measure,
    Part,
    PartRun,
    Record,
    Reference,
    Revision,
    Run,
    Source,
)
from storage.source_facts import ARCHIVE
from storage.timeline import standing


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters that lists share; days are ISO dates, `until` includes its day."""

    source: str | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    run: int | None = None
    part: str | None = None


def _rows(connection: Connection, statement: Any) -> Iterator[Any]:
    """Whole objects, a thousand at a time: a list may be longer than memory."""
    session = Session(bind=connection, autoflush=False)
    yield from session.execute(statement.execution_options(yield_per=1000))


def fact_name(revision_id: int) -> str:
    """The name of a revision, as `verify --fact` takes it."""
    return f"F{revision_id}"


def records(connection: Connection, filters: Filters) -> Iterator[dict[str, Any]]:
    """Records with their current revision, in the order in which they became known."""
    beside = announced(connection)
    mirrored = register_records(connection, _mirror_parts(connection, filters.source))
    for row in _rows(connection, _filter_records(_with_revision(), filters)):
        told = _record(row, beside)
        if row.part.startswith(MIRROR):
            told["register_record"] = mirrored.get(told["id"])
        yield told


def _mirror_parts(connection: Connection, source: str | None) -> list[tuple[str, str]]:
    """Parts that only mirrors tell: they are named so."""
    named = select(Part.source, Part.key).where(Part.key.startswith(MIRROR))
    rows = connection.execute(named if source is None else named.where(Part.source == source))
    return [(row.source, row.key) for row in rows]


def _filter_records(statement: Any, filters: Filters) -> Any:
    tests = [
        (filters.source, Record.source == filters.source),
        (filters.status, Record.status == filters.status),
        (filters.since, Record.first_seen_at >= (filters.since or "")),
        (filters.until, Record.first_seen_at < _after(filters.until)),
        (filters.run, Revision.run_id == filters.run),
        (filters.part, Part.key == filters.part),
    ]
    return statement.where(*[test for value, test in tests if value is not None])


def _after(day: str | None) -> str:
    """The text that sorts just behind every moment of a day."""
    return f"{day or ''}~"


def _record(row: Any, beside: Announced) -> dict[str, Any]:
    record, revision = row[0], row[1]
    told: dict[str, Any] = {}
    if row.family == "announcement":
        told = beside.state(record.id)
    elif record.id in beside.of_row:
        told = {"announcements": beside.of_row[record.id]}
    return {
        "id": record.id, "fact": fact_name(revision.id), "source": record.source,
        "part": row.part, "key": json.loads(record.key), "status": record.status,
        "first_seen_at": record.first_seen_at,
        "last_seen_at": row.complete_at if record.status == "listed" else record.last_seen_at,
        "ended_on": record.ended_on,
        "fields": complete(row.family, json.loads(revision.fields)),
        "run": revision.run_id, "fetch": revision.fetch_id, "digest": revision.digest,
        "locator": revision.locator, "quote": revision.quote,
    } | told  # fmt: skip


def changes(connection: Connection, filters: Filters) -> Iterator[dict[str, Any]]:
    """Changes in the order in which they were found, with what was before and after."""
    before = aliased(Revision)
    statement = (
        select(Change, Revision, Record.key.label("key"), before.fields.label("before"),
               Source.family)
        .join(Revision, Revision.id == Change.to_revision_id)
        .join(Record, Record.id == Change.record_id)
        .join(Source, Source.name == Change.source)
        .join(Part, Part.id == Change.part_id)
        .outerjoin(before, before.id == Change.from_revision_id)
        .order_by(Change.id)
    )  # fmt: skip
    tests = [
        (filters.source, Change.source == filters.source),
        (filters.status, Record.status == filters.status),
        (filters.since, Change.at >= (filters.since or "")),
        (filters.until, Change.at < _after(filters.until)),
        (filters.run, Change.run_id == filters.run),
        (filters.part, Part.key == filters.part),
    ]
    chosen = [test for value, test in tests if value is not None]
    for row in _rows(connection, statement.where(*chosen)):
        yield _change(row)


def _change(row: Any) -> dict[str, Any]:
    change, revision = row[0], row[1]
    names = json.loads(change.fields)
    new = complete(row.family, json.loads(revision.fields))
    old = complete(row.family, json.loads(row.before)) if row.before else None
    before, after = _sides(change.kind, names, old, new)
    return {
        "id": change.id, "fact": fact_name(revision.id), "run": change.run_id, "at": change.at,
        "source": change.source, "key": json.loads(row.key), "change": change.kind,
        "fields": names, "before": before, "after": after, "digest": revision.digest,
        "locator": revision.locator, "quote": revision.quote,
    }  # fmt: skip


def _sides(
    kind: str, names: list[str], old: dict[str, Any] | None, new: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`changed` shows the fields that differ, an end what there was, the rest what there is."""
    if kind in ("changed", "reparsed", "corrected") and names and old is not None:
        return {n: old.get(n) for n in names}, {n: new.get(n) for n in names}
    if kind == "gone":
        return new, {}
    return {}, new


def runs(connection: Connection, filters: Filters) -> Iterator[dict[str, Any]]:
    """Runs, newest last, as `runs` lists them."""
    statement = select(Run).order_by(Run.id)
    if filters.source:
        statement = statement.where(Run.source == filters.source)
    for (run,) in _rows(connection, statement):
        yield {
            "run": run.id, "source": run.source, "trigger": run.trigger,
            "started_at": run.started_at, "ended_at": run.ended_at, "verdict": run.verdict,
            "reasons": json.loads(run.reasons), "observed": run.observed,
        }  # fmt: skip


def issues(connection: Connection, filters: Filters) -> Iterator[dict[str, Any]]:
    """Issues, oldest first: the open ones, or by `status` closed or all of them."""
    statement = select(IssueRow).order_by(IssueRow.id)
    if filters.status in (None, "open"):
        statement = statement.where(IssueRow.closed_at.is_(None))
    elif filters.status == "closed":
        statement = statement.where(IssueRow.closed_at.is_not(None))
    if filters.source:
        statement = statement.where(IssueRow.source == filters.source)
    for (row,) in _rows(connection, statement):
        yield {
            "id": row.id, "source": row.source, "part": row.part, "run": row.run_id,
            "kind": row.kind, "heading": row.heading, "text": row.text, "locator": row.locator,
            "digest": row.digest, "times": row.times, "opened_at": row.opened_at,
            "endpoint": row.endpoint, "closed_at": row.closed_at, "closed_by": row.closed_by,
            "closed_run": row.closed_run_id,
        }  # fmt: skip


def part_states(connection: Connection, source: str | None = None) -> Iterator[dict[str, Any]]:
    """Every part with its newest run: what `status` and a digest's data health show."""
    newest = select(func.max(PartRun.id)).group_by(PartRun.part_id)
    of_part = (IssueRow.source == Part.source) & (IssueRow.part == Part.key)
    waiting = select(func.count(IssueRow.id)).where(of_part, IssueRow.closed_at.is_(None))
    whole = aliased(PartRun)
    role = select(whole.role).where(whole.run_id == Part.complete_run_id, whole.part_id == Part.id)
    statement = (
        select(
            Part,
            PartRun,
            Source.fresh_for_s,
            Source.title,
            Run.ended_at,
            Source.covers,
            waiting.correlate(Part).scalar_subquery(),
            role.correlate(Part).scalar_subquery(),
        )
        .join(Source, Source.name == Part.source)
        .outerjoin(Run, Run.id == Part.complete_run_id)
        .join(PartRun, and_(PartRun.part_id == Part.id, PartRun.id.in_(newest)))
        .order_by(Part.source, Part.id)
    )
    if source:
        statement = statement.where(Part.source == source)
    for part, last, fresh_for_s, title, ended_at, covers, open_issues, by in _rows(
        connection, statement
    ):
        # A copy out of an archive is as old as its capture, whenever we asked for it.
        read_at = part.complete_at if by == ARCHIVE else ended_at
        yield {
            "source": part.source, "part": part.key, "title": title, "verdict": last.verdict,
            "reasons": json.loads(last.details), "run": last.run_id, "seen_at": last.seen_at,
            "complete_at": part.complete_at, "state_at": part.state_at, "rows": part.rows,
            "fresh_for_s": fresh_for_s, "read_at": read_at, "covers": covers,
            "open_issues": open_issues, "official": part.official_state_at is not None,
        }  # fmt: skip


def reference_categories(connection: Connection) -> dict[str, str]:
    """Domain -> category of the reference lists that stand now."""
    rows = connection.execute(
        select(Reference.domain, Reference.category)
        .join(Record, Record.id == Reference.record_id)
        .where(Record.status != "gone", Reference.domain.is_not(None))
        .order_by(Record.id)
    )
    found: dict[str, str] = {}
    for domain, category in rows:
        found.setdefault(str(domain), str(category))
    return found


def find_fact(connection: Connection, fact: str) -> int | None:
    """The revision that a fact's name names: `F12`, or a bare number."""
    digits = fact.upper().removeprefix("F")
    if not digits.isdecimal():
        return None
    return connection.execute(select(Revision.id).where(Revision.id == int(digits))).scalar()


def measures(connection: Connection, filters: Filters) -> Iterator[dict[str, Any]]:
    """Acts in the order of their dates; an unknown date comes first. `stated_reasons` are those
    of the announcement that probably belongs to the act, in the words of the state."""
    beside = announced(connection)
    statement = select(Measure).order_by(Measure.acted_on, Measure.record_id)
    tests = [
        (filters.source, Measure.source == filters.source),
        (filters.status, Measure.status == filters.status),
        (filters.since, Measure.acted_on >= (filters.since or "")),
        (filters.until, Measure.acted_on < _after(filters.until)),
    ]
    chosen = [test for value, test in tests if value is not None]
    for (row,) in _rows(connection, statement.where(*chosen)):
        yield {
            "id": row.record_id, "fact": fact_name(row.revision_id), "source": row.source,
            "country": row.country, "code": row.code, "direction": row.direction,
            "target": row.target, "target_type": row.target_type, "acted_on": row.acted_on,
            "ended_on": row.ended_on, "authority": row.authority,
            "articles": json.loads(row.articles), "status": row.status,
            "stated_reasons": beside.reasons(row.record_id) + _stated(row),
        }  # fmt: skip


def _stated(row: Any) -> list[dict[str, Any]]:
    """The reason that the row itself states, in the form of those that were announced."""
    if row.stated_reason is None:
        return []
    reason = {"code": None, "text": row.stated_reason, "authority": row.authority, "url": None}
    return [reason]


def about(connection: Connection, what: str) -> Iterator[dict[str, Any]]:
    """A record by id or fact, else every record that names a domain or a name; with the entities
    that stand in it and its links to other rows."""
    for record in _about(connection, what):
        yield record | standing(connection, record["id"])


def _about(connection: Connection, what: str) -> Iterator[dict[str, Any]]:
    statement = _with_revision()
    fact = find_fact(connection, what) if what.upper().startswith("F") else None
    if what.isdecimal() or fact is not None:
        which = Record.id == int(what) if fact is None else Revision.id == fact
        beside = announced(connection)
        found = [_record(row, beside) for row in _rows(connection, statement.where(which))]
        if found:
            yield from found
            return
    yield from search(connection, what)


def search(connection: Connection, words: str, limit: int = 50) -> Iterator[dict[str, Any]]:
    """Records of the entities that the words name in any spelling, then those whose current fields
    contain the words, whatever their letter case."""
    beside = announced(connection)
    named = records_of(connection, words)[:limit]
    for row in _rows(connection, _with_revision().where(Record.id.in_(named))):
        yield _record(row, beside)
    yield from _containing(connection, words, beside, set(named), limit)


def _containing(
    connection: Connection, words: str, beside: Announced, told: set[int], limit: int
) -> Iterator[dict[str, Any]]:
    folded, count = words.casefold(), len(told)
    for row in _rows(connection, _with_revision()):
        if count >= limit:
            return
        # SQLite folds no Cyrillic case: compared here. The release has a full-text index.
        held = folded in row[1].fields.casefold() or folded in row[0].key.casefold()
        if held and row[0].id not in told:
            yield _record(row, beside)
            count += 1


def _with_revision() -> Any:
    return (
        select(Record, Revision, Part.complete_at, Part.key.label("part"), Source.family)
        .join(Revision, Revision.id == Record.revision_id)
        .join(Part, Part.id == Record.part_id)
        .join(Source, Source.name == Record.source)
        .order_by(Record.id)
    )
