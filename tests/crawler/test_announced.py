"""Announced, in the register, overdue: what a run of either side leaves behind."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from crawler.announced import match_announcements
from crawler.importing import import_files
from storage.models import IssueRow, Match
from storage.queries import Filters, issues, measures, records
from storage.verify import verify
from tests.desk.world import AGENTS, World, agent

PAGE = Path(__file__).parents[1] / "pages" / "news_minjust" / "item.html"
NEWS, OVERDUE = "news_minjust", "announced-not-listed"
# Decided on 13 February 2026; two of the three subjects of the item.
LISTED = [
    agent(1, "Давний Иван Иванович", "2021-01-15"),
    agent(2, "Выдумкин Михаил Викторович", "2026-02-13"),
    agent(3, "Информационный ресурс «Гроза примеров»", "2026-02-13", target_type="organisation"),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, "2026-02-13T16:00:00Z")


def announce(world: World, at: str) -> None:
    world.clock.at = world.clock.at.fromisoformat(at.replace("Z", "+00:00"))
    (run,) = import_files(world.store, NEWS, [PAGE])
    assert run["verdict"] == "complete"


def list_agents(world: World, at: str, count: int) -> None:
    run = world.read(at, AGENTS, LISTED[:count])
    match_announcements(world.store, AGENTS.name, run["run"])


def states(world: World) -> dict[str, tuple[str, int | None]]:
    with world.store.read() as connection:
        rows = records(connection, Filters(source=NEWS))
        return {r["fields"]["subject"]: (r["state"], r["register_record"]) for r in rows}


def overdue(world: World) -> list[str]:
    with world.store.read() as connection:
        return [i["heading"] for i in issues(connection, Filters()) if i["kind"] == OVERDUE]


@pytest.mark.parametrize("news_first", [True, False])
def test_whoever_comes_second_finds_the_other(world: World, news_first: bool) -> None:
    if news_first:
        announce(world, "2026-02-13T17:00:00Z")
        assert {state for state, _record in states(world).values()} == {"announced"}
    list_agents(world, "2026-02-13T18:00:00Z", count=3)
    if not news_first:
        announce(world, "2026-02-13T19:00:00Z")
    found = states(world)
    assert {name: state for name, (state, _record) in found.items()} == {
        "М.В. Выдумкин": "in-register", "«Гроза примеров»": "in-register",
        "В.Г. Небылицына": "announced",
    }  # fmt: skip
    with world.store.read() as connection:
        listed = {r["id"]: r for r in records(connection, Filters(source=AGENTS.name))}
        acts = {m["target"]: m for m in measures(connection, Filters(source=AGENTS.name))}
    told = listed[found["М.В. Выдумкин"][1] or 0]
    assert told["fields"]["name"] == "Выдумкин Михаил Викторович"
    assert told["announcements"][0]["subject"] == "М.В. Выдумкин"
    reasons = acts["Выдумкин Михаил Викторович"]["stated_reasons"]
    assert "fake_policy" in {one["code"] for one in reasons}
    assert acts["Давний Иван Иванович"]["stated_reasons"] == []
    assert len(acts) == len(LISTED)  # what is announced makes no act
    assert verify(world.store).faults == []


def test_a_rejected_match_takes_the_state_back_and_is_not_suggested_again(world: World) -> None:
    announce(world, "2026-02-13T17:00:00Z")
    list_agents(world, "2026-02-13T18:00:00Z", count=2)
    with world.store.write() as connection:
        connection.execute(update(Match).values(status="rejected"))
    assert states(world)["М.В. Выдумкин"] == ("announced", None)
    list_agents(world, "2026-02-14T18:00:00Z", count=2)
    with world.store.read() as connection:
        assert connection.execute(select(Match.status)).scalars().all() == ["rejected"]


def test_what_is_not_listed_within_three_days_is_an_open_question_until_it_is(
    world: World,
) -> None:
    announce(world, "2026-02-13T17:00:00Z")
    list_agents(world, "2026-02-16T18:00:00Z", count=1)
    assert overdue(world) == []  # the third day is not over
    list_agents(world, "2026-02-17T18:00:00Z", count=2)
    assert overdue(world) == ["«Гроза примеров»", "В.Г. Небылицына"]
    list_agents(world, "2026-02-18T18:00:00Z", count=3)
    assert overdue(world) == ["В.Г. Небылицына"]
    with world.store.read() as connection:
        query = select(IssueRow.heading, IssueRow.closed_at, IssueRow.times)
        rows = connection.execute(query.where(IssueRow.kind == OVERDUE)).all()
    assert [tuple(row) for row in rows] == [
        ("«Гроза примеров»", "2026-02-18T18:00:00Z", 1), ("В.Г. Небылицына", None, 2)
    ]  # fmt: skip


def test_a_register_that_was_not_read_is_not_said_to_be_silent(world: World) -> None:
    list_agents(world, "2026-02-13T15:00:00Z", count=1)
    announce(world, "2026-02-13T17:00:00Z")
    announce_again: dict[str, Any] = {"reasons": {"timeout": "no answer"}}
    world.read("2026-03-20T18:00:00Z", AGENTS, [], **announce_again)
    match_announcements(world.store, NEWS, 1)
    assert overdue(world) == []
