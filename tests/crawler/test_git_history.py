"""`import --git`: a mirror's history of many days, made here, and what is told of it."""

import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.git_history import import_history
from storage.config import Config
from storage.errors import Refused
from storage.queries import Filters, changes, records
from storage.store import Store, open_writer
from tests.mirror_history import FIRST_DAY, SOURCE, Mirror, mirror_of, row


def told(store: Store) -> dict[tuple[str, str, str], str]:
    """What the record says happened: (kind, number, field) -> moment."""
    found: dict[tuple[str, str, str], str] = {}
    with store.read() as connection:
        for change in changes(connection, Filters()):
            kind, number = change["change"], change["key"][0]
            if kind == "baseline":
                continue
            names = [n for n in change["fields"] if n in ("name", "delisted_on")] or [""]
            for name in names:
                found[(kind, number, name)] = change["at"]
    return found


def moments(truth: Mapping[tuple[str, str, str], datetime]) -> dict[tuple[str, str, str], str]:
    """The truth in the record's way to write a moment."""
    return {what: f"{at:%Y-%m-%dT%H:%M:%SZ}" for what, at in truth.items()}


def opened(folder: Path) -> Store:
    return open_writer(Config(home=folder / "home"))


@pytest.mark.timeout(170)
def test_the_history_of_a_mirror_is_the_truth_and_each_change_is_dated_by_its_state(
    tmp_path: Path, full_chaos: bool
) -> None:
    days = 400 if full_chaos else 60
    mirror = mirror_of(days, tmp_path / "clone")
    store = opened(tmp_path)
    runs = import_history(store, SOURCE, mirror.write(), daily=True)
    assert {run["verdict"] for run in runs} <= {"complete", "unchanged"}
    assert sum(run["baseline"] for run in runs) == 1
    assert len(mirror.truth) > days / 2
    assert told(store) == moments(mirror.truth)
    with store.read() as connection:
        listed = list(records(connection, Filters()))
    assert {one["status"] for one in listed} == {"listed"}
    assert {one["fields"]["country"] for one in listed} <= {"US", None}
    assert import_history(store, SOURCE, mirror.folder, daily=True) == []


def _three_days(tmp_path: Path) -> Mirror:
    mirror = Mirror(tmp_path / "clone")
    at = datetime(2024, 3, 1, 12, tzinfo=UTC)
    rows = [row(n, FIRST_DAY) for n in range(1, 6)]
    for hours in (0, 1, 24, 48):
        rows.append(row(len(rows) + 1, at.date()))
        mirror.commit(at + timedelta(hours=hours), rows)
    mirror.commit(at + timedelta(hours=50), None)
    return mirror


@pytest.mark.parametrize(("daily", "seen"), [(False, [6, 7, 8, 9]), (True, [7, 8])])
def test_a_day_counts_by_its_last_commit_and_a_missing_file_is_no_state(
    tmp_path: Path, daily: bool, seen: Sequence[int]
) -> None:
    clone = _three_days(tmp_path).write()
    store = opened(tmp_path)
    runs = import_history(store, SOURCE, clone, daily=daily)
    assert [run["observed"] for run in runs] == list(seen)
    with store.read() as connection:
        assert all(one["status"] == "listed" for one in records(connection, Filters()))


def test_a_state_that_cannot_be_read_is_failed_and_the_next_ones_are_read(tmp_path: Path) -> None:
    mirror = Mirror(tmp_path / "clone")
    at = datetime(2024, 3, 1, 12, tzinfo=UTC)
    rows = [row(n, FIRST_DAY) for n in range(1, 6)]
    mirror.commit(at, rows)
    mirror.commits.append((at + timedelta(days=1), b"<<<<<<< conflict"))
    mirror.commit(at + timedelta(days=2), [*rows, row(6, FIRST_DAY)])
    runs = import_history(opened(tmp_path), SOURCE, mirror.write(), daily=True)
    assert [run["verdict"] for run in runs] == ["complete", "failed", "complete"]


def test_the_evidence_of_a_state_names_its_commit(tmp_path: Path) -> None:
    clone = _three_days(tmp_path).write()
    store = opened(tmp_path)
    import_history(store, SOURCE, clone, daily=True)
    head = subprocess.run(
        ["git", "-C", str(clone), "rev-list", "--max-count=1", "--skip=1", "main"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    with store.read() as connection:
        fetched = connection.exec_driver_sql("SELECT url, body_sha256 FROM fetch").all()
    assert len(fetched) == 2
    assert all(url.startswith("git:") and url.endswith(":registry.json") for url, _ in fetched)
    assert head not in {url.split(":")[1] for url, _ in fetched}, (
        "the day's last commit has no file"
    )
    assert all(digest for _, digest in fetched)


def refused(action: Any) -> str:
    with pytest.raises(Refused) as caught:
        action()
    return str(caught.value)


def test_what_is_no_clone_or_has_no_mirror_is_refused_in_words(tmp_path: Path) -> None:
    store = opened(tmp_path)
    (tmp_path / "plain").mkdir()
    empty = Mirror(tmp_path / "other")
    empty.commits.append((datetime(2024, 3, 1, tzinfo=UTC), b"[]"))
    clone = empty.write()
    subprocess.run(["git", "-C", str(clone), "checkout", "-q", "--orphan", "bare"], check=True)
    assert "no clone" in refused(lambda: import_history(store, SOURCE, tmp_path / "nowhere"))
    assert "git clone" in refused(lambda: import_history(store, SOURCE, tmp_path / "plain"))
    assert "git clone" in refused(lambda: import_history(store, SOURCE, clone))
    assert (
        "no public mirror"
        in refused(lambda: import_history(store, "rulings_hudoc", clone)).casefold()
    )
