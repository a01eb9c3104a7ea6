"""Suggested identities: nothing is merged, and what a person decided stays."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.involved import READING
from storage import identities, projection
from storage.errors import Refused
from storage.identities import AGAIN, CONFIRMED, REJECTED, SAME, SUGGESTED
from tests.desk.world import AGENTS, Row, World, agent

AT = "2026-01-{:02}T03:00:00Z".format
UNDESIRABLE = replace(AGENTS, name="undesirable_minjust")
FIRST = agent(1, "Выдумкин Пётр Ильич", "2021-09-29", "2022-10-05")
AGAIN_LISTED = agent(2, "Выдумкин Петр Ильич", "2022-11-25")  # without the dots of ё


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, AT(5))


def found(world: World, kind: str | None = None) -> list[dict[str, Any]]:
    with world.store.read() as connection:
        return list(identities.review(connection, kind, None, None, 0.0))


def decide(world: World, match: int, status: str) -> None:
    with world.store.write() as connection:
        identities.decide(connection, match, status, "looked at", "Tester", world.store.now())


def group(number: int, name: str, **more: Any) -> Row:
    return agent(number, name, "2024-01-05", target_type="organisation", **more)


def test_a_name_listed_again_after_its_exclusion_is_suggested_with_the_earlier_row(
    world: World,
) -> None:
    world.read(AT(5), AGENTS, [FIRST, AGAIN_LISTED])
    [match] = found(world)
    assert (match["kind"], match["status"]) == (AGAIN, SUGGESTED)
    assert (match["left"]["key"], match["right"]["key"]) == (["2"], ["1"])
    assert match["evidence"] | {"name": None} == {
        "name": None, "earlier_number": "1", "listed_on": "2021-09-29",
        "delisted_on": "2022-10-05", "again_on": "2022-11-25",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (agent(2, "Выдумкин Пётр Ильич", "2022-10-05"), "included on the day of the exclusion"),
        (agent(2, "Выдумкин Пётр Ильич", "2021-12-01"), "a namesake while the first stood"),
        (agent(2, "Выдумкина Ольга Ильинична", "2022-11-25"), "another name"),
        (agent(2, "Выдумкин Пётр Ильич", "2022-11-25", target_type="organisation"), "other kind"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_certain_enough_is_not_suggested(world: World, other: Row, why: str) -> None:
    world.read(AT(5), AGENTS, [FIRST, other])
    assert found(world) == [], why


def test_the_later_row_may_come_in_a_later_run(world: World) -> None:
    world.read(AT(5), AGENTS, [FIRST])
    world.read(AT(12), AGENTS, [FIRST, AGAIN_LISTED])
    assert [match["kind"] for match in found(world)] == [AGAIN]


def test_a_suggestion_that_no_longer_holds_is_withdrawn(world: World) -> None:
    world.read(AT(5), AGENTS, [FIRST, AGAIN_LISTED])
    world.read(AT(12), AGENTS, [agent(1, "Выдумкин Пётр Ильич", "2021-09-29"), AGAIN_LISTED])
    assert found(world) == []  # the exclusion is taken back: two namesakes stand there


@pytest.mark.parametrize("status", [CONFIRMED, REJECTED])
def test_a_decision_survives_later_runs_and_rebuilds(world: World, status: str) -> None:
    world.read(AT(5), AGENTS, [FIRST, AGAIN_LISTED])
    [match] = found(world)
    decide(world, match["match"], status)
    world.read(AT(12), AGENTS, [FIRST, agent(2, "Выдумкин П. И.", "2022-11-25")])
    with world.store.write() as connection:
        projection.rebuild(connection, READING)
    [after] = found(world)
    assert (after["match"], after["status"]) == (match["match"], status)
    assert (after["decided_by"], after["reason"]) == ("Tester", "looked at")


def test_the_same_suggestion_keeps_its_number(world: World) -> None:
    world.read(AT(5), AGENTS, [FIRST, AGAIN_LISTED])
    before = found(world)
    with world.store.write() as connection:
        projection.rebuild(connection, READING)
    assert found(world) == before


def test_a_name_in_two_registers_is_suggested_and_not_merged(world: World) -> None:
    world.read(AT(5), AGENTS, [group(1, "Фонд «Сказка»")])
    world.read(AT(6), UNDESIRABLE, [group(7, "Фонд «Былина»", names=["Фонд Сказка"])])
    [match] = found(world, SAME)
    assert match["rule"] == "same-other-name"
    assert match["score"] < identities.AGAIN_SCORE
    with world.store.read() as connection:
        kinds = connection.exec_driver_sql("SELECT count(*) FROM entity WHERE record_id > 0")
        assert kinds.scalar() == 2


def test_a_person_and_a_group_of_one_name_are_two(world: World) -> None:
    world.read(AT(5), AGENTS, [agent(1, "Сказка Былина", "2024-01-05")])
    world.read(AT(6), UNDESIRABLE, [group(7, "Сказка Былина")])
    assert found(world, SAME) == []


def test_a_pseudonym_of_one_word_joins_no_persons(world: World) -> None:
    one = agent(1, "Выдумкин Пётр Ильич", "2024-01-05", names=["Сказочник"])
    world.read(AT(5), AGENTS, [one])
    other = agent(7, "Небылицын Павел Ильич", "2024-01-05", names=["Сказочник"])
    world.read(AT(6), UNDESIRABLE, [other])
    assert found(world, SAME) == []


def test_to_decide_the_same_twice_is_refused_in_words(world: World) -> None:
    world.read(AT(5), AGENTS, [FIRST, AGAIN_LISTED])
    decide(world, 1, CONFIRMED)
    with pytest.raises(Refused, match="confirmed already, by Tester"):
        decide(world, 1, CONFIRMED)
    decide(world, 1, REJECTED)
    with pytest.raises(Refused, match="no match 99"):
        decide(world, 99, REJECTED)


def test_evidence_is_json_that_others_read(world: World) -> None:
    world.read(AT(5), AGENTS, [FIRST, AGAIN_LISTED])
    with world.store.read() as connection:
        text = connection.exec_driver_sql("SELECT evidence FROM match").scalar()
    assert json.loads(str(text))["earlier_number"] == "1"
