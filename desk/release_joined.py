"""`joined_blockings` of a release: one blocking a domain and ground, out of its published rows."""

import sqlite3

from storage.audit import canonical
from storage.blocked import Stated, join

_ROWS = """
SELECT e.name, r.id, r.fact, r.source, r.family, r.status,
  iif(b.record IS NULL, m.authority, b.agency), b.agency_inferred, b.decision_number,
  iif(b.record IS NULL, i.acted_on, b.decided_on), b.included_at, r.first_seen_at, r.last_seen_at,
  r.ended_on, b.article, b.political, b.political_rule, m.code,
  EXISTS (SELECT 1 FROM changes c WHERE c.record = r.id AND c.from_fact IS NULL
    AND c.kind IN ('baseline', 'reparsed'))
FROM involvements i JOIN entities e ON e.id = i.entity AND e.kind = 'domain'
JOIN records r ON r.id = i.record LEFT JOIN blockings b ON b.record = r.id
LEFT JOIN measures m ON m.record = r.id
WHERE i.role = 'target' AND i.act = 'blocking' ORDER BY e.name, r.id
"""
COLUMNS = (
    "domain", "code", "authority", "authority_basis", "decision_number", "decided_on", "article",
    "political", "political_rule", "since", "since_basis", "status", "ended_on",
)  # fmt: skip


def fill_joined(connection: sqlite3.Connection) -> None:
    """Write both tables, inside the caller's transaction."""
    rows = [Stated(*row) for row in connection.execute(_ROWS)]
    marks = ", ".join("?" * (len(COLUMNS) + 3))
    for number, one in enumerate(join(rows), start=1):
        told = one.told()
        values = [told[name] for name in COLUMNS]
        sources = canonical(told["sources"])
        connection.execute(
            f"INSERT INTO joined_blockings VALUES ({marks})",  # noqa: S608 (marks only)
            (number, *values, sources, len(one.rows)),
        )
        connection.executemany(
            "INSERT INTO joined_rows VALUES (?, ?)",
            [(number, record) for record in dict.fromkeys(row.record for row in one.rows)],
        )
