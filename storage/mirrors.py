"""Rows of a part that only mirrors tell, beside the register's own: the same by name and date.

A mirror without numbers has records of its own, which state no act. Which of them stand in the
register is derived whenever it is asked, so nothing has to be undone when the register is read.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import aliased

from storage.issues import BY_MATCH, close_kind, record_issues
from storage.models import Designation, Part, Record
from storage.staged_row import Issue

MIRROR = "mirror"  # parts that only mirrors tell have names that begin so
ONLY_THERE = "mirror-only"


def register_records(connection: Connection, parts: Iterable[tuple[str, str]]) -> dict[int, int]:
    """Record of a mirror -> record of the register of the same source with its name and date.

    parts: source and key of the parts that only mirrors tell. A date that one side does not
    state contradicts nothing."""
    found: dict[int, int] = {}
    for source, part in parts:
        theirs, ours = aliased(Designation), aliased(Designation)
        mirrored, listed = aliased(Record), aliased(Record)
        of_mirror, official = aliased(Part), aliased(Part)
        same_day = or_(
            ours.listed_on == theirs.listed_on, ours.listed_on.is_(None), theirs.listed_on.is_(None)
        )
        rows = connection.execute(
            select(mirrored.id, func.min(listed.id))
            .join(theirs, theirs.record_id == mirrored.id)
            .join(of_mirror, of_mirror.id == mirrored.part_id)
            .join(ours, (ours.name == theirs.name) & same_day)
            .join(listed, (listed.id == ours.record_id) & (listed.source == mirrored.source))
            .join(official, (official.id == listed.part_id) & (official.id != of_mirror.id))
            .where(of_mirror.source == source, of_mirror.key == part)
            .where(official.official_state_at.is_not(None))
            .group_by(mirrored.id)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def tell_new(connection: Connection, source: str, part: str, run_id: int, at: str) -> int:
    """Keep one open issue while a mirror lists rows that the register did not have when it was
    read last; returns how many. A register read whole since then has the last word, and where it
    was never read there is nothing to compare."""
    of_source = select(func.max(Part.complete_at)).where(Part.source == source)
    register_at = connection.execute(of_source.where(Part.official_state_at.is_not(None))).scalar()
    mirror = select(Part.state_at).where(Part.source == source, Part.key == part)
    mirror_at = connection.execute(mirror).scalar()
    if register_at is None or mirror_at is None:
        return 0
    only_there = _only_there(connection, source, part) if register_at < mirror_at else 0
    if not only_there:
        close_kind(connection, source, part, ONLY_THERE, run_id, at, BY_MATCH)
        return 0
    words = (
        f"{only_there} rows of the mirror stand in no row of the register that we hold, by "
        f"name and date: `unsilenced records --source {source} --part {part}`."
    )
    record_issues(connection, source, run_id, at, [Issue(ONLY_THERE, part, words, part=part)])
    return only_there


def _only_there(connection: Connection, source: str, part: str) -> int:
    known = register_records(connection, [(source, part)])
    listed = connection.execute(
        select(Record.id)
        .join(Part, Part.id == Record.part_id)
        .where(Part.source == source, Part.key == part, Record.status == "listed")
    ).scalars()
    return sum(1 for record in listed if record not in known)
