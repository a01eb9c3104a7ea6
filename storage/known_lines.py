"""Lines of a register that were read before: what each one led to, by keyed hashes of its bytes.

Of a line that is only counted, the entry holds the hash of its key and the number of its count; of
one that is a record, a hash of what the record says. It is found again by that hash, so a record
that has changed since is never mistaken for what the line says.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, select

from storage.hashed import HELD_NOW
from storage.models import KnownLines, Part, Record, Revision
from storage.staged_row import StagedRow

WIDTH = 20
IS_ROW = b"\xff\xff\xff\xff"  # in place of the number of a count: the line is a record

Count = tuple[str, str, int]  # kind of agency, day of the decision, rows


@dataclass(frozen=True, slots=True)
class Known:
    """The lines of a state. counts: by number, of lines that are only counted."""

    reader: str
    entries: bytes = b""
    hashes: bytes = b""
    counts: tuple[Count, ...] = ()


def known_lines(connection: Connection, source: str, part: str, reader: str) -> Known | None:
    """The lines of the state held, None where another reader or other reference lists read them."""
    row = connection.execute(
        select(KnownLines)
        .join(Part, Part.id == KnownLines.part_id)
        .where(Part.source == source, Part.key == part, KnownLines.run_id == HELD_NOW)
        .where(KnownLines.reader == reader)
        .limit(1)
    ).first()
    if row is None:
        return None
    counts = tuple((agency, day, rows) for agency, day, rows in json.loads(row.counts))
    return Known(reader, row.entries, row.hashes, counts)


def rows_held(
    connection: Connection, source: str, part: str, name: Callable[[StagedRow], bytes]
) -> dict[bytes, int]:
    """The current revision of every record of a part, under a name made of what it says."""
    found = connection.execute(_rows().where(Part.source == source, Part.key == part))
    return {name(_row(one)): one.id for one in found}


def rows_of(connection: Connection, revisions: Iterable[int]) -> Iterator[tuple[int, StagedRow]]:
    """What revisions say, as rows to be staged again."""
    wanted = list(revisions)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        for one in connection.execute(_rows().where(Revision.id.in_(some))):
            yield one.id, _row(one)


def values_of(known: Known) -> dict[str, Any]:
    """The columns that hold these lines."""
    counts = json.dumps(known.counts, ensure_ascii=False, separators=(",", ":"))
    return {
        "reader": known.reader, "entries": known.entries, "hashes": known.hashes, "counts": counts,
    }  # fmt: skip


COLUMNS = tuple(one.name for one in fields(StagedRow))


def _rows() -> Any:
    """Current revisions: their number, then what a staged row has, in its order."""
    return (
        select(Revision.id, *(getattr(Revision if n != "key" else Record, n) for n in COLUMNS))
        .join(Record, Record.revision_id == Revision.id)
        .join(Part, Part.id == Record.part_id)
    )


def _row(one: Any) -> StagedRow:
    return StagedRow(*one[1:])
