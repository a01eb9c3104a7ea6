"""The invariants of every fault over HTTP, as `world_state` measures them, and stricter.

A fault that the source met may change nothing at all: not even the status of one row.
"""

from typing import Any

from tests.chaos.ministry import Look
from tests.chaos.world_state import LEDGER, Damage

WHOLE = ("complete", "unchanged")


def facts(look: Look) -> dict[str, tuple[Any, ...]]:
    """What the record says of each row: status, fields, and where they were read."""
    names = ("status", "fields", "fact", "digest", "quote", "ended_on", "first_seen_at")
    return {key: tuple(row[name] for name in names) for key, row in look.records.items()}


def assert_world_intact(before: Look, after: Look) -> None:
    """I1 to I4: the fault is told in words, and changed nothing that was known before it."""
    assert_history_kept(before, after)
    assert facts(after) == facts(before), "I3: a row was removed, added or changed"
    assert after.changes == before.changes, "I3: a change was reported"
    assert after.runs[-1]["run"] != before.runs[-1]["run"], "the fault made no run"


def assert_history_kept(before: Look, after: Look) -> None:
    """I1, I2, I4: runs say why they were not whole, nothing stored is lost, all verifies."""
    damage = Damage.between(before.state, after.state)
    LEDGER.append(damage)
    assert not after.state.mute_runs(since=before.state), "I1: a run does not say why"
    assert not damage.lost, "I2: something that was stored is no longer there"
    assert not damage.removed, "I3: falsely removed"
    assert not damage.altered, "I3: falsely added or renamed"
    assert after.faults == [], "I4: verify finds faults"
    assert after.runs[: len(before.runs)] == before.runs
