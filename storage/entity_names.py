"""The spellings of entities: as they were stated, and aliases to find them by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert

from storage.entity_reading import EntityReading
from storage.folding import fold
from storage.models import EntityName

AT_ONCE = 500


@dataclass(slots=True)
class Named:
    """An entity's kind and its stated names: name -> listed, other or former, the first wins."""

    kind: str
    names: dict[str, str] = field(default_factory=dict)


def write_names(
    connection: Connection,
    reading: EntityReading,
    named: Mapping[str, Named],
    *,
    replace: Iterable[str],
) -> None:
    """Write the names of entities by their ids; those of `replace` were there before."""
    for some in chunks(sorted(replace)):
        connection.execute(delete(EntityName).where(EntityName.entity_id.in_(some)))
    rows = [row for found, one in named.items() for row in _rows(reading, found, one)]
    insert_rows(connection, EntityName, rows)


def _rows(reading: EntityReading, found: str, one: Named) -> Iterator[dict[str, Any]]:
    """The names as they were stated, then aliases that none of them is found by already."""
    known = set()
    for name, kind in one.names.items():
        key = fold(name)
        known.add(key)
        yield _row(found, name, kind, None, key)
    for name in one.names:
        for scheme, spelling in reading.spellings(one.kind, name):
            key = fold(spelling)
            if key not in known and spelling not in one.names:
                known.add(key)
                yield _row(found, spelling, "alias", scheme, key)


def _row(found: str, name: str, kind: str, scheme: str | None, key: str) -> dict[str, Any]:
    return {
        "entity_id": found, "name": name, "kind": kind, "scheme": scheme, "search_key": key,
    }  # fmt: skip


def insert_rows(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows, if there are any."""
    if rows:
        connection.execute(insert(table), rows)


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """SQLite binds a limited number of values a statement."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
