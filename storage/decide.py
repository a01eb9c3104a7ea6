"""Verdict and reconciliation of a run: everything it changes is changed in one transaction."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, update

from storage import (
    entities,
    growing,
    history,
    issues,
    judge,
    reconcile,
    row_alarm,
    staging,
    trust_watch,
    unread,
)
from storage.audit import canonical
from storage.clock import moment
from storage.delta import Scope, compute
from storage.issues import Read
from storage.models import Fetch, Part, PartRun, Run
from storage.outcome import facts_digest, run_json
from storage.reconcile import Counts
from storage.report import (
    COMPLETE,
    FAILED,
    HELD,
    NEWER,
    OLDER,
    PARTIAL,
    STALE,
    UNCHANGED,
    WHOLE,
    PartReport,
    roll_up,
)
from storage.settle import is_baseline, settle, settle_unchanged
from storage.source_facts import GROWING
from storage.staged_row import Issue

if TYPE_CHECKING:
    from storage.runs import OpenRun


def close_run(run: "OpenRun", reports: Sequence[PartReport], seen_at: str) -> dict[str, Any]:
    """Decide every part, write the run's verdict and the audit, all in one transaction."""
    with run.store.write() as connection:
        decided = [
            _close_part(connection, run, report, _seen(report, seen_at)) for report in reports
        ]
        entities.refresh(connection, run.facts.reading)
        _close_row(connection, run, decided)
        for part in decided:
            _clear(connection, part)
    return run_json(run.store, run.id)


def _seen(report: PartReport, seen_at: str) -> str:
    """A state out of an archive was seen when it was captured, not when we asked for it."""
    return moment(report.looked_at) if report.looked_at else seen_at


def _clear(connection: Connection, part: dict[str, Any]) -> None:
    """The rows of a held part stay staged for `approve`; a complete one ends the waiting."""
    if part["verdict"] in WHOLE:
        staging.clear_part(connection, part["part_id"])
    elif part["verdict"] != HELD:
        staging.clear_staging(connection, part["run_id"], part["part_id"])


def _close_part(
    connection: Connection, run: "OpenRun", report: PartReport, seen_at: str
) -> dict[str, Any]:
    part = connection.execute(select(Part).where(Part.id == run.part_id(report.key))).one()
    verdict = read_verdict = report.read_verdict()
    counts, state = Counts(), judge.state_of(report, part, seen_at, run)
    scope = Scope(run.id, part.id, report.endpoint, report.role)
    rows_sha256 = None
    if verdict == COMPLETE and state == OLDER:
        verdict = history.add(connection, scope, run.facts, report, seen_at)
        history.stand_by_hash(connection, scope, run.store.keys.hashing())
    elif verdict == COMPLETE or (verdict == PARTIAL and state == STALE and not _other(report)):
        if run.facts.covers == GROWING:
            growing.prepare(connection, scope, run.facts, seen_at)
        report.unread += unread.hold_back(connection, scope)
        rows_sha256 = reconcile.rows_digest(connection, scope)
        verdict, counts = _judge(connection, run, report, part, scope, seen_at, rows_sha256)
    elif verdict == UNCHANGED and state == STALE:  # a source that stands still is not read anew
        verdict = PARTIAL
    elif verdict == UNCHANGED and state == NEWER and not report.asked_only:
        counts = settle_unchanged(connection, run.facts, report, part, scope, seen_at)
    if verdict not in WHOLE:
        counts.absent = counts.absent or judge.unseen(connection, run, scope, report)
    judge.expect(run, report)
    decided = _part_row(run, report, part, verdict, seen_at, rows_sha256)
    connection.execute(insert(PartRun).values(**decided))
    believed = verdict == COMPLETE or (verdict == PARTIAL and rows_sha256 is not None)
    first = believed and is_baseline(connection, run.facts, part, run.id)
    taken = verdict == COMPLETE and state != OLDER and _read_all(connection, run, part)
    read = Read(report.key, report.endpoint, read_verdict in WHOLE, taken)
    return decided | {"counts": asdict(counts), "baseline": first, "read": read}


def _read_all(connection: Connection, run: "OpenRun", part: Any) -> bool:
    """A replay of kept lines does not meet the rows that were only hashed, nor their issues."""
    if run.trigger != "replay":
        return True
    cut = select(Fetch.id).where(
        Fetch.run_id == part.parsed_run_id, Fetch.part == part.key, Fetch.whole_sha256.is_not(None)
    )
    return connection.execute(cut.limit(1)).first() is None


def _other(report: PartReport) -> set[str]:
    return set(report.reasons) - {"stale"}


def _judge(
    connection: Connection,
    run: "OpenRun",
    report: PartReport,
    part: Any,
    scope: Scope,
    seen_at: str,
    rows_sha256: str,
) -> tuple[str, Counts]:
    """Plausible rows are reconciled, implausible ones held."""
    field = run.facts.alarm_field
    delta = compute(connection, scope, run.store.keys.hashing(), field)
    if run.facts.covers == GROWING and run.trigger != "replay":
        delta = growing.only_proven(connection, delta, report)
    row_alarm.tell(run, report, delta)
    doubts = judge.doubts(connection, run, report, part, delta, seen_at, rows_sha256)
    for reason, words in doubts.items():
        report.fail(reason, words)
    if doubts:
        return HELD, Counts(absent=delta.absent)
    verdict = PARTIAL if "stale" in report.reasons else COMPLETE
    counts = settle(connection, run.facts, report, delta, part, seen_at, run.trigger == "replay")
    return verdict, counts


def _part_row(
    run: "OpenRun", report: PartReport, part: Any, verdict: str, seen_at: str, rows: str | None
) -> dict[str, Any]:
    return {
        "run_id": run.id, "part_id": part.id, "endpoint": report.endpoint, "role": report.role,
        "verdict": verdict, "reasons": canonical(sorted(report.reasons)),
        "details": canonical(report.reasons), "declared": report.declared,
        "observed": report.observed, "hashed": report.hashed, "unkeyed": report.unkeyed,
        "state_at": moment(report.state_at) if report.state_at else None, "seen_at": seen_at,
        "bytes_sha256": report.bytes_sha256(), "rows_sha256": rows,
    }  # fmt: skip


def _close_row(connection: Connection, run: "OpenRun", decided: list[dict[str, Any]]) -> None:
    totals = {k: sum(part["counts"][k] for part in decided) for k in asdict(Counts())}
    trust_watch.note_root_changes(connection, run)
    verdict = roll_up([part["verdict"] for part in decided])
    here = (connection, run.facts.name, run.id, run.store.now())
    seen = issues.record_issues(*here, run.issues)
    issues.close_over(*here, [part["read"] for part in decided], verdict in WHOLE)
    reasons = sorted({reason for part in decided for reason in json.loads(part["reasons"])})
    values = totals | {
        "ended_at": run.store.now(),
        "verdict": verdict,
        "reasons": canonical(reasons),
        "observed": sum(part["observed"] for part in decided),
        "baseline": any(p["baseline"] for p in decided),
        "issues": seen,
        "fetches": run.fetch_count,
    }
    connection.execute(update(Run).where(Run.id == run.id).values(**values))
    run.store.log(
        connection, "run-decided", f"run {run.id}",
        {
            "verdict": values["verdict"], "reasons": reasons,
            "facts": facts_digest(connection, run.id),
        },
    )  # fmt: skip


def fail_run(run: "OpenRun", words: str) -> dict[str, Any]:
    """We failed: the run says so, its staging is thrown away."""
    with run.store.write() as connection:
        staging.clear_staging(connection, run.id)
        issue = Issue("we-failed", "run", words)
        issues.record_issues(connection, run.facts.name, run.id, run.store.now(), [issue])
        fetched = select(func.count()).select_from(Fetch).where(Fetch.run_id == run.id)
        values = {"ended_at": run.store.now(), "verdict": FAILED, "reasons": '["we-failed"]'}
        connection.execute(
            update(Run)
            .where(Run.id == run.id)
            .values(fetches=fetched.scalar_subquery(), issues=1, **values)
        )
        run.store.log(connection, "run-failed", f"run {run.id}", {"words": words})
    return run_json(run.store, run.id)
