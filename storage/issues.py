"""Issues: opened by what a run did not understand, closed by a later run that does.

An issue is closed only by a run that would have raised it again: a whole read of the same part by
the same endpoint. What only a crawl can meet (an endpoint that fails) only a crawl closes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, false, insert, or_, select, update

from storage.models import IssueRow, Run
from storage.staged_row import Issue

# Closed by another state of the source, by the same bytes read anew, by a match in a register.
BY_SOURCE, BY_PARSER, BY_MATCH = "source", "parser", "match"
WE_FAILED = "we-failed"
# Raised by asking, not by reading: stored bytes say nothing of them.
OF_ASKING = ("endpoint-failed", "info-unavailable", "count-differs", "not-counted")
# Not in the pages of a part: something that happened and waits for a person, or that ends by a
# rule of its own (`storage/announcements.py`, `storage/mirrors.py`).
NOT_OF_A_READ = (
    WE_FAILED, "tls-root-changed", "announced-not-listed", "row-identity-changed", "mirror-only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """What a run made of one part: `answered` says that its endpoint gave the whole of it (new or
    not), `believed` that a state at least as new as the one held was read and taken."""

    part: str
    endpoint: int
    answered: bool
    believed: bool


def record_issues(
    connection: Connection, source: str, run_id: int, at: str, issues: Sequence[Issue]
) -> int:
    """Open issues, or count an open one again; returns how many distinct ones this run saw."""
    distinct = {(i.part, i.endpoint, i.kind, i.heading, i.locator): i for i in issues}
    for issue in distinct.values():
        where = (
            (IssueRow.source == source)
            & (IssueRow.part == issue.part)
            & (IssueRow.endpoint == issue.endpoint)
            & (IssueRow.kind == issue.kind)
            & (IssueRow.heading == issue.heading)
            & (IssueRow.locator == issue.locator)
            & IssueRow.closed_at.is_(None)
        )
        again = update(IssueRow).where(where)
        values = {"run_id": run_id, "digest": issue.digest, "text": issue.text}
        if connection.execute(again.values(times=IssueRow.times + 1, **values)).rowcount == 0:
            connection.execute(
                insert(IssueRow).values(
                    source=source, part=issue.part, endpoint=issue.endpoint, kind=issue.kind,
                    heading=issue.heading, locator=issue.locator, opened_at=at, times=1, **values,
                )
            )  # fmt: skip
    return len(distinct)


def close_over(
    connection: Connection, source: str, run_id: int, at: str, reads: Iterable[Read], whole: bool
) -> int:
    """Close what this run would have raised again and did not; returns how many.

    whole: the run as a whole was read to its end. Call it once the run's own issues are recorded:
    those that it saw bear its number."""
    trigger = connection.execute(select(Run.trigger).where(Run.id == run_id)).scalar_one()
    answers = [_answered_for(read, trigger) for read in reads]
    if whole:
        same = select(Run.id).where(Run.source == source, Run.trigger == trigger)
        answers.append((IssueRow.kind == WE_FAILED) & IssueRow.run_id.in_(same))
    by = BY_PARSER if trigger == "replay" else BY_SOURCE
    mark = {"closed_at": at, "closed_run_id": run_id, "closed_by": by}
    still_open = (IssueRow.source == source) & IssueRow.closed_at.is_(None)
    earlier = still_open & (IssueRow.run_id < run_id)
    return sum(
        connection.execute(update(IssueRow).where(earlier, which).values(**mark)).rowcount
        for which in answers
    )


def _answered_for(read: Read, trigger: str) -> ColumnElement[bool]:
    """The issues that a read of a part would have raised again."""
    place = (IssueRow.part == read.part) & (IssueRow.endpoint == read.endpoint)
    kinds: list[ColumnElement[bool]] = [false()]
    if read.believed:
        kinds.append(IssueRow.kind.not_in((*OF_ASKING, *NOT_OF_A_READ)))
    if read.answered and trigger == "crawl":
        kinds.append(IssueRow.kind.in_(OF_ASKING))
    return place & or_(*kinds)


def close_kind(
    connection: Connection, source: str, part: str, kind: str, run_id: int, at: str, by: str
) -> None:
    """Close the open issues of one kind of a part: what they told is so no longer."""
    which = (IssueRow.source == source) & (IssueRow.part == part) & (IssueRow.kind == kind)
    mark = {"closed_at": at, "closed_run_id": run_id, "closed_by": by}
    connection.execute(update(IssueRow).where(which, IssueRow.closed_at.is_(None)).values(**mark))
