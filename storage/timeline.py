"""Everything dated about a subject, each event with its fact.

A subject stands together with the rows that are linked to it by a match: those that a person
confirmed, and a re-inclusion that nobody has rejected. Each such event names its match.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from storage import announcements
from storage.domain_history import measured, with_proofs
from storage.entity_names import chunks
from storage.finding import Found
from storage.identities import AGAIN, CONFIRMED, MIRROR, REJECTED, SAME
from storage.models import Change, Entity, EntityName, Involvement, Match, Measure, Record, Revision
from storage.sites import one_outlet

NAMED, TARGET, LISTED = "named", "target", "listed"
EXCLUSION = "exclusion"
# Fields of a change that the acts of the row tell already.
TOLD = frozenset({"delisted_on", "listed_on", "decisions", "published_on"})


@dataclass(frozen=True, slots=True)
class Link:
    """A row linked to the one asked for."""

    record_id: int
    match_id: int
    kind: str
    status: str


def links(connection: Connection, record_id: int) -> list[dict[str, Any]]:
    """Every match of a record with another row, rejected ones left out, as `show` tells it."""
    rows = connection.execute(
        select(Match).where(
            or_(Match.left_record_id == record_id, Match.right_record_id == record_id),
            Match.kind.in_((AGAIN, SAME, MIRROR)), Match.status != REJECTED,
        ).order_by(Match.score.desc(), Match.id)
    )  # fmt: skip
    return [
        {
            "match": row.id, "kind": row.kind, "status": row.status, "score": row.score,
            "rule": row.rule, "evidence": json.loads(row.evidence),
            "record": row.right_record_id if row.left_record_id == record_id
            else row.left_record_id,
            "earlier": row.left_record_id == record_id,
        }
        for row in rows
    ]  # fmt: skip


def standing(connection: Connection, record_id: int) -> dict[str, Any]:
    """Who stands in a record: `entities` with their stated names and roles, and its `links`."""
    rows = connection.execute(
        select(Entity.id, Entity.kind, Entity.name, Involvement.role)
        .join(Involvement, Involvement.entity_id == Entity.id)
        .where(Involvement.record_id == record_id)
        .order_by(Involvement.place)
    ).all()
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = {"entity": row.id, "kind": row.kind, "name": row.name, "roles": [], "names": []}
        roles = found.setdefault(row.id, one)["roles"]
        if row.role not in roles:
            roles.append(row.role)
    named = connection.execute(
        select(EntityName.entity_id, EntityName.name, EntityName.kind)
        .where(EntityName.entity_id.in_(list(found)), EntityName.kind != "alias")
        .order_by(EntityName.kind, EntityName.name)
    )
    for entity, name, kind in named:
        if name != found[entity]["name"]:
            found[entity]["names"].append({"name": name, "kind": kind})
    return {"entities": list(found.values()), "links": links(connection, record_id)}


def linked(connection: Connection, record_ids: Sequence[int]) -> dict[int, Link | None]:
    """Rows that stand together with these: record -> the link that brought it, none for the first
    of them and for those that no link brings."""
    found: dict[int, Link | None] = {}
    for first in record_ids:
        if first not in found:
            found[first] = None
            _follow(connection, first, found)
    return found


def _follow(connection: Connection, first: int, found: dict[int, Link | None]) -> None:
    waiting = [first]
    while waiting:
        for row in links(connection, waiting.pop()):
            holds = row["status"] == CONFIRMED or row["kind"] == AGAIN
            if holds and row["record"] not in found:
                other = Link(row["record"], row["match"], row["kind"], row["status"])
                found[other.record_id] = other
                waiting.append(other.record_id)


def timeline(connection: Connection, subjects: Sequence[Found]) -> list[dict[str, Any]]:
    """All events of subjects by their date, undated ones last."""
    own = linked(connection, [one.record_id for one in subjects if one.record_id is not None])
    ids = {one.id for one in subjects} | set(_entities_of(connection, list(own)))
    domains = one_outlet(connection, list(domains_of(connection, list(own)).values()))
    hosts = one_outlet(connection, [one.name for one in subjects if one.kind == "domain"])
    ids |= hosts.keys()
    sites: dict[str, str | None] = dict.fromkeys(hosts.values())
    events = [
        *_acts(connection, sorted(ids), own, {}),
        *_acts(connection, sorted(domains), own, domains),
        *measured(connection, {name: name for name in domains.values()} | sites),
        *_changes(connection, list(own)),
        *_announced(connection, list(own)),
    ]
    told: dict[tuple[Any, ...], dict[str, Any]] = {}
    for event in sorted(events, key=_order):
        told.setdefault((event["record"], event["act"], event["date"], event["fact"]), event)
    return with_proofs(connection, told.values())


def _order(event: dict[str, Any]) -> tuple[Any, ...]:
    return (event["date"] is None, event["date"] or "", event["record"], event["act"])


def _entities_of(connection: Connection, record_ids: list[int]) -> list[str]:
    rows = select(Entity.id).where(Entity.record_id.in_(record_ids))
    return list(connection.execute(rows).scalars())


def domains_of(connection: Connection, record_ids: list[int]) -> dict[str, str]:
    """Domains that a row names as its subject's own: what hits them, hits the subject."""
    rows = connection.execute(
        select(Entity.id, Entity.name)
        .join(Involvement, Involvement.entity_id == Entity.id)
        .where(Involvement.record_id.in_(record_ids), Involvement.role == NAMED)
    )
    return {row.id: row.name for row in rows}


def _acts(
    connection: Connection,
    ids: Sequence[str],
    own: dict[int, Link | None],
    through: dict[str, str],
) -> Iterator[dict[str, Any]]:
    """Acts in which the entities stand; of a domain that a row names, those aimed at it."""
    for some in chunks(ids):
        which: list[Any] = [Involvement.entity_id.in_(some)]
        if through:
            which.append(Involvement.role == TARGET)
        for row in connection.execute(involved().where(*which)):
            event = event_of(row, own.get(row.record_id))
            yield event | {"through": through.get(row.entity_id)}
            if row.ended_on and row.act not in (EXCLUSION, "inclusion"):
                yield event | {"date": row.ended_on, "act": "ended", "through": None}


def involved() -> Any:
    """Involvements with their entity, record and measure."""
    return (
        select(
            Involvement.record_id, Involvement.entity_id, Involvement.role, Involvement.act,
            Involvement.acted_on, Involvement.basis, Involvement.score, Involvement.decided_by,
            Entity.name, Record.source, Record.key, Record.status, Record.revision_id,
            Record.ended_on, Measure.code, Measure.direction, Measure.target, Measure.authority,
        )
        .join(Entity, Entity.id == Involvement.entity_id)
        .join(Record, Record.id == Involvement.record_id)
        .outerjoin(Measure, Measure.record_id == Involvement.record_id)
        .order_by(Involvement.record_id, Involvement.place)
    )  # fmt: skip


def event_of(row: Any, link: Link | None) -> dict[str, Any]:
    """An involvement as lists tell it."""
    return {
        "date": row.acted_on, "act": row.act, "role": row.role, "name": row.name,
        "target": row.target,
        "source": row.source, "key": json.loads(row.key), "record": row.record_id,
        "fact": f"F{row.revision_id}", "code": row.code, "direction": row.direction,
        "authority": row.authority, "status": row.status, "basis": row.basis,
        "match": None if link is None else
        {"match": link.match_id, "kind": link.kind, "status": link.status},
        "fields": [], "through": None,
    }  # fmt: skip


def _changes(connection: Connection, record_ids: list[int]) -> Iterator[dict[str, Any]]:
    """What a row said anew: other names, another ground; the acts themselves are told above."""
    rows = connection.execute(
        select(Change.record_id, Change.kind, Change.at, Change.fields, Change.to_revision_id,
               Record.source, Record.key, Record.status, Measure.target, Measure.code)
        .join(Record, Record.id == Change.record_id)
        .outerjoin(Measure, Measure.record_id == Change.record_id)
        .where(
            Change.record_id.in_(record_ids), Change.volatile.is_(False),
            Change.kind.in_(("changed", "gone", "returned", "corrected")),
        )
    )  # fmt: skip
    for row in rows:
        fields = [name for name in json.loads(row.fields) if name not in TOLD]
        if row.kind == "changed" and not fields:
            continue
        yield {
            "date": row.at[:10], "act": row.kind, "role": TARGET, "name": row.target,
            "target": row.target,
            "source": row.source, "key": json.loads(row.key), "record": row.record_id,
            "fact": f"F{row.to_revision_id}", "code": row.code, "direction": None,
            "authority": None, "status": row.status, "basis": "stated", "match": None,
            "fields": fields, "through": None,
        }  # fmt: skip


def _announced(connection: Connection, record_ids: list[int]) -> Iterator[dict[str, Any]]:
    rows = connection.execute(
        select(Match.id, Match.status, Match.kind, Match.right_record_id, Record.id.label("record"),
               Record.source, Record.key, Record.status.label("stands"), Revision.id.label("fact"),
               Revision.fields)
        .join(Record, Record.id == Match.left_record_id)
        .join(Revision, Revision.id == Record.revision_id)
        .where(
            Match.kind == announcements.KIND, Match.status != REJECTED,
            Match.right_record_id.in_(record_ids),
        )
    )  # fmt: skip
    for row in rows:
        fields = json.loads(row.fields)
        yield {
            "date": fields.get("acted_on") or fields.get("published_on"), "act": "announced",
            "role": TARGET, "name": fields.get("subject"),
            "target": fields.get("subject"), "source": row.source,
            "key": json.loads(row.key), "record": row.record, "fact": f"F{row.fact}",
            "code": fields.get("kind"), "direction": None, "authority": fields.get("authority"),
            "status": row.stands, "basis": "stated",
            "match": {"match": row.id, "kind": row.kind, "status": row.status},
            "fields": [], "through": None,
        }  # fmt: skip
