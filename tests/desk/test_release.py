"""A release: whole, checkable, the same for the same data, and class A only."""

import csv
import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from desk import release_build, release_files, release_functions
from desk.release import Release, publish
from desk.release_build import open_file
from desk.release_files import dictionary
from desk.release_functions import public_url
from storage.audit import canonical
from storage.checkpoints import read as read_checkpoints
from storage.folding import fold
from storage.masking import is_masked
from tests.desk.conftest import CANARIES, EVIL
from tests.desk.world import AGENTS, World, agent


def _query(release: Release, sql: str) -> list[tuple[object, ...]]:
    with closing(open_file(release.folder / "release.sqlite")) as connection:
        return [tuple(row) for row in connection.execute(sql)]


@pytest.mark.fault(114)
def test_nothing_private_is_in_any_file_of_a_release(files: dict[str, bytes]) -> None:
    texts = {name: data for name, data in files.items() if not name.endswith(".parquet")}
    for canary in CANARIES:
        where = [name for name, data in texts.items() if canary.encode() in data]
        assert where == [], canary


def test_the_canaries_are_in_the_record_itself(world: World) -> None:
    database = world.store.home / "unsilenced.sqlite"
    path = database if database.exists() else next(world.store.home.rglob("*.sqlite"))
    data = b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*"))
    for canary in ("1970-01-31", "5-111/2026", "header-secret", "staged-secret"):
        assert canary.encode() in data


def test_a_masked_ruling_shows_court_month_article_and_outcome_only(release: Release) -> None:
    rows = _query(
        release,
        "SELECT r.key, v.digest, v.locator, v.quote, v.fetch, v.fields, m.target, m.acted_on "
        "FROM records r JOIN revisions v ON v.record = r.id JOIN measures m ON m.record = r.id "
        "WHERE r.masked = 1",
    )
    assert len(rows) == 2
    for *hidden, fields, target, acted_on in rows:
        assert hidden == [None] * 5
        assert target is None
        assert acted_on == "2026-11"
        assert set(json.loads(str(fields))) == {
            "court", "court_code", "articles", "outcome", "direction", "decided_on"
        }  # fmt: skip


def test_a_record_masked_by_its_newest_revision_is_masked_in_its_older_ones() -> None:
    named = {"court": "A", "case_number": "5-1", "parties": [{"name": "Иванов Иван"}]}
    text = release_functions.masked_fields("ruling", canonical(named))
    assert json.loads(text) == {"court": "A"}


def test_a_keyed_hash_of_a_person_is_not_published() -> None:
    party = {"role": "defendant", "name": "Иванов Иван", "hash": "secret", "kind": "person"}
    assert "secret" not in release_functions.public_fields(
        "ruling", canonical({"parties": [party]})
    )


@pytest.mark.parametrize(
    "name",
    ["И.И.И.", "И.", "A. B.", "X", "ФИО1", "***", "Иванов", "Иванов И.И.",
     "Информация скрыта", "", None, "<данные изъяты>"],
)  # fmt: skip
def test_initials_and_marks_of_courts_mask_a_case(name: str | None) -> None:
    assert is_masked({"role": "defendant", "name": name, "hash": "x", "kind": "person"})


@pytest.mark.parametrize(
    ("name", "kind"), [("Иванов Иван Иванович", "person"), ("МЕМОРИАЛ", "organisation")]
)
def test_a_public_name_and_an_organisation_do_not_mask_a_case(name: str, kind: str) -> None:
    assert not is_masked({"role": "defendant", "name": name, "hash": "x", "kind": kind})


def test_the_manifest_verifies_with_sha256sum(release: Release) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not installed")
    command = ["sha256sum", "-c", "--strict", "MANIFEST.sha256"]
    done = subprocess.run(command, cwd=release.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_manifest_names_every_file(release: Release, files: dict[str, bytes]) -> None:
    lines = files["MANIFEST.sha256"].decode().splitlines()
    named = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    assert set(named) == set(files) - {"MANIFEST.sha256"}
    assert named["csv/acts.csv"] == hashlib.sha256(files["csv/acts.csv"]).hexdigest()


def test_the_same_data_gives_the_same_bytes(
    world: World, files: dict[str, bytes], tmp_path: Path
) -> None:
    again = publish(world.store, tmp_path)
    assert (again.folder / "MANIFEST.sha256").read_bytes() == files["MANIFEST.sha256"]


def test_latest_points_to_the_newest_release(world: World, tmp_path: Path) -> None:
    first = publish(world.store, tmp_path)
    second = publish(world.store, tmp_path)
    assert first.folder != second.folder
    assert first.latest.resolve() == second.folder.resolve()
    assert first.folder.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_failed_release_leaves_the_one_before(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(world.store, tmp_path)

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release_files, "write_dictionary", fail)
    with pytest.raises(Exception, match="No space"):
        publish(world.store, tmp_path)
    assert first.latest.resolve() == first.folder.resolve()
    assert sorted(path.name for path in tmp_path.iterdir()) == [first.folder.name, "latest"]


@pytest.mark.fault(112)
def test_no_text_cell_of_a_csv_begins_as_a_formula(release: Release) -> None:
    seen = 0
    for path in sorted((release.folder / "csv").iterdir()):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell.startswith(release_files.FORMULA)]
                seen += sum(cell.startswith("'") for cell in row)
    assert seen >= 4


@pytest.mark.fault(112)
def test_the_database_and_the_parquet_files_are_lossless(release: Release) -> None:
    names = {row[0] for row in _query(release, "SELECT name FROM designations")}
    assert set(EVIL) <= names
    if not release.notes:
        duckdb = pytest.importorskip("duckdb")
        path = str(release.folder / "parquet" / "designations.parquet")
        rows = duckdb.read_parquet(path).project("name").fetchall()
        assert set(EVIL) <= {row[0] for row in rows}


def test_the_missing_parquet_library_is_a_note_and_no_error(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    made = publish(world.store, tmp_path)
    assert made.notes == (release_files.NO_PARQUET,)
    assert not (made.folder / "parquet").exists()


def test_every_column_is_in_the_data_dictionary(release: Release) -> None:
    tables = _query(
        release,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' "
        "AND name NOT LIKE 'sqlite%' ORDER BY name",
    )
    known = {table.name: [column.name for column in table.columns] for table in dictionary()}
    assert [name for (name,) in tables] == sorted(known)
    for name, columns in known.items():
        real = _query(release, f"SELECT name FROM pragma_table_info('{name}')")
        assert [column for (column,) in real] == columns
    assert all(column.comment for table in dictionary() for column in table.columns)


def test_every_view_answers(release: Release) -> None:
    views = _query(release, "SELECT name FROM sqlite_schema WHERE type = 'view'")
    assert {"changes_by_week", "coverage", "source_health"} <= {str(name) for (name,) in views}
    for (name,) in views:
        _query(release, f"SELECT * FROM {name} LIMIT 5")


def test_search_finds_a_name_whatever_its_case_and_accents(release: Release) -> None:
    word = fold("ЛИЦО")
    found = _query(release, f"SELECT title FROM search WHERE search MATCH '{word}' LIMIT 50")
    assert ("Лицо 7",) in found
    assert fold("Ёлка") == fold("елка")


def test_the_checkpoint_of_a_release_is_one_that_stands_beside_the_record(
    world: World, release: Release
) -> None:
    known = read_checkpoints(world.store.home / "checkpoints" / "checkpoints.jsonl")
    (line,) = read_checkpoints(release.folder / "checkpoint.txt")
    assert line in known
    assert line.holds()


def test_publishing_writes_nothing_into_the_record(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-10T09:00:00Z")
    world.read("2026-11-10T09:00:00Z", AGENTS, [agent(1, "Лицо", "2024-01-05")])
    with world.store.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM audit").scalar()
    publish(world.store)
    with world.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit").scalar() == before


def test_another_engine_gives_the_same_release(
    world: World, files: dict[str, bytes], tmp_path: Path
) -> None:
    """What PostgreSQL goes through: tables copied first, then the same statements."""
    copy = tmp_path / "home.sqlite"
    release_build.copy_tables(world.store, copy)
    target = sqlite3.connect(tmp_path / "release.sqlite", isolation_level=None, uri=True)
    release_build._fill(target, world.store, copy.as_uri(), search=True)
    rows = target.execute("SELECT * FROM revisions ORDER BY fact").fetchall()
    target.close()
    original = sqlite3.connect(":memory:")
    original.deserialize(files["release.sqlite"])
    assert rows == original.execute("SELECT * FROM revisions ORDER BY fact").fetchall()


@pytest.mark.parametrize(
    "url", ["file:///home/somebody/list.csv", "http://user:pass@host.example/", "http://[bad"]
)
def test_an_address_that_tells_of_this_machine_is_not_published(url: str) -> None:
    assert public_url(url) is None
