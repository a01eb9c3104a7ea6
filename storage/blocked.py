"""Blockings joined: one of a domain and ground, with every row of every source that states it.

Rows of one domain state one blocking when day and number of their decisions are the same. A row
that states no number (a hidden decision, an interface without numbers) and no other agency belongs
to the decision of its day, of several to the one known first. What stands in no register states
neither day nor agency: it is a blocking of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from storage.entity_names import chunks
from storage.hashed import HELD_NOW
from storage.models import (
    Blocking,
    Change,
    Entity,
    HashedRows,
    Involvement,
    Measure,
    Part,
    Record,
)

TARGET, ACT, DOMAIN = "target", "blocking", "domain"
BLOCKED, UNSEEN, ENDED = "blocked", "unseen", "ended"
REGISTER, SEEN, FIRST_LOOK = "register", "seen", "first-look"
DAY = 10  # signs of a date without an hour


@dataclass(frozen=True, slots=True)
class Stated:
    """One row of one source about one domain, as its current revision states it.

    known_before: the row stood there when the source was read first, who knows how long."""

    domain: str
    record: int
    fact: int
    source: str
    family: str
    status: str
    authority: str | None
    inferred: str | None
    number: str | None
    decided_on: str | None
    included_at: str | None
    first_seen_at: str
    last_seen_at: str | None
    ended_on: str | None
    article: str | None
    political: str | None
    rule: str | None
    code: str | None
    known_before: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """A blocking of a domain on one ground: its rows by their number, the first known first."""

    domain: str
    rows: tuple[Stated, ...]

    def first(self, name: str) -> Any:
        """What the first row says that says anything of it."""
        return next((v for row in self.rows if (v := getattr(row, name)) is not None), None)

    def told(self) -> dict[str, Any]:
        """As commands and the release tell it; times are UTC, days as stated."""
        since, basis = self._since()
        status = self._status()
        authority = self.first("authority")
        return {
            "domain": self.domain, "code": self.first("code"),
            "authority": authority or self.first("inferred"),
            "authority_basis": "stated" if authority else
            "inferred" if self.first("inferred") else None,
            "decision_number": self._number(), "decided_on": self.first("decided_on"),
            "article": self.first("article"), "political": self.first("political"),
            "political_rule": self.first("rule"), "since": since, "since_basis": basis,
            "status": status, "ended_on": self._ended_on() if status == ENDED else None,
            "sources": sorted({row.source for row in self.rows}),
            "rows": [
                {
                    "record": row.record, "fact": f"F{row.fact}", "source": row.source,
                    "status": row.status, "first_seen_at": row.first_seen_at,
                    "last_seen_at": row.last_seen_at, "ended_on": row.ended_on,
                }
                for row in self.rows
            ],
        }  # fmt: skip

    def _number(self) -> str | None:
        return next((row.number for row in self.rows if number_key(row.number)), None)

    def _since(self) -> tuple[str, str]:
        """When it began: as a register states it, else when we saw it first."""
        stated = [row.included_at for row in self.rows if row.included_at is not None]
        if stated:  # of one day, the hour tells more than the day alone
            return min(stated, key=lambda at: (at[:10], len(at) == DAY, at)), REGISTER
        row = min(self.rows, key=lambda one: one.first_seen_at)
        return row.first_seen_at, FIRST_LOOK if row.known_before else SEEN

    def _status(self) -> str:
        states = {row.status for row in self.rows}
        return BLOCKED if "listed" in states else UNSEEN if "absent" in states else ENDED

    def _ended_on(self) -> str | None:
        return max((row.ended_on for row in self.rows if row.ended_on), default=None)


def number_key(number: str | None) -> str:
    """A number of a decision for comparing; nothing where it is none: courts write `without`."""
    text = "".join((number or "").casefold().split())
    return text if any(sign.isdigit() for sign in text) else ""


def join(rows: Iterable[Stated]) -> list[Joined]:
    """Rows put together, in the order of their domains and days of decision."""
    days: dict[tuple[str, str | None, str | None], list[Stated]] = {}
    for row in sorted(rows, key=lambda one: (one.domain, one.record)):
        days.setdefault((row.domain, row.decided_on, row.code), []).append(row)
    found = [
        Joined(domain, tuple(one)) for (domain, *_day), some in days.items() for one in _split(some)
    ]
    return sorted(found, key=_order)


def _order(one: Joined) -> tuple[Any, ...]:
    """By domain, then by the day of the decision, an unknown one last."""
    day = one.rows[0].decided_on
    return one.domain, day is None, day or "", one.rows[0].record


def _split(rows: Sequence[Stated]) -> list[list[Stated]]:
    """Rows of a domain and day by their grounds: by number, then those without one."""
    groups: dict[tuple[str, str], list[Stated]] = {}
    for row in rows:
        number = number_key(row.number)
        if number:
            groups.setdefault(("number", number), []).append(row)
    numbered = list(groups.values())
    for row in rows:
        if number_key(row.number):
            continue
        alike = [one for one in numbered if _one_agency(one, row)]
        if alike:
            min(alike, key=lambda one: one[0].record).append(row)
        else:
            authority = row.authority or row.inferred or ""
            groups.setdefault(("authority", authority), []).append(row)
    return [sorted(one, key=lambda row: row.record) for one in groups.values()]


def _one_agency(group: Sequence[Stated], row: Stated) -> bool:
    mine = row.authority or row.inferred
    theirs = {one.authority or one.inferred for one in group} - {None}
    return mine is None or not theirs or mine in theirs


def stated(connection: Connection, domains: Sequence[str] | None = None) -> list[Stated]:
    """The rows about some domains, of all where none are named."""
    if domains is None:
        return _stated(connection)
    return [row for some in chunks(domains) for row in _stated(connection, Entity.name.in_(some))]


def _stated(connection: Connection, *where: Any) -> list[Stated]:
    first = select(Change.id).where(
        Change.record_id == Record.id, Change.kind.in_(("baseline", "reparsed")),
        Change.from_revision_id.is_(None),
    )  # fmt: skip
    rows = connection.execute(
        select(
            Entity.name, Record.id, Record.revision_id, Record.source, Blocking.record_id,
            Record.status, Blocking.agency, Measure.authority, Blocking.agency_inferred,
            Blocking.decision_number, Involvement.acted_on, Blocking.decided_on,
            Blocking.included_at, Record.first_seen_at, Record.last_seen_at, Part.complete_at,
            Record.ended_on, Blocking.article, Blocking.political, Blocking.political_rule,
            Measure.code, first.exists().label("known_before"),
        )
        .join(Entity, Entity.id == Involvement.entity_id)
        .join(Record, Record.id == Involvement.record_id)
        .join(Part, Part.id == Record.part_id)
        .outerjoin(Blocking, Blocking.record_id == Record.id)
        .outerjoin(Measure, Measure.record_id == Record.id)
        .where(Entity.kind == DOMAIN, Involvement.role == TARGET, Involvement.act == ACT, *where)
        .order_by(Entity.name, Record.id)
    )  # fmt: skip
    return [_of_row(row) for row in rows]


def _of_row(row: Any) -> Stated:
    is_blocking = row.record_id is not None
    return Stated(
        domain=row.name, record=row.id, fact=row.revision_id, source=row.source,
        family="blocking" if is_blocking else "curated", status=row.status,
        authority=row.agency if is_blocking else row.authority, inferred=row.agency_inferred,
        number=row.decision_number,
        decided_on=row.decided_on if is_blocking else row.acted_on,
        included_at=row.included_at, first_seen_at=row.first_seen_at,
        last_seen_at=row.complete_at if row.status == "listed" else row.last_seen_at,
        ended_on=row.ended_on, article=row.article, political=row.political,
        rule=row.political_rule, code=row.code, known_before=bool(row.known_before),
    )  # fmt: skip


def joined(connection: Connection, domains: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """The blockings of some domains, of all where none are named, as they are told."""
    return [one.told() for one in join(stated(connection, domains))]


def only_counted(connection: Connection) -> dict[str, int]:
    """Source -> rows of its present state that are only counted: no name of theirs is kept."""
    rows = connection.execute(
        select(Part.source, func.sum(HashedRows.rows))
        .join(Part, Part.id == HashedRows.part_id)
        .where(HashedRows.run_id == HELD_NOW)
        .group_by(Part.source)
        .order_by(Part.source)
    )
    return {source: int(count) for source, count in rows if count}
