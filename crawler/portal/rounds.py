"""The rota: which days of which courts are due, and which cases have not ended.

A day is read twice: once it is over, for its cases, and once more a fortnight later, when results
and acts have been filled in. Whoever was read longest ago comes first, so a run that ends at its
time limit is continued by the next one where it stopped.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from crawler.portal.courts import Court
from storage.grown import Seen, read_whole, seen_pages
from storage.store import Store

LOOK_BACK = timedelta(days=21)  # unread days of the last three weeks are still due
SECOND_READ = timedelta(days=14)
SCHEDULE = "schedule"


class Link(NamedTuple):
    """A case as a link names it: what its record's key is made of."""

    court: str
    delo_id: str
    case_uid: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page that is due: a day of one server."""

    day: date
    server: str


@dataclass
class Days:
    """The pages that are due, by part, in the order in which they are asked."""

    by_part: dict[str, list[Page]] = field(default_factory=dict)

    def parts(self) -> list[str]:
        """The parts that have a page due."""
        return list(self.by_part)

    def pages(self, part: str) -> list[Page]:
        """The pages of a part that are due, oldest first."""
        return self.by_part.get(part, [])


def due(
    store: Store,
    source: str,
    asked: Iterable[Court],
    today: date,
    since: date | None = None,
    until: date | None = None,
) -> Days:
    """The days to read now; with `since`, every day from then until `until` or today."""
    first = since or today - LOOK_BACK
    last = min(until or today, today)
    with store.read() as connection:
        seen = seen_pages(connection, source, SCHEDULE, since=first.isoformat())
    read = _by_page(seen)
    newest = _newest(read)
    days = Days()
    for court in sorted(asked, key=lambda court: (newest.get(court.code, ""), court.code)):
        for day in _span(first, last):
            for server in court.servers:
                if since or _is_due(day, read.get((court.code, server, day_text(day)), []), today):
                    part = f"{court.code}:heard:{week_of(day)}"
                    days.by_part.setdefault(part, []).append(Page(day, server))
    return days


def _by_page(seen: Iterable[Seen]) -> dict[tuple[str, str, str], list[date]]:
    read: dict[tuple[str, str, str], list[date]] = {}
    for one in seen:
        page = (one.part.split(":")[0], one.context.get("server", ""), one.context.get("day", ""))
        read.setdefault(page, []).append(date.fromisoformat(one.at[:10]))
    return read


def _is_due(day: date, read: list[date], today: date) -> bool:
    if day >= today:
        return False  # it is not over: half of its results are missing
    if not any(at > day for at in read):
        return True
    return today >= day + SECOND_READ and not any(at >= day + SECOND_READ for at in read)


def _newest(read: dict[tuple[str, str, str], list[date]]) -> dict[str, str]:
    """When each court was read last."""
    newest: dict[str, str] = {}
    for (code, _server, _day), times in read.items():
        newest[code] = max(newest.get(code, ""), max(times).isoformat())
    return newest


def _span(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def day_text(day: date) -> str:
    """A day as the portal writes it: `15.06.2026`."""
    return f"{day:%d.%m.%Y}"


def day_of(text: str) -> date:
    """The day that the portal writes so."""
    return date.fromisoformat("-".join(reversed(text.split("."))))


def week_of(day: date) -> str:
    """The ISO week of a day: `2026-W24`."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02d}"


def due_lists(
    store: Store,
    source: str,
    asked: Iterable[Court],
    today: date,
    since: date | None = None,
    until: date | None = None,
) -> list[str]:
    """Parts of lists by article that are due: `43RS0001:list:2026-W24`, oldest week first.

    A week is asked for once it is over, each court on its own day of the week, so that the
    courts are spread; with `since`, every week that it touches."""
    weeks = sorted({week_of(day) for day in _span(since or today - LOOK_BACK, until or today)})
    with store.read() as connection:
        whole = read_whole(connection, source, [f"%:list:{week}" for week in weeks])
    parts = []
    for court in asked:
        wait = 0 if since else sum(map(ord, court.code)) % 7
        for week in weeks:
            part = f"{court.code}:list:{week}"
            over = date.fromisocalendar(int(week[:4]), int(week[6:]), 7) < today - timedelta(wait)
            if court.captcha != "yes" and (since or over) and part not in whole:
                parts.append(part)
    return parts
