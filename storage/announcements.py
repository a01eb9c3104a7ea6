"""Announcements beside the registers: which row shows what was announced, and what is overdue.

An announcement is no act of its own here. A `match` of the kind `announcement` suggests the row of
the register in which it appeared (left: the announcement, right: the row); its state is derived
from that whenever it is read, so a rejected match takes effect at once.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from storage.audit import canonical
from storage.issues import BY_MATCH, record_issues
from storage.models import Designation, IssueRow, Match, Part, Record, Revision
from storage.staged_row import Issue

KIND = "announcement"
OVERDUE = "announced-not-listed"
ANNOUNCED, IN_REGISTER = "announced", "in-register"
REJECTED = "rejected"
SHOWN = ("kind", "subject", "authority", "published_on", "acted_on", "title", "url", "reasons")


@dataclass(frozen=True, slots=True)
class Row:
    """A record with its current fields, as one side of a match."""

    record_id: int
    part: str
    fields: dict[str, Any]
    locator: str
    digest: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An announcement and the row that probably shows it: score up to 1, rule and evidence."""

    left: int
    right: int
    score: float
    rule: str
    evidence: dict[str, Any]


def has_any(connection: Connection, source: str) -> bool:
    """Was anything announced by this source?"""
    found = connection.execute(select(Record.id).where(Record.source == source).limit(1))
    return found.first() is not None


def open_rows(connection: Connection, source: str) -> list[Row]:
    """Announcements of a source of which no row of a register is known."""
    matched = select(Match.id).where(
        Match.kind == KIND, Match.left_record_id == Record.id, Match.status != REJECTED
    )
    return list(_rows(connection, Record.source == source, ~matched.exists()))


def register_rows(connection: Connection, source: str, first: str, last: str) -> list[Row]:
    """Rows of a register whose inclusion or exclusion lies between two days, both included."""
    ids = select(Designation.record_id).where(
        or_(
            Designation.listed_on.between(first, last),
            Designation.delisted_on.between(first, last),
        )
    )
    return list(_rows(connection, Record.source == source, Record.id.in_(ids)))


def _rows(connection: Connection, *which: Any) -> Iterator[Row]:
    found = connection.execute(
        select(Record.id, Part.key, Revision.fields, Revision.locator, Revision.digest)
        .join(Revision, Revision.id == Record.revision_id)
        .join(Part, Part.id == Record.part_id)
        .where(*which)
        .order_by(Record.id)
    )
    for record_id, part, fields, locator, digest in found:
        yield Row(record_id, part, json.loads(fields), locator, digest)


def decided_pairs(connection: Connection) -> set[tuple[int, int]]:
    """Pairs that were suggested before, rejected ones among them: not suggested again."""
    rows = connection.execute(
        select(Match.left_record_id, Match.right_record_id).where(Match.kind == KIND)
    )
    return {(left, right) for left, right in rows}


def suggest(connection: Connection, found: Iterable[Suggestion]) -> int:
    """Write suggestions that nobody has decided yet; returns how many are new."""
    known = decided_pairs(connection)
    rows = [
        {
            "kind": KIND, "left_record_id": one.left, "right_record_id": one.right,
            "score": one.score, "rule": one.rule, "evidence": canonical(one.evidence),
            "status": "suggested",
        }
        for one in found
        if (one.left, one.right) not in known
    ]  # fmt: skip
    if rows:
        connection.execute(insert(Match), rows)
    return len(rows)


def last_whole_read(connection: Connection, source: str) -> str:
    """When a register was last read whole; empty where it never was."""
    newest = select(func.max(Part.complete_at)).where(Part.source == source)
    return connection.execute(newest).scalar() or ""


def tell_overdue(
    connection: Connection, source: str, run_id: int, at: str, overdue: Sequence[tuple[Row, str]]
) -> tuple[int, int]:
    """Keep one open issue for each overdue announcement (with its words) and close the others.

    Returns how many issues were opened and how many closed."""
    opened = _open_issues(connection, source)
    told = {(row.part, row.locator, row.fields.get("subject") or "") for row, _words in overdue}
    over = [issue for name, issue in opened.items() if name not in told]
    if over:
        closing = update(IssueRow).where(IssueRow.id.in_(over))
        mark = {"closed_at": at, "closed_run_id": run_id, "closed_by": BY_MATCH}
        connection.execute(closing.values(**mark))
    issues = [
        Issue(OVERDUE, row.fields.get("subject") or "", words, row.locator, row.digest, row.part)
        for row, words in overdue
    ]
    record_issues(connection, source, run_id, at, issues)
    return len(told - opened.keys()), len(over)


def _open_issues(connection: Connection, source: str) -> dict[tuple[str, str, str], int]:
    rows = connection.execute(
        select(IssueRow.part, IssueRow.locator, IssueRow.heading, IssueRow.id).where(
            IssueRow.source == source, IssueRow.kind == OVERDUE, IssueRow.closed_at.is_(None)
        )
    )
    return {(part, locator, heading): issue for part, locator, heading, issue in rows}


@dataclass(frozen=True, slots=True)
class Announced:
    """Every announcement that stands beside a row of a register, by either side."""

    register_record: dict[int, int]
    of_row: dict[int, list[dict[str, Any]]]

    def state(self, record_id: int) -> dict[str, Any]:
        """What is told with an announcement: its state and the record of the register."""
        row = self.register_record.get(record_id)
        return {"state": IN_REGISTER if row else ANNOUNCED, "register_record": row}

    def reasons(self, record_id: int) -> list[dict[str, Any]]:
        """Reasons that were announced for a row's inclusion, with authority and address."""
        return [
            reason | {"authority": one["authority"], "url": one["url"]}
            for one in self.of_row.get(record_id, ())
            if one["kind"] != "exclusion"
            for reason in one["reasons"] or ()
        ]


def announced(connection: Connection) -> Announced:
    """All matches of announcements that nobody rejected, the most certain first."""
    rows = connection.execute(
        select(Match.left_record_id, Match.right_record_id, Revision.id, Revision.fields)
        .join(Record, Record.id == Match.left_record_id)
        .join(Revision, Revision.id == Record.revision_id)
        .where(Match.kind == KIND, Match.status != REJECTED)
        .order_by(Match.score.desc(), Match.id)
    )
    found = Announced({}, {})
    for left, right, revision_id, text in rows:
        fields = json.loads(text)
        found.register_record.setdefault(left, right)
        told = {name: fields.get(name) for name in SHOWN}
        one = {"record": left, "fact": f"F{revision_id}", **told}
        found.of_row.setdefault(right, []).append(one)
    return found
