"""A part that is believed: its rows are reconciled and its own state moves forward."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, true, update

from storage import growing, guard, projection, reconcile
from storage.clock import moment, read_moment
from storage.delta import Delta, Scope
from storage.models import Part, Record
from storage.reconcile import Counts, Look
from storage.report import PartReport
from storage.source_facts import GROWING, OFFICIAL, SourceFacts

SECOND_LOOK = timedelta(hours=20)
# Reasons for which a run is held: once a person approved it they do not make it less whole.
APPROVED = frozenset(
    {
        "mass-removal", "identity-churn", "number-gap", "mass-change", "mass-exclusion",
        "mass-unread", "exclusions-lost", guard.MASS_ADDITION,
    }
)  # fmt: skip


def is_baseline(connection: Connection, facts: SourceFacts, part: Any, run_id: int) -> bool:
    """Is this the first whole read of a part, and so no news?

    Of a source whose parts are single pages a new page is the news itself: only the pages with
    which the source was read first are its baseline. A window that begins after others of its kind
    have been read (a new year of the same court) is news as well; an older one is history."""
    if part.state_at is not None:
        return False
    if facts.covers == "everything":
        return True
    earlier = select(Part.id).where(
        Part.source == facts.name, Part.baseline_run_id.is_not(None), Part.baseline_run_id != run_id
    )
    if facts.covers == GROWING:
        return not growing.was_read_before(connection, facts.name, part.key, run_id)
    if facts.covers == "window":
        kind = part.key.rpartition(":")[0]
        earlier = earlier.where(Part.key < part.key, Part.key.like(f"{kind}:%") if kind else true())
    return connection.execute(earlier.limit(1)).first() is None


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
    whole = not report.reasons or set(report.reasons) <= APPROVED
    counts_absences = report.role == OFFICIAL and whole
    counts_absences = counts_absences and facts.covers in ("everything", GROWING)
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


def _advance(
    connection: Connection,
    facts: SourceFacts,
    report: PartReport,
    part: Any,
    run_id: int,
    seen_at: str,
    whole: bool,
) -> None:
    own = moment(report.state_at) if report.state_at else seen_at
    values: dict[str, Any] = {"state_at": own}
    if report.role == OFFICIAL:
        values["official_state_at"] = own
    if whole:
        values |= {
            "complete_run_id": run_id, "complete_at": seen_at, "rows": report.observed,
            "parsed_run_id": run_id,
            "bytes_sha256": report.bytes_sha256(), "parser": facts.parser,
            "baseline_run_id": part.baseline_run_id or run_id,
        }  # fmt: skip
    connection.execute(update(Part).where(Part.id == part.id).values(**values))


def settle_unchanged(
    connection: Connection,
    facts: SourceFacts,
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
    whole = report.role == OFFICIAL and facts.covers == "everything"
    look = Look(
        source=facts.name, parser=facts.parser, at=seen_at, baseline=False,
        reparsed=False, may_end=whole and not report.not_modified,
        cut=moment(read_moment(seen_at) - SECOND_LOOK),
    )  # fmt: skip
    counts = reconcile.apply(connection, delta, look, facts.volatile)
    report.observed = report.observed or part.rows or 0
    values = {"complete_run_id": scope.run_id, "complete_at": seen_at}
    connection.execute(update(Part).where(Part.id == part.id).values(**values))
    if counts.gone:
        projection.project(connection, facts, scope.run_id, part.id)
    return counts
