"""Fault 7: a register cut at every percent of its bytes never ends anything."""

from pathlib import Path
from typing import Any

import pytest

from tests.chaos.registers import REG
from tests.chaos.world import World, assert_world_intact, mirror, moscow, sheet, values

ROWS = 60


@pytest.mark.fault(7)
@pytest.mark.parametrize("form", [values, sheet, mirror])
def test_a_register_cut_at_any_percent_removes_nothing_and_is_never_whole(
    tmp_path: Path, form: Any
) -> None:
    world = World(tmp_path, form=form)
    assert world.show(REG(ROWS))["verdict"] == "complete"
    before = world.state()
    world.clock.advance(days=1)
    ((name, body),) = form(REG(ROWS).at(moscow(world.clock.at))).items()
    for percent in range(1, 100):
        world.clock.advance(hours=21)  # each cut would be a second look, if it were believed
        run = world.give({name: body[: len(body) * percent // 100]})
        assert run["verdict"] in ("partial", "failed"), f"{percent}%: {run}"
        assert set(run["changes"].values()) == {0}, f"{percent}%"
    assert_world_intact(world, before)
    assert all(record["status"] == "listed" for record in world.records())


@pytest.mark.fault(7)
@pytest.mark.parametrize("form", [values, sheet, mirror])
def test_a_first_file_that_is_cut_makes_no_baseline(tmp_path: Path, form: Any) -> None:
    world = World(tmp_path, form=form)
    before = world.state()
    ((name, body),) = form(REG(ROWS)).items()
    for percent in range(3, 100, 12):
        run = world.give({name: body[: len(body) * percent // 100]})
        assert run["verdict"] in ("partial", "failed"), f"{percent}%: {run}"
        assert not run["baseline"]
    assert world.records() == []
    assert_world_intact(world, before)
    assert world.show(REG(ROWS))["baseline"]
