"""Cases that the store knows already, and windows that were read whole: what a court source that
cannot be listed is driven by."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from storage.models import Part, PartRun, Record, Ruling, Run
from storage.report import WHOLE

OPEN = ("pending", "suspended")


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case of some source: what another source may be asked about it."""

    source: str
    part: str
    key: tuple[str, ...]
    court: str | None
    case_number: str | None
    uid: str | None
    decided_on: str | None


def open_cases(connection: Connection, source: str) -> list[KnownCase]:
    """Cases of a source that have no outcome yet, in the order in which they were met."""
    is_open = or_(Ruling.outcome.is_(None), Ruling.outcome.in_(OPEN))
    rows = connection.execute(_cases().where(Record.source == source, is_open))
    return [_case(row) for row in rows]


def cases_with_uid(connection: Connection, but_of: str) -> list[KnownCase]:
    """Cases of all other sources of which the UID is known, the newest first."""
    rows = connection.execute(
        _cases()
        .where(Record.source != but_of, Ruling.uid.is_not(None), Ruling.proceeding != "echr")
        .order_by(None)
        .order_by(Record.id.desc())
    )
    return [_case(row) for row in rows]


def decided_without_text(connection: Connection, but_of: str) -> list[KnownCase]:
    """Decided cases of all other sources of which no text of an act is held, the newest first."""
    rows = connection.execute(
        _cases()
        .where(
            Record.source != but_of, Ruling.act_text_digest.is_(None),
            Ruling.decided_on.is_not(None), Ruling.case_number.is_not(None),
            Ruling.proceeding != "echr",
        )
        .order_by(None)
        .order_by(Ruling.decided_on.desc(), Record.id)
    )  # fmt: skip
    return [_case(row) for row in rows]


def read_whole(connection: Connection, source: str) -> dict[str, list[date]]:
    """Part -> the days on which runs read it whole, oldest first."""
    rows = connection.execute(
        select(Part.key, PartRun.seen_at)
        .join(PartRun, PartRun.part_id == Part.id)
        .join(Run, Run.id == PartRun.run_id)
        .where(Part.source == source, PartRun.verdict.in_(WHOLE), Run.trigger == "crawl")
        .order_by(PartRun.seen_at)
    )
    found: dict[str, list[date]] = {}
    for key, seen_at in rows:
        found.setdefault(key, []).append(date.fromisoformat(str(seen_at)[:10]))
    return found


def _cases() -> Select[*tuple[Any, ...]]:
    """The query of all cases that stand in their source, oldest first."""
    return (
        select(
            Record.source, Part.key.label("part"), Record.key, Ruling.court, Ruling.case_number,
            Ruling.uid, Ruling.decided_on,
        )
        .join(Record, Record.id == Ruling.record_id)
        .join(Part, Part.id == Record.part_id)
        .where(Record.status != "gone")
        .order_by(Record.id)
    )  # fmt: skip


def _case(row: Row[Any]) -> KnownCase:
    return KnownCase(
        row.source, row.part, tuple(json.loads(row.key)), row.court, row.case_number, row.uid,
        str(row.decided_on) if row.decided_on else None,
    )  # fmt: skip
