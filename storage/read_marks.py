"""What a run says of fetches once it has read them: unread after all, or read for another run."""

from collections.abc import Sequence

from sqlalchemy import update

from storage.models import Fetch
from storage.store import Store


def mark_unread(store: Store, fetch_id: str, said: dict[str, str]) -> None:
    """An answer that came whole and is not the page: why, under `failure` and `failure_text`."""
    with store.write() as connection:
        connection.execute(update(Fetch).where(Fetch.id == fetch_id).values(**said))


def mark_read_by(store: Store, run_id: int, fetch_ids: Sequence[str]) -> None:
    """Pages that an interrupted run stored and that another run has read."""
    if not fetch_ids:
        return
    with store.write() as connection:
        for start in range(0, len(fetch_ids), 500):
            some = Fetch.id.in_(fetch_ids[start : start + 500])
            connection.execute(update(Fetch).where(some).values(read_run_id=run_id))
