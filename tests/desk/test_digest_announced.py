"""Announced and not yet listed, reasons beside the act, and what silence means."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.announced import match_announcements
from desk.digest import make_digest
from desk.digest_model import Digest, Item
from desk.digest_render import FORMS, Form, render
from desk.release import publish
from desk.release_build import open_file
from desk.words import LANGS, Lang
from tests.desk.world import AGENTS, Row, World, agent

WEEK = "2026-W47"
NEWS = replace(
    AGENTS, name="news_minjust", family="announcement", covers="single", number_field=None,
    exclusion_field=None, title="Новости Министерства юстиции",
)  # fmt: skip
REASON = "Выступал против специальной военной операции на Украине."
ITEM, URL = "/ru/events/50123/", "https://minjust.example/ru/events/50123/"


def announcement(subject: str, kind: str = "inclusion", **more: Any) -> Row:
    fields: dict[str, Any] = {
        "title": "О реестре иностранных агентов", "published_on": "2026-11-20", "acted_on": None,
        "kind": kind, "subject": subject, "names": [], "subject_kind": "person", "country": None,
        "reasons": [{"code": "anti_war", "text": REASON}], "text": f"{subject}. {REASON}",
        "url": URL, "authority": "Министерство юстиции Российской Федерации",
    } | more  # fmt: skip
    return Row([ITEM, kind, subject], fields, quote=f"{subject}. {REASON}")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two announced, one of them listed, and one excluded with its reason."""
    made = World(tmp_path_factory.mktemp("announced"), "2026-11-16T16:00:00Z")
    old = agent(1, "Сказкин Антон Борисович", "2021-01-15")
    made.read("2026-11-16T16:00:00Z", AGENTS, [old])
    gone = agent(1, "Сказкин Антон Борисович", "2021-01-15", "2026-11-20")
    new = agent(2, "Выдумкин Михаил Викторович", "2026-11-20")
    run = made.read("2026-11-20T17:00:00Z", AGENTS, [gone, new])
    rows = [
        announcement("М.В. Выдумкин"),
        announcement("В.Г. Небылицына <b>"),
        announcement(
            "А.Б. Сказкин", "exclusion", reasons=[{"code": "no_signs", "text": "Признаков нет."}]
        ),
    ]
    made.read("2026-11-20T18:00:00Z", NEWS, rows, part=ITEM, url=URL)
    match_announcements(made.store, AGENTS.name, run["run"])
    return made


@pytest.fixture(scope="module")
def digest(world: World) -> Digest:
    return make_digest(world.store, WEEK)


def details(item: Item) -> Mapping[str, str]:
    return dict(item.details)


def test_what_no_register_shows_is_told_apart_and_counted_nowhere(digest: Digest) -> None:
    (item,) = digest.section("announced").items
    assert item.headline == (
        "В.Г. Небылицына <b>: inclusion announced by the Ministry of Justice on 20 November 2026, "
        "not yet in the register"
    )
    assert details(item)["reasons that the authority states"] == (
        "spoke out against the war in Ukraine"
    )
    assert item.quote and REASON in item.quote and item.url == URL
    (figure,) = [one for one in digest.figures if one.line == "designations"]
    assert figure.this_week is not None and figure.this_week.acts == 1
    assert digest.other_news == 0


def test_an_act_carries_the_reason_in_the_words_of_the_state(digest: Digest) -> None:
    (item,) = digest.section("designations").items
    assert details(item)["the Ministry of Justice states"] == f"«{REASON}»"
    assert details(item)["announcement"] == URL
    (excluded,) = digest.section("exclusions").items
    assert details(excluded)["the Ministry of Justice states"] == "«Признаков нет.»"


@pytest.mark.parametrize(("form", "lang"), [(form, lang) for form in FORMS for lang in LANGS])
def test_every_form_quotes_the_reason_and_lets_nothing_of_it_run(
    world: World, form: Form, lang: Lang
) -> None:
    text = " ".join(render(make_digest(world.store, WEEK, lang), form).split())
    assert REASON in text.replace("\\", "")
    assert ("<b>" in text) is (form == "txt")


def test_what_was_announced_after_the_week_is_not_in_it(world: World) -> None:
    assert make_digest(world.store, "2026-W46").section("announced").items == ()


def test_silence_says_of_how_many_items_it_is_true(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-20T16:00:00Z")
    assert make_digest(world.store, WEEK).section("announced").note == (
        "Not collected by this installation."
    )
    rows = [Row([f"/ru/events/{n}/"], {}) for n in range(7)]
    world.read("2026-11-20T16:00:00Z", replace(NEWS, family="reference"), rows, part="list")
    with world.store.write() as connection:
        connection.exec_driver_sql("UPDATE source SET family = 'announcement'")
    note = make_digest(world.store, WEEK).section("announced").note
    assert note == "No announcement waits for the register; 7 items of news were looked at."


def test_a_release_has_the_announcements_with_their_state(world: World) -> None:
    released = publish(world.store)
    connection = open_file(released.folder / "release.sqlite")
    rows = connection.execute(
        "SELECT subject, state FROM announcements ORDER BY subject"
    ).fetchall()
    connection.close()
    assert [tuple(row) for row in rows] == [
        ("А.Б. Сказкин", "in-register"), ("В.Г. Небылицына <b>", "announced"),
        ("М.В. Выдумкин", "in-register"),
    ]  # fmt: skip
