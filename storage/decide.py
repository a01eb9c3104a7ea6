"""Verdict and reconciliation of a run: everything it changes is changed in one transaction."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, update

from storage import guard, history, projection, reconcile, runs, trust_watch, unread
from storage.audit import canonical
from storage.clock import moment, read_moment
from storage.delta import Delta, Scope, compute
from storage.models import Change, Fetch, HashedRows, Part, PartRun, Record, Revision, Run
from storage.reconcile import Counts, Look
from storage.report import COMPLETE, FAILED, HELD, PARTIAL, UNCHANGED, WHOLE, PartReport, roll_up
from storage.source_facts import OFFICIAL, SourceFacts
from storage.staged_row import Issue
from storage.store import Store

if TYPE_CHECKING:
    from storage.runs import OpenRun

SECOND_LOOK = timedelta(hours=20)
CONFIRM_ADDITIONS = timedelta(hours=1)
LIMITED = "limited"


def close_run(run: "OpenRun", reports: Sequence[PartReport], seen_at: str) -> dict[str, Any]:
    """Decide every part, write the run's verdict and the audit, all in one transaction."""
    with run.store.write() as connection:
        decided = [_close_part(connection, run, report, seen_at) for report in reports]
        _close_row(connection, run, decided)
        for part in decided:
            _clear(connection, part)
    return run_json(run.store, run.id)


def _clear(connection: Connection, part: dict[str, Any]) -> None:
    """The rows of a held part stay staged for `approve`; a complete one ends the waiting."""
    if part["verdict"] in WHOLE:
        runs.clear_part(connection, part["part_id"])
    elif part["verdict"] != HELD:
        runs.clear_staging(connection, part["run_id"], part["part_id"])


def _close_part(
    connection: Connection, run: "OpenRun", report: PartReport, seen_at: str
) -> dict[str, Any]:
    part = connection.execute(select(Part).where(Part.id == run.part_id(report.key))).one()
    verdict = report.read_verdict()
    counts, state = Counts(), _state(report, part, seen_at, run)
    scope = Scope(run.id, part.id, report.endpoint, report.role)
    rows_sha256 = None
    if verdict == COMPLETE and state == "older":
        verdict = history.add(connection, scope, run.facts, report, seen_at)
    elif verdict == COMPLETE or (verdict == PARTIAL and state == "stale" and not _other(report)):
        unread.hold_back(connection, scope)
        rows_sha256 = reconcile.rows_digest(connection, scope)
        verdict, counts = _judge(connection, run, report, part, scope, seen_at, rows_sha256)
    elif verdict == UNCHANGED:
        counts = _unchanged(connection, run, report, part, scope, seen_at)
    if verdict not in WHOLE:
        counts.absent = counts.absent or _unseen(connection, scope, report)
    _expect(run, report)
    decided = _part_row(run, report, part, verdict, seen_at, rows_sha256)
    connection.execute(insert(PartRun).values(**decided))
    believed = verdict == COMPLETE or (verdict == PARTIAL and rows_sha256 is not None)
    first = believed and is_baseline(connection, run.facts, part, run.id)
    return decided | {"counts": asdict(counts), "baseline": first}


def is_baseline(connection: Connection, facts: SourceFacts, part: Any, run_id: int) -> bool:
    """Is this the first whole read of a part, and so no news?

    Of a source whose parts are single pages a new page is the news itself: only the pages with
    which the source was read first are its baseline."""
    if part.state_at is not None:
        return False
    if facts.covers != "single":
        return True
    earlier = select(Part.id).where(
        Part.source == facts.name, Part.baseline_run_id.is_not(None), Part.baseline_run_id != run_id
    )
    return connection.execute(earlier.limit(1)).first() is None


def _other(report: PartReport) -> set[str]:
    return set(report.reasons) - {"stale"}


def _state(report: PartReport, part: Any, seen_at: str, run: "OpenRun") -> str:
    """Is this state newer than what is held, older, or newer but stale?"""
    own = moment(report.state_at) if report.state_at else seen_at
    # A mirror dates its state by its own visit: the first official state is never older news.
    first_official = report.role == OFFICIAL and not part.official and run.trigger == "crawl"
    if part.state_at is not None and own < part.state_at and not first_official:
        if run.trigger == "crawl":
            report.fail("older-state", f"The source shows its state of {own}; a newer one is held.")
        return "older"
    limit = run.facts.state_for_s
    if run.trigger == "crawl" and report.state_at is not None and limit is not None:
        age = read_moment(seen_at) - report.state_at
        if age > timedelta(seconds=limit):
            report.fail("stale", f"The source's own date is {own}: it has not been renewed since.")
            return "stale"
    return "newer"


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
    delta = compute(connection, scope)
    first = part.state_at is None
    verdict = PARTIAL if "stale" in report.reasons else COMPLETE
    if run.trigger == "replay":
        found = guard.churn(delta, report)
        for reason, words in found.items():
            report.fail(reason, words)
        if found:
            return HELD, Counts(absent=delta.absent)
    elif not first:
        weeks = guard.weeks_between(_moment(part.state_at), report.state_at or read_moment(seen_at))
        numbers = _numbers(connection, part.id, run.facts)
        found = guard.doubts(delta, report, run.facts, weeks, numbers)
        found |= _hidden_losses(connection, scope, report, run.facts.covers)
        if found and not _confirmed(connection, part.id, found, rows_sha256, seen_at):
            for reason, words in found.items():
                report.fail(reason, words)
            return HELD, Counts(absent=delta.absent)
    counts = settle(connection, run.facts, report, delta, part, seen_at, run.trigger == "replay")
    return verdict, counts


def settle(
    connection: Connection,
    facts: SourceFacts,
    report: PartReport,
    delta: Delta,
    part: Any,
    seen_at: str,
    reparsed: bool = False,
) -> Counts:
    """Reconcile a delta that is believed, and move the part's own state forward."""
    whole = not report.reasons or set(report.reasons) <= _APPROVED
    counts_absences = report.role == OFFICIAL and facts.covers == "everything" and whole
    # A row whose number could not be read is one of those that seem to be missing.
    counts_absences = counts_absences and not (facts.number_field and report.unkeyed)
    stale = "stale" in report.reasons and report.state_at is not None
    look = Look(
        source=facts.name,
        parser=facts.parser,
        at=moment(report.state_at) if stale and report.state_at else seen_at,
        baseline=is_baseline(connection, facts, part, delta.scope.run_id),
        reparsed=reparsed,
        may_end=counts_absences and not reparsed,
        cut=moment(read_moment(seen_at) - SECOND_LOOK),
    )
    counts = reconcile.apply(connection, delta, look, facts.volatile)
    if facts.exclusion_field:
        reconcile.set_ended_on(connection, delta, facts.exclusion_field)
    if not reparsed:  # of a harmful list a replay has only the kept lines before it
        reconcile.keep_hashes(connection, delta)
    if reparsed:
        parser = {"parser": facts.parser}
        connection.execute(update(Part).where(Part.id == part.id).values(**parser))
    else:
        _advance(connection, facts, report, part, delta.scope.run_id, seen_at, whole)
    projection.project(connection, facts, delta.scope.run_id, part.id)
    return counts


# Reasons for which a run is held: once a person approved it they do not make it less whole.
_APPROVED = frozenset(
    {
        "mass-removal", "identity-churn", "number-gap", "mass-change", "mass-exclusion",
        "exclusions-lost", guard.MASS_ADDITION,
    }
)  # fmt: skip


def _advance(
    connection: Connection,
    facts: SourceFacts,
    report: PartReport,
    part: Any,
    run_id: int,
    seen_at: str,
    whole: bool,
) -> None:
    values: dict[str, Any] = {
        "state_at": moment(report.state_at) if report.state_at else seen_at,
        "official": part.official or report.role == OFFICIAL,
    }
    if whole:
        values |= {
            "complete_run_id": run_id, "complete_at": seen_at, "rows": report.observed,
            "parsed_run_id": run_id,
            "bytes_sha256": report.bytes_sha256(), "parser": facts.parser,
            "baseline_run_id": part.baseline_run_id or run_id,
        }  # fmt: skip
    connection.execute(update(Part).where(Part.id == part.id).values(**values))


def _unchanged(
    connection: Connection,
    run: "OpenRun",
    report: PartReport,
    part: Any,
    scope: Scope,
    seen_at: str,
) -> Counts:
    """The same bytes again: no row is written, but a second look at an absence it can be."""
    waiting = tuple(
        connection.execute(
            select(Record.id).where(Record.part_id == part.id, Record.status == "absent")
        ).scalars()
    )
    delta = Delta(scope, 0, (), (), (), (), waiting, 0)
    whole = report.role == OFFICIAL and run.facts.covers == "everything"
    look = Look(
        source=run.facts.name, parser=run.facts.parser, at=seen_at, baseline=False,
        reparsed=False, may_end=whole and not report.not_modified,
        cut=moment(read_moment(seen_at) - SECOND_LOOK),
    )  # fmt: skip
    counts = reconcile.apply(connection, delta, look, run.facts.volatile)
    report.observed = report.observed or part.rows or 0
    values = {"complete_run_id": run.id, "complete_at": seen_at}
    connection.execute(update(Part).where(Part.id == part.id).values(**values))
    if counts.gone:
        projection.project(connection, run.facts, run.id, part.id)
    return counts


def _unseen(connection: Connection, scope: Scope, report: PartReport) -> int:
    """How many listed rows a run that may not be believed did not show."""
    if not report.observed:
        return 0
    return compute(connection, scope).absent


def _hidden_losses(
    connection: Connection, scope: Scope, report: PartReport, covers: str
) -> dict[str, str]:
    """Rows of which only hashes are kept vanish under the same bound as named ones; of a window
    or a single page, such as a list of news, they may."""
    if covers != "everything":
        return {}
    where = HashedRows.part_id == scope.part_id
    old = connection.execute(select(HashedRows).where(where, HashedRows.run_id == 0)).first()
    new = connection.execute(
        select(HashedRows).where(
            where, HashedRows.run_id == scope.run_id, HashedRows.endpoint == scope.endpoint
        )
    ).first()
    if old is None:
        return {}
    held, seen = _unpack(old.hashes), _unpack(new.hashes if new else b"")
    lost = len(held - seen)
    limit = max(guard.ABSENCES_FLOOR, guard.ABSENCES_SHARE * max(report.observed, 1))
    if lost <= limit:
        return {}
    return {"mass-removal": f"{lost} rows kept as hashes vanished, {limit:.0f} are plausible."}


def _unpack(packed: bytes) -> set[bytes]:
    return {packed[i : i + 8] for i in range(0, len(packed), 8)}


def _confirmed(
    connection: Connection, part_id: int, found: dict[str, str], rows_sha256: str, seen_at: str
) -> bool:
    """Mass addition confirms itself by a second identical read an hour later."""
    if set(found) != {guard.MASS_ADDITION}:
        return False
    before = connection.execute(
        select(PartRun.rows_sha256, PartRun.seen_at)
        .where(PartRun.part_id == part_id, PartRun.verdict == HELD)
        .order_by(PartRun.id.desc())
        .limit(1)
    ).first()
    if before is None or before.rows_sha256 != rows_sha256:
        return False
    return read_moment(seen_at) - read_moment(before.seen_at) >= CONFIRM_ADDITIONS


def _numbers(connection: Connection, part_id: int, facts: SourceFacts) -> set[int]:
    """Running numbers of the rows that stand in the register now."""
    if facts.number_field is None:
        return set()
    keys = connection.execute(
        select(Record.key).where(Record.part_id == part_id, Record.status == "listed")
    ).scalars()
    return {int(number) for key in keys if (number := json.loads(key)[0]).isdecimal()}


def _expect(run: "OpenRun", report: PartReport) -> None:
    low, high = run.facts.at_least, run.facts.at_most
    if report.same_bytes or not report.observed or LIMITED in report.reasons:
        return
    if report.role != OFFICIAL:
        return
    if (low is not None and report.observed < low) or (high is not None and report.observed > high):
        words = f"{report.observed} rows were read; {low} to {high} are usual."
        run.issue(Issue("unexpected-count", report.key, words, part=report.key))


def _moment(text: str | None) -> datetime | None:
    return read_moment(text) if text else None


def _part_row(
    run: "OpenRun", report: PartReport, part: Any, verdict: str, seen_at: str, rows: str | None
) -> dict[str, Any]:
    return {
        "run_id": run.id, "part_id": part.id, "endpoint": report.endpoint, "role": report.role,
        "verdict": verdict, "reasons": canonical(sorted(report.reasons)),
        "details": canonical(report.reasons), "declared": report.declared,
        "observed": report.observed, "hashed": report.hashed,
        "state_at": moment(report.state_at) if report.state_at else None, "seen_at": seen_at,
        "bytes_sha256": report.bytes_sha256(), "rows_sha256": rows,
    }  # fmt: skip


def _close_row(connection: Connection, run: "OpenRun", decided: list[dict[str, Any]]) -> None:
    totals = {k: sum(part["counts"][k] for part in decided) for k in asdict(Counts())}
    trust_watch.note_root_changes(connection, run)
    issues = runs.record_issues(connection, run.facts.name, run.id, run.store.now(), run.issues)
    reasons = sorted({reason for part in decided for reason in json.loads(part["reasons"])})
    values = totals | {
        "ended_at": run.store.now(),
        "verdict": roll_up([part["verdict"] for part in decided]),
        "reasons": canonical(reasons),
        "observed": sum(part["observed"] for part in decided),
        "baseline": any(p["baseline"] for p in decided),
        "issues": issues,
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


def facts_digest(connection: Connection, run_id: int) -> str:
    """One digest over everything that a run said and changed; `verify` makes it again."""
    from storage.evidence import sha256

    revisions = connection.execute(
        select(
            Revision.id, Revision.record_id, Revision.fetch_id, Revision.digest, Revision.locator,
            Revision.quote, Revision.content_hash,
        ).where(Revision.run_id == run_id).order_by(Revision.id)
    )  # fmt: skip
    changes = connection.execute(
        select(Change.id, Change.record_id, Change.kind, Change.at, Change.to_revision_id)
        .where(Change.run_id == run_id)
        .order_by(Change.id)
    )
    lines = [canonical(list(row)) for rows in (revisions, changes) for row in rows]
    return sha256("\n".join(lines).encode())


def fail_run(run: "OpenRun", words: str) -> dict[str, Any]:
    """We failed: the run says so, its staging is thrown away."""
    with run.store.write() as connection:
        runs.clear_staging(connection, run.id)
        issue = Issue("we-failed", "run", words)
        runs.record_issues(connection, run.facts.name, run.id, run.store.now(), [issue])
        fetched = select(func.count()).select_from(Fetch).where(Fetch.run_id == run.id)
        values = {"ended_at": run.store.now(), "verdict": FAILED, "reasons": '["we-failed"]'}
        connection.execute(
            update(Run)
            .where(Run.id == run.id)
            .values(fetches=fetched.scalar_subquery(), issues=1, **values)
        )
        run.store.log(connection, "run-failed", f"run {run.id}", {"words": words})
    return run_json(run.store, run.id)


def run_json(store: Store, run_id: int) -> dict[str, Any]:
    """One run as `crawl --json` prints it."""
    with store.read() as connection:
        run = connection.execute(select(Run).where(Run.id == run_id)).one()
        verdicts = connection.execute(
            select(PartRun.verdict, func.count().label("total"))
            .where(PartRun.run_id == run_id)
            .group_by(PartRun.verdict)
        )
        parts = {row.verdict: row.total for row in verdicts}
    kinds = ("appeared", "changed", "gone", "returned", "reparsed")
    return {
        "run": run.id, "source": run.source, "verdict": run.verdict,
        "reasons": json.loads(run.reasons), "observed": run.observed, "baseline": run.baseline,
        "changes": {kind: getattr(run, kind) for kind in kinds}, "absent": run.absent,
        "issues": run.issues, "fetches": run.fetches, "started_at": run.started_at,
        "ended_at": run.ended_at, "trigger": run.trigger, "parts": parts,
    }  # fmt: skip
