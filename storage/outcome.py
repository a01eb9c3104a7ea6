"""What became of a run: its JSON for people and scripts, its digest for the audit chain."""

import json
from typing import Any

from sqlalchemy import Connection, func, select

from storage.audit import canonical
from storage.evidence import sha256
from storage.models import Change, PartRun, Revision, Run
from storage.store import Store


def facts_digest(connection: Connection, run_id: int) -> str:
    """One digest over everything that a run said and changed; `verify` makes it again."""
    revisions = connection.execute(
        select(
            Revision.id, Revision.record_id, Revision.fetch_id, Revision.digest, Revision.locator,
            Revision.quote, Revision.content_hash,
        ).where(Revision.run_id == run_id).order_by(Revision.id)
    )  # fmt: skip
    changes = connection.execute(
        select(Change.id, Change.record_id, Change.kind, Change.at, Change.to_revision_id)
        .where(Change.run_id == run_id)
        .order_by(Change.id)
    )
    lines = [canonical(list(row)) for rows in (revisions, changes) for row in rows]
    return sha256("\n".join(lines).encode())


def run_json(store: Store, run_id: int) -> dict[str, Any]:
    """One run as `crawl --json` prints it."""
    with store.read() as connection:
        run = connection.execute(select(Run).where(Run.id == run_id)).one()
        verdicts = connection.execute(
            select(PartRun.verdict, func.count().label("total"))
            .where(PartRun.run_id == run_id)
            .group_by(PartRun.verdict)
        )
        parts = {row.verdict: row.total for row in verdicts}
    kinds = ("appeared", "changed", "gone", "returned", "reparsed")
    return {
        "run": run.id, "source": run.source, "verdict": run.verdict,
        "reasons": json.loads(run.reasons), "observed": run.observed, "baseline": run.baseline,
        "changes": {kind: getattr(run, kind) for kind in kinds}, "absent": run.absent,
        "issues": run.issues, "fetches": run.fetches, "started_at": run.started_at,
        "ended_at": run.ended_at, "trigger": run.trigger, "parts": parts,
    }  # fmt: skip
