"""Faults 75 to 78: the import is killed, or the disk refuses, at any moment of it."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from storage.clock import SystemClock
from storage.errors import StorageError
from tests.chaos.collector_child import SYSTEM_CALLS, End, Nursery, require_strace
from tests.chaos.registers import REG
from tests.chaos.world import World, assert_world_intact, moscow, values
from tests.chaos.world_state import State

SEED = 20261125
SAMPLE, FIRST_SAMPLE = 12, 3


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where the children of this module are forked from."""
    with Nursery() as made:
        yield made


@dataclass
class Scene:
    """A home before an import, and the files that will be imported into copies of it."""

    folder: Path
    world: World
    files: list[str]
    before: State = field(default_factory=State)

    def copy(self) -> World:
        """The home as it was, for one more try."""
        place = self.folder / "try"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        if self.world.home.exists():
            shutil.copytree(self.world.home, place / "home")
        return World(place, clock=self.world.clock, healthy=self.world.healthy)


def scene(folder: Path, *, empty: bool = False) -> Scene:
    """A register of 30 rows is held (or nothing is); one of 31 is to be imported."""
    world = World(folder)
    before = State()
    if not empty:
        world.show(REG(30))
        before = world.state()
        world.reopen()
    world.clock.advance(days=1)
    world.healthy = lambda at: values(REG(31).at(moscow(at)))
    paths = world.write(world.healthy(world.clock.now()))
    return Scene(folder, world, ["import", "agents_minjust", *map(str, paths)], before)


def points(nursery: Nursery, stage: Scene, sample: int | None) -> list[tuple[str, int]]:
    """System calls of one import that may fail: all, or some spread over all kinds."""
    counted = nursery.calls(stage.copy().home, *stage.files)
    assert counted["rename"] and counted["fsync"] and counted["pwrite64"] > 20
    every = [(name, n) for name in SYSTEM_CALLS for n in range(1, counted[name] + 1)]
    if sample is None:
        return every
    some = [(name, max(1, counted[name] // 2)) for name in SYSTEM_CALLS if counted[name]]
    return some + random.Random(SEED).sample(every, sample - len(some))


def assert_came_through(world: World, before: State, end: End) -> None:
    """Nothing half-made is visible, nothing acknowledged is lost, the next run is whole."""
    if not (world.home / "unsilenced.sqlite").exists():
        assert not end.runs and not before.history
        world.home.mkdir(exist_ok=True)
    assert_world_intact(world, before, added=[31] if before.history else range(1, 32))
    state = world.state()
    for run in end.runs:
        assert state.verdicts[run["run"]] == run["verdict"]
    stored = {row.body_sha256 for row in state.rows("fetch")}
    assert {f"{digest}.zst" for digest in stored} <= set(state.blobs)
    world.store.close()


@pytest.mark.fault(76)
@pytest.mark.timeout(1200)
def test_a_kill_at_any_system_call_leaves_a_whole_record(
    nursery: Nursery, tmp_path: Path, full_chaos: bool
) -> None:
    require_strace()
    stage = scene(tmp_path)
    killed = 0
    for name, n in points(nursery, stage, None if full_chaos else SAMPLE):
        world = stage.copy()
        end = nursery.run(world.home, *stage.files, inject=f"{name}:signal=KILL:when={n}")
        killed += end.killed
        assert_came_through(world, stage.before, end)
    assert killed >= SAMPLE - 2


@pytest.mark.fault(76)
@pytest.mark.timeout(1200)
def test_a_kill_while_the_database_is_created_leaves_one_or_none(
    nursery: Nursery, tmp_path: Path, full_chaos: bool
) -> None:
    require_strace()
    stage = scene(tmp_path, empty=True)
    some = points(nursery, stage, None)
    if not full_chaos:
        some = random.Random(SEED).sample(some, FIRST_SAMPLE)
    for name, n in some:
        world = stage.copy()
        end = nursery.run(world.home, *stage.files, inject=f"{name}:signal=KILL:when={n}")
        assert_came_through(world, stage.before, end)


@pytest.mark.fault(77)
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("lasting", ["", "+"])
def test_a_disk_that_refuses_at_any_system_call_costs_only_this_run(
    nursery: Nursery, tmp_path: Path, full_chaos: bool, fault: str, lasting: str
) -> None:
    require_strace()
    stage = scene(tmp_path)
    for name, n in points(nursery, stage, None if full_chaos else 7):
        world = stage.copy()
        what = f"{name}:error={fault}:when={n}{lasting}"
        end = nursery.run(world.home, *stage.files, inject=what)
        if end.code == 0:
            assert end.runs, what
        elif name != "write" or not lasting:  # else standard error takes no words either
            assert end.code in (2, 4), what
            assert end.words.startswith("unsilenced: ") and "Traceback" not in end.words, what
        assert_came_through(world, stage.before, end)


@pytest.mark.fault(75)
@pytest.mark.timeout(1200)
def test_kills_at_random_moments_lose_no_acknowledged_run(
    nursery: Nursery, tmp_path: Path, full_chaos: bool
) -> None:
    world = World(tmp_path, clock=SystemClock())  # type: ignore[arg-type]
    world.store.close()
    began = time.monotonic()
    nursery.run(world.home, "import", "agents_minjust", *map(str, world.write(values(REG(29)))))
    usual_s = time.monotonic() - began
    acknowledged: dict[int, str] = {}
    chance, killed = random.Random(SEED), 0
    for size in range(30, 30 + (200 if full_chaos else 20)):
        at = world.clock.now()
        files = world.write(values(REG(size).at(moscow(at))), at)
        end = killed_after(nursery, world, chance.uniform(0.0, 2 * usual_s), files)
        killed += end.killed
        acknowledged |= {run["run"]: run["verdict"] for run in end.runs}
        world.reopen()
        state = world.state()
        assert acknowledged.items() <= state.verdicts.items()
        assert world.verify().faults == []
        assert set(map(int, state.faces)) == set(range(1, len(state.faces) + 1)), "half a run"
        world.store.close()
    assert killed > 3 and acknowledged, "no run was killed, or none came to its end"


def killed_after(nursery: Nursery, world: World, seconds: float, files: list[Path]) -> End:
    """SIGKILL after a while, unless it was done by then."""
    nursery.start(world.home, "import", "agents_minjust", *map(str, files))
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        os.kill(nursery.pid, signal.SIGKILL)
    return nursery.end()


@pytest.mark.fault(78)
def test_a_full_database_refuses_in_plain_words_and_recovers(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.show(REG(30))
    before = world.state()
    with world.store.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit_pages(world, pages + 2)
    with pytest.raises(StorageError, match="full") as caught:
        world.show(REG(400), days=1)
    assert "intact" in str(caught.value)
    world.reopen()
    assert_world_intact(world, before)
    assert world.show(REG(31), days=1)["verdict"] == "complete"


def limit_pages(world: World, pages: int) -> None:
    """As if the disk held no more than so many pages of the database."""
    from sqlalchemy import event

    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    world.store.engine.dispose()
    event.listen(world.store.engine, "connect", limit)
