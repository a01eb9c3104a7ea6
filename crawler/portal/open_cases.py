"""Cases that have not ended: looked at again until they have, and when their card is missed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from crawler.portal.courts import Court
from crawler.portal.query import MODULE, parameters
from storage.clock import read_moment
from storage.grown import Seen, seen_pages
from storage.models import Part, Record, Ruling

AGES = tuple(timedelta(days=days) for days in (7, 14, 30, 90))  # after the case was first seen
SECOND_LOOK = timedelta(hours=20)  # after its card was missed for the first time
UNENDED = ("pending", "suspended")
CARD = "card"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case whose card is due: its address at the court, and the part that it belongs to."""

    court: str
    url: str
    home: str
    key: tuple[str, ...]

    @property
    def part(self) -> str:
        """The part in which such looks are gathered: `43RS0001:open:2026`."""
        return f"{self.court}:open:{self.home.rpartition(':')[2]}"


def open_cases(
    connection: Connection, source: str, asked: Iterable[Court], now: datetime
) -> list[OpenCase]:
    """The cases of these courts that are due for a look now, by court."""
    by_code = {court.code: court for court in asked}
    looks = _looks(connection, source, now.date())
    found = []
    for row in _unended(connection, source):
        key = tuple(json.loads(row.key))
        court = by_code.get(key[0])
        if court is None or len(key) != 3 or key[1] == "number":
            continue
        last = looks.get((key[0], key[2]))
        if last is not None and _is_due(row, last, now):
            found.append(OpenCase(court.code, address(court, last.url), row.part, key))
    return sorted(found, key=lambda case: (case.court, case.key))


def address(court: Court, url: str) -> str:
    """The court's own address of a card, also where it was read under a `base_url`."""
    return f"http://{court.host}/{MODULE}?{urlsplit(url).query}"


def _looks(connection: Connection, source: str, today: date) -> dict[tuple[str, str], Seen]:
    """The newest look at each card, by court and GUID."""
    since = today - AGES[-1] - timedelta(days=30)
    seen = seen_pages(connection, source, CARD, since.isoformat())
    return {
        (one.part.split(":")[0], uid): one
        for one in seen
        if (uid := parameters(one.url).get("case_uid", "").casefold())
    }


def _unended(connection: Connection, source: str) -> list[Any]:
    """Records that are absent, or have no final decision."""
    final = Ruling.outcome.is_not(None) & Ruling.outcome.not_in(UNENDED)
    final &= Ruling.in_force_on.is_not(None)
    return list(
        connection.execute(
            select(
                Record.key, Record.status, Record.first_seen_at, Record.absent_at,
                Part.key.label("part"),
            )
            .join(Part, Part.id == Record.part_id)
            .join(Ruling, Ruling.record_id == Record.id)
            .where(
                Record.source == source, Record.status != "gone",
                (Record.status == "absent") | ~final,
            )
        )
    )  # fmt: skip


def _is_due(row: Any, last: Seen, now: datetime) -> bool:
    if row.status == "absent":
        return now - read_moment(row.absent_at) >= SECOND_LOOK
    first, looked = read_moment(row.first_seen_at), read_moment(last.at)
    return any(first + age <= now and looked < first + age for age in AGES)
