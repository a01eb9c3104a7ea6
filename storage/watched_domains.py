"""Domains that our own lists know: whose reachability is worth asking about."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from storage.models import Blocking, Designation, Reachability, Record, Reference

POLITICAL = "yes"


@dataclass(frozen=True, slots=True)
class Watched:
    """`known`: asked before by this source; `fresh`: others, the most telling first."""

    known: list[str]
    fresh: list[str]


def watched_domains(connection: Connection, source: str, categories: Sequence[str]) -> Watched:
    """Domains of those designated, of the reference lists' categories, of political blockings."""
    known = sorted(set(_measured(connection, source)))
    fresh: dict[str, None] = {}
    for some in (_designated(connection), _listed(connection, categories), _blocked(connection)):
        fresh.update(dict.fromkeys(sorted(set(some))))
    return Watched(known, [name for name in fresh if name not in set(known)])


def _measured(connection: Connection, source: str) -> Iterator[str]:
    """Rows that were measured; reports of incidents may name what nobody asked."""
    yield from _texts(
        connection,
        select(Reachability.domain)
        .join(Record, Record.id == Reachability.record_id)
        .where(
            Record.source == source, Record.status != "gone", Reachability.measurements.is_not(None)
        ),
    )


def _designated(connection: Connection) -> Iterator[str]:
    yield from _names(connection, select(Designation.domains).join(Record), Designation)


def _blocked(connection: Connection) -> Iterator[str]:
    political = select(Blocking.domains).join(Record).where(Blocking.political == POLITICAL)
    yield from _names(connection, political, Blocking)


def _names(connection: Connection, statement: Any, table: Any) -> Iterator[str]:
    standing = statement.where(Record.status != "gone", table.domains != "[]")
    for domains in connection.execute(standing).scalars():
        yield from json.loads(domains)


def _listed(connection: Connection, categories: Sequence[str]) -> Iterator[str]:
    yield from _texts(
        connection,
        select(Reference.domain)
        .join(Record, Record.id == Reference.record_id)
        .where(
            Record.status != "gone", Reference.domain.is_not(None),
            Reference.category.in_(list(categories)),
        )
    )  # fmt: skip


def _texts(connection: Connection, statement: Any) -> Iterator[str]:
    yield from map(str, connection.execute(statement).scalars())
