"""What registers and measurements say of a domain, in the order of time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from storage.blocked import joined
from storage.entity_names import chunks
from storage.models import Change, Reachability, Record

ENDED, INCLUDED, MEASURED, GONE = "ended", "included", "measured", "gone"
MEASURES = ("verdict", "rule", "window_from", "window_to", "measurements", "networks",
            "confirmed", "anomaly", "failure")  # fmt: skip


def proofs(connection: Connection, record_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Record that is gone -> when it was seen last, and the two complete looks that missed it."""
    found: dict[int, dict[str, Any]] = {}
    for some in chunks(sorted(set(record_ids))):
        rows = connection.execute(
            select(Record.id, Record.last_seen_at, Record.absent_at, Record.absent_run_id,
                   Record.revision_id, Change.at, Change.run_id)
            .join(Change, (Change.record_id == Record.id) & (Change.kind == GONE))
            .where(Record.id.in_(some), Record.status == GONE)
            .order_by(Change.id)
        )  # fmt: skip
        for row in rows:
            found[row.id] = {
                "fact": f"F{row.revision_id}", "last_seen_at": row.last_seen_at,
                "looks": [
                    {"at": row.absent_at, "run": row.absent_run_id},
                    {"at": row.at, "run": row.run_id},
                ],
            }  # fmt: skip
    return found


def with_proofs(connection: Connection, events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events of a timeline; the end of a row that we saw vanish has its `proof`."""
    told = list(events)
    gone = [one["record"] for one in told if one["act"] in (ENDED, GONE)]
    known = proofs(connection, gone)
    return [
        one | {"proof": known.get(one["record"]) if one["act"] in (ENDED, GONE) else None}
        for one in told
    ]


def measured(connection: Connection, domains: Mapping[str, str | None]) -> Iterator[dict[str, Any]]:
    """Measurements of domains as events of a timeline, dated by the end of their window.

    domains: domain -> the domain through which the subject is hit, none where it is the subject."""
    for some in chunks(sorted(domains)):
        rows = connection.execute(
            select(Reachability, Record)
            .join(Record, Record.id == Reachability.record_id)
            .where(Reachability.domain.in_(some), Record.status != GONE)
            .order_by(Record.id)
        )
        for row in rows:
            yield _measured(row, domains[row.domain])


def _measured(row: Any, through: str | None) -> dict[str, Any]:
    return {
        "date": row.window_to, "act": MEASURED, "role": "target", "name": row.domain,
        "target": row.domain, "source": row.source, "key": [row.domain], "record": row.record_id,
        "fact": f"F{row.revision_id}", "code": row.verdict, "direction": None, "authority": None,
        "status": row.status, "basis": MEASURED, "match": None, "fields": [], "through": through,
        "measurement": {name: getattr(row, name) for name in MEASURES},
    }  # fmt: skip


def history(connection: Connection, domain: str) -> list[dict[str, Any]]:
    """One line of a domain's life: decisions, entries, ends with their proof, measurements."""
    blockings = joined(connection, [domain])
    known = proofs(connection, [row["record"] for one in blockings for row in one["rows"]])
    events = [event for one in blockings for event in _of_blocking(one, known)]
    for one in measured(connection, {domain: None}):
        events.append(
            {"date": one["date"], "what": MEASURED, "source": one["source"], "fact": one["fact"],
             "measurement": one["measurement"]}
        )  # fmt: skip
    return sorted(events, key=lambda one: (one["date"] is None, one["date"] or ""))


def _of_blocking(one: Mapping[str, Any], known: Mapping[int, Any]) -> Iterator[dict[str, Any]]:
    first = one["rows"][0]
    place = {"source": first["source"], "fact": first["fact"]}
    if one["decided_on"]:
        yield {"date": one["decided_on"], "what": "decision"} | place
    yield {"date": one["since"], "what": one["since_basis"]} | place
    for row in one["rows"]:
        if row["record"] in known:
            yield {
                "date": row["ended_on"], "what": GONE, "source": row["source"],
                "fact": row["fact"], "proof": known[row["record"]],
            }  # fmt: skip
