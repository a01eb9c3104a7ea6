"""The invariants of every fault: nothing lost, nothing invented, the record verifies."""

import re
from typing import Any

from tests.chaos.ministry import Look

WHOLE = ("complete", "unchanged")
WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def facts(look: Look) -> dict[str, tuple[Any, ...]]:
    """What the record says of each row: status, fields, and where they were read."""
    names = ("status", "fields", "fact", "digest", "quote", "ended_on", "first_seen_at")
    return {key: tuple(row[name] for name in names) for key, row in look.records.items()}


def assert_world_intact(before: Look, after: Look) -> None:
    """I1 to I4: the fault is told in words, and changed nothing that was known before it."""
    assert after.faults == []
    assert facts(after) == facts(before)
    assert after.changes == before.changes
    assert_history_kept(before, after)
    newest = after.runs[-1]
    assert newest["run"] != before.runs[-1]["run"], "the fault made no run"
    if newest["verdict"] not in WHOLE:
        assert newest["reasons"], "a run that is not whole names no reason"
        assert all(WORD.fullmatch(word) for word in newest["reasons"]), newest["reasons"]


def assert_history_kept(before: Look, after: Look) -> None:
    """I2: earlier runs, changes and fetches are what they were, and their bytes are there."""
    assert after.faults == []
    assert after.runs[: len(before.runs)] == before.runs
    assert after.changes[: len(before.changes)] == before.changes
    known = {fetch["id"]: fetch for fetch in after.fetches}
    assert all(known[fetch["id"]] == fetch for fetch in before.fetches)
