"""What was measured of a domain, for whoever looks at a row of a register that names it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from storage.models import Reachability, Record

SHOWN = (
    "domain", "verdict", "rule", "window_from", "window_to", "measurements", "networks",
    "confirmed", "anomaly", "failure", "incidents",
)  # fmt: skip


def with_measured(
    connection: Connection, rows: Iterable[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Rows of `records`, each with what was measured of the domains that it names."""
    known = _measured(connection)
    for row in rows:
        found = [one for domain in _domains(row["fields"]) for one in known.get(domain, ())]
        is_itself = "window_to" in row["fields"]  # a row of the measurements
        yield row if is_itself or not found else row | {"reachability": found}


def _measured(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    rows = connection.execute(
        select(*[getattr(Reachability, name) for name in SHOWN], Record.revision_id)
        .join(Record, Record.id == Reachability.record_id)
        .where(Reachability.domain.is_not(None), Record.status != "gone")
        .order_by(Record.id)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        one = {name: getattr(row, name) for name in SHOWN} | {"fact": f"F{row.revision_id}"}
        one["incidents"] = json.loads(row.incidents)
        found.setdefault(row.domain, []).append(one)
    return found


def _domains(fields: dict[str, Any]) -> list[str]:
    named = [fields.get("domain"), *(fields.get("domains") or ())]
    return list(dict.fromkeys(domain for domain in named if domain))
