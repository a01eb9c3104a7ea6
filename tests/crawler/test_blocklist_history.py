"""The blocklist's mirrors as git histories: one file first, parts of it later, both forms."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.git_history import import_history
from crawler.importing import import_files
from crawler.spiders.blockings import dump_record
from pipelines import blocking
from storage.config import Config
from storage.queries import Filters, records
from storage.store import Store, open_writer
from tests.big_register import REMOVED_EVERY, cut, stretches, truth, write
from tests.crawler.served_crawl import stored

ROWS = 2600
PART_BYTES = {"csv": 60_000, "xml": 200_000}
SOURCE = {"csv": "blocked_zapretinfo", "xml": "blocked_rkn"}
FIRST_DAY = datetime(2024, 5, 18, 13, tzinfo=UTC)
Files = dict[str, bytes]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new home."""
    opened = open_writer(Config(home=tmp_path / "home"))
    yield opened
    opened.close()


def whole(form: str, day: int) -> bytes:
    """The one file of a day."""
    return b"".join(stretches(form, ROWS, day))


def parts(form: str, day: int) -> Files:
    """The numbered files of a day."""
    name = "dump-{:02}.csv" if form == "csv" else "dump.xml.{:02}"
    found = cut(stretches(form, ROWS, day), PART_BYTES[form], whole_lines=form == "csv")
    return {name.format(number): body for number, body in enumerate(found)}


def clone(folder: Path, states: list[Files]) -> Path:
    """A repository of these states, a day apart; a file that a state lacks is taken away."""
    run = ["git", "-C", str(folder)]
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    stream = []
    for day, files in enumerate(states):
        at = int((FIRST_DAY + timedelta(days=day)).timestamp())
        stream.append(f"commit refs/heads/main\ncommitter M <m@example.org> {at} +0000\n".encode())
        stream.append(b"data 6\nupdate\ndeleteall\n")
        for name, body in files.items():
            stream.append(f"M 100644 inline {name}\ndata {len(body)}\n".encode() + body + b"\n")
    subprocess.run([*run, "fast-import", "--quiet"], input=b"".join(stream), check=True)
    subprocess.run([*run, "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    return folder


def told(run: dict[str, Any]) -> tuple[Any, ...]:
    """Verdict, rows, and what happened."""
    changes = run["changes"]
    return run["verdict"], run["observed"], changes["appeared"], changes["changed"], run["absent"]


@pytest.mark.parametrize("form", ["csv", "xml"])
def test_a_history_goes_on_when_the_file_was_cut_into_parts(
    store: Store, tmp_path: Path, form: str
) -> None:
    known = truth(ROWS)
    assert len(parts(form, 2)) > 2
    reduced = {f"dump.{form}": b"no longer the register"}
    mirror = clone(tmp_path / "clone", [{f"dump.{form}": whole(form, 1)}, reduced | parts(form, 2)])
    first, second = import_history(store, SOURCE[form], mirror)
    assert told(first) == ("complete", known.rows, known.kept, 0, 0)
    # without numbers of records an edited row is one that is new and one that is gone
    moved = known.edited if form == "csv" else 0
    assert told(second) == (
        "complete", known.rows_next, known.appeared + moved,
        known.readdressed + known.edited - moved, known.removed + moved,
    )  # fmt: skip
    assert import_history(store, SOURCE[form], mirror) == []
    store.close()
    assert b"canary" not in stored(store.home)


@pytest.mark.parametrize("form", ["csv", "xml"])
def test_rows_that_stand_as_they_stood_are_not_read_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    parsed, normalised = Counting(dump_record.element_of), Counting(blocking.read_day)
    monkeypatch.setattr(dump_record, "element_of", parsed)
    monkeypatch.setattr(blocking, "read_day", normalised)
    known = truth(ROWS)
    third = whole(form, 2).replace(b"05-19", b"05-20", 1)
    bodies = [whole(form, 1), whole(form, 2), third]
    mirror = clone(tmp_path / "clone", [{f"dump.{form}": body} for body in bodies])
    runs = import_history(store, SOURCE[form], mirror)
    assert [run["verdict"] for run in runs] == ["complete"] * 3
    gone = known.removed + (known.edited if form == "csv" else 0)  # absent on two days
    assert sum(runs[2]["changes"].values()) == runs[2]["changes"]["gone"] == gone > 0
    fresh = known.rows_next - (known.rows - ROWS // REMOVED_EVERY)  # rows that day 1 lacks
    read = known.rows + fresh + known.readdressed + known.edited
    if form == "xml":
        assert (parsed.calls, normalised.calls) == (read, read)
    else:  # of most lines of the CSV a quick look tells that they are only counted
        kept = known.kept + known.appeared + known.readdressed + known.edited
        assert parsed.calls == 0
        assert kept <= normalised.calls < read / 10
    with store.read() as connection:
        standing = [one for one in records(connection, Filters()) if one["status"] == "listed"]
    assert len(standing) == known.kept_next


class Counting:
    """A function that is counted."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *given: Any) -> Any:
        self.calls += 1
        return self.function(*given)


def test_parts_of_which_one_is_missing_are_no_state(store: Store, tmp_path: Path) -> None:
    files = write(tmp_path, "csv", ROWS, 1, part_bytes=PART_BYTES["csv"])
    run = import_files(store, "blocked_zapretinfo", [files[0], *files[2:]])[-1]
    assert (run["verdict"], run["reasons"]) == ("partial", ["page-missing"])
    assert set(run["changes"].values()) == {0}
    assert told(import_files(store, "blocked_zapretinfo", files)[-1])[:2] == ("complete", ROWS)


COURT = "Ленинский районный суд г. Костромы - Костромская область"
HEAD = "url,category_code,category_description,date_added,source,notes\n"


def daily(*domains: str) -> Files:
    """A day of the register: sites that a court blocked, and one of the Prosecutor General."""
    rows = [f"192.0.2.1;{name};;{COURT};2а-1978/2022;2022-07-01" for name in domains]
    rows.append("192.0.2.2;always.example;;Генпрокуратура;27-31-2015/Ид831-15;2015-05-01")
    return {"dump.csv": ("\n".join(rows) + "\n").encode("cp1251")}


def test_a_site_that_a_list_knows_later_gets_its_history_back(store: Store, tmp_path: Path) -> None:
    both, one = ("stays.example", "leaves.example"), ("stays.example",)
    days = [daily(*both), daily(*both, "new.example"), daily(*one), daily(*one, "new.example")]
    mirror = clone(tmp_path / "clone", days)
    import_history(store, SOURCE["csv"], mirror)
    with store.read() as connection:
        kept = list(records(connection, Filters(source=SOURCE["csv"])))
    assert [one["fields"]["domains"] for one in kept] == [["always.example"]]
    lists = tmp_path / "ru.csv"
    listed = [f"https://{name}/,NEWS,News Media,2024-04-15,citizenlab,\n" for name in both]
    lists.write_text(HEAD + "".join(listed), "utf-8")
    import_files(store, "media_citizenlab", [lists])
    assert import_history(store, SOURCE["csv"], mirror) == []
    runs = import_history(store, SOURCE["csv"], mirror, again=True)
    assert {run["verdict"] for run in runs} <= {"complete", "unchanged"}
    assert all(run["changes"]["gone"] == 0 for run in runs)
    with store.read() as connection:
        found = {
            row["fields"]["domains"][0]: row
            for row in records(connection, Filters(source=SOURCE["csv"]))
        }
    at = [f"{FIRST_DAY + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}" for day in range(4)]
    stays, left = found["stays.example"], found["leaves.example"]
    assert (stays["status"], stays["first_seen_at"]) == ("listed", at[0])
    assert (left["status"], left["first_seen_at"], left["last_seen_at"]) == ("absent", at[0], at[1])
    assert found.keys() == {"always.example", *both}
    store.close()
    assert b"new.example" not in stored(store.home)
