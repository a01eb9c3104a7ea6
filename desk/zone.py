"""Weeks and dates as the desk tells them: Monday 00:00 to Sunday 24:00 in one zone."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage.clock import moment, read_moment
from storage.errors import Refused

# The registers date their acts by Moscow; a second country is a second value here.
ZONE = ZoneInfo("Europe/Moscow")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")  # `2026-W47`


def local_day(at: str) -> date:
    """The day in the zone on which a moment falls."""
    return read_moment(at).astimezone(ZONE).date()


def week_of_day(day: date) -> str:
    """ISO week of a day, `2026-W47`."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_of(at: str) -> str:
    """ISO week of a moment, in the zone."""
    return week_of_day(local_day(at))


def monday(week: str) -> date:
    """First day of a week. Raises Refused on what is not a week."""
    found = _WEEK.fullmatch(week)
    try:
        if found is not None:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise Refused(f"'{week[:40]}' is not a week. Write it as 2026-W47.")


def bounds(week: str) -> tuple[str, str]:
    """The moments between which a week lies; the second is its first moment outside."""
    first = monday(week)
    return _midnight(first), _midnight(first + timedelta(days=7))


def earlier(week: str, count: int) -> str:
    """The week `count` weeks before."""
    return week_of_day(monday(week) - timedelta(weeks=count))


def _midnight(day: date) -> str:
    return moment(datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC))
