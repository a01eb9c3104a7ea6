"""Faults 58 to 73: what a register shows from day to day, and what may be believed of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler import session
from tests.chaos.registers import REG, Register
from tests.chaos.world import World, assert_world_intact, numbers, sheet, values

DAY = {"days": 1}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world that has read a register of 200 rows whole."""
    made = World(tmp_path)
    assert made.show(REG(200))["verdict"] == "complete"
    yield made
    made.store.close()


def assert_held(run: dict[str, Any], world: World, reason: str) -> None:
    """Everything was read, nothing of it is believed, and the reason is said in a sentence."""
    assert run["verdict"] == "held"
    assert reason in run["reasons"]
    assert set(run["changes"].values()) == {0}
    assert len(world.reasons(run["run"])[reason]) > 20


@pytest.mark.fault(58)
@pytest.mark.parametrize("kept", [199 - 4, 100, 1])
def test_a_half_loaded_register_that_looks_whole_removes_nothing(world: World, kept: int) -> None:
    before = world.state()
    run = world.show(REG(200).first(kept), **DAY)
    assert_held(run, world, "mass-removal")
    assert run["absent"] == 200 - kept
    again = world.show(REG(200).first(kept), **DAY)
    assert_held(again, world, "mass-removal")
    assert_world_intact(world, before)


@pytest.mark.fault(58)
def test_a_first_page_without_the_rest_is_partial(world: World) -> None:
    before = world.state()
    files = values(REG(1267))
    assert len(files) == 2
    assert world.give({"values_0.json": files["values_0.json"]})["verdict"] in ("partial", "held")
    assert_world_intact(world, before)


@pytest.mark.fault(59)
@pytest.mark.parametrize("form", [values, sheet])
def test_a_frame_without_rows_is_a_failure(world: World, form: Any) -> None:
    before = world.state()
    world.clock.advance(days=1)
    run = world.give(form(REG(0)))
    assert run["verdict"] == "failed"
    assert "empty" in run["reasons"]
    assert_world_intact(world, before)


@pytest.mark.fault(60)
def test_a_row_missing_once_and_back_is_no_news(world: World) -> None:
    before = world.state()
    once = world.show(REG(199), **DAY)
    assert (once["verdict"], once["absent"], once["changes"]["gone"]) == ("complete", 1, 0)
    assert world.record(200)["status"] == "absent"
    back = world.show(REG(200), **DAY)
    assert (back["absent"], set(back["changes"].values())) == (0, {0})
    assert world.record(200)["status"] == "listed"
    assert_world_intact(world, before)


@pytest.mark.fault(61)
def test_an_absence_seen_twice_twenty_hours_apart_is_reported_once(world: World) -> None:
    before = world.state()
    first = world.show(REG(199), **DAY)
    second = world.show(REG(199), hours=20)
    third = world.show(REG(199), **DAY)
    assert [run["changes"]["gone"] for run in (first, second, third)] == [0, 1, 0]
    assert numbers(world.changes("gone")) == {200}
    assert_world_intact(world, before, gone=[200])
    ids = (first["run"], second["run"])
    looks = {f.body_sha256 for f in world.state().rows("fetch") if f.run_id in ids}
    assert len(looks) == 2, "both looks must have their own bytes"


@pytest.mark.fault(62)
def test_two_looks_five_minutes_apart_confirm_nothing(world: World) -> None:
    before = world.state()
    world.show(REG(199), **DAY)
    again = world.show(REG(199), minutes=5)
    almost = world.show(REG(199), hours=19, minutes=54)
    assert [r["changes"]["gone"] for r in (again, almost)] == [0, 0]
    assert_world_intact(world, before)


@pytest.mark.fault(62)
def test_the_same_file_imported_again_later_is_no_second_look(world: World) -> None:
    before = world.state()
    world.clock.advance(days=1)
    files = values(REG(199).at(REG(1).state_at + timedelta(days=1)))
    assert world.give(files)["absent"] == 1
    world.clock.advance(days=2)
    again = world.give(files)  # a copy whose modification time is new; its own date is not
    assert (again["verdict"], again["changes"]["gone"]) == ("unchanged", 0)
    assert_world_intact(world, before)


@pytest.mark.fault(63)
def test_a_partial_look_between_two_whole_ones_does_not_count(world: World) -> None:
    before = world.state()
    world.clock.advance(days=1)
    cut = {"v.json": values(REG(200).at(REG(1).state_at + timedelta(days=1)))["values_0.json"]}
    half = REG(200).first(150)
    text = values(half.at(REG(1).state_at + timedelta(days=1)))["values_0.json"]
    cut["v.json"] = text.replace(b'"size": 150', b'"size": 200')
    assert world.give(cut)["verdict"] == "partial"
    look = world.show(REG(199), **DAY)
    assert (look["absent"], look["changes"]["gone"]) == (1, 0)
    world.clock.advance(days=1)
    assert world.give(cut)["verdict"] == "partial"
    assert world.record(200)["status"] == "absent"
    assert_world_intact(world, before)


@pytest.mark.fault(64)
def test_a_row_that_returns_begins_a_second_interval(world: World) -> None:
    before = world.state()
    for _look in range(2):
        world.show(REG(199), **DAY)
    ended = world.state()
    assert world.record(200)["status"] == "gone"
    back = world.show(REG(200), **DAY)
    assert back["changes"]["returned"] == 1
    assert [c["change"] for c in world.changes() if c["key"] == ["200"]] == [
        "baseline", "gone", "returned",
    ]  # fmt: skip
    assert world.record(200)["status"] == "listed"
    assert_world_intact(world, ended)
    assert_world_intact(world, before)


@pytest.mark.fault(65)
def test_a_real_mass_removal_waits_for_a_person_and_is_then_exact(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.show(REG(900))
    before = world.state()
    first = world.show(REG(600), **DAY)
    assert_held(first, world, "mass-removal")
    second = world.show(REG(600), **DAY)
    assert_held(second, world, "mass-removal")
    approved = world.approve(second["run"], "the law was repealed")
    assert (approved["verdict"], approved["changes"]["gone"]) == ("complete", 300)
    assert numbers(world.changes("gone")) == set(range(601, 901))
    acts = world.state().rows("audit")
    assert [act.actor for act in acts if act.kind == "approved"] == ["Tester"]
    world.healthy = None
    assert_world_intact(world, before, gone=range(601, 901))
    assert world.show(REG(600), **DAY)["verdict"] == "complete"


@pytest.mark.fault(66)
def test_doubled_rows_are_held(world: World) -> None:
    before = world.state()
    twice = REG(200).rows + tuple(replace(row, number=row.number + 200) for row in REG(200).rows)
    run = world.show(Register(twice), **DAY)
    assert_held(run, world, "mass-addition")
    assert_world_intact(world, before)


@pytest.mark.fault(67)
def test_every_name_changed_by_one_letter_is_held(world: World) -> None:
    before = world.state()
    rows = tuple(replace(row, name=row.name.replace("о", "?", 1)) for row in REG(200).rows)
    assert_held(world.show(Register(rows), **DAY), world, "mass-change")
    assert_world_intact(world, before)


@pytest.mark.fault(68)
@pytest.mark.parametrize("by", [1, 57, 199])
def test_another_order_of_rows_is_no_change(world: World, by: int) -> None:
    before = world.state()
    run = world.show(REG(200).shifted(by), **DAY)
    assert (run["verdict"], set(run["changes"].values())) == ("complete", {0})
    assert_world_intact(world, before)


@pytest.mark.fault(68)
def test_numbers_written_with_blanks_are_the_same_numbers(world: World) -> None:
    before = world.state()
    world.clock.advance(days=1)
    text = values(REG(200).at(REG(1).state_at + timedelta(days=1)))["values_0.json"]
    spaced = text.replace(b'"field_1_i": 7,', b'"field_1_i": " 7 ",')
    assert spaced != text
    run = world.give({"v.json": spaced})
    assert (run["verdict"], set(run["changes"].values())) == ("complete", {0})
    assert_world_intact(world, before)


@pytest.mark.fault(68)
def test_all_numbers_shifted_by_one_are_held(world: World) -> None:
    before = world.state()
    rows = tuple(replace(row, number=row.number + 1) for row in REG(200).rows)
    run = world.show(Register(rows), **DAY)
    assert run["verdict"] == "held"
    assert_world_intact(world, before)


@pytest.mark.fault(69)
def test_namesakes_are_two_and_a_doubled_row_is_one(world: World) -> None:
    before = world.state()
    more = REG(200).added(1)
    namesake = replace(more.rows[-1], name=more.rows[0].name)
    run = world.show(Register((*REG(200).rows, namesake, REG(200).rows[4])), **DAY)
    assert (run["verdict"], run["changes"]["appeared"]) == ("complete", 1)
    assert world.record(201)["fields"]["name"] == world.record(1)["fields"]["name"]
    assert_world_intact(world, before, added=[201])


@pytest.mark.fault(69)
def test_two_rows_of_one_number_that_differ_become_one_and_an_issue(world: World) -> None:
    before = world.state()
    other = replace(REG(200).rows[4], name="Совсем Другой Человек")
    run = world.show(Register((*REG(200).rows, other)), **DAY)
    assert run["issues"] >= 1
    assert world.record(5)["fields"]["name"] == REG(200).rows[4].name
    assert_world_intact(world, before)


@pytest.mark.fault(70)
def test_a_new_name_under_the_same_number_is_a_change(world: World) -> None:
    before = world.state()
    run = world.show(REG(200).renamed(4, "Проект «Переименованный канал»"), **DAY)
    counts = run["changes"]
    assert (counts["changed"], counts["appeared"], counts["gone"]) == (1, 0, 0)
    change = world.changes("changed")[0]
    assert change["before"]["name"] == "Проект «Образцовый канал 4»"
    assert change["after"]["name"] == "Проект «Переименованный канал»"
    assert_world_intact(world, before, changed=[4])


@pytest.mark.fault(70)
def test_an_exclusion_is_a_change_and_not_an_end_of_the_row(world: World) -> None:
    before = world.state()
    run = world.show(REG(200).excluded(7, date(2026, 9, 18)), **DAY)
    assert (run["changes"]["changed"], run["changes"]["gone"]) == (1, 0)
    record = world.record(7)
    assert (record["status"], record["ended_on"]) == ("listed", "2026-09-18")
    assert record["fields"]["delisted_on"] == "2026-09-18"
    assert_world_intact(world, before, changed=[7])


@pytest.mark.fault(66, 67)
def test_many_new_or_lost_exclusions_at_once_are_held(world: World) -> None:
    before = world.state()
    register = REG(200)
    for number in (1, 2, 3, 4, 6, 7):
        register = register.excluded(number, date(2026, 9, 18))
    assert_held(world.show(register, **DAY), world, "mass-exclusion")
    register = REG(200)
    for number in (5, 10, 15):
        register = register.edited(number, excluded_on=None)
    assert_held(world.show(register, **DAY), world, "exclusions-lost")
    assert_world_intact(world, before)


@pytest.mark.fault(71)
def test_a_parser_that_makes_other_keys_is_held_as_churn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.spiders.designations.agents_minjust import AgentsMinjust
    from pipelines.observation import Observation

    before = world.state()
    row = AgentsMinjust.row

    def other_key(self: Any, page: Any, cells: dict[str, str], locator: str) -> Any:
        seen = row(self, page, cells, locator)
        assert isinstance(seen, Observation)
        return replace(seen, key=(cells["name"],))

    monkeypatch.setattr(AgentsMinjust, "row", other_key)
    new_parser(monkeypatch)
    world.clock.advance(days=1)
    runs = world.give_all(values(REG(200).at(REG(1).state_at + timedelta(days=1))))
    assert [run["trigger"] for run in runs] == ["replay", "import"]
    assert [run["verdict"] for run in runs] == ["held", "held"]
    assert all("identity-churn" in run["reasons"] for run in runs)
    monkeypatch.undo()
    assert_world_intact(world, before)


def new_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the code of spiders and pipelines had changed."""
    from crawler import replay
    from pipelines import spec

    for module in (replay, spec, session):
        if hasattr(module, "parser_version"):
            monkeypatch.setattr(module, "parser_version", lambda: "another-parser")


@pytest.mark.fault(72)
def test_a_replay_of_the_same_evidence_gives_equal_facts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.catalogue import spider_of
    from crawler.replay import replay

    world.show(REG(200).renamed(4, "Проект «Другой»"), **DAY)
    before, records = world.state(), world.records()
    run = replay(world.store, spider_of("agents_minjust"))
    assert run is not None
    assert (run["verdict"], set(run["changes"].values())) == ("complete", {0})
    assert world.records() == records
    assert_world_intact(world, before)


@pytest.mark.fault(73)
def test_an_older_state_adds_history_and_rolls_nothing_back(tmp_path: Path) -> None:
    world = World(tmp_path)
    older = REG(200).renamed(4, "Проект «Прежнее имя»").edited(5, excluded_on=None)
    world.show(REG(200).excluded(7, date(2026, 9, 17)))
    before, records = world.state(), world.records()
    then = REG(1).state_at - timedelta(days=200)
    run = world.give(values(older.at(then)))
    assert (run["verdict"], set(run["changes"].values())) == ("complete", {0})
    facts = {r["key"][0]: r["fields"] for r in world.records()}
    assert facts == {r["key"][0]: r["fields"] for r in records}
    assert world.record(4)["first_seen_at"].startswith("2026-03")
    assert_world_intact(world, before)


@pytest.mark.fault(73)
def test_an_older_state_that_contradicts_the_exclusions_is_held(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.show(REG(200))
    before = world.state()
    then = REG(1).state_at - timedelta(days=10)
    older = REG(200)
    for number in (5, 10, 15):
        older = older.edited(number, excluded_on=None)
    run = world.give(values(older.at(then)))
    assert (run["verdict"], run["reasons"]) == ("held", ["exclusions-contradict"])
    assert_world_intact(world, before)
