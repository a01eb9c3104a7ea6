"""One case under two keys: a saved card names its number alone, a crawl its GUID.

Keys never change, or a record would lose its history; the two are suggested as a `match`. Left is
the record that is known by its number, right the one with the case's own key.
"""

import json
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import aliased

from storage.audit import canonical
from storage.models import Match, Record, Ruling
from storage.store import Store

KIND = "same-case"
RULE = "court, UID and number"
BY_NUMBER = "number"  # the second item of a key that names a case by its number


def suggest(store: Store, source: str, run_id: int) -> int:
    """Suggest what a run has made plain; returns how many matches are new."""
    with store.read() as connection:
        found = _found(connection, source)
    if not found:
        return 0
    with store.write() as connection:
        connection.execute(insert(Match), found)
        store.log(connection, "cases-matched", f"run {run_id}", {"suggested": len(found)})
    store.checkpoint()
    return len(found)


def _found(connection: Connection, source: str) -> list[dict[str, Any]]:
    mine, other = aliased(Ruling), aliased(Ruling)
    left, right = aliased(Record), aliased(Record)
    pairs = connection.execute(
        select(
            left.id.label("left"), right.id.label("right"), mine.uid, right.key,
            mine.case_numbers.label("numbers"), other.case_numbers.label("others"),
        )
        .join(mine, mine.record_id == left.id)
        .join(other, (other.uid == mine.uid) & (other.court_code == mine.court_code))
        .join(right, right.id == other.record_id)
        .where(
            left.source == source, right.source == source, left.id != right.id,
            left.key.contains(f'","{BY_NUMBER}","'),
            ~select(Match.id)
            .where(
                Match.kind == KIND, Match.left_record_id == left.id,
                Match.right_record_id == right.id,
            )
            .exists(),
        )
        .order_by(left.id, right.id)
    )  # fmt: skip
    return [row for pair in pairs if (row := _match(pair)) is not None]


def _match(pair: Any) -> dict[str, Any] | None:
    """A case of the same UID may be another one: tried anew, it has another number."""
    shared = [n for n in json.loads(pair.numbers) if n in json.loads(pair.others)]
    if not shared or json.loads(pair.key)[1] == BY_NUMBER:
        return None
    return {
        "kind": KIND, "left_record_id": pair.left, "right_record_id": pair.right, "score": 1.0,
        "rule": RULE, "status": "suggested",
        "evidence": canonical({"uid": pair.uid, "number": shared[0]}),
    }  # fmt: skip
