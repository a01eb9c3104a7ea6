"""Suggested identities: two rows that probably are about the same subject. Nothing is merged.

`re-inclusion`  left: a row included again, right: the row of the same register that was excluded
                before; full name and kind are the same.
`same-subject`  left: a row of one source, right: a row of another that states the same name.
`mirror`        left: a blocking, right: a row that names the site of which it may hit a mirror
                (`sites` suggests it).

A suggestion that no longer holds is withdrawn; what a person decided stays, whatever is read later.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from storage.audit import canonical
from storage.entity_names import chunks
from storage.errors import Refused
from storage.models import Designation, Entity, EntityName, Match, Record

AGAIN, SAME, MIRROR = "re-inclusion", "same-subject", "mirror"
SUGGESTED, CONFIRMED, REJECTED = "suggested", "confirmed", "rejected"
SHORTEST = 4  # signs of a name that two sources may share without being about the same
# The same full name in one register, the earlier row excluded before the later one was included.
AGAIN_SCORE = 0.95
# Both sources list the same name; one knows it as another or a former name; kinds are not told.
LISTED_SCORE, OTHER_SCORE, KIND_UNKNOWN = 0.8, 0.6, 0.1
PERSON, BODY, OUTLET, UNKNOWN = "person", "organisation", "outlet", "unknown"

Pair = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's entity under one of its stated names."""

    record_id: int
    source: str
    entity_id: str
    kind: str
    name: str
    name_kind: str
    search_key: str


def suggest(connection: Connection, touched: Sequence[int]) -> int:
    """Suggest what the records that were read now have in common with others; withdraw what they
    no longer have. Returns how many suggestions are new."""
    new = 0
    for some in _with_entity(connection, touched):
        found = {(one["kind"], one["left_record_id"], one["right_record_id"]): one
                 for one in (*_again(connection, some), *_same(connection, some))}  # fmt: skip
        known = _known(connection, some)
        for pair, (match_id, status) in known.items():
            if status == SUGGESTED and pair not in found:
                connection.execute(delete(Match).where(Match.id == match_id))
            elif status == SUGGESTED:
                connection.execute(update(Match).where(Match.id == match_id).values(**found[pair]))
        fresh = [one for pair, one in sorted(found.items()) if pair not in known]
        if fresh:
            connection.execute(insert(Match), fresh)
        new += len(fresh)
    return new


def _with_entity(connection: Connection, ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Those records that are an entity of their own, or have a match: a blocklist's have none."""
    for some in chunks(ids):
        own = select(Entity.record_id).where(Entity.record_id.in_(some))
        sides = (select(side).where(side.in_(some)) for side in
                 (Match.left_record_id, Match.right_record_id))  # fmt: skip
        found = {one for which in (own, *sides) for one in connection.execute(which).scalars()}
        if found:
            yield sorted(one for one in found if one is not None)


def _known(connection: Connection, ids: Sequence[int]) -> dict[Pair, tuple[int, str]]:
    either = Match.left_record_id.in_(ids) | Match.right_record_id.in_(ids)
    rows = connection.execute(
        select(Match.id, Match.kind, Match.left_record_id, Match.right_record_id, Match.status)
        .where(either, Match.kind.in_((AGAIN, SAME)))
        .order_by(Match.id)
    )
    return {(kind, left, right): (match, status) for match, kind, left, right, status in rows}


def _again(connection: Connection, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Every later row with each earlier one: a name may be excluded twice."""
    later, earlier = aliased(Record), aliased(Record)
    one, other = aliased(Entity), aliased(Entity)
    name, same = aliased(EntityName), aliased(EntityName)
    new, old = aliased(Designation), aliased(Designation)
    rows = connection.execute(
        select(later.id, earlier.id, name.name, new.listed_on, old.number, old.listed_on,
               old.delisted_on)
        .select_from(new)
        .join(later, later.id == new.record_id)
        .join(one, one.record_id == later.id)
        .join(name, (name.entity_id == one.id) & (name.kind == "listed"))
        .join(same, (same.search_key == name.search_key) & (same.kind == "listed"))
        .join(other, (other.id == same.entity_id) & (_is_person(other) == _is_person(one)))
        .join(earlier, (earlier.id == other.record_id) & (earlier.part_id == later.part_id))
        .join(old, old.record_id == earlier.id)
        .where(
            later.id != earlier.id, old.delisted_on < new.listed_on,
            later.id.in_(ids) | earlier.id.in_(ids),
        )
        .distinct()
    )  # fmt: skip
    for left, right, stated, again_on, number, listed_on, delisted_on in rows:
        evidence = {
            "name": stated, "earlier_number": number, "listed_on": listed_on,
            "delisted_on": delisted_on, "again_on": again_on,
        }  # fmt: skip
        yield _match(AGAIN, left, right, AGAIN_SCORE, "same-name-after-exclusion", evidence)


def _is_person(entity: Any) -> Any:
    return case((entity.kind == PERSON, 1), else_=0)


def _same(connection: Connection, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Rows of two sources with a name in common; of a row under several names the best pair."""
    mine = list(_stated(connection, Entity.record_id.in_(ids)))
    keys = sorted({row.search_key for row in mine if len(row.search_key) >= SHORTEST})
    theirs: dict[str, list[_Row]] = {}
    for some in chunks(keys):
        for row in _stated(connection, EntityName.search_key.in_(some)):
            theirs.setdefault(row.search_key, []).append(row)
    best: dict[tuple[int, int], dict[str, Any]] = {}
    for row in mine:
        for other in theirs.get(row.search_key, ()):
            found = _compare(*sorted((row, other), key=lambda one: one.record_id, reverse=True))
            if found is None:
                continue
            pair = found["left_record_id"], found["right_record_id"]
            if pair not in best or found["score"] > best[pair]["score"]:
                best[pair] = found
    yield from (best[pair] for pair in sorted(best))


def _stated(connection: Connection, which: Any) -> Iterable[_Row]:
    rows = connection.execute(
        select(Entity.record_id, Record.source, Entity.id, Entity.kind, EntityName.name,
               EntityName.kind, EntityName.search_key)
        .join(Record, Record.id == Entity.record_id)
        .join(EntityName, EntityName.entity_id == Entity.id)
        .where(which, EntityName.kind != "alias")
        .order_by(Entity.record_id, EntityName.name)
    )  # fmt: skip
    return [_Row(record or 0, *rest) for record, *rest in rows]


def _compare(later: _Row, earlier: _Row) -> dict[str, Any] | None:
    """Do rows of two sources name the same? Both must be of one kind, as far as it is known; of a
    person one word, a pseudonym say, is not enough."""
    if later.source == earlier.source:
        return None
    kinds = {BODY if one.kind == OUTLET else one.kind for one in (later, earlier)}
    if len(kinds - {UNKNOWN}) > 1:
        return None
    if PERSON in kinds and " " not in later.search_key:
        return None
    both_listed = later.name_kind == earlier.name_kind == "listed"
    score = (LISTED_SCORE if both_listed else OTHER_SCORE) - KIND_UNKNOWN * (UNKNOWN in kinds)
    rule = "same-listed-name" if both_listed else "same-other-name"
    evidence = {"left": later.name, "right": earlier.name, "kinds": sorted(kinds)}
    return _match(SAME, later.record_id, earlier.record_id, round(score, 2), rule, evidence)


def _match(
    kind: str, left: int, right: int, score: float, rule: str, evidence: dict[str, Any]
) -> dict[str, Any]:
    return {
        "kind": kind, "left_record_id": left, "right_record_id": right, "score": score,
        "rule": rule, "evidence": canonical(evidence), "status": SUGGESTED,
    }  # fmt: skip


def review(
    connection: Connection, kind: str | None, status: str | None, source: str | None, least: float
) -> Iterator[dict[str, Any]]:
    """Matches with both their rows, the most certain first; `source` is that of either row."""
    left, right = aliased(Record), aliased(Record)
    statement = (
        select(Match, left, right)
        .join(left, left.id == Match.left_record_id)
        .join(right, right.id == Match.right_record_id)
        .where(Match.score >= least)
        .order_by(Match.score.desc(), Match.id)
    )
    if kind:
        statement = statement.where(Match.kind == kind)
    if status:
        statement = statement.where(Match.status == status)
    if source:
        statement = statement.where((left.source == source) | (right.source == source))
    for match, one, other in Session(bind=connection).execute(statement):
        yield {
            "match": match.id, "kind": match.kind, "score": match.score, "rule": match.rule,
            "status": match.status, "evidence": json.loads(match.evidence),
            "left": _side(one), "right": _side(other), "decided_by": match.decided_by,
            "decided_at": match.decided_at, "reason": match.reason,
        }  # fmt: skip


def _side(record: Record) -> dict[str, Any]:
    return {
        "record": record.id, "fact": f"F{record.revision_id}", "source": record.source,
        "key": json.loads(record.key),
    }  # fmt: skip


def decide(
    connection: Connection, match_id: int, status: str, reason: str, actor: str, at: str
) -> dict[str, Any]:
    """Write a person's decision; returns it for the audit. Raises Refused where there is no such
    match, or it is decided so already."""
    row = connection.execute(select(Match).where(Match.id == match_id)).one_or_none()
    if row is None:
        raise Refused(f"There is no match {match_id}. `unsilenced match review` lists them.")
    if row.status == status:
        raise Refused(f"Match {match_id} is {status} already, by {row.decided_by}.")
    values = {"status": status, "decided_by": actor, "decided_at": at, "reason": reason}
    connection.execute(update(Match).where(Match.id == match_id).values(**values))
    return {
        "match": match_id, "kind": row.kind, "left": row.left_record_id,
        "right": row.right_record_id, "from": row.status, "to": status, "reason": reason,
    }  # fmt: skip
