"""Sentences about acts that are stated in pieces: by two authorities, without a day, twice."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.digest import make_digest
from desk.digest_model import Digest
from desk.digest_render import render
from desk.words import LANGS, Lang, date_words
from storage import coverage
from tests.desk.world import AGENTS, BLOCKED, Row, World, agent, blocking

MIRROR = replace(BLOCKED, name="blocked_roskomsvoboda", title="The other copy")
OLD = blocking("old.example", "2025-02-03")
FRIDAYS = ("2026-11-13T15:00:00Z", "2026-11-20T15:00:00Z")
PROSECUTOR = "Генеральная прокуратура Российской Федерации"


def designated(world: World, row: Row, lang: Lang = "en") -> str:
    """The sentence of a row that is new in the second week."""
    world.read(FRIDAYS[0], AGENTS, [agent(1, "Старов", "2026-01-16")])
    world.read(FRIDAYS[1], AGENTS, [agent(1, "Старов", "2026-01-16"), row])
    (item,) = make_digest(world.store, "2026-W47", lang).section("designations").items
    return item.headline


def excluded(world: World, fields: Mapping[str, Any], lang: Lang = "en") -> str:
    """The sentence of a row whose text an exclusion replaced."""
    row = agent(1, "Кружок «Строка»", "2026-01-16")
    gone = {"name": None, "name_raw": "Исключен;", "listed_on": None} | fields
    world.read(FRIDAYS[0], AGENTS, [row])
    world.read(FRIDAYS[1], AGENTS, [replace(row, fields={**row.fields, **gone})])
    (item,) = make_digest(world.store, "2026-W47", lang).section("exclusions").items
    return item.headline


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, FRIDAYS[0])


def test_where_one_authority_decides_and_another_lists_both_days_are_told(world: World) -> None:
    decision = {"kind": "recognition", "authority": PROSECUTOR, "date": "2026-11-11"}
    row = agent(2, "Nowhere Fund", "2026-11-20", decisions=[decision])
    row = replace(row, measure={**row.measure, "authority": PROSECUTOR})
    told = designated(world, row)
    assert "designated by the Prosecutor General's Office on 11 November 2026" in told
    assert told.endswith("; in the list since 20 November 2026")


def test_a_decision_of_another_authority_does_not_lend_its_day(world: World) -> None:
    decision = {"kind": "recognition", "authority": PROSECUTOR, "date": "2026-11-11"}
    told = designated(world, agent(2, "Nowhere Fund", "2026-11-20", decisions=[decision]))
    assert "designated by the Ministry of Justice on 20 November 2026" in told
    assert "in the list since" not in told


def test_a_row_struck_out_without_a_word_why_is_told_as_that(world: World) -> None:
    told = excluded(world, {"decisions": [{"kind": "exclusion", "authority": None, "date": None}]})
    assert told == (
        "Кружок «Строка»: excluded from the list, which states neither who decided nor when; "
        "was listed on 16 January 2026"
    )


def test_an_exclusion_by_a_court_names_the_court_and_its_day(world: World) -> None:
    decided = {"kind": "exclusion", "authority": "Верховный Суд РТ", "date": "2026-11-02"}
    told = excluded(world, {"decisions": [decided]}, "ru")
    assert "исключение из реестра; решение от 2 ноября 2026, Верховный Суд РТ" in told
    assert "не указан" not in told


def test_a_blocking_outside_the_register_claims_no_agency_and_no_decision(world: World) -> None:
    row = blocking("sopki.example", "", agency=None, block_type="off-register")
    row = replace(row, measure={**row.measure, "acted_on": None})
    world.read(FRIDAYS[0], BLOCKED, [OLD])
    world.read(FRIDAYS[1], BLOCKED, [OLD, row])
    (item,) = make_digest(world.store, "2026-W47").section("blockings").items
    assert item.headline.startswith("sopki.example: blocked without any entry in a register")


def two_copies(world: World, **first: Any) -> Digest:
    """A blocking that both lists show, the second of them an hour later."""
    new = ("new.example", "2026-11-18")
    for source in (BLOCKED, MIRROR):
        world.read(FRIDAYS[0], source, [OLD])
    world.read(FRIDAYS[1], BLOCKED, [OLD, blocking(*new, **first)])
    world.read("2026-11-20T16:00:00Z", MIRROR, [OLD, blocking(*new)])
    return make_digest(world.store, "2026-W47")


def test_a_blocking_that_two_sources_state_is_told_and_counted_once(world: World) -> None:
    digest = two_copies(world)
    (item,) = digest.section("blockings").items
    assert item.source == BLOCKED.name
    assert any(MIRROR.title in value for _label, value in item.details)
    (figure,) = [one for one in digest.figures if one.line == "blockings"]
    assert figure.this_week is not None
    assert figure.this_week.acts == 1
    assert digest.section("blockings").note is None


def test_a_copy_counts_where_the_first_still_waits_for_a_person(world: World) -> None:
    (item,) = two_copies(world, political="review").section("blockings").items
    assert item.source == MIRROR.name


@pytest.mark.parametrize("lang", LANGS)
def test_a_day_a_month_and_a_year_are_words(lang: Lang) -> None:
    shown = [date_words(day, lang) for day in ("2026-11-03", "2026-11", "2026")]
    assert (
        shown
        == {
            "en": ["3 November 2026", "November 2026", "2026"],
            "ru": ["3 ноября 2026", "ноябрь 2026", "2026"],
        }[lang]
    )


def test_the_figure_of_courts_says_how_many_were_read(world: World) -> None:
    world.read(FRIDAYS[1], AGENTS, [agent(1, "Старов", "2026-01-16")])
    row = coverage.Row("2026-W47", "district", "43", 30, 12, 3, 5, 4, 6)
    with world.store.write() as connection:
        coverage.write(connection, AGENTS.name, [row])
    for lang, words in (("en", "courts read whole: 12 of 30"), ("ru", "полностью: 12 из 30")):
        digest = make_digest(world.store, "2026-W47", lang)  # type: ignore[arg-type]
        assert {f.courts for f in digest.figures if f.line == "rulings"} == {(12, 30)}
        assert words in render(digest, "txt")
        assert words in render(digest, "md")
    earlier = make_digest(world.store, "2026-W46", "en")
    assert {figure.courts for figure in earlier.figures} == {None}
