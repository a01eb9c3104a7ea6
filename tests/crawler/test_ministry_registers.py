"""Registers of the Ministry that share its interface: titles, forms, decisions, real files."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.catalogue import spider_of
from crawler.errors import PageChanged
from crawler.importing import import_files
from crawler.page import Page
from crawler.replay import replay
from crawler.spiders.designations.undesirable_minjust import UndesirableMinjust
from pipelines.countries import read_country
from pipelines.dates import Unread
from pipelines.designation import normalise_designation
from pipelines.observation import Observation
from pipelines.order_cells import Decision, read_decision
from pipelines.reading import Oddity, Said, Trouble
from storage.config import Config
from storage.queries import Filters, changes, records
from storage.store import Store, open_writer
from tests.captured import real

PAGES = Path(__file__).parents[1] / "pages"
SNAPSHOTS = {
    "fz255_undesirable_2023-09-29_5007f47.json": 112,
    "fz255_undesirable_2023-10-21_42d4337.json": 114,
    "fz255_undesirable_2023-11-18_61e02e3.json": 119,
    "fz255_undesirable_2024-02-19_054a3fe.json": 141,
}


def opened(folder: Path) -> Store:
    return open_writer(Config(home=folder / "home"))


def said(name: str, *files: Path | bytes) -> list[Said]:
    """What one spider of a source says of files in their order."""
    spider = spider_of(name)()
    return [one for file in files for one in _read(spider, file)]


def _read(spider: Any, file: Path | bytes) -> list[Said]:
    body = file if isinstance(file, bytes) else file.read_bytes()
    bare = Page(
        url="file:page", body=body, form="", fetch_id="1-1", digest="d",
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip
    return list(spider.read(replace(bare, form=spider.sniff(bare))))


def rows(name: str, some: Sequence[Said]) -> list[tuple[dict[str, Any], tuple[Trouble, ...]]]:
    """Fields and troubles of every row among what was said."""
    spec = spider_of(name).spec
    found = [normalise_designation(s, spec, name) for s in some if isinstance(s, Observation)]
    return [(dict(one.fields), one.troubles) for one in found]


def info(*titles: str) -> bytes:
    """`/info` with these titles."""
    columns = [
        {"name": f"field_{n}_{'i' if n == 1 else 's'}", "title": title, "hidden": False}
        for n, title in enumerate(titles, 1)
    ]
    return json.dumps({"lastModified": 1790000000000, "columns": columns}).encode()


def undesirable(case: str) -> Path:
    return PAGES / "undesirable_minjust" / case


def test_the_interface_the_mirror_and_the_older_page_tell_the_same() -> None:
    name = "undesirable_minjust"
    by_titles = said(name, undesirable("info.json"), undesirable("values_without_titles.json"))
    forms = [
        by_titles,
        said(name, undesirable("mirror.json")),
        said(name, undesirable("page.html")),
    ]
    told = [[fields for fields, _troubles in rows(name, form)] for form in forms]
    compared = ("number", "name", "names", "country", "listed_on", "delisted_on", "decisions")
    first, *others = [[{k: row[k] for k in compared} for row in form] for form in told]
    assert len(first) == 8
    for other in others:
        assert other == first
    assert [one.heading for one in by_titles if isinstance(one, Oddity)] == ["Примечание"]


def test_both_dates_and_both_numbers_stand_apart() -> None:
    fields, _none = rows(
        "undesirable_minjust", said("undesirable_minjust", undesirable("mirror.json"))
    )[3]
    assert (fields["listed_on"], fields["delisted_on"]) == ("2024-08-27", "2026-02-19")
    assert [(act["kind"], act["date"], act["number"]) for act in fields["decisions"]] == [
        ("recognition", "2024-08-14", None),
        ("inclusion", "2024-08-27", "1069-р"),
        ("cancellation", "2026-02-05", None),
        ("exclusion", "2026-02-19", "214-р"),
    ]


def test_a_state_that_nobody_knows_and_a_status_without_a_date_are_issues() -> None:
    name = "undesirable_minjust"
    troubles = rows(name, said(name, undesirable("mirror.json")))[7][1]
    assert [(one.kind, one.heading) for one in troubles] == [("unknown-value", "country")]
    values = json.loads(undesirable("values_without_titles.json").read_text("utf-8"))
    values["values"][0] |= {"field_10_s": "Исключена"}
    values["values"][1] |= {"field_10_s": "Приостановлена"}
    found = rows(name, said(name, json.dumps(values).encode()))
    assert [(t.kind, t.heading) for t in found[0][1]] == [("no-date", "delisted_on")]
    assert [(t.kind, t.heading) for t in found[1][1]] == [("unknown-value", "status")]
    assert found[3][1] == ()


@pytest.mark.parametrize(
    ("cell", "number", "day"),
    [
        ("№1 от 28.07.2015", "1", "2015-07-28"),
        ("№ 2 от 26.11.2015", "2", "2015-11-26"),
        ("от 26.04.2017", None, "2017-04-26"),
        ("14.08.2024", None, "2024-08-14"),
        ("№ 1069-р от 27.08.2024\u00a0", "1069-р", "2024-08-27"),
        ("1069-р", "1069-р", None),
        ("\u00a0", None, None),
        (" ", None, None),
        ("", None, None),
    ],
)
def test_every_shape_of_a_decision_is_read(cell: str, number: str | None, day: str | None) -> None:
    assert read_decision(cell, ("%d.%m.%Y",)) == Decision(number, day)


@pytest.mark.parametrize(
    "cell", ["31.02.2024", "от 26.04.17", "решение от весны", "№ 2 26/11/2015"]
)
def test_a_decision_in_another_shape_is_never_guessed(cell: str) -> None:
    with pytest.raises(Unread):
        read_decision(cell, ("%d.%m.%Y",))


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Sample Fund («Фонд»), США", "US"),
        ("Sample Fund («Фонд») (Чешская Республика)", "CZ"),
        ("Sample (Великобритания) (с 08.11.2017 – SAMPLE PROJECT)", "GB"),
        ("«Фонд» (Sample Fund) Эстонская Республика", "EE"),
        ("«Федерация» («Federation»), Великобритания, Лондон", "GB"),
        ("Sample («Фонд»),\u00a0 Великобритания", "GB"),
        ("SAMPLE FUND, Inc.", None),
        ("Sample Committee («Комитет России»)", None),
    ],
)
def test_the_state_at_the_end_of_a_name_is_read(name: str, country: str | None) -> None:
    assert read_country(name) == (country, False)


BASE = ("№", "Дата включения", "Номер распоряжения", "Решение Генпрокуратуры", "Наименование")


@pytest.mark.parametrize(
    "titles",
    [
        (*BASE, "Номер распоряжения об исключении", "Отмена решения прокурором", "Дата исключения"),
        (*BASE[:2], "Реквизиты распоряжения Минюста", "Решение о признании", "Полное наименование "
         "иностранной или международной организации", "", "", "Дата исключения из перечня"),
        ("field_1_i", "", "", "", "", "", "", "", "", ""),
    ],
)  # fmt: skip
def test_columns_are_found_by_the_words_of_their_titles(titles: Sequence[str]) -> None:
    values = undesirable("values_without_titles.json")
    found = rows("undesirable_minjust", said("undesirable_minjust", info(*titles), values))
    assert [row["delisted_on"] for row, _ in found] == [None] * 3 + ["2026-02-19"] + [None] * 4
    assert all(row["name"] and row["listed_on"] for row, _ in found)


@pytest.mark.parametrize("dropped", ["Наименование", "Дата исключения", "Дата включения", "№"])
def test_a_renamed_title_of_a_needed_column_fails(dropped: str) -> None:
    titles = (
        *BASE[:2],
        "Примечание 1",
        "Решение Генпрокуратуры",
        BASE[4],
        "",
        "",
        "Дата исключения",
    )
    renamed = ["Сведения" if title == dropped else title for title in titles]
    values = undesirable("values_without_titles.json")
    with pytest.raises(PageChanged):
        said("undesirable_minjust", info(*renamed), values)


def test_the_older_page_is_refused_where_it_is_cut_or_its_columns_moved() -> None:
    for case in ("page_cut.html", "page_columns_moved.html"):
        with pytest.raises(Exception, match=r"end mark|another order"):
            said("undesirable_minjust", undesirable(case))


def test_persons_under_restrictions_are_read_without_their_personal_data() -> None:
    folder = PAGES / "restricted_minjust"
    heard = said("restricted_minjust", folder / "info.json", folder / "values_without_titles.json")
    found = rows("restricted_minjust", heard)
    assert [(row["name"], row["names"]) for row, _ in found] == [
        ("Образцов Примерий Тестович", ["Проверкин"]),
        ("Пробная Тестина Примеровна", ["Проба"]),
        ("Образцова Эталона Тестовна", []),
    ]
    assert [row["delisted_on"] for row, _ in found] == [None, "2026-06-20", None]
    assert [t.kind for _, troubles in found for t in troubles] == ["no-date"]
    assert [one.heading for one in heard if isinstance(one, Oddity)] == [
        "Орган, вынесший постановление"
    ]
    kept = repr(heard) + repr(found)
    for secret in ("1970", "1981", "1992", "112-233-445", "500100732259"):
        assert secret not in kept
    assert {row["target_type"] for row, _ in found} == {"person"}


def test_without_titles_nothing_of_the_persons_is_read() -> None:
    with pytest.raises(PageChanged):
        said("restricted_minjust", PAGES / "restricted_minjust" / "values_without_titles.json")


def test_titles_and_rows_imported_together_read_the_same_again(tmp_path: Path) -> None:
    store = opened(tmp_path)
    folder = PAGES / "restricted_minjust"
    files = [folder / "info.json", folder / "values_without_titles.json"]
    run = import_files(store, "restricted_minjust", files)[-1]
    assert (run["verdict"], run["observed"]) == ("complete", 3)
    with store.read() as connection:
        codes = connection.exec_driver_sql("SELECT DISTINCT code FROM measure").scalars().all()
    assert codes == ["restrictive_measures"]
    again = replay(store, spider_of("restricted_minjust"))
    assert again is not None
    assert (again["verdict"], set(again["changes"].values())) == ("complete", {0})


@pytest.mark.real
@pytest.mark.parametrize(("name", "count"), SNAPSHOTS.items())
def test_every_row_of_a_real_snapshot_is_read_without_an_issue(name: str, count: int) -> None:
    path = real("undesirable", name)
    found = rows(UndesirableMinjust.name, said(UndesirableMinjust.name, path))
    raw = json.loads(path.read_text("utf-8"))
    assert len(found) == len(raw) == count
    assert [troubles for _, troubles in found if troubles] == []
    for (fields, _), listed in zip(found, raw, strict=True):
        kinds = [act["kind"] for act in fields["decisions"]]
        assert fields["number"] == listed["id"] and kinds == ["recognition", "inclusion"]
        assert f"{datetime.fromisoformat(fields['listed_on']):%d.%m.%Y}" == listed["dateIn"]
        assert fields["decisions"][1]["number"] in listed["decisionInMinjust"]
    assert sum(fields["country"] is None for fields, _ in found) <= 10


@pytest.mark.real
def test_real_snapshots_in_a_row_give_exactly_the_true_additions(tmp_path: Path) -> None:
    store = opened(tmp_path)
    before: dict[str, dict[str, str]] = {}
    for name in SNAPSHOTS:
        path = real("undesirable", name)
        now = {row["id"]: row for row in json.loads(path.read_text("utf-8"))}
        run = import_files(store, UndesirableMinjust.name, [path])[-1]
        with store.read() as connection:
            found = list(changes(connection, Filters(run=run["run"])))
        assert run["verdict"] == "complete" and run["issues"] == 0
        assert {
            c["key"][0] for c in found if c["change"] != "changed"
        } == now.keys() - before.keys()
        assert {c["key"][0] for c in found if c["change"] == "changed"} == _edited(before, now)
        before = now
    with store.read() as connection:
        listed = list(records(connection, Filters()))
    assert len(listed) == 141
    assert all(row["status"] == "listed" and not row["ended_on"] for row in listed)


def _edited(before: dict[str, dict[str, str]], now: dict[str, dict[str, str]]) -> set[str]:
    """Rows whose words differ, blanks aside."""

    def plain(row: dict[str, str]) -> list[str]:
        return [" ".join(value.split()) for value in row.values()]

    return {n for n in before.keys() & now.keys() if plain(before[n]) != plain(now[n])}


@pytest.mark.real
def test_the_real_names_of_2025_name_their_state_where_they_have_one() -> None:
    names = real("undesirable", "undesirable_names_2025-08.txt").read_text("utf-8").splitlines()
    read = [read_country(name) for name in names]
    assert len(names) == 252
    assert [name for name, (_, unknown) in zip(names, read, strict=True) if unknown] == []
    assert sum(code is not None for code, _ in read) == 239  # 13 name no state: read by eye
