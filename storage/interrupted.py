"""Runs that did not reach their verdict: stopped by somebody, or left by a process that died."""

from sqlalchemy import Connection, func, select, update

from storage import staging
from storage.audit import canonical
from storage.models import Fetch, Run
from storage.report import INTERRUPTED
from storage.run_locks import alive, lock_path
from storage.store import Store


def sweep(store: Store) -> list[int]:
    """Mark the runs of processes that died as interrupted and throw their staging away."""
    with store.read() as connection:
        open_ids = list(connection.execute(select(Run.id).where(Run.ended_at.is_(None))).scalars())
    dead = [run_id for run_id in open_ids if not alive(store.home, run_id)]
    if dead:
        with store.write() as connection:
            for run_id in dead:
                close_interrupted(store, connection, run_id)
        for run_id in dead:
            lock_path(store.home, run_id).unlink(missing_ok=True)
        store.checkpoint()
    return dead


def close_interrupted(store: Store, connection: Connection, run_id: int) -> None:
    """A run that did not reach its verdict: its evidence stays, its rows do not."""
    staging.clear_staging(connection, run_id)
    fetched = select(func.count()).select_from(Fetch).where(Fetch.run_id == run_id)
    connection.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(
            ended_at=store.now(), verdict=INTERRUPTED,
            reasons=canonical(["interrupted"]), fetches=fetched.scalar_subquery(),
        )
    )  # fmt: skip
    store.log(connection, "run-interrupted", f"run {run_id}", {})
