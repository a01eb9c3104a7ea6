"""Every projection anew: who stands in a row is read in this room, where languages are known."""

from typing import Any

from pipelines.involved import READING
from storage import projection
from storage.store import Store


def rebuild(store: Store) -> dict[str, Any]:
    """Make the projections again and write it into the audit; returns how many records."""
    with store.write() as connection:
        count = projection.rebuild(connection, READING)
        store.log(connection, "rebuilt", "projections", {"records": count})
    store.checkpoint()
    return {"records": count}
