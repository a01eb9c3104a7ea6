"""Entities follow the revisions, and making them all again gives the same rows."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.involved import READING
from storage import projection
from storage.entities import entity_id, rebuild
from storage.models import Entity, EntityName, Involvement, Projected
from tests.desk.world import AGENTS, BLOCKED, COURTS, Row, World, agent, blocking, ruling
from tests.storage.looks import Look, Record

TABLES = (Entity, EntityName, Involvement, Projected)
Tables = dict[str, list[tuple[Any, ...]]]


def tables(world: World) -> Tables:
    """All rows of the entity tables, sorted."""
    with world.store.read() as connection:
        return {
            table.__tablename__: sorted(map(tuple, connection.execute(select(table.__table__))),
                                        key=repr)
            for table in TABLES
        }  # fmt: skip


def made_again(world: World) -> Tables:
    with world.store.write() as connection:
        projection.rebuild(connection, READING)
    return tables(world)


def names(world: World, key: tuple[str, ...]) -> dict[str, str]:
    """Stated names of an entity -> kind."""
    statement = select(EntityName.name, EntityName.kind).where(
        EntityName.entity_id == entity_id(key), EntityName.kind != "alias"
    )
    with world.store.read() as connection:
        return {row.name: row.kind for row in connection.execute(statement)}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, "2026-01-05T03:00:00Z")


def test_a_row_of_a_register_is_one_entity_under_its_number(world: World) -> None:
    world.read("2026-01-05T03:00:00Z", AGENTS, [agent(1, "Выдумкин Пётр Ильич", "2024-01-05")])
    found = tables(world)
    assert [row[1] for row in found["entity"] if row[4] is not None] == ["person"]
    assert names(world, ("row", "agents_minjust", "1")) == {"Выдумкин Пётр Ильич": "listed"}


@pytest.mark.fault(70)
def test_a_renamed_subject_is_one_entity_that_keeps_its_former_name(world: World) -> None:
    world.read("2026-01-05T03:00:00Z", AGENTS, [agent(1, "Фонд «Сказка»", "2024-01-05")])
    world.read("2026-01-12T03:00:00Z", AGENTS, [agent(1, "Фонд «Былина»", "2024-01-05")])
    assert names(world, ("row", "agents_minjust", "1")) == {
        "Фонд «Былина»": "listed", "Фонд «Сказка»": "former",
    }  # fmt: skip


def test_another_spelling_of_quotes_is_no_former_name(world: World) -> None:
    world.read("2026-01-05T03:00:00Z", AGENTS, [agent(1, 'Фонд "Сказка"', "2024-01-05")])
    world.read("2026-01-12T03:00:00Z", AGENTS, [agent(1, "Фонд «Сказка»", "2024-01-05")])
    assert names(world, ("row", "agents_minjust", "1")) == {"Фонд «Сказка»": "listed"}


def test_what_only_our_parser_misread_is_no_former_name(tmp_path: Path) -> None:
    record = Record(tmp_path, AGENTS)
    record.look(0, Look([agent(1, "Фонд «Сказка» (ранее", "2024-01-05")]))
    record.look(1, Look([agent(1, "Фонд «Сказка»", "2024-01-05")], trigger="replay"))
    assert names(record.world, ("row", "agents_minjust", "1")) == {"Фонд «Сказка»": "listed"}


def test_a_domain_that_no_row_names_any_more_is_dropped(world: World) -> None:
    def row(*domains: str) -> Row:
        return agent(1, "Фонд «Сказка»", "2024-01-05", domains=list(domains))

    world.read("2026-01-05T03:00:00Z", AGENTS, [row("old.example", "kept.example")])
    world.read("2026-01-12T03:00:00Z", AGENTS, [row("kept.example")])
    domains = {row[3] for row in tables(world)["entity"] if row[1] == "domain"}
    assert domains == {"kept.example"}


def test_a_domain_is_one_entity_in_register_and_blocklist(world: World) -> None:
    row = agent(1, "Фонд «Сказка»", "2024-01-05", domains=["skazka.example"])
    world.read("2026-01-05T03:00:00Z", AGENTS, [row])
    world.read("2026-01-06T03:00:00Z", BLOCKED, [blocking("skazka.example", "2025-02-03")])
    domain = entity_id(("domain", "skazka.example"))
    roles = {row[4] for row in tables(world)["involvement"] if row[2] == domain}
    assert roles == {"named", "target"}


def test_rows_of_which_only_hashes_are_kept_get_no_entity(tmp_path: Path) -> None:
    record = Record(tmp_path, BLOCKED)
    record.look(0, Look([blocking("news.example", "2025-02-03")], hashed=["drugs.example"]))
    assert "drugs" not in str(tables(record.world))
    assert "news.example" in str(tables(record.world))


def test_a_masked_person_never_comes_into_a_table_of_names(world: World) -> None:
    party = {"role": "defendant", "initials": "В.П.И.", "hash": "hash-of-a-person",
             "kind": "person"}  # fmt: skip
    world.read("2026-01-05T03:00:00Z", COURTS, [ruling("5-1/2026", party, "2026-01-03")])
    found = tables(world)
    assert {row[1] for row in found["entity"]} == {"court", "judge"}
    assert "В.П.И." not in str(found)
    assert "hash-of-a-person" not in str(found)


def test_a_run_without_a_reading_is_caught_up_by_the_next(world: World) -> None:
    facts = replace(AGENTS, reading=None)
    world.read("2026-01-05T03:00:00Z", facts, [agent(1, "Фонд «Сказка»", "2024-01-05")])
    assert tables(world)["entity"] == []
    world.read("2026-01-06T03:00:00Z", BLOCKED, [blocking("skazka.example", "2025-02-03")])
    assert names(world, ("row", "agents_minjust", "1")) == {"Фонд «Сказка»": "listed"}


def _week(chance: random.Random) -> list[Row]:
    """A register in some week: renamed, moved, excluded and included rows."""
    name, site = "Фонд «{}»".format, "site-{}.example".format
    return [
        agent(
            number, name(chance.choice("АБВ")), "2024-01-05",
            chance.choice([None, None, None, "2025-03-04"]),
            names=chance.sample(["Первое", "Второе", "Meduza"], chance.randrange(3)),
            domains=[site(n) for n in chance.sample(range(6), chance.randrange(3))],
            target_type=chance.choice(["person", "organisation", "unknown"]),
        )
        for number in range(1, 9)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_following_the_revisions_and_making_all_again_give_the_same_rows(
    world: World, seed: int
) -> None:
    chance = random.Random(seed)
    courts = ["Сказочный районный суд", "СКАЗОЧНЫЙ РАЙОННЫЙ СУД"]
    for week in range(1, 5):
        at = f"2026-02-0{week}T03:00:00Z"
        run = world.read(at, AGENTS, _week(chance))
        assert run["verdict"] in ("complete", "held")
        party = {"role": "defendant", "initials": "В.П.И.", "kind": "person"}
        cards = [
            ruling(f"5-{n}/2026", party, "2026-01-03", court=chance.choice(courts))
            for n in range(4)
        ]
        world.read(at, COURTS, cards, part="a court")
        domain = f"site-{chance.randrange(6)}.example"
        world.read(at, BLOCKED, [blocking(domain, "2025-02-03")])
    followed = tables(world)
    assert len(followed["involvement"]) > 20
    assert made_again(world) == followed


def test_making_all_again_twice_changes_nothing(world: World) -> None:
    world.read("2026-01-05T03:00:00Z", AGENTS, [agent(1, "Фонд «Сказка»", "2024-01-05")])
    with world.store.write() as connection:
        assert rebuild(connection, READING) == 1
        first = connection.execute(select(EntityName.__table__)).all()
        rebuild(connection, READING)
        assert connection.execute(select(EntityName.__table__)).all() == first
