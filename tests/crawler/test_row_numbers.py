"""The Ministry's interface states a technical number of each row, its other forms do not."""

from datetime import date
from pathlib import Path

import pytest

from storage.queries import Filters, changes, issues, records
from storage.row_alarm import KIND
from tests.chaos.register_forms import api_page
from tests.chaos.registers import REG
from tests.chaos.world import World, sheet

REGISTER = REG(30)
OTHER = "5d3f8e03-76e8-42ad-8550-fbb5fa210988"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    assert world.show(REGISTER)["verdict"] == "complete"
    return world


def number_of(world: World, key: str) -> str:
    with world.store.read() as connection:
        rows = records(connection, Filters())
        return next(row["fields"]["row_uuid"] for row in rows if row["key"] == [key])


def told(world: World, run: int) -> list[tuple[str, list[str], list[str]]]:
    with world.store.read() as connection:
        found = changes(connection, Filters(run=run))
        return [(change["change"], change["key"], change["fields"]) for change in found]


def alarms(world: World) -> list[str]:
    with world.store.read() as connection:
        found = issues(connection, Filters())
        return [issue["text"] for issue in found if issue["kind"] == KIND]


def test_the_number_is_a_field_and_no_key(world: World) -> None:
    assert number_of(world, "7") == REGISTER.truth[7].uuid


def test_another_form_without_it_changes_nothing(world: World) -> None:
    world.form = sheet
    for _week in range(2):
        run = world.show(REGISTER, days=7)
        assert run["verdict"] in ("complete", "unchanged")
        assert told(world, run["run"]) == []
    assert number_of(world, "7") == REGISTER.truth[7].uuid
    assert alarms(world) == []


def test_a_row_edited_in_that_form_gets_its_number_back_without_news(world: World) -> None:
    world.form, usual = sheet, world.form
    edited = REGISTER.excluded(7, date(2026, 9, 25))
    world.show(edited, days=7)
    world.form = usual
    run = world.show(edited, days=7)
    assert told(world, run["run"]) == [("reparsed", ["7"], [])]
    assert number_of(world, "7") == REGISTER.truth[7].uuid


def test_another_number_under_the_same_key_is_an_alarm_and_no_news(world: World) -> None:
    world.clock.advance(days=7)
    later = REGISTER.at(world.clock.now().replace(tzinfo=None))
    page = api_page(later).replace(REGISTER.truth[7].uuid.encode(), OTHER.encode())
    run = world.give({"values_0.json": page})
    assert run["verdict"] == "complete"
    assert told(world, run["run"]) == [("changed", ["7"], ["row_uuid"])]
    with world.store.read() as connection:
        volatile = connection.exec_driver_sql("SELECT volatile FROM change ORDER BY id DESC")
        assert volatile.scalar() == 1
    assert "1 of 30 rows" in alarms(world)[0]
    assert number_of(world, "7") == OTHER
