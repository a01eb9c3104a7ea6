"""Which courts a week was read of, and why the others were not: kept beside the record.

A count of rulings says little without it: a court that was not read has no cases to count.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from crawler.portal.courts import Court, courts
from crawler.portal.rounds import SCHEDULE, day_text
from crawler.portal.search import monday_of
from storage import coverage
from storage.grown import seen_pages
from storage.store import Store

GATES = frozenset({"captcha", "challenge"})


def note(store: Store, source: str, weeks: Iterable[str], today: date) -> None:
    """Write the coverage of these weeks anew."""
    weeks = sorted(set(weeks))
    if not weeks:
        return
    with store.read() as connection:
        seen = seen_pages(connection, source, SCHEDULE, monday_of(weeks[0]).isoformat())
        reasons = {week: coverage.reasons(connection, source, f"%:heard:{week}") for week in weeks}
    read = {
        (one.part.split(":")[0], one.context.get("server"), one.context.get("day")) for one in seen
    }
    rows = [row for week in weeks for row in _week(week, read, reasons[week], today)]
    with store.write() as connection:
        coverage.write(connection, source, rows)


def _week(
    week: str,
    read: set[tuple[str, object, object]],
    reasons: dict[str, frozenset[str]],
    today: date,
) -> list[coverage.Row]:
    days = [monday_of(week) + timedelta(days=n) for n in range(7)]
    over = [day_text(day) for day in days if day < today]
    found: dict[tuple[str, str], Counter[str]] = {}
    for court in courts().values():
        counts = found.setdefault((court.level, court.region), Counter())
        counts["known"] += 1
        counts[_state(court, over, read, reasons.get(f"{court.code}:heard:{week}"))] += 1
    return [
        coverage.Row(week, level, region, *(counts[name] for name in coverage.STATES))
        for (level, region), counts in sorted(found.items())
    ]


def _state(
    court: Court, over: list[str], read: set[tuple[str, object, object]],
    reasons: frozenset[str] | None,
) -> str:  # fmt: skip
    """`whole`: each day that is over, at each server. `partly`: some of them."""
    due = [(court.code, server, day) for server in court.servers for day in over]
    have = sum(page in read for page in due)
    if due and have == len(due):
        return "whole"
    if reasons is None:
        return "never"
    if reasons & GATES:
        return "captcha"
    return "partly" if have else "failed"
