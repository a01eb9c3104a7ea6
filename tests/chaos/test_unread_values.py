"""What a state shows and nobody can read takes nothing back that was known before."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.importing import import_files
from crawler.recheck import recheck
from storage.config import Config
from storage.queries import Filters, changes, issues, records
from storage.store import Store, open_writer
from tests.chaos.register_forms import api_page
from tests.chaos.registers import REG, Register

NAME = "agents_minjust"
ROWS = 40
EXCLUDED = "5"  # every fifth row of the synthetic register has a date of exclusion


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """A new home."""
    opened = open_writer(Config(home=tmp_path / "home"))
    yield opened
    opened.close()


def state(weeks: int) -> Register:
    """The register, with a state some weeks after the first."""
    first = REG(ROWS)
    return replace(first, state_at=first.state_at + timedelta(weeks=weeks))


def bring(store: Store, folder: Path, register: Register, **edits: str) -> dict[str, Any]:
    """Import a state whose row № 5 has other cells."""
    answer = json.loads(api_page(register))
    for row in answer["values"]:
        if row["field_1_i"] == int(EXCLUDED):
            row |= {name: value for name, value in edits.items() if name in row}
    path = folder / "values.json"
    path.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    return import_files(store, NAME, [path])[-1]


def row_five(store: Store) -> dict[str, Any]:
    """The record of № 5."""
    with store.read() as connection:
        found = [r for r in records(connection, Filters(source=NAME)) if r["key"] == [EXCLUDED]]
    return found[0]


@pytest.mark.parametrize("cell", ["31.02.2026", "снято", "12.15.2024"])
def test_an_exclusion_date_that_does_not_read_is_not_lifted(
    store: Store, tmp_path: Path, cell: str
) -> None:
    bring(store, tmp_path, state(0))
    before = row_five(store)
    assert before["ended_on"] and before["fields"]["delisted_on"] == before["ended_on"]
    run = bring(store, tmp_path, state(1), field_5_s=cell, field_5_dt=cell)
    after = row_five(store)
    assert (run["verdict"], run["changes"]["changed"]) == ("complete", 0), run
    assert (after["fields"], after["ended_on"], after["status"]) == (
        before["fields"], before["ended_on"], "listed",
    )  # fmt: skip
    with store.read() as connection:
        found = list(issues(connection, Filters(source=NAME)))
    assert [one["heading"] for one in found if one["kind"] == "unread-date"] == ["delisted_on"]


def test_it_is_judged_again_once_it_reads(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, state(0))
    bring(store, tmp_path, state(1), field_5_s="??", field_5_dt="??")
    later = f"{date(2024, 3, 1):%d.%m.%Y}"
    bring(store, tmp_path, state(2), field_5_s=later, field_5_dt=later)
    assert row_five(store)["ended_on"] == "2024-03-01"
    with store.read() as connection:
        told = [c for c in changes(connection, Filters(source=NAME)) if c["change"] == "changed"]
    assert [c["fields"] for c in told] == [["decisions", "delisted_on"]]


def test_what_stands_is_no_fault_when_the_bytes_are_read_again(
    store: Store, tmp_path: Path
) -> None:
    bring(store, tmp_path, state(0))
    bring(store, tmp_path, state(1), field_5_s="снято", field_5_dt="снято")
    found = recheck(store)
    assert found["faults"] == []
    assert found["checked"] == ROWS - 1  # row № 5 has nothing to be compared with


def test_a_row_without_a_readable_number_is_none_of_the_gone(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, state(0))
    answer = json.loads(api_page(state(1)))
    answer["values"][6]["field_1_i"] = "№ семь"
    path = tmp_path / "values.json"
    path.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    run = import_files(store, NAME, [path])[-1]
    assert (run["verdict"], run["reasons"], run["absent"]) == ("complete", [], 1), run
    with store.read() as connection:
        assert {r["status"] for r in records(connection, Filters(source=NAME))} == {"listed"}


def test_noughts_and_a_full_stop_are_no_other_number(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, state(0))
    answer = json.loads(api_page(state(1)))
    for row, written in zip(answer["values"], ("0001", "2.", " 3 "), strict=False):
        row["field_1_i"] = written
    path = tmp_path / "values.json"
    path.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    run = import_files(store, NAME, [path])[-1]
    assert (run["verdict"], sum(run["changes"].values()), run["absent"]) == ("complete", 0, 0)
