"""The test lists: every row of the captured files, and which part a file is."""

import json
from pathlib import Path

import pytest

from crawler.importing import import_files
from storage.config import Config
from storage.queries import reference_categories
from storage.store import open_writer
from tests.captured import real
from tests.page_reading import PAGES, read_bytes, read_pages

NAME = "media_citizenlab"
ROWS = {"ru": 1093, "global": 1722, "ua": 674, "by": 465, "cis": 339}


@pytest.mark.parametrize("file", ["ru.csv", "ru_2026-06-30.csv", "ru-7f01e43.csv"])
def test_a_file_is_the_part_that_its_name_begins_with(file: str) -> None:
    body = (PAGES / NAME / "ru.csv").read_bytes()
    assert [part for part, _ in read_bytes(NAME, {file: body}).intake.reports] == ["ru"]


def test_a_file_of_another_name_is_none_of_the_lists() -> None:
    body = (PAGES / NAME / "ru.csv").read_bytes()
    reading = read_bytes(NAME, {"russia.csv": body})
    assert reading.kept.rows == []
    assert reading.errors[0].startswith("layout-changed")


def test_a_row_cut_at_the_end_makes_the_file_incomplete() -> None:
    body = (PAGES / NAME / "ru.csv").read_bytes()
    reading = read_bytes(NAME, {"ru.csv": body[: body.rindex(b",citizenlab")]})
    assert reading.errors[0].startswith("truncated-body")


def test_a_page_on_a_platform_does_not_make_the_platform_a_medium(tmp_path: Path) -> None:
    store = open_writer(Config(home=tmp_path / "home"))
    import_files(store, NAME, [PAGES / NAME / "ru.csv"])
    with store.read() as connection:
        found = reference_categories(connection)
    store.close()
    assert found["vk.com"] == "GRP"
    assert (found["grani.ru"], found["воля.example"]) == ("NEWS", "HUMR")


@pytest.mark.real
@pytest.mark.parametrize("part", ROWS)
def test_no_row_of_a_captured_list_is_dropped(part: str) -> None:
    reading = read_pages(NAME, [real("test-lists", f"{part}.csv")])
    assert (len(reading.kept.rows), reading.errors, reading.kept.issues) == (ROWS[part], [], [])
    assert {json.loads(one.key)[0] for one in reading.kept.rows} == {part}
