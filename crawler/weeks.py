"""Which weeks are due: cases that came in within a week are looked for again as they grow older.

The list shows a case from the day it came in; its result and its act are filled in later. A week
that is over is read once it is over, then after 2, 8 and 26 weeks; a running one every time.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

AGAIN = (timedelta(0), timedelta(weeks=2), timedelta(weeks=8), timedelta(weeks=26))
FIRST_LOOK_BACK = timedelta(weeks=5)  # a new installation begins this many weeks ago


def due_weeks(
    prefix: str,
    read: Mapping[str, list[date]],
    today: date,
    since: date | None = None,
    until: date | None = None,
) -> list[str]:
    """The weeks of a window that are due, `2026-W24`, newest first; with `since` all from then on.

    read: part -> days on which it was read whole; a part is named `<prefix>:<week>`."""
    last = min(until or today, today)
    first = since or last - FIRST_LOOK_BACK - AGAIN[-1]
    weeks = [week for week in _weeks(first, last) if since or _is_due(prefix, week, read, today)]
    return [week_name(week) for week in reversed(weeks)]


def _is_due(prefix: str, monday: date, read: Mapping[str, list[date]], today: date) -> bool:
    seen = read.get(f"{prefix}:{week_name(monday)}", [])
    over = monday + timedelta(weeks=1)
    if today < over:
        return True
    if not seen:
        return monday >= today - FIRST_LOOK_BACK
    passed = [over + wait for wait in AGAIN if over + wait <= today]
    return bool(passed) and max(seen) < passed[-1]


def _weeks(first: date, last: date) -> Iterable[date]:
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield monday
        monday += timedelta(weeks=1)


def week_name(day: date) -> str:
    """The ISO week of a day: `2026-W24`."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_days(name: str) -> tuple[date, date]:
    """The first and the last day of a week, `2026-W24`."""
    year, week = name.split("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    return monday, monday + timedelta(days=6)
