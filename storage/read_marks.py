"""What a run finds of answers once it has read them: see `FetchMark`."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from storage.models import Fetch, FetchMark

UNREAD, TAKEN = "unread", "taken"


def mark(
    run_id: int, fetch_id: str, kind: str, reason: str = "", words: str = ""
) -> dict[str, Any]:
    """One row of `fetch_mark`."""
    return {
        "fetch_id": fetch_id, "run_id": run_id, "kind": kind, "reason": reason or None,
        "words": words or None,
    }  # fmt: skip


def reading_run() -> ColumnElement[int]:
    """The run that read a fetch: the one that asked, or the last that took it from evidence."""
    taken = (
        select(func.max(FetchMark.run_id))
        .where(FetchMark.fetch_id == Fetch.id, FetchMark.kind == TAKEN)
        .scalar_subquery()
    )
    return func.coalesce(taken, Fetch.run_id)


def is_read() -> ColumnElement[bool]:
    """No run found that the answer is not the page, or left it half read."""
    unread = select(FetchMark.fetch_id).where(
        FetchMark.fetch_id == Fetch.id, FetchMark.kind == UNREAD
    )
    return ~unread.exists()
