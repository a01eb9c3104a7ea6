"""What earlier runs read of parts that grow page by page: pages, not states, are what is held."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from storage.models import Fetch, Part, Record, Run
from storage.read_marks import is_read, reading_run
from storage.report import COMPLETE, FAILED, HELD, INTERRUPTED, PARTIAL, UNCHANGED
from storage.sightings import Stored, number_of
from storage.source_facts import OFFICIAL

FILE = "file"  # where a page came from, beside http
# Runs that judged what they had read. One that we broke off, or that broke, judged nothing.
DECIDED = Run.verdict.in_((COMPLETE, UNCHANGED, PARTIAL, HELD, FAILED)) & ~Run.reasons.contains(
    '"we-failed"'
)


def grown(connection: Connection, source: str) -> list[Stored]:
    """The newest good answer of each page over all decided runs, by part, newest first: of two
    pages that show one case, the newer one says how it stands."""
    parts = {
        part.key: part for part in connection.execute(select(Part).where(Part.source == source))
    }
    pages: dict[str, list[Any]] = {}
    known: set[tuple[str, str, str]] = set()
    for fetch in reversed(_good(connection, source)):
        page = (fetch.method, fetch.url, fetch.body_sha256 if fetch.origin == FILE else "")
        if page not in known and fetch.part in parts:
            known.add(page)
            pages.setdefault(fetch.part, []).append(fetch)
    return [
        Stored(
            key, fetches[0].run_id, fetches[0].endpoint, OFFICIAL, parts[key].state_at,
            parts[key].complete_at or fetches[0].fetched_at, tuple(fetches),
        )
        for key, fetches in pages.items()
    ]  # fmt: skip


def _good(connection: Connection, source: str, *which: Any) -> list[Any]:
    """Whole answers that decided runs have read, oldest first."""
    rows = connection.execute(
        select(
            Fetch.id, Fetch.run_id, Fetch.part, Fetch.endpoint, Fetch.form, Fetch.context,
            Fetch.method, Fetch.origin, Fetch.url, Fetch.body_sha256, Fetch.fetched_at,
        )
        .join(Run, Run.id == reading_run())
        .where(
            Run.source == source, DECIDED, is_read(), Fetch.failure.is_(None),
            Fetch.body_sha256.is_not(None),
            Fetch.status.is_(None) | Fetch.status.between(200, 299), *which,
        )
        .order_by(Fetch.fetched_at)
    ).all()  # fmt: skip
    return sorted(rows, key=lambda row: (row.fetched_at, number_of(row)))


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that a decided run has read whole."""

    part: str
    url: str
    at: str
    context: dict[str, Any]


def seen_pages(connection: Connection, source: str, form: str, since: str) -> list[Seen]:
    """Pages of one form that runs of a source have read since a day (ISO), oldest first."""
    rows = _good(connection, source, Fetch.fetched_at >= since, Fetch.form == form)
    return [Seen(row.part, row.url, row.fetched_at, json.loads(row.context)) for row in rows]


def read_whole(connection: Connection, source: str, like: Sequence[str]) -> frozenset[str]:
    """Parts of a source, by SQL patterns, that some run has read whole."""
    found: set[str] = set()
    for pattern in like:
        found |= set(
            connection.execute(
                select(Part.key).where(
                    Part.source == source, Part.key.like(pattern),
                    Part.complete_run_id.is_not(None),
                )
            ).scalars()
        )  # fmt: skip
    return frozenset(found)


def known_keys(connection: Connection, source: str, first: str) -> list[tuple[str, ...]]:
    """Keys of a source's records whose first item is this one."""
    rows = connection.execute(
        select(Record.key).where(
            Record.source == source, Record.key.startswith(f'["{first}",', autoescape=True)
        )
    )
    return [tuple(json.loads(key)) for key in rows.scalars()]


def interrupted_pages(connection: Connection, source: str, since: str) -> list[Any]:
    """Whole answers since a moment that runs stored and never got to judge, oldest first."""
    rows = connection.execute(
        select(Fetch)
        .join(Run, Run.id == Fetch.run_id)
        .where(
            Run.source == source, Run.verdict == INTERRUPTED, Fetch.fetched_at >= since,
            Fetch.status == 200, Fetch.failure.is_(None), Fetch.body_sha256.is_not(None),
            is_read(),
        )
    ).all()  # fmt: skip
    return sorted(rows, key=lambda row: (row.fetched_at, number_of(row)))
