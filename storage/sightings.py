"""What earlier runs fetched and held: for conditional requests, same bytes and replay."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.clock import read_moment
from storage.models import Fetch, Part, PartRun, Source
from storage.source_facts import GROWING
from storage.store import Store


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


class HeldParts:
    """What the newest complete run of each part left, looked up once it is asked for: a source
    may have a hundred thousand parts, of which a run reads some."""

    def __init__(self, store: Store, source: str) -> None:
        self.store = store
        self.source = source
        self._found: dict[str, Held | None] = {}

    def get(self, part: str) -> Held | None:
        """The state of a part; None where it was never read whole."""
        if part not in self._found:
            with self.store.read() as connection:
                self._found[part] = held(connection, self.source, part)
        return self._found[part]

    def __contains__(self, part: str) -> bool:
        return self.get(part) is not None

    def __getitem__(self, part: str) -> Held:
        found = self.get(part)
        if found is None:
            raise KeyError(part)
        return found


def held(connection: Connection, source: str, key: str) -> Held | None:
    """What the newest complete run left of a part; None where it was never read whole."""
    part = connection.execute(
        select(Part).where(Part.source == source, Part.key == key, Part.parsed_run_id.is_not(None))
    ).first()
    if part is None:
        return None
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
    return Held(
        part.bytes_sha256, part.parser, pages, part.rows or 0,
        read_moment(dated) if dated else None,
    )  # fmt: skip


def parsers(connection: Connection, source: str) -> frozenset[str]:
    """The parsers that read the parts of a source as they are held now."""
    rows = connection.execute(
        select(Part.parser).where(Part.source == source, Part.parsed_run_id.is_not(None)).distinct()
    )
    return frozenset(parser for parser in rows.scalars() if parser)


def part_row(connection: Connection, source: str, key: str) -> Any | None:
    """A part as it is held; None where it was never met."""
    which = (Part.source == source, Part.key == key)
    return connection.execute(select(Part).where(*which)).first()


def stored(connection: Connection, source: str) -> list[Stored]:
    """Every part of a source with the fetches from which its present state was read."""
    covers = connection.execute(select(Source.covers).where(Source.name == source)).scalar()
    if covers == GROWING:
        from storage.grown import grown  # it is built of what stands here

        return grown(connection, source)
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
