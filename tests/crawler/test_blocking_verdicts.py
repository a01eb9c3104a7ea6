"""What is political leans on our own lists: when those grow, no register has changed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.importing import import_files
from crawler.recheck import recheck
from storage.config import Config, SourceConfig
from storage.errors import Refused
from storage.queries import Filters, changes, records
from storage.store import Store, open_writer

BLOCKS, LISTS, AGENTS = "blocked_zapretinfo", "media_citizenlab", "agents_minjust"
HEAD = "url,category_code,category_description,date_added,source,notes\n"
LISTED = "https://sample.media/,NEWS,News Media,2024-04-15,citizenlab,\n"
AGENT = {
    "id": "1", "fullName": "Проект «Образец»", "law": "Статья 7 Федерального закона № 255-ФЗ",
    "dateIn": "01.12.2023", "dateOut": "", "resources": "https://sample.media",
}  # fmt: skip
ROWS = (
    "192.0.2.1;sample.media;;;;2022-02-24\n"
    "192.0.2.2;mirror.sample.media;;;;2023-05-04\n"
    "192.0.2.3;quiet.example;;Ленинский районный суд г. Костромы - Костромская область;"
    "2а-1978/2022;2022-07-01\n"
    "192.0.2.4;other.example;;Генпрокуратура;27-31-2015/Ид831-15;2015-05-01\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A home whose operator keeps a list of his own."""
    own = tmp_path / "own.txt"
    own.write_text("# ours\n", "utf-8")
    config = Config(home=tmp_path / "home", source={BLOCKS: SourceConfig(reference=str(own))})
    opened = open_writer(config)
    yield opened
    opened.close()


def register(folder: Path, hour: int, rows: str = ROWS) -> Path:
    """The register at an hour of 1 June 2024: the same rows in other bytes each time."""
    path = folder / f"dump_2024-06-01T{hour:02}00Z.csv"
    path.write_bytes((f"Updated: 2024-06-01 {hour:02}:00:00 +0000\n" + rows).encode("cp1251"))
    return path


def verdicts(store: Store) -> dict[str, tuple[str, str, str | None]]:
    """Domain -> verdict, rule and article, as `records` and the table show them."""
    with store.read() as connection:
        told = [one["fields"] for one in records(connection, Filters(source=BLOCKS))]
        columns = connection.exec_driver_sql("SELECT political, political_rule FROM blocking")
        assert sorted(map(tuple, columns)) == sorted(
            (one["political"], one["political_rule"]) for one in told
        )
    return {
        one["domains"][0]: (one["political"], one["political_rule"], one["article"]) for one in told
    }


def kinds(store: Store) -> list[tuple[str, list[str]]]:
    """Every change of the register's rows but the baseline."""
    with store.read() as connection:
        found = [(c["change"], c["fields"]) for c in changes(connection, Filters(source=BLOCKS))]
    return [one for one in found if one[0] != "baseline"]


def grow_lists(store: Store, folder: Path) -> None:
    """The test lists come to know the outlet."""
    lists = folder / "ru.csv"
    lists.write_text(HEAD + LISTED, "utf-8")
    import_files(store, LISTS, [lists])


def grow_register(store: Store, folder: Path) -> None:
    """A register of designations names the outlet's site."""
    path = folder / "registry.json"
    path.write_text(json.dumps([AGENT]), "utf-8")
    import_files(store, AGENTS, [path])


def grow_own(store: Store, folder: Path) -> None:
    """The operator writes the outlet in his own list."""
    (folder / "own.txt").write_text("https://www.sample.media/ # an outlet\n", "utf-8")


@pytest.mark.parametrize("grow", [grow_lists, grow_register, grow_own])
def test_a_grown_list_is_a_new_reading_and_no_change_of_the_register(
    grow: Callable[[Store, Path], None], store: Store, tmp_path: Path
) -> None:
    import_files(store, BLOCKS, [register(tmp_path, 1)])
    assert verdicts(store)["sample.media"] == ("yes", "hidden-2022-02-24", "15.3")
    assert verdicts(store)["mirror.sample.media"] == ("review", "hidden", None)
    grow(store, tmp_path)
    checked = recheck(store)
    assert checked["faults"] == [] and checked["checked"] >= 3
    run = import_files(store, BLOCKS, [register(tmp_path, 2)])[-1]
    assert verdicts(store)["sample.media"] == ("yes", "hidden-in-reference", "15.3")
    assert verdicts(store)["mirror.sample.media"] == ("yes", "hidden-in-reference", None)
    assert kinds(store) == [("reparsed", []), ("reparsed", [])]
    assert (run["changes"]["changed"], run["changes"]["reparsed"]) == (0, 2)
    assert recheck(store)["faults"] == []


def test_a_court_row_that_is_ours_now_was_there_before_and_keeps_court_and_case(
    store: Store, tmp_path: Path
) -> None:
    import_files(store, BLOCKS, [register(tmp_path, 1)])
    assert "quiet.example" not in verdicts(store)
    (tmp_path / "own.txt").write_text("quiet.example\n", "utf-8")
    import_files(store, BLOCKS, [register(tmp_path, 2)])
    assert verdicts(store)["quiet.example"] == ("review", "court-in-reference", None)
    assert kinds(store) == [("reparsed", [])]
    with store.read() as connection:
        [court] = [
            one["fields"] for one in records(connection, Filters(source=BLOCKS))
            if one["fields"]["domains"] == ["quiet.example"]
        ]  # fmt: skip
    assert court["agency"] == "Ленинский районный суд г. Костромы - Костромская область"
    assert court["decision_number"] == "2а-1978/2022"


@pytest.mark.parametrize("line", ["https://vk.com/somebody", "192.0.2.1", "no site"])
def test_a_line_of_the_own_list_that_is_no_site_is_refused_by_its_number(
    line: str, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "own.txt").write_text(f"sample.media\n\n{line}\n", "utf-8")
    with pytest.raises(Refused, match="line 3: this is no site"):
        import_files(store, BLOCKS, [register(tmp_path, 1)])


def test_an_own_list_that_is_not_there_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "own.txt").unlink()
    with pytest.raises(Refused, match="reference"):
        import_files(store, BLOCKS, [register(tmp_path, 1)])
