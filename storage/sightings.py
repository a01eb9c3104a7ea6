"""What earlier runs fetched and held: for conditional requests, same bytes and replay."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.clock import read_moment
from storage.models import Fetch, Part, PartRun, Run


@dataclass(frozen=True, slots=True)
class Held:
    """The state of a part that is held: digest over its pages, digests of the pages, parser,
    count of rows, the date that the source gave it."""

    bytes_sha256: str
    parser: str
    pages: frozenset[str]
    rows: int = 0
    state_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A part as it was parsed last: its run, endpoint and fetches in order."""

    part: str
    run_id: int
    endpoint: int
    role: str
    state_at: str | None
    complete_at: str
    fetches: tuple[Any, ...]


def held(connection: Connection, source: str) -> dict[str, Held]:
    """Per part what the newest complete run left; parts never read whole are not there."""
    found = {}
    for part in connection.execute(
        select(Part).where(Part.source == source, Part.parsed_run_id.is_not(None))
    ):
        digests = connection.execute(
            select(Fetch.body_sha256, Fetch.whole_sha256).where(
                Fetch.run_id == part.parsed_run_id, Fetch.part == part.key
            )
        )
        pages = frozenset(d for row in digests for d in row if d)
        own = select(PartRun.state_at).where(
            PartRun.run_id == part.parsed_run_id, PartRun.part_id == part.id
        )
        dated = connection.execute(own).scalar()
        found[part.key] = Held(
            part.bytes_sha256, part.parser, pages, part.rows or 0,
            read_moment(dated) if dated else None,
        )  # fmt: skip
    return found


def part_row(connection: Connection, source: str, key: str) -> Any | None:
    """A part as it is held; None where it was never met."""
    which = (Part.source == source, Part.key == key)
    return connection.execute(select(Part).where(*which)).first()


def stored(connection: Connection, source: str) -> list[Stored]:
    """Every part of a source with the fetches from which its present state was read."""
    found = []
    parts = connection.execute(
        select(Part).where(Part.source == source, Part.parsed_run_id.is_not(None)).order_by(Part.id)
    ).all()
    for part in parts:
        run = connection.execute(
            select(PartRun).where(PartRun.part_id == part.id, PartRun.run_id == part.parsed_run_id)
        ).one()
        fetches = connection.execute(
            select(Fetch)
            .where(
                Fetch.run_id == part.parsed_run_id, Fetch.part == part.key,
                Fetch.endpoint == run.endpoint, Fetch.body_sha256.is_not(None),
                Fetch.failure.is_(None),
                Fetch.status.is_(None) | Fetch.status.between(200, 299),
            )
        ).all()  # fmt: skip
        ordered = tuple(sorted(fetches, key=number_of))
        found.append(
            Stored(
                part.key, part.parsed_run_id, run.endpoint, run.role, run.state_at,
                part.complete_at or "", ordered,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that a decided run has read whole."""

    part: str
    url: str
    at: str
    context: dict[str, Any]


def seen_pages(connection: Connection, source: str, form: str, since: str) -> list[Seen]:
    """Pages of one form that runs of a source have read since a day (ISO), oldest first."""
    rows = connection.execute(
        select(Fetch.part, Fetch.url, Fetch.fetched_at, Fetch.context)
        .join(Run, Run.id == Fetch.run_id)
        .where(
            Run.source == source, Run.ended_at.is_not(None), Fetch.fetched_at >= since,
            Fetch.form == form, Fetch.status == 200, Fetch.failure.is_(None),
        )
        .order_by(Fetch.fetched_at)
    )  # fmt: skip
    return [Seen(row.part, row.url, row.fetched_at, json.loads(row.context)) for row in rows]


def number_of(fetch: Any) -> int:
    """Which request of its run a fetch was."""
    return int(str(fetch.id).rpartition("-")[2])


def last_whole(connection: Connection, source: str, url: str) -> Any | None:
    """The newest stored answer to this URL in a run that is held complete now."""
    rows = connection.execute(
        select(Fetch)
        .join(Part, (Part.parsed_run_id == Fetch.run_id) & (Part.key == Fetch.part))
        .where(
            Part.source == source, Fetch.final_url == url, Fetch.status == 200,
            Fetch.failure.is_(None), Fetch.body_sha256.is_not(None),
            Fetch.whole_sha256.is_(None),
        )
    ).all()  # fmt: skip
    return max(rows, key=number_of) if rows else None


def addresses(connection: Connection, source: str, prefix: str) -> frozenset[str]:
    """Addresses with this prefix that decided runs of a source have read."""
    found = connection.execute(
        select(Fetch.url)
        .join(PartRun, PartRun.run_id == Fetch.run_id)
        .join(Part, Part.id == PartRun.part_id)
        .where(Part.source == source, Fetch.url.startswith(prefix, autoescape=True))
    )
    return frozenset(found.scalars())


def header(fetch: Any, name: str) -> str | None:
    """One response header of a stored fetch."""
    for key, value in json.loads(fetch.response_headers):
        if key.lower() == name.lower():
            return str(value)
    return None
