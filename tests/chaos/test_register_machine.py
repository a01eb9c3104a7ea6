"""Fault 74: a register lives through months of changes, lies, kills and wrong clocks.

Whatever happens: an end that is published is one of the truth, nothing that was seen is
forgotten, and the chain of the audit holds.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storage import audit, decide
from storage.report import PartReport
from tests.chaos.registers import REG, Register
from tests.chaos.world import World, assert_world_intact, moscow, values
from tests.chaos.world_state import State

ROWS = 25
LIE = 6  # rows that a half-loaded register lacks: more than may be missing unremarked
NOTICE = "<html><body>Сервис временно недоступен. Технические работы.</body></html>".encode()
ROW = st.integers(min_value=0, max_value=10_000)


class Killed(BaseException):
    """The process died here."""


class RegisterWorld(RuleBasedStateMachine):
    """The truth, what the source shows of it, and what we hold."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="register-world-"))
        self.world = World(self.folder)
        self.truth = REG(ROWS)
        self.past: list[tuple[Register, Any]] = []
        self.removed: set[int] = set()
        self.touched: set[int] = set()
        self.excluded = {r.number: r.excluded_on for r in self.truth.rows if r.excluded_on}
        self.seen: set[str] = set()
        self.held_truth: int | None = None
        self.look(1)
        self.first = self.world.state()

    @rule(count=st.integers(min_value=1, max_value=3))
    def add(self, count: int) -> None:
        top = self.truth.rows[-1].number
        self.truth = self.truth.added(count)
        fresh = [row for row in self.truth.rows if row.number > top]
        self.excluded |= {row.number: row.excluded_on for row in fresh if row.excluded_on}

    @precondition(lambda self: len(self.truth.rows) > ROWS - 8)
    @rule(row=ROW)
    def remove(self, row: int) -> None:
        number = self.truth.rows[row % (len(self.truth.rows) - 1)].number
        self.removed.add(number)
        self.truth = self.truth.without([number])

    @precondition(lambda self: len(self.truth.rows) > ROWS - 8)
    @rule()
    def remove_the_last_but_one(self) -> None:
        """The newest number stays: a register that lost its end has no gap to betray it."""
        number = self.truth.rows[-2].number
        self.removed.add(number)
        self.truth = self.truth.without([number])

    @rule(row=ROW, back=st.integers(min_value=0, max_value=30))
    def exclude(self, row: int, back: int) -> None:
        chosen = self.truth.rows[row % len(self.truth.rows)]
        if chosen.excluded_on is None:
            on = date(2026, 9, 18) - timedelta(days=back)
            self.excluded[chosen.number] = on
            self.touched.add(chosen.number)
            self.truth = self.truth.excluded(chosen.number, on)

    @rule(row=ROW, name=st.integers(min_value=1, max_value=99))
    def rename(self, row: int, name: int) -> None:
        chosen = self.truth.rows[row % len(self.truth.rows)]
        self.touched.add(chosen.number)
        self.truth = self.truth.renamed(chosen.number, f"Проект «Новое имя {name}»")

    @rule(hours=st.sampled_from([1, 5, 21, 24, 24 * 7, 24 * 90]))
    def look(self, hours: int) -> None:
        run = self.world.show(self.truth, hours=hours)
        self.past.append((self.truth, self.world.clock.at))
        self.held_truth = run["run"] if run["verdict"] == "held" else None

    @rule(percent=st.integers(min_value=1, max_value=99))
    def truncate(self, percent: int) -> None:
        body = self.files()["values_0.json"]
        run = self.world.give({"v.json": body[: len(body) * percent // 100]})
        assert run["verdict"] in ("partial", "failed")
        self.held_truth = None

    @rule(hours=st.sampled_from([1, 21]))
    def half_load(self, hours: int) -> None:
        """More rows that we hold are missing than may be missing unremarked."""
        self.world.clock.advance(hours=hours)
        held = sorted(int(key) for key in self.seen if int(key) in self.truth.truth)
        lost = [row.number for row in self.truth.rows if row.number >= held[-LIE]]
        run = self.world.give(self.files(self.truth.without(lost)))
        assert run["verdict"] != "unchanged"
        self.held_truth = None

    @rule()
    def block(self) -> None:
        assert self.world.give({"v.json": NOTICE})["verdict"] == "failed"
        self.held_truth = None

    @rule()
    def kill_between_stage_and_decision(self) -> None:
        self.world.clock.advance(hours=2)
        with patch.object(decide, "close_run", dies), pytest.raises(Killed):
            self.world.give(self.files())
        self.world.reopen()
        self.held_truth = None

    @rule(hours=st.sampled_from([-24 * 400, -30, -1, 24 * 30]))
    def skew_the_clock(self, hours: int) -> None:
        if self.world.clock.at.year + hours / 8760 < 2030:
            self.world.clock.advance(hours=hours)

    @rule(which=ROW)
    def import_an_old_state(self, which: int) -> None:
        register, at = self.past[which % len(self.past)]
        self.world.give(values(register.at(moscow(at))), at)
        self.held_truth = None

    @precondition(lambda self: self.held_truth is not None)
    @rule()
    def approve(self) -> None:
        """A person looks: what was held is the truth."""
        assert self.held_truth is not None
        assert self.world.approve(self.held_truth)["verdict"] == "complete"
        shown = self.past[-1][0]
        self.world.healthy = lambda at: values(shown.at(moscow(at)))
        self.held_truth = None

    def files(self, register: Register | None = None) -> Any:
        """A register as the source shows it now."""
        return values((register or self.truth).at(moscow(self.world.clock.at)))

    @invariant()
    def published_ends_are_true_and_nothing_is_forgotten(self) -> None:
        if not hasattr(self, "first"):
            return
        faces = self.world.state().faces
        assert set(faces) >= self.seen
        self.seen = set(faces)
        for key, (status, _ended_on, said) in faces.items():
            assert status != "gone" or int(key) in self.removed, f"№ {key} was never removed"
            on = said.get("delisted_on")
            true = self.excluded.get(int(key))
            assert on is None or on == str(true), f"№ {key} was not excluded on {on}"
        with self.world.store.read() as connection:
            assert list(audit.faults(connection)) == []

    def teardown(self) -> None:
        if hasattr(self, "first"):
            added = set(range(ROWS + 1, self.truth.rows[-1].number + 1))
            assert_world_intact(
                self.world, self.first, gone=self.removed, changed=self.touched, added=added
            )
            self.world.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def dies(run: Any, _reports: Sequence[PartReport], _seen_at: str) -> State:
    """The kernel lets go of the lock of a process that died."""
    os.close(run._lock)
    raise Killed


@pytest.mark.fault(74)
@pytest.mark.timeout(1800)
def test_whatever_happens_to_a_register_published_ends_are_true(full_chaos: bool) -> None:
    run_state_machine_as_test(
        RegisterWorld,
        settings=settings(
            max_examples=60 if full_chaos else 6,
            stateful_step_count=50 if full_chaos else 14,
            derandomize=not full_chaos,
            deadline=None,
            database=None,
            phases=list(Phase) if full_chaos else [Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
