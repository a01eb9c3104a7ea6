"""The technical number of a row changes under the same key: an issue, no news."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage.issues import NOT_OF_A_READ
from storage.row_alarm import KIND
from tests.desk.world import AGENTS, Row, agent
from tests.storage.looks import Look, Record

REGISTER = replace(AGENTS, volatile=frozenset({"row_uuid"}), alarm_field="row_uuid")
UUID = "5d3f8e03-76e8-42ad-8550-{:012}".format


def row(number: int, uuid: int | None, **more: Any) -> Row:
    stated = {} if uuid is None else {"row_uuid": UUID(uuid)}
    return agent(number, f"Лицо {number}", "2024-01-05", **stated, **more)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path, REGISTER)


def alarms(record: Record) -> list[str]:
    return [issue["text"] for issue in record.issues() if issue["kind"] == KIND]


def test_another_number_under_the_same_key_is_an_issue_that_names_the_rows(record: Record) -> None:
    record.look(0, Look([row(1, 1), row(2, 2), row(3, 3)]))
    run = record.look(1, Look([row(1, 1), row(2, 3), row(3, 2)]))
    assert (run["verdict"], run["issues"]) == ("complete", 1)
    assert (
        "2 of 3 rows have another technical number under the same key: 2, 3." in alarms(record)[0]
    )
    assert record.field("2", "row_uuid") == UUID(3)


def test_it_waits_for_a_person_and_is_raised_once(record: Record) -> None:
    record.look(0, Look([row(1, 1)]))
    record.look(1, Look([row(1, 2)]))
    assert record.look(2, Look([row(1, 2)]))["issues"] == 0
    assert len(alarms(record)) == 1
    assert KIND in NOT_OF_A_READ


def test_the_same_numbers_are_no_issue(record: Record) -> None:
    record.look(0, Look([row(1, 1)]))
    record.look(1, Look([row(1, 1, urls=["https://a.example"])]))
    assert alarms(record) == []


def test_a_form_that_states_no_number_is_no_alarm(record: Record) -> None:
    record.look(0, Look([row(1, 1)]))
    record.look(1, Look([row(1, None)]))
    assert alarms(record) == []


def test_all_rows_dealt_out_anew_do_not_hold_a_run(record: Record) -> None:
    record.look(0, Look([row(n, n) for n in range(1, 101)]))
    run = record.look(1, Look([row(n, n + 500) for n in range(1, 101)]))
    assert run["verdict"] == "complete"
    assert "100 of 100 rows" in alarms(record)[0]


def test_a_replay_raises_no_alarm(record: Record) -> None:
    record.look(0, Look([row(1, 1)]))
    record.look(1, Look([row(1, 2)], trigger="replay"))
    assert alarms(record) == []
