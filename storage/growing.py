"""Parts that grow page by page: a row stands or falls with its own page, not with the part's state.

An imported page may be older than what is held of its case, and newer than what is held of another
case of the same part. Absence is proven by a page of the row's own address alone.
"""

from dataclasses import replace

from sqlalchemy import Connection, and_, delete, func, select
from sqlalchemy.orm import aliased

from storage import history
from storage.delta import Delta, Scope, staged
from storage.models import Fetch, Part, Record, Revision, Run, Stage
from storage.report import PartReport
from storage.source_facts import SourceFacts


def prepare(connection: Connection, scope: Scope, facts: SourceFacts, at: str) -> None:
    """Take out of the staged rows those that must not speak over what is held."""
    if facts.fullest:
        keep_fullest(connection, scope, facts.fullest)
    set_older_aside(connection, scope, facts, at)


def set_older_aside(connection: Connection, scope: Scope, facts: SourceFacts, at: str) -> int:
    """Rows older than what is held of their record become past revisions; how many they are."""
    newer = (
        select(Record.key)
        .join(Revision, Revision.id == Record.revision_id)
        .where(Record.part_id == scope.part_id, Revision.seen_at > at)
    )
    keys = list(
        connection.execute(select(Stage.key).where(staged(scope), Stage.key.in_(newer))).scalars()
    )
    pair = and_(Record.part_id == Stage.part_id, Record.key == Stage.key)
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        history.past_revisions(connection, scope, facts, and_(pair, Stage.key.in_(some)), at)
        connection.execute(delete(Stage).where(staged(scope), Stage.key.in_(some)))
    return len(keys)


def keep_fullest(connection: Connection, scope: Scope, fullest: str) -> None:
    """A row that states less (of a list, of an act) does not replace what a card stated."""
    said, says = aliased(Fetch), aliased(Fetch)
    lesser = (
        select(Stage.key)
        .join(Record, and_(Record.part_id == Stage.part_id, Record.key == Stage.key))
        .join(Revision, Revision.id == Record.revision_id)
        .join(said, said.id == Revision.fetch_id)
        .join(says, says.id == Stage.fetch_id)
        .where(staged(scope), said.form == fullest, says.form != fullest)
    )
    keys = list(connection.execute(lesser).scalars())
    for start in range(0, len(keys), 500):
        some = Stage.key.in_(keys[start : start + 500])
        connection.execute(delete(Stage).where(staged(scope), some))


def only_proven(connection: Connection, delta: Delta, report: PartReport) -> Delta:
    """The delta with those absences alone that the row's own page has shown."""
    ids = (*delta.missing, *delta.waiting)
    proven: set[int] = set()
    for start in range(0, len(ids), 500):
        found = connection.execute(
            select(Record.id, Record.key).where(Record.id.in_(ids[start : start + 500]))
        )
        proven |= {row.id for row in found if row.key in report.absent}
    return replace(
        delta,
        missing=tuple(one for one in delta.missing if one in proven),
        waiting=tuple(one for one in delta.waiting if one in proven),
    )


def was_read_before(connection: Connection, source: str, key: str, run_id: int) -> bool:
    """Did an earlier run read the unit of this part (`43RS0001` of `43RS0001:adm:2026`)?

    Then its first row is news: most courts have no case for months. Not of a window that ended a
    year or more before that first read: what is read there is history.
    """
    unit, _, rest = key.partition(":")
    first = connection.execute(
        select(func.min(Run.started_at))
        .join(Part, Part.baseline_run_id == Run.id)
        .where(
            Part.source == source, Part.key >= f"{unit}:", Part.key < f"{unit};",
            Part.baseline_run_id != run_id,
        )
    ).scalar()  # fmt: skip
    if first is None:
        return False
    year = rest.rpartition(":")[2][:4]
    return not year.isdigit() or int(year) >= int(first[:4]) - 1
