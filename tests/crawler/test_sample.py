"""`source sample`: what is drawn, what is never shown, and that looking is audited."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.importing import import_files
from crawler.sample import Draw, Drawn, sample
from pipelines.protect import CELLS, FIELDS, MARK, NOT_KEPT, show_cell
from pipelines.reading import BadRow
from storage.config import Config
from storage.errors import NoRecord, Refused
from storage.models import Audit
from storage.store import Store, open_writer
from storage.verify import verify
from tests.page_reading import PAGES

ROOT = Path(__file__).parents[2]
MATERIALS = PAGES / "extremist_materials_minjust" / "list.csv"
# Class B data of fictional persons, as a register's row states it.
CANARIES = ("947-976-662 04", "966651391453", "31.01.1970", "40703810000000000123")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_writer(Config(home=tmp_path / "home"))


def drawn(store: Store, name: str, *files: Path, **more: Any) -> dict[str, Any]:
    wanted = {"count": 50, "seed": 1, "only_issues": False} | more
    return sample(store, name, **wanted, files=files)


def agents(folder: Path) -> Path:
    """A register's answer with the columns that are never kept."""
    row = {
        "field_1_i": 7, "field_2_s": "Невымыслов Лавр Ильич, СНИЛС 947-976-662 04",
        "field_3_s": "Статья 7", "field_4_s": "11.09.2026", "field_5_s": "", "field_6_s": "",
        "field_7_s": "Физические лица", "field_8_s": "", "field_9_s": "966651391453",
        "field_10_s": "", "field_11_s": "947-976-662 04", "field_12_s": "31.01.1970",
        "field_13_s": "", "field_15_s": "", "field_16_s": "40703810000000000123",
    }  # fmt: skip
    path = folder / "values.json"
    path.write_text(json.dumps({"size": 1, "values": [row]}), "utf-8")
    return path


def test_the_same_seed_draws_the_same_rows_and_another_seed_others(store: Store) -> None:
    first, again, other = (
        [row["key"] for row in drawn(store, "extremist_materials_minjust", MATERIALS, count=5,
                                     seed=seed)["sample"]]
        for seed in (1, 1, 2)
    )  # fmt: skip
    assert first == again != other
    assert len(first) == 5


def test_every_row_of_a_stream_has_the_same_chance() -> None:
    times = dict.fromkeys(range(10), 0)
    row = BadRow(None, "row", "", "")
    for seed in range(2_000):
        draw = Draw(3, seed)
        for place in range(10):
            draw.take(Drawn(place, None, row, None))  # type: ignore[arg-type]
        for one in draw.rows:
            times[one.place] += 1
    assert all(500 < count < 700 for count in times.values())  # 600 expected, 4 deviations are 90


def test_cells_stand_beside_what_was_read_and_rows_that_cannot_be_read_are_there(
    store: Store,
) -> None:
    found = drawn(store, "terrorist_orgs_fsb", PAGES / "terrorist_orgs_fsb" / "terror.html")
    rows = {row["key"][0]: row for row in found["sample"]}
    assert rows["3"]["cells"]["decisions"].startswith("Московский городской суд, от 28.06.2013 №")
    assert rows["3"]["fields"]["decisions"][0]["number"] == "3-67/2013"
    assert rows["8"]["issues"] == ["unread-row: The row has 2 cells, not 3."]
    assert rows["8"]["cells"] == rows["8"]["fields"] == {}


def test_only_rows_with_issues_are_drawn_where_that_is_asked(store: Store) -> None:
    found = drawn(store, "extremist_materials_minjust", MATERIALS, only_issues=True)
    assert found["sample"]
    assert all(row["issues"] for row in found["sample"])
    assert found["rows"] < drawn(store, "extremist_materials_minjust", MATERIALS)["rows"]


@pytest.mark.fault(114)
def test_what_is_not_kept_is_not_shown(store: Store, tmp_path: Path) -> None:
    found = drawn(store, "agents_minjust", agents(tmp_path))
    (row,) = found["sample"]
    told = json.dumps(found, ensure_ascii=False)
    assert not [canary for canary in CANARIES if canary in told]
    assert row["cells"]["inn"] == NOT_KEPT
    assert row["cells"]["name"] == f"Невымыслов Лавр Ильич, {MARK}"
    assert {"СНИЛС", "Дата рождения"} <= set(found["columns_not_kept"])


def test_a_cell_that_nobody_declared_is_not_shown() -> None:
    assert show_cell("designation", "birth_date", "31.01.1970") == NOT_KEPT
    assert show_cell("ruling", "docname", "CASE OF NOBODY v. RUSSIA") == NOT_KEPT
    assert show_cell("ruling", "parties", "Невымыслов") == NOT_KEPT
    assert show_cell("designation", "minjust_order", "№ 1-р") == "№ 1-р"
    assert set(CELLS) <= set(FIELDS)


def test_rows_of_a_blocklist_that_are_kept_as_hashes_only_are_shown_to_nobody(
    store: Store,
) -> None:
    page = PAGES / "blocked_zapretinfo" / "harmful.csv"
    found = drawn(store, "blocked_zapretinfo", page)
    assert found["not_shown"] > 0
    assert len(found["sample"]) == found["rows"]
    shown = json.dumps(found["sample"])
    hidden = [line.split(";")[1] for line in page.read_text("cp1251").splitlines()[1:]]
    assert any(domain and domain not in shown for domain in hidden)


def test_a_page_that_cannot_be_read_is_a_note_and_no_row(store: Store) -> None:
    found = drawn(store, "terrorist_orgs_fsb", PAGES / "terrorist_orgs_fsb" / "terror_cut.html")
    assert found["sample"] == []
    assert found["notes"][0].startswith("truncated")
    with pytest.raises(Refused, match="There is no file"):
        drawn(store, "terrorist_orgs_fsb", Path("nowhere.html"))


def test_without_files_the_newest_complete_state_is_drawn_from(store: Store) -> None:
    with pytest.raises(NoRecord, match="No page of terrorist_orgs_fsb is stored"):
        drawn(store, "terrorist_orgs_fsb")
    import_files(store, "extremist_materials_minjust", [MATERIALS])
    stored, given = drawn(store, "extremist_materials_minjust"), drawn(
        store, "extremist_materials_minjust", MATERIALS
    )  # fmt: skip
    assert stored["sample"] == given["sample"]


def sampled(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command line as a person calls it, its output in a pipe."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", "from desk.cli import main; main()", "source",
         "sample", "extremist_materials_minjust", *arguments],
        cwd=home, env={"PATH": "", "PYTHONPATH": str(ROOT), "UNSILENCED_HOME": str(home)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_command_prints_a_page_of_100_columns_and_writes_the_look_into_the_audit(
    tmp_path: Path,
) -> None:
    assert sampled(tmp_path).returncode == 2  # nothing was ever collected
    store = open_writer(Config(home=tmp_path))
    import_files(store, "extremist_materials_minjust", [MATERIALS])
    done = sampled(tmp_path, "-n", "9", "--seed", "4")
    assert done.returncode == 0, done.stderr
    assert "seed 4" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    told = json.loads(sampled(tmp_path, "-n", "9", "--seed", "4", "--json").stdout)
    assert [row["key"] for row in told["sample"]]
    with store.read() as connection:
        looks = connection.execute(
            select(Audit.subject).where(Audit.kind == "evidence-read")
        ).scalars()
        assert list(looks) == told["digests"] * 2
    assert verify(store, blobs=True).faults == []
