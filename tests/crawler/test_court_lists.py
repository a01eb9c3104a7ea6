"""Lists that rest on courts' decisions, on the captured files and through the record."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.importing import import_files
from crawler.page import Page
from crawler.spiders.designations.extremist_materials_minjust import ExtremistMaterialsMinjust
from crawler.spiders.designations.extremist_orgs_minjust import ExtremistOrgsMinjust
from desk.digest import make_digest
from pipelines.observation import Observation
from storage.config import Config
from storage.queries import Filters, changes, records
from storage.store import Store, open_writer
from tests.captured import real
from tests.page_reading import PAGES, Reading, read_bytes, read_pages

MATERIALS = "extremist_materials_minjust"
FILES = {"exportfsm_2021.csv": 5172, "exportfsm_2025-07-22.csv": 5441}
# What an independent eye sees: a court in any case of the word, a placeholder at the start.
COURT = re.compile(r"\bсуд(?:а|ом|у)?\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"(?:материалы? |запись )?исключ[её]н", re.IGNORECASE)
NAMES = ("Ветлугин", "Дальнев", "Горелов", "Полынов", "Лугов")


@cache
def rows_of(name: str) -> dict[str, tuple[str, str]]:
    """Number -> text and date of a captured file, by the standard library alone."""
    text = real("extremist_materials", name).read_bytes().decode("cp1251")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    return {number: (" ".join(words.split()), day) for number, words, day in lines}


@cache
def reading_of(name: str) -> Reading:
    """What our reader and normaliser say of a captured file."""
    return read_pages(MATERIALS, [real("extremist_materials", name)])


def fields_of(name: str) -> dict[str, dict[str, Any]]:
    """The same as fields by number."""
    return {json.loads(r.key)[0]: json.loads(r.fields) for r in reading_of(name).kept.rows}


@pytest.mark.real
@pytest.mark.parametrize("name", FILES)
def test_every_row_of_the_captured_list_is_read_and_nothing_is_unread(name: str) -> None:
    reading, truth, found = reading_of(name), rows_of(name), fields_of(name)
    assert reading.errors == []
    # № 855 dates its second decision by 17.02.1012
    assert [one.kind for one in reading.kept.issues] == ["unread-decision"]
    assert len(found) == len(truth) == FILES[name]
    assert set(found) == set(truth)
    for number, (_words, day) in truth.items():
        stated = "-".join(reversed(day.split("."))) if day else None
        assert found[number]["listed_on"] == stated


@pytest.mark.real
@pytest.mark.parametrize("name", FILES)
def test_of_rows_that_name_a_court_99_in_100_give_court_and_date(name: str) -> None:
    truth, found = rows_of(name), fields_of(name)
    naming = {number for number, (words, _day) in truth.items() if COURT.search(words)}
    decided = {
        number
        for number, fields in found.items()
        if any(one["authority"] and one["date"] for one in fields["decisions"])
    }
    misses = sorted(naming - decided, key=int)
    print(f"{name}: {len(naming)} name a court, {len(decided)} read, misses: {misses}")
    assert len(naming) > 4900
    assert len(misses) <= 0.01 * len(naming), misses
    assert decided <= naming  # nothing where the text names no court


@pytest.mark.real
def test_each_court_and_date_stand_in_the_text_of_their_row() -> None:
    name = "exportfsm_2025-07-22.csv"
    truth, wrong = rows_of(name), []
    for number, fields in fields_of(name).items():
        words = re.sub(r"\s?[.,]\s?", ".", truth[number][0])
        for one in fields["decisions"]:
            day = ".".join(reversed((one["date"] or "").split("-")))
            court = (one["authority"] or "").split()
            # Adjectives change their ending, the place after the court does not.
            stem, place = court[0][:4] if court else "", court[-1] if court else ""
            if not all(part in words for part in (day, stem, place.rstrip(".").strip())):
                wrong.append((number, one))
    print(len(wrong), wrong[:10])
    assert len(wrong) <= 60  # months in words, and courts whose last word changes its ending


@pytest.mark.real
@pytest.mark.parametrize("name", FILES)
def test_a_struck_out_row_is_told_apart_by_its_start_alone(name: str) -> None:
    truth = {n for n, (words, _day) in rows_of(name).items() if PLACEHOLDER.match(words)}
    found = {
        number
        for number, fields in fields_of(name).items()
        if any(one["kind"] == "exclusion" for one in fields["decisions"])
    }
    assert found == truth
    assert all(fields_of(name)[number]["name"] is None for number in found)
    assert len(found) == {"exportfsm_2021.csv": 188}.get(name, 213)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A new home."""
    return open_writer(Config(home=tmp_path / "home"))


@pytest.mark.real
def test_two_states_four_years_apart_give_the_true_additions_exclusions_and_edits(
    store: Store,
) -> None:
    before, after = (rows_of(name) for name in FILES)
    for name in FILES:
        (run,) = import_files(store, MATERIALS, [real("extremist_materials", name)])
        assert run["verdict"] == "complete", run
    told = told_by(store)
    kinds = {kind: {c["key"][0] for c in told if c["change"] == kind}
             for kind in ("appeared", "changed", "gone")}  # fmt: skip
    assert kinds["appeared"] == set(after) - set(before)
    edited = {n for n in before if before[n][0].rstrip(" ;") != after[n][0].rstrip(" ;")}
    assert kinds["changed"] == edited
    assert kinds["gone"] == set()
    struck = {c["key"][0] for c in told if c["change"] == "changed" and excluded(c)}
    assert struck == {n for n in edited if PLACEHOLDER.match(after[n][0])}
    assert len(struck) == 21
    listed = kept_in(store)
    assert {row["status"] for row in listed} == {"listed"}


def told_by(store: Store) -> list[dict[str, Any]]:
    """All changes of a home."""
    with store.read() as connection:
        return list(changes(connection, Filters()))


def kept_in(store: Store) -> list[dict[str, Any]]:
    """All records of a home."""
    with store.read() as connection:
        return list(records(connection, Filters()))


def excluded(change: dict[str, Any]) -> bool:
    """Does a change tell an exclusion, with the text that stood there before?"""
    kinds = {one["kind"] for one in change["after"].get("decisions", [])}
    return kinds == {"exclusion"} and bool(change["before"]["name"])


@pytest.mark.real
@pytest.mark.parametrize(
    ("source", "path", "count", "cut"),
    [
        ("extremist_orgs_minjust", "extremist_orgs/extremist_orgs_2026-07_first404.json", 404, 2),
        ("terrorist_orgs_fsb", "terrorist_orgs/fsb_terrorist_orgs_2026-07_first44.json", 44, 1),
    ],
)
def test_every_name_of_a_mirror_is_read_and_people_are_cut_out_of_it(
    source: str, path: str, count: int, cut: int
) -> None:
    file = real(*path.split("/"))
    names = [" ".join(entry["name"].split()) for entry in json.loads(file.read_text("utf-8"))]
    reading = read_pages(source, [file])
    keys = [json.loads(row.key)[-1] for row in reading.kept.rows]
    assert reading.errors == []
    assert reading.kept.issues == []
    assert len(keys) == len(names) == count
    changed = [(a, b) for a, b in zip(names, keys, strict=True) if a != b]
    assert len(changed) == cut, changed
    assert all("[…]" in key for _name, key in changed)


@pytest.mark.parametrize("source", ["extremist_orgs_minjust", "terrorist_orgs_fsb"])
def test_no_name_of_a_member_is_kept_anywhere(source: str) -> None:
    pages = [p for p in (PAGES / source).glob("*.*") if ".expected." not in p.name]
    kept = "".join(repr(row) for page in pages for row in read_pages(source, [page]).kept.rows)
    assert any(name in page.read_text("utf-8") for name in NAMES for page in pages)
    assert not [name for name in NAMES if name in kept]


def page(body: bytes, context: dict[str, int]) -> Page:
    """A page of the list as a crawl brings it."""
    return Page(
        url="https://minjust.gov.ru/ru/extremist-materials/?page=1", body=body, form="page",
        fetch_id="1-1", digest="d", at=datetime(2026, 11, 22, tzinfo=UTC), endpoint=1,
        context=context,
    )  # fmt: skip


def test_the_first_page_leads_to_all_others_and_those_to_none() -> None:
    body = (PAGES / MATERIALS / "page.html").read_bytes()
    asked = list(ExtremistMaterialsMinjust().follow(page(body, {})))
    assert [ask.url.partition("?")[2] for ask in asked] == ["page=2", "page=3"]
    assert list(ExtremistMaterialsMinjust().follow(page(body, {"number": 2}))) == []


def test_a_list_copied_to_other_line_ends_and_another_charset_says_the_same() -> None:
    wire = (PAGES / MATERIALS / "list.csv").read_bytes()
    copy = wire.decode("cp1251").replace("\r\n", "\n").encode("utf-8")
    first, second = (read_bytes(MATERIALS, {"list.csv": body}) for body in (wire, copy))
    assert [(r.key, r.content_hash) for r in first.kept.rows] == [
        (r.key, r.content_hash) for r in second.kept.rows
    ]


def test_no_division_is_lost_and_each_decision_of_the_page_is_read() -> None:
    """301 divisions under one number, the decision after the last of them."""
    divisions = [f"Местная организация «Паром № {n}»;" for n in range(1, 302)]
    decided = "(решение Верховного Суда Российской Федерации от 20.04.2017)"
    texts = [
        "1. Организация «Река» (решение Московского городского суда от 01.02.2010);",
        "2. Центр паромщиков и входящие в него организации:", *divisions,
        f"Местная организация «Причал» {decided} (дата размещения сведений: 16.08.2017);",
        "3. Группа «Весло» (решение Московского городского суда от 03.02.2018).",
    ]  # fmt: skip
    body = "<html><body><div class='doc'><p>" + "</p><p>".join(texts) + "</p></div></body></html>"
    rows = [
        one
        for one in ExtremistOrgsMinjust().read(page(body.encode(), {}))
        if isinstance(one, Observation)
    ]
    assert [row.key[0] for row in rows] == ["1", *["2"] * 303, "3"]
    assert all(row.fields["decisions"] == decided for row in rows if row.key[0] == "2")
    assert len({row.key for row in rows}) == 305


def test_an_item_that_becomes_a_placeholder_is_told_as_a_change(
    store: Store, tmp_path: Path
) -> None:
    items = [
        f"<p>{n}. Организация «Река {n}» (решение Московского областного суда от 01.02.2010) "
        "(дата размещения сведений: 03.03.2015);</p>"
        for n in range(1, 121)
    ]
    emptied = [*items[:29], "<p>30. Организация исключена в связи с ликвидацией;</p>", *items[30:]]
    for day, some in (("2026-01-05", items), ("2026-01-12", emptied)):
        file = tmp_path / f"list_{day}.html"
        file.write_text(f"<html><body><div class='doc'>{''.join(some)}</div></body></html>")
        (run,) = import_files(store, "extremist_orgs_minjust", [file])
        assert run["verdict"] == "complete", run
    (change,) = [c for c in told_by(store) if c["change"] != "baseline"]
    assert (change["key"], change["change"]) == (["30"], "changed")
    assert excluded(change)
    assert change["before"]["name"] == "Организация «Река 30»"
    (item,) = make_digest(store, "2026-W03").section("exclusions").items
    assert item.headline == (
        "Организация «Река 30»: excluded from the list, which states neither who decided nor when; "
        "was listed on 3 March 2015"
    )


def test_names_of_a_mirror_never_speak_for_the_official_list(store: Store, tmp_path: Path) -> None:
    mirror = json.loads((PAGES / "terrorist_orgs_fsb" / "mirror.json").read_text("utf-8"))
    entries = [mirror[0] | {"name": f"«Река {n}»"} for n in range(60)]
    for day, some in (("2026-01-05", entries), ("2026-01-12", entries[:50])):
        file = tmp_path / f"names_{day}.json"
        file.write_text(json.dumps(some), "utf-8")
        import_files(store, "terrorist_orgs_fsb", [file])
    listed = kept_in(store)
    assert len(listed) == 60
    assert {row["status"] for row in listed} <= {"listed", "absent"}
