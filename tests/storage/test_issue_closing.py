"""An issue is closed by the run that would have raised it again, and by no other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import runs
from storage.approve import approve
from storage.queries import part_states
from storage.staged_row import Issue
from tests.desk.world import AGENTS, agent
from tests.storage.looks import Look, Record, of

ROWS = [agent(n, f"Общество «Пример-{n}»", "2023-02-03") for n in range(1, 41)]
DATE = Issue("unread-date", "listed_on", "Not a date.", "/values/3")
FAILED = Issue("endpoint-failed", "http-status", "Endpoint 0 was not used.", "https://r.example/")
ROOT = Issue("tls-root-changed", "registry.example", "Look who serves it.")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """A home in which one issue is open since the first look."""
    made = Record(tmp_path)
    made.look(0, Look(ROWS, issues=[DATE]))
    yield made
    made.store.close()


def open_kinds(record: Record) -> list[str]:
    return [issue["kind"] for issue in record.issues()]


def test_a_whole_read_that_no_longer_meets_it_closes_it_and_says_so(record: Record) -> None:
    run = record.look(1, Look(ROWS))
    assert record.issues() == []
    (closed,) = record.issues("closed")
    assert (closed["closed_at"], closed["closed_by"], closed["closed_run"]) == (
        run["ended_at"], "source", run["run"],
    )  # fmt: skip


def test_one_that_is_met_again_stays_open_and_is_counted(record: Record) -> None:
    record.look(1, Look(ROWS, issues=[DATE]))
    (still,) = record.issues()
    assert (still["times"], still["closed_at"]) == (2, None)


def test_one_that_comes_back_is_opened_anew(record: Record) -> None:
    record.look(1, Look(ROWS))
    record.look(2, Look(ROWS, issues=[DATE]))
    assert [(i["times"], bool(i["closed_at"])) for i in record.issues("all")] == [
        (1, True), (1, False),
    ]  # fmt: skip


def test_a_replay_closes_it_in_the_name_of_the_parser(record: Record) -> None:
    record.look(1, Look(ROWS, trigger="replay"))
    assert [i["closed_by"] for i in record.issues("closed")] == ["parser"]


@pytest.mark.parametrize(
    ("look", "verdict"),
    [
        (Look(ROWS[:30], reason="truncated-body"), "partial"),
        (Look([], reason="http-status"), "failed"),
        (Look(ROWS[:10]), "held"),
        (Look([], same_bytes=True), "unchanged"),
        (Look(ROWS, endpoint=1, role="mirror"), "complete"),
        (Look(ROWS, trigger="import", own_day=-30), "complete"),  # a state of the month before
        (Look(ROWS, trigger="replay", kept_lines=True), "complete"),
    ],
)
def test_a_run_that_did_not_read_it_all_again_closes_nothing(
    tmp_path: Path, look: Look, verdict: str
) -> None:
    record = Record(tmp_path)
    record.look(0, Look(ROWS, issues=[DATE], kept_lines=look.kept_lines))
    run = record.look(1, look)
    assert run["verdict"] == verdict
    assert "unread-date" in open_kinds(record)
    record.store.close()


def test_a_held_run_closes_it_once_a_person_let_it_through(record: Record) -> None:
    run = record.look(1, Look(ROWS[:10]))
    approve(record.store, AGENTS, run["run"], "seen on the site", "a person")
    assert "unread-date" not in open_kinds(record)


def test_a_failing_endpoint_is_forgotten_when_it_answers_even_with_the_same_bytes(
    record: Record,
) -> None:
    record.look(1, Look(ROWS, endpoint=1, role="mirror", issues=[FAILED]))
    assert open_kinds(record) == ["unread-date", "endpoint-failed"]
    record.look(2, Look(ROWS, trigger="import", own_day=2))  # a file says nothing of the endpoint
    assert open_kinds(record) == ["endpoint-failed"]
    record.look(3, Look([], same_bytes=True))
    assert open_kinds(record) == []


def test_an_unusual_count_is_not_forgotten_by_reading_nothing(tmp_path: Path) -> None:
    record = Record(tmp_path, of(AGENTS, at_least=50, at_most=90))
    record.look(0, Look(ROWS))
    record.look(1, Look([], same_bytes=True))
    assert open_kinds(record) == ["unexpected-count"]
    more = [*ROWS, *(agent(n, f"Общество «Ещё-{n}»", "2026-01-02") for n in range(41, 61))]
    record.look(2, Look(more))
    assert open_kinds(record) == []
    record.store.close()


def test_our_own_failure_is_forgotten_after_a_whole_run_of_the_same_kind(record: Record) -> None:
    runs.begin(record.store, AGENTS, "crawl").fail("ValueError: a fault of ours")
    record.look(1, Look(ROWS, trigger="import", own_day=1))
    assert "we-failed" in open_kinds(record)
    record.look(2, Look(ROWS))
    assert open_kinds(record) == []


def test_another_set_of_roots_waits_for_a_person(record: Record) -> None:
    record.look(1, Look(ROWS, issues=[ROOT]))
    record.look(2, Look(ROWS))
    assert open_kinds(record) == ["tls-root-changed"]


def test_status_counts_the_open_ones_alone(record: Record) -> None:
    assert summary_of(record)[0]["open_issues"] == 1
    record.look(1, Look(ROWS))
    assert summary_of(record)[0]["open_issues"] == 0


def summary_of(record: Record) -> list[dict[str, Any]]:
    with record.store.read() as connection:
        return list(part_states(connection))
