"""A person lets a held run through: it is reconciled as complete, the chain says who and why."""

import json
from typing import Any

from sqlalchemy import Connection, select, update

from storage import entities, issues, staging
from storage.audit import canonical
from storage.clock import moment, read_moment
from storage.delta import Scope, compute, staged
from storage.errors import Refused
from storage.issues import Read
from storage.models import Part, PartRun, Record, Run, Stage
from storage.outcome import facts_digest, run_json
from storage.report import COMPLETE, HELD, PartReport, roll_up
from storage.settle import SECOND_LOOK, settle
from storage.source_facts import SourceFacts
from storage.store import Store


def approve(
    store: Store, facts: SourceFacts, run_id: int, reason: str, actor: str
) -> dict[str, Any]:
    """Reconcile the held parts of a run. Raises Refused when it is not the newest, or not held."""
    with store.write() as connection:
        held = _held_parts(connection, run_id)
        totals: dict[str, int] = {}
        for row in held:
            for kind, count in _approve_part(connection, store, facts, row).items():
                totals[kind] = totals.get(kind, 0) + count
        for row in held:
            staging.clear_part(connection, row.part_id)
        entities.refresh(connection, facts.reading)
        _close(connection, run_id, totals)
        store.log(
            connection, "approved", f"run {run_id}",
            {"reason": reason, "counts": totals, "facts": facts_digest(connection, run_id)},
            actor=actor,
        )  # fmt: skip
    store.checkpoint()
    return run_json(store, run_id)


def source_of(store: Store, run_id: int) -> str:
    """The source of a run. Raises Refused where there is no such run."""
    with store.read() as connection:
        source = connection.execute(select(Run.source).where(Run.id == run_id)).scalar()
    if source is None:
        raise Refused(f"There is no run {run_id}. `unsilenced runs` lists them.")
    return source


def _held_parts(connection: Connection, run_id: int) -> list[Any]:
    held = connection.execute(
        select(PartRun).where(PartRun.run_id == run_id, PartRun.verdict == HELD)
    ).all()
    if not held:
        raise Refused(f"Run {run_id} is not held; there is nothing to approve.")
    for row in held:
        newer = connection.execute(
            select(PartRun.run_id)
            .where(PartRun.part_id == row.part_id, PartRun.run_id > run_id)
            .order_by(PartRun.run_id.desc())
        ).first()
        if newer:
            raise Refused(
                f"Run {run_id} is not the newest of its part: approve run {newer.run_id}, "
                "or crawl again and approve what is held then."
            )
    return list(held)


def _approve_part(
    connection: Connection, store: Store, facts: SourceFacts, row: Any
) -> dict[str, int]:
    part = connection.execute(select(Part).where(Part.id == row.part_id)).one()
    connection.execute(
        update(PartRun)
        .where(PartRun.id == row.id)
        .values(verdict=COMPLETE, approved_at=store.now())
    )
    report = PartReport(
        part.key, endpoint=row.endpoint, role=row.role, declared=row.declared,
        observed=row.observed, hashed=row.hashed, unkeyed=row.unkeyed,
        reasons=json.loads(row.details),
        state_at=read_moment(row.state_at) if row.state_at else None,
    )  # fmt: skip
    scope = Scope(row.run_id, part.id, row.endpoint, row.role)
    _count_earlier_look(connection, part, row, scope)
    delta = compute(connection, scope, store.keys.hashing(), facts.alarm_field)
    counts = settle(connection, facts, report, delta, part, row.seen_at)
    connection.execute(update(Part).where(Part.id == part.id).values(bytes_sha256=row.bytes_sha256))
    read = Read(part.key, row.endpoint, answered=False, believed=True)
    issues.close_over(connection, facts.name, row.run_id, store.now(), [read], whole=False)
    return {kind: getattr(counts, kind) for kind in vars(counts)}


def _count_earlier_look(connection: Connection, part: Any, row: Any, scope: Scope) -> None:
    """A held run that missed the same rows 20 hours before was the first look at their absence."""
    cut = moment(read_moment(row.seen_at) - SECOND_LOOK)
    first = connection.execute(
        select(PartRun.run_id, PartRun.endpoint, PartRun.role, PartRun.seen_at)
        .where(
            PartRun.part_id == part.id,
            PartRun.verdict == HELD,
            PartRun.run_id > (part.complete_run_id or 0),
            PartRun.seen_at <= cut,
        )
        .order_by(PartRun.run_id)
    ).first()
    if first is None:
        return
    then = Scope(first.run_id, part.id, first.endpoint, first.role)
    unseen = [~_in_stage(scope), ~_in_stage(then), Record.status == "listed"]
    connection.execute(
        update(Record)
        .where(Record.part_id == part.id, *unseen)
        .values(status="absent", absent_at=first.seen_at, absent_run_id=row.run_id)
    )


def _in_stage(scope: Scope) -> Any:
    return select(Stage.key).where(staged(scope), Stage.key == Record.key).exists()


def _close(connection: Connection, run_id: int, totals: dict[str, int]) -> None:
    run = connection.execute(select(Run).where(Run.id == run_id)).one()
    verdicts = connection.execute(select(PartRun.verdict).where(PartRun.run_id == run_id)).scalars()
    values: dict[str, Any] = {
        kind: getattr(run, kind) + count for kind, count in totals.items() if kind != "absent"
    }
    values |= {"absent": totals.get("absent", 0), "verdict": roll_up(list(verdicts))}
    values["reasons"] = canonical(sorted({*json.loads(run.reasons), "approved"}))
    connection.execute(update(Run).where(Run.id == run_id).values(**values))
