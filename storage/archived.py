"""What was asked of a web archive before: answers of its index, refusals, copies that were read."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from storage.models import Fetch, PartRun, Run
from storage.sightings import number_of
from storage.source_facts import ARCHIVE

TOO_MANY = 429


def refused_at(connection: Connection, service: str, after: str) -> str | None:
    """When the archive last said, since a moment, that we ask too much; of whatever source."""
    which = (Fetch.url.startswith(service, autoescape=True), Fetch.status == TOO_MANY)
    newest = select(func.max(Fetch.fetched_at)).where(*which, Fetch.fetched_at >= after)
    return connection.execute(newest).scalar()


def answers(connection: Connection, source: str, address: str, after: str) -> list[Any]:
    """Whole answers to questions that begin so, given since a moment, the newest first."""
    found = connection.execute(
        select(Fetch)
        .join(PartRun, PartRun.run_id == Fetch.run_id)
        .where(
            Fetch.url.startswith(address, autoescape=True), Fetch.fetched_at >= after,
            Fetch.status == 200, Fetch.failure.is_(None), Fetch.body_sha256.is_not(None),
            Fetch.run_id.in_(_runs(source)),
        )
        .distinct()
    ).all()  # fmt: skip
    return sorted(found, key=lambda fetch: (fetch.run_id, number_of(fetch)), reverse=True)


def copies(connection: Connection, service: str, source: str) -> Iterator[dict[str, Any]]:
    """What was noted of every copy out of the archive that a decided run of a source has read."""
    rows = connection.execute(
        select(Fetch.context)
        .join(PartRun, (PartRun.run_id == Fetch.run_id) & (PartRun.role == ARCHIVE))
        .where(Fetch.url.startswith(service, autoescape=True), Fetch.status == 200)
        .where(Fetch.run_id.in_(_runs(source)))
        .distinct()
    )
    yield from map(json.loads, rows.scalars())


def own_copies(connection: Connection, source: str, url: str) -> list[Any]:
    """Every body of a page that we hold from the source itself: fetch, moment and digest."""
    rows = connection.execute(
        select(Fetch.id, Fetch.fetched_at, Fetch.body_sha256).where(
            Fetch.url == url, Fetch.status == 200, Fetch.failure.is_(None),
            Fetch.body_sha256.is_not(None), Fetch.whole_sha256.is_(None),
            Fetch.run_id.in_(_runs(source)),
        ).order_by(Fetch.fetched_at)
    )  # fmt: skip
    return list(rows)


def _runs(source: str) -> Any:
    return select(Run.id).where(Run.source == source)
