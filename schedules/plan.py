"""When a source is due: `daily`, `fri 17:30 Europe/Moscow`, `mon,thu 06:00`.

Cron triggers only: an interval would restart its clock at every restart. Day names only: numeric
weekdays of the library are off by one. A slot is a UTC moment, so DST nights and the host's zone
change nothing.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from storage.errors import Refused

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# `fri 17:30 Europe/Moscow`, `daily`, `mon,thu 06:00`, `weekly`
EVERY = re.compile(
    r"^(?P<days>daily|weekly|[a-z]{3}(?:,[a-z]{3})*)"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d{2}))?(?:\s+(?P<zone>[A-Za-z_]+(?:/[A-Za-z_+-]+)*))?$"
)
NIGHT = (3, 20)  # where no time is stated: the night, when sites are idle


@dataclass(frozen=True, slots=True)
class Plan:
    """A source's schedule and the trigger that makes it true."""

    source: str
    every: str
    trigger: CronTrigger

    def next_after(self, moment: datetime) -> datetime:
        """The first slot after a moment, UTC."""
        found = self.trigger.get_next_fire_time(None, moment + timedelta(seconds=1))
        assert found is not None
        slot: datetime = found.astimezone(UTC)
        return slot

    def last_before(self, moment: datetime) -> datetime:
        """The newest slot at or before a moment, UTC. A slot comes at least once a week."""
        slot = self.next_after(moment - timedelta(days=8))
        while (following := self.next_after(slot)) <= moment:
            slot = following
        return slot


def read_plan(source: str, every: str) -> Plan:
    """The plan that a schedule's text means. Raises Refused in plain words."""
    found = EVERY.match(every.strip())
    if found is None:
        raise Refused(
            f'`every = "{every}"` of {source} is not understood. '
            "Write daily, weekly or days such as mon,thu, then HH:MM and a zone if you like."
        )
    days = {"daily": ",".join(DAYS), "weekly": "mon"}.get(found["days"], found["days"])
    unknown = [day for day in days.split(",") if day not in DAYS]
    if unknown:
        raise Refused(f"`{unknown[0]}` of {source} is not a day; days are {', '.join(DAYS)}.")
    hour, minute = _time(source, found)
    return Plan(source, every, CronTrigger(
        day_of_week=days, hour=hour, minute=minute, timezone=_zone(source, found["zone"])
    ))  # fmt: skip


def _time(source: str, found: re.Match[str]) -> tuple[int, int]:
    if found["hour"] is None:
        return NIGHT
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour > 23 or minute > 59:
        raise Refused(f"{hour}:{minute:02} of {source} is not a time of day.")
    return hour, minute


def _zone(source: str, name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused(f"`{name}` of {source} is not a time zone such as Europe/Moscow.") from error
