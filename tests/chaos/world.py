"""A small world for adversarial tests: one home, one clock, one source; and what must stay true.

`assert_world_intact(before, after)` holds the five invariants of the table of faults:
I1 typed errors in plain words, I2 nothing lost, I3 nothing falsely removed, added or renamed,
I4 `verify` finds nothing, I5 the next healthy run is whole without work by hand.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from crawler.importing import import_files
from storage.approve import approve
from storage.clock import FixedClock
from storage.config import Config
from storage.queries import Filters, changes, records
from storage.store import Store, open_writer
from storage.verify import Findings, verify
from tests.chaos.register_forms import api_page, mirror_json, xlsx
from tests.chaos.registers import Register
from tests.chaos.world_state import LEDGER, Damage, State, take

Files = Mapping[str, bytes]
BEGIN = datetime(2026, 9, 18, 14, 0, tzinfo=UTC)
WHOLE = ("complete", "unchanged")


def values(register: Register) -> Files:
    """The JSON interface's form, one page."""
    pages = range(0, max(len(register.rows), 1), 1000)
    return {f"values_{offset}.json": api_page(register, offset) for offset in pages}


def sheet(register: Register) -> Files:
    """The export's form."""
    return {"export.xlsx": xlsx(register)}


def mirror(register: Register) -> Files:
    """The mirror's form."""
    return {"registry.json": mirror_json(register)}


@dataclass
class World:
    """A home below `folder`, a clock that stands still, and the state last read whole."""

    folder: Path
    source: str = "agents_minjust"
    form: Callable[[Register], Files] = values
    clock: FixedClock = field(default_factory=lambda: FixedClock(BEGIN))
    healthy: Callable[[datetime], Files] | None = None

    @cached_property
    def store(self) -> Store:
        """The record, opened on first use."""
        return open_writer(Config(home=self.home), self.clock)

    @property
    def home(self) -> Path:
        """Where the installation lies."""
        return self.folder / "home"

    def show(self, register: Register, **later: float) -> dict[str, Any]:
        """Time passes, then the source shows this register and it is imported; the run."""
        self.clock.advance(**later)

        def at(moment: datetime, form: Callable[[Register], Files] = self.form) -> Files:
            return form(register.at(moscow(moment)))

        run = self.give(at(self.clock.now()))
        if run["verdict"] in WHOLE:
            self.healthy = at
        return run

    def give(self, files: Files, at: datetime | None = None) -> dict[str, Any]:
        """Import files as one state, as if they were of the present moment; the last run."""
        return self.give_all(files, at)[-1]

    def give_all(self, files: Files, at: datetime | None = None) -> list[dict[str, Any]]:
        """The same; all runs, a replay included."""
        return import_files(self.store, self.source, self.write(files, at))

    def write(self, files: Files, at: datetime | None = None) -> list[Path]:
        """Files on the disk whose modification time is the moment that they stand for."""
        folder = self.folder / "files"
        folder.mkdir(exist_ok=True)
        when = (at or self.clock.now()).timestamp()
        for name, data in files.items():
            (folder / name).write_bytes(data)
            os.utime(folder / name, (when, when))
        return [folder / name for name in files]

    def approve(self, run_id: int, reason: str = "looked at") -> dict[str, Any]:
        """A person lets a held run through."""
        from crawler.catalogue import places, spec_of
        from pipelines.spec import facts_of

        facts = facts_of(self.source, spec_of(self.source), places()[self.source])
        return approve(self.store, facts, run_id, reason, "Tester")

    def verify(self, **options: Any) -> Findings:
        """The verification with blobs."""
        return verify(self.store, blobs=True, **options)

    def records(self, **filters: Any) -> list[dict[str, Any]]:
        """What `records --json` gives."""
        with self.store.read() as connection:
            return list(records(connection, Filters(**filters)))

    def record(self, number: int) -> dict[str, Any]:
        """The record of one number of the register."""
        return next(r for r in self.records() if r["key"] == [str(number)])

    def changes(self, *kinds: str, run: int | None = None) -> list[dict[str, Any]]:
        """What `changes --json` gives, of these kinds (all where none is named)."""
        with self.store.read() as connection:
            found = list(changes(connection, Filters(run=run)))
        return [change for change in found if not kinds or change["change"] in kinds]

    def reasons(self, run_id: int) -> dict[str, str]:
        """Machine word -> plain words of one run's parts."""
        return self.state().reasons.get(run_id, {})

    def state(self) -> State:
        """Everything that must not be lost, as it is now."""
        return take(self.store)

    def reopen(self) -> None:
        """As a new process would: nothing is held in memory."""
        self.store.close()
        del self.store

    def copy_to(self, folder: Path) -> "World":
        """A copy of this world on the disk, in which a future can be tried."""
        self.reopen()
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.home, folder / "home")
        clock = FixedClock(self.clock.now())
        return World(folder, self.source, self.form, clock, self.healthy)


def moscow(moment: datetime) -> datetime:
    """A moment as the register writes it: Moscow time, without a zone."""
    return (moment + timedelta(hours=3)).replace(tzinfo=None)


def numbers(rows: Iterable[dict[str, Any]]) -> set[int]:
    """The register's numbers of records or changes."""
    return {int(row["key"][0]) for row in rows}


def assert_world_intact(
    world: World,
    before: State,
    after: State | None = None,
    *,
    gone: Iterable[int | str] = (),
    changed: Iterable[int | str] = (),
    added: Iterable[int | str] = (),
    recovers: bool = True,
) -> None:
    """I1 to I5 between two states; what the truth really lost, changed or gained is named."""
    after = after or world.state()
    damage = Damage.between(before, after, gone=gone, changed=changed, added=added)
    LEDGER.append(damage)
    assert not after.mute_runs(since=before), "I1: a run does not say why it was not whole"
    assert not damage.lost, "I2: something that was stored is no longer there"
    assert not damage.removed, "I3: falsely removed"
    assert not damage.altered, "I3: falsely added or renamed"
    assert world.verify().faults == [], "I4: verify finds faults"
    if recovers and world.healthy is not None:
        assert_next_run_is_whole(world)


def assert_next_run_is_whole(world: World) -> None:
    """I5, tried in a copy, so that the world itself stays as it is."""
    assert world.healthy is not None
    twin = world.copy_to(world.folder / "twin")
    twin.clock.advance(hours=1)
    run = twin.give(world.healthy(twin.clock.now()))
    assert run["verdict"] in WHOLE, f"I5: the next healthy run is {run['verdict']}"
    assert twin.verify().faults == []
    assert None not in twin.state().verdicts.values(), "I5: a dead run was not swept"
    twin.store.close()
    shutil.rmtree(twin.folder)
