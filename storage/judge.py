"""Is what was read to be believed? The state's own date, then the breakers of `guard`."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from storage import guard, hashed
from storage.clock import moment, read_moment
from storage.delta import Delta, Scope, compute, staged
from storage.models import PartRun, Record, Stage
from storage.report import HELD, NEWER, OLDER, STALE, PartReport
from storage.source_facts import ARCHIVE, GROWING, OFFICIAL, SourceFacts
from storage.staged_row import Issue

if TYPE_CHECKING:
    from storage.runs import OpenRun

CONFIRM_ADDITIONS = timedelta(hours=1)
LIMITED = "limited"
CRAWL = "crawl"


def state_of(report: PartReport, part: Any, seen_at: str, run: "OpenRun") -> str:
    """Is this state newer than what is held, older, or newer but stale?"""
    if run.facts.covers == GROWING:
        return NEWER  # a row may be older than its record: `growing` looks at each
    asked = run.trigger == CRAWL
    age = age_of(report, part, run.store.now(), run.facts.state_for_s, asked=asked, seen_at=seen_at)
    if asked and age != NEWER:
        report.fail(*doubt_of_age(report, age))
    return age


def age_of(
    report: PartReport,
    part: Any,
    now: str,
    state_for_s: int | None,
    *,
    asked: bool = True,
    seen_at: str | None = None,
) -> str:
    """Newer, stale or older beside the state of a part that is held (None: none is).

    asked: by a crawl; what a person imports is never stale. state_for_s: the source's limit, where
    the endpoint has none of its own."""
    own = moment(report.state_at) if report.state_at else seen_at or now
    held = _held_date(report, part, asked) if part is not None else None
    if held is not None and own < held:
        return OLDER
    limit = state_for_s if report.state_for_s is None else report.state_for_s
    if not asked or report.state_at is None or limit is None:
        return NEWER
    return STALE if read_moment(now) - report.state_at > timedelta(seconds=limit) else NEWER


def _held_date(report: PartReport, part: Any, asked: bool) -> str | None:
    """The date that a state must reach to be news."""
    if report.role == ARCHIVE:  # a copy from before our last look tells what was said before
        dates = [date for date in (part.state_at, part.complete_at) if date]
        return max(dates, default=None)
    # A mirror dates its state by its own visit, which may be later than the register's own date:
    # what the register says today is older news only beside another state of the register.
    official = report.role == OFFICIAL and asked
    held: str | None = part.official_state_at if official else part.state_at
    return held


def doubt_of_age(report: PartReport, age: str) -> tuple[str, str]:
    """The reason, and its words, for which a state of this age is not the present one."""
    own = moment(report.state_at) if report.state_at else "an unknown day"
    if age == OLDER:
        return "older-state", f"The source shows its state of {own}; a newer one is held."
    return "stale", f"The source's own date is {own}: it has not been renewed since."


def doubts(
    connection: Connection,
    run: "OpenRun",
    report: PartReport,
    part: Any,
    delta: Delta,
    seen_at: str,
    rows_sha256: str,
) -> dict[str, str]:
    """Why rows that were read whole must wait for a person: machine word -> plain words."""
    if run.trigger == "replay":
        return guard.churn(delta, report)
    if run.facts.covers == GROWING:
        return {}  # each row was read on its own page: their number is no reason for doubt
    if part.state_at is None:
        return {}
    weeks = guard.weeks_between(read_moment(part.state_at), report.state_at or read_moment(seen_at))
    numbers = _numbers(connection, part.id, run.facts)
    found = guard.doubts(delta, report, run.facts, weeks, numbers)
    found |= _hidden_losses(connection, run, delta.scope, report)
    if _confirmed(connection, part.id, found, rows_sha256, seen_at):
        return {}
    return found


def unseen(connection: Connection, run: "OpenRun", scope: Scope, report: PartReport) -> int:
    """How many listed rows a run that may not be believed did not show."""
    if not report.observed:
        return 0
    return compute(connection, scope, run.store.keys.hashing()).absent


def _hidden_losses(
    connection: Connection, run: "OpenRun", scope: Scope, report: PartReport
) -> dict[str, str]:
    """Rows of which only hashes are kept vanish under the same bound as named ones; of a window
    or a single page, such as a list of news, they may."""
    held = hashed.packed(connection, scope.part_id, hashed.HELD_NOW)
    if run.facts.covers != "everything" or not held:
        return {}
    now = hashed.packed(connection, scope.part_id, scope.run_id)
    lost = hashed.lost(held, now)
    limit = max(guard.ABSENCES_FLOOR, guard.ABSENCES_SHARE * max(report.observed, 1))
    if len(lost) > limit:  # those that are kept as rows since our lists changed did not vanish
        keys = connection.execute(select(Stage.key).where(staged(scope))).scalars()
        lost -= {hashed.row_hash(run.store.keys.hashing(), key) for key in keys}
    if len(lost) <= limit:
        return {}
    words = f"{len(lost)} rows kept as hashes vanished, {limit:.0f} are plausible."
    return {"mass-removal": words}


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


def expect(run: "OpenRun", report: PartReport) -> None:
    """Ask about a count out of the source's usual bounds: an issue, never a verdict."""
    low, high = run.facts.at_least, run.facts.at_most
    if report.same_bytes or not report.observed or LIMITED in report.reasons:
        return
    if report.role != OFFICIAL:
        return
    if (low is not None and report.observed < low) or (high is not None and report.observed > high):
        usual = f"at least {low}" if high is None else f"{low or 0} to {high}"
        words = f"{report.observed} rows were read; {usual} are usual."
        place = (report.key, report.endpoint)
        run.issue(Issue("unexpected-count", report.key, words, "", None, *place))
