"""One polite round over the courts of the common portal, on paper and then by simulation.

Three ways of finding cases are compared before any of them is built: the hearing schedule by day,
the list by article, the list by date of publication. The courts, their servers, layouts and gates
are the project's own table; what nobody has measured is an assumption, printed with the result.
"""

import csv
import heapq
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COURTS = Path(__file__).parents[1] / "crawler" / "portal" / "courts.csv"

HOST_GAP_S, PLATFORM_GAP_S = 3.0, 2.0  # rulings.md 1.8: at least 3 s a host and 1.5 s for all
CONNECTIONS = 4  # answers that may be awaited at a time, each of another host
GATED = 1327 / 2270  # share of courts whose search form asked for a captcha in 2024-12
LISTED_ACTS = 3 / 25  # share of listed cases that link an act: a captured week, 2kas, 2026-06
PAGE_ROWS = 25
ARTICLE_QUERIES = 14  # the filter is a substring: `20.3` also brings 20.3.1 to 20.3.4
KINDS = 6  # administrative, criminal, civil, KAS, and the complaints against two of them
ASSUMED = {
    "cases a week of one court, all kinds": 60,
    "relevant cases a day, whole country": 40,
    "share of hearings that the schedule shows by the day after": 0.97,
    "requests for one case until it ends: card, acts, re-checks": 6,
    "middle time of an answer, seconds": 1.5,
}


@dataclass(frozen=True, slots=True)
class Court:
    """A court of the portal: its host and how many servers stand behind it."""

    host: str
    servers: int


@dataclass(frozen=True, slots=True)
class Round:
    """What one day of a strategy costs and finds."""

    name: str
    requests: int
    hours: float
    courts: float  # share of courts that it can read at all
    found: float  # share of the relevant cases that it meets


def courts() -> list[Court]:
    """The table of courts."""
    with COURTS.open(encoding="utf-8", newline="") as file:
        return [Court(row["host"], len(row["servers"].split())) for row in csv.DictReader(file)]


def rounds(seed: int = 20260601) -> list[Round]:
    """A day of each strategy, simulated; the same seed gives the same numbers."""
    draw = random.Random(seed)
    listed = courts()
    gated = {court.host for court in listed if draw.random() < GATED}
    open_courts = [court for court in listed if court.host not in gated]
    shown = ASSUMED["share of hearings that the schedule shows by the day after"]
    share = len(open_courts) / len(listed)
    plans = (
        ("hearing schedule by day", _schedule(listed), 1.0, shown),
        ("list by article", _articles(open_courts), share, share),
        ("list by day of publication", _published(open_courts), share, share * LISTED_ACTS),
    )
    return [
        Round(name, *_run(list(asked) + _cards(listed, found, draw), draw), seen, found)
        for name, asked, seen, found in plans
    ]


def _schedule(listed: list[Court]) -> Iterator[str]:
    """Each server's day after the hearings, and the day of a fortnight ago once more."""
    for court in listed:
        yield from [court.host] * (2 * court.servers)


def _articles(listed: list[Court]) -> Iterator[str]:
    """Each article of each server once a week, so a seventh of them a day."""
    for number, court in enumerate(listed):
        asked = ARTICLE_QUERIES * court.servers
        yield from [court.host] * ((asked + number % 7) // 7)


def _published(listed: list[Court]) -> Iterator[str]:
    """Every kind of each server once a week, with all pages of the list."""
    cases = ASSUMED["cases a week of one court, all kinds"]
    for number, court in enumerate(listed):
        pages = KINDS * court.servers + math.ceil(cases / PAGE_ROWS)
        yield from [court.host] * ((pages + number % 7) // 7)


def _cards(listed: list[Court], found: float, draw: random.Random) -> list[str]:
    cases = round(found * ASSUMED["relevant cases a day, whole country"])
    each = int(ASSUMED["requests for one case until it ends: card, acts, re-checks"])
    return [host for _ in range(cases) for host in [draw.choice(listed).host] * each]


def _run(asked: list[str], draw: random.Random) -> tuple[int, float]:
    """Requests and hours when no host and no connection is asked too soon.

    Hosts take turns, as the rota does: a host's next request queues behind all others."""
    middle = math.log(ASSUMED["middle time of an answer, seconds"])
    waiting = [(turn, host) for turn, host in _in_turns(asked)]
    free_at = [0.0] * CONNECTIONS
    host_free: dict[str, float] = {}
    now = end = 0.0
    for _turn, host in waiting:
        now = max(now, host_free.get(host, 0.0), heapq.heappop(free_at))
        done = now + min(120.0, draw.lognormvariate(middle, 1.0))
        heapq.heappush(free_at, done)
        host_free[host] = now + HOST_GAP_S
        now, end = now + PLATFORM_GAP_S, max(end, done)
    return len(asked), end / 3600


def _in_turns(asked: list[str]) -> list[tuple[int, str]]:
    times: dict[str, int] = {}
    turns = []
    for host in asked:
        times[host] = times.get(host, 0) + 1
        turns.append((times[host], host))
    return sorted(turns, key=lambda turn: turn[0])


def tell() -> list[str]:
    """The table with its assumptions, as `make bench` prints it."""
    listed = courts()
    servers = sum(court.servers for court in listed)
    lines = [
        f"One polite round a day over {len(listed)} courts, {servers} servers "
        f"({HOST_GAP_S:.0f} s a host, {PLATFORM_GAP_S:.0f} s for all):"
    ]
    for one in rounds():
        lines.append(
            f"  {one.name:27} {one.requests:6d} requests  {one.hours:4.1f} h  "
            f"courts {one.courts:4.0%}  relevant cases met {one.found:4.0%}"
        )
    assumed = "; ".join(f"{words} {value}" for words, value in ASSUMED.items())
    return [*lines, f"  assumed, measured by nobody: {assumed}"]


if __name__ == "__main__":
    print("\n".join(tell()))
