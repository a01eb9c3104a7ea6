"""Registers against measurements and the operators' filters: what one of them knows alone.

`off-register`          measured as blocked, or on the list of the filters, and in no register
`listed-but-reachable`  a register blocks the whole domain, and most measurements reach it
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from storage.blocked import ENDED, joined
from storage.models import Blocking, Reachability, Record

OFF_REGISTER, REACHABLE = "off-register", "listed-but-reachable"
REGISTER_CODE, FILTER_CODE = "website_blocking", "offregister_blocking"
SIGNS = frozenset({"likely_blocked", "confirmed_blocked"})
OPEN = "reachable"
WHOLE = frozenset({"domain", "domain-mask"})  # types of a blocking that hit every page


def both_ways(connection: Connection) -> Iterator[dict[str, Any]]:
    """Each difference with what stands on both sides, by domain."""
    listed: dict[str, dict[str, Any]] = {}
    filtered: dict[str, dict[str, Any]] = {}
    for one in joined(connection):
        if one["status"] != ENDED and one["code"] in (REGISTER_CODE, FILTER_CODE):
            side = listed if one["code"] == REGISTER_CODE else filtered
            side.setdefault(one["domain"], one)
    measured, whole = _measured(connection), _whole(connection)
    for domain in sorted({*listed, *filtered, *measured}):
        verdict = measured.get(domain, {}).get("verdict")
        if domain not in listed and (domain in filtered or verdict in SIGNS):
            yield _told(OFF_REGISTER, domain, filtered.get(domain), measured.get(domain))
        elif domain in listed and verdict == OPEN and whole & set(_records(listed[domain])):
            yield _told(REACHABLE, domain, listed[domain], measured[domain])


def _records(one: dict[str, Any]) -> list[int]:
    return [row["record"] for row in one["rows"]]


def _whole(connection: Connection) -> set[int]:
    """Records that block whole domains: a page alone says nothing of the rest of its site."""
    rows = select(Blocking.record_id).where(Blocking.block_type.in_(sorted(WHOLE)))
    return set(connection.execute(rows).scalars())


def _measured(connection: Connection) -> dict[str, dict[str, Any]]:
    rows = connection.execute(
        select(
            Reachability.domain, Reachability.verdict, Reachability.rule,
            Reachability.window_from, Reachability.window_to, Reachability.measurements,
            Reachability.networks, Record.revision_id,
        )
        .join(Record, Record.id == Reachability.record_id)
        .where(Reachability.domain.is_not(None), Record.status != "gone")
        .order_by(Record.id)
    )  # fmt: skip
    return {
        row.domain: {
            "verdict": row.verdict, "rule": row.rule, "window_from": row.window_from,
            "window_to": row.window_to, "measurements": row.measurements,
            "networks": row.networks, "measured_fact": f"F{row.revision_id}",
        }
        for row in rows
    }  # fmt: skip


def _told(
    kind: str, domain: str, stated: dict[str, Any] | None, measured: dict[str, Any] | None
) -> dict[str, Any]:
    empty = ("verdict", "rule", "window_from", "window_to", "measurements", "networks",
             "measured_fact")  # fmt: skip
    return {
        "kind": kind, "domain": domain, "sources": stated["sources"] if stated else [],
        "fact": stated["rows"][0]["fact"] if stated else None,
        "since": stated["since"] if stated else None,
        "decided_on": stated["decided_on"] if stated else None,
        **(measured or dict.fromkeys(empty)),
    }  # fmt: skip
