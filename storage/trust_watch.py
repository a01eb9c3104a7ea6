"""Who vouched for a host: when another set of roots does so all at once, somebody must look.

A state that owns a root can show a forged register under it, so the change is an audit event and
an issue, whatever the register then says.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from storage.models import Fetch, Run
from storage.staged_row import Issue

if TYPE_CHECKING:
    from storage.runs import OpenRun


def note_root_changes(connection: Connection, run: "OpenRun") -> None:
    """Compare the roots of this run with those that vouched for the same hosts before."""
    before = _roots(connection, run, earlier=True)
    for host, root in _roots(connection, run, earlier=False).items():
        was = before.get(host)
        if was is None or was == root:
            continue
        run.store.log(
            connection, "tls-root-changed", host, {"from": was, "to": root, "run": run.id}
        )
        words = f"{host} was vouched for by the roots '{was}', now by '{root}': look who serves it."
        run.issue(Issue("tls-root-changed", host, words))


def _roots(connection: Connection, run: "OpenRun", *, earlier: bool) -> dict[str, str]:
    """Host -> the set of roots that vouched for it last."""
    which = Fetch.run_id < run.id if earlier else Fetch.run_id == run.id
    rows = connection.execute(
        select(Fetch.final_url, Fetch.tls_root)
        .join(Run, Run.id == Fetch.run_id)
        .where(Run.source == run.facts.name, Fetch.tls_root.is_not(None), which)
        .order_by(Fetch.run_id, Fetch.fetched_at)
    )
    return {urlsplit(url).hostname or "": str(root) for url, root in rows}
