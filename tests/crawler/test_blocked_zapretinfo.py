"""The blocklist's mirror: numbered parts at one commit, kept lines, and what must never be kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.importing import import_files
from crawler.replay import replay
from crawler.spiders.blockings.blocked_zapretinfo import BlockedZapretinfo
from pipelines import kept_lines
from storage.config import Config
from storage.queries import Filters, records
from storage.store import Store, open_writer
from tests.captured import real
from tests.chaos.blocklists import ZI, zi_csv
from tests.chaos.server import LyingServer, Reply, Request
from tests.crawler.served_crawl import crawl
from tests.page_reading import PAGES, read_bytes, read_pages

NAME = "blocked_zapretinfo"
SAVED = PAGES / NAME
COMMIT = "02e8e22f00ab9a6ff3879b659833317e8d4341ff"
FEED = "/zapret-info/z-i/commits/master.atom"
RAW = "/zapret-info/z-i/{}/dump-{:02}.csv"
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>'
    f"<id>tag:github.com,2008:Grit::Commit/{COMMIT}</id></entry><entry>"
    f"<id>tag:github.com,2008:Grit::Commit/{'0' * 40}</id></entry></feed>"
).encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new home."""
    opened = open_writer(Config(home=tmp_path / "home"))
    yield opened
    opened.close()


def dump(*lines: str, updated: str = "2024-05-18 12:04:00 +0000") -> bytes:
    """A file of the register; an empty `updated` gives a later part."""
    first = [f"Updated: {updated}"] if updated else []
    return "\n".join([*first, *lines, ""]).encode("cp1251")


def row(number: int, ips: str = "192.0.2.1") -> str:
    """One decision of the Prosecutor General."""
    return f"{ips};site{number}.example;;Генпрокуратура;27-31-2017/Ид{number}-17;2017-05-12"


def names(store: Store) -> set[str]:
    """Domains of all records."""
    with store.read() as connection:
        return {one["fields"]["domains"][0] for one in records(connection, Filters(source=NAME))}


def bring(store: Store, path: Path, body: bytes) -> dict[str, Any]:
    """Import one file's bytes; returns the run."""
    path.write_bytes(body)
    return import_files(store, NAME, [path])[-1]


def now() -> str:
    """A first line that is not stale."""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} +0000"


def text(body: bytes) -> Reply:
    """An answer as raw files come."""
    return Reply(body=body, headers=[("Content-Type", "text/plain; charset=utf-8")])


def test_all_parts_are_read_at_the_commit_that_the_feed_names(tmp_path: Path) -> None:
    with LyingServer() as server:
        server.route(FEED, Reply(body=ATOM, headers=[("Content-Type", "application/atom+xml")]))
        server.route(RAW.format(COMMIT, 0), text(dump(row(1), row(2), updated=now())))
        server.route(RAW.format(COMMIT, 1), text(dump(row(3), updated="")))
        server.route(RAW.format("master", 0), text(dump(row(9), updated=now())))
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["reasons"], run["observed"]) == ("complete", [], 3)
    assert run["parts"] == {"complete": 1}


def test_without_a_feed_the_branch_is_read_and_must_stand_still(tmp_path: Path) -> None:
    first = dump(row(1), updated=now())
    with LyingServer() as server:
        server.route(RAW.format("master", 0), text(first))
        server.route(RAW.format("master", 1), text(dump(row(2), updated="")))
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["observed"]) == ("complete", 2)


def test_parts_of_two_states_are_no_complete_run(tmp_path: Path) -> None:
    asked: list[str] = []

    def moving(request: Request) -> Reply:
        asked.append(request.path)
        return text(dump(row(len(asked)), updated=f"2099-01-0{len(asked)} 00:00:00 +0000"))

    with LyingServer() as server:
        server.route(RAW.format("master", 0), moving)
        server.route(RAW.format("master", 1), text(dump(row(7), updated="")))
        run = crawl(tmp_path, server, NAME)
    assert run["verdict"] == "partial"
    assert "mixed-states" in run["reasons"]


def test_one_file_is_read_where_there_are_no_parts(tmp_path: Path) -> None:
    with LyingServer() as server:
        server.route(RAW.format("master", 0).replace("-00", ""), text(dump(row(1), updated=now())))
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["observed"]) == ("complete", 1)


def test_the_next_mirrors_are_asked_in_their_order(tmp_path: Path) -> None:
    second = "/p/zapret-info/code/HEAD/tree/dump-{:02}.csv"
    with LyingServer() as server:
        server.route(second.format(0), text(dump(row(1), updated=now())))
        server.route(second.format(1), text(dump(row(2), updated="")))
        run = crawl(tmp_path, server, NAME)
        asked = [hit.path.partition("?")[0] for hit in server.hits]
    assert (run["verdict"], run["observed"]) == ("complete", 2)
    assert asked[-4:] == [second.format(number) for number in (0, 1, 2, 0)]  # and a second look
    assert "/zapret-info/z-i/master/dump.csv" in asked
    with LyingServer() as server:
        server.route("/p/zapret-info/code/dump.csv", text(dump(row(1), updated=now())))
        assert crawl(tmp_path / "b", server, NAME)["verdict"] == "complete"


def test_an_old_first_line_is_stale(tmp_path: Path) -> None:
    with LyingServer() as server:
        server.route(
            RAW.format("master", 0), text(dump(row(1), updated="2025-10-01 00:00:00 +0000"))
        )
        run = crawl(tmp_path, server, NAME)
    assert "stale" in run["reasons"]


def test_imported_parts_are_one_state_whatever_their_order(store: Store, tmp_path: Path) -> None:
    first, second = tmp_path / "dump-00.csv", tmp_path / "dump-01.csv"
    first.write_bytes(dump(row(1), row(2)))
    second.write_bytes(dump(row(3), updated=""))
    run = import_files(store, NAME, [first, second])[-1]
    assert (run["verdict"], run["observed"], run["parts"]) == ("complete", 3, {"complete": 1})
    assert names(store) == {"site1.example", "site2.example", "site3.example"}


def test_a_change_of_addresses_only_is_a_change_and_nothing_is_gone(
    store: Store, tmp_path: Path
) -> None:
    bring(store, tmp_path / "a.csv", dump(row(1), row(2), updated="2024-05-18 12:04:00 +0000"))
    later = dump(row(1, "192.0.2.7 | 192.0.2.8"), row(2), updated="2024-05-18 13:04:00 +0000")
    run = bring(store, tmp_path / "b.csv", later)
    assert run["verdict"] == "complete"
    found = {kind: run["changes"][kind] for kind in ("appeared", "changed", "gone", "returned")}
    assert found == {"appeared": 0, "changed": 1, "gone": 0, "returned": 0}


def test_the_separator_of_addresses_makes_no_change(store: Store, tmp_path: Path) -> None:
    old = dump(row(1, "192.0.2.7 | 192.0.2.8"), updated="2024-05-18 12:04:00 +0000")
    new = dump(row(1, "192.0.2.7|192.0.2.8"), updated="2024-05-18 13:04:00 +0000")
    bring(store, tmp_path / "a.csv", old)
    assert bring(store, tmp_path / "b.csv", new)["changes"]["changed"] == 0


def test_a_replay_of_kept_lines_finds_the_same_rows_and_keeps_the_counts(
    store: Store, tmp_path: Path
) -> None:
    bring(store, tmp_path / "a.csv", (SAVED / "old_form.csv").read_bytes())
    before, counted = names_and_rows(store), hashed(store)
    run = replay(store, BlockedZapretinfo)
    assert run is not None
    assert (run["verdict"], run["changes"]["reparsed"], run["absent"]) == ("complete", 0, 0)
    assert names_and_rows(store) == before
    assert hashed(store) == counted == 2


def names_and_rows(store: Store) -> list[tuple[str, str, str]]:
    """What every record says, and where."""
    with store.read() as connection:
        found = records(connection, Filters(source=NAME))
        return sorted((str(one["key"]), one["locator"], str(one["fields"])) for one in found)


def hashed(store: Store) -> int:
    """How many rows are held as keyed hashes only."""
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT sum(rows) FROM hashed_rows WHERE run_id = 0")
        return int(rows.scalar() or 0)


def test_kept_lines_stand_at_the_places_that_the_locators_name() -> None:
    body = (SAVED / "old_form.csv").read_bytes()
    reading = read_bytes(NAME, {"dump.csv": body})
    (packed,) = reading.kept.lines
    assert all(body[start:end] == line for start, end, line in kept_lines.unpack(packed))
    places = {kept_lines.locate(start, end) for start, end, _ in kept_lines.unpack(packed)}
    assert {one.locator for one in reading.kept.rows} < places
    assert "casino" not in packed.decode("cp1251")


def test_a_harmful_address_is_in_no_file_of_the_home_and_on_no_screen(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    for name in ("harmful.csv", "open_quote.csv"):
        import_files(store, NAME, [SAVED / name])
    store.close()
    planted = (b"canary-harm", b"canary-page", b"canary-day")
    files = [path for path in store.home.rglob("*") if path.is_file()]
    blobs = b"".join(path.read_bytes() for path in files)
    assert len(files) > 3
    assert [word for word in planted if word in blobs] == []
    shown = "".join(capfd.readouterr()) + caplog.text
    assert "canary" not in shown


def test_a_known_site_is_kept_though_its_agency_lists_harm_but_never_one_of_its_pages() -> None:
    keys = [json.loads(one.key) for one in read_pages(NAME, [SAVED / "harmful.csv"]).kept.rows]
    assert keys == [["www.kasparov.ru", "", "Роскомнадзор", "7-Restricting", "2024-05-09"]]


def test_the_synthetic_register_is_read_row_by_row() -> None:
    truth = ZI(700)
    reading = read_bytes(NAME, {"dump.csv": zi_csv(truth)})
    counted = sum(reading.kept.tally.values())
    of_prosecutor = [one for one in truth.rows if one.agency == "Генпрокуратура"]
    assert len(reading.kept.rows) == len(of_prosecutor)
    assert len(reading.kept.rows) + counted == 700
    said = {tuple(json.loads(one.key)) for one in reading.kept.rows}
    assert said == {
        (
            one.domain, " | ".join(sorted(one.urls)), one.agency, one.number,
            one.decided_on.isoformat(),
        )
        for one in of_prosecutor
    }  # fmt: skip


@pytest.mark.fault(33)
def test_a_file_that_was_written_again_in_utf_8_says_the_same() -> None:
    body = (SAVED / "old_form.csv").read_bytes()
    again = body.decode("cp1251").encode("utf-8")
    fields = [one.fields for one in read_bytes(NAME, {"dump.csv": body}).kept.rows]
    assert fields == [one.fields for one in read_bytes(NAME, {"dump.csv": again}).kept.rows]


COUNTS = {  # rows, rows that are kept, reasons
    "dump_2014-03-13T1205Z.filtered.csv": (25, 10, []),
    "dump_2014-03-13T1405Z.filtered.csv": (25, 10, []),
    "dump_2014-03-13T1505Z.filtered.csv": (28, 13, []),
    "dump_2016-06-12T1324Z.filtered.csv": (1790, 1435, []),
    "dump-08_2020-01-30T1533Z_lastpart.filtered.csv": (7685, 7382, []),
    "dump_2018-05-05T1325Z_truncated.filtered.csv": (1968, 1967, ["truncated-body"]),
    "sample_2023-2024_new_format.csv": (25, 10, []),
}


@pytest.mark.real
@pytest.mark.parametrize("name", COUNTS)
def test_no_row_of_a_captured_file_is_dropped(name: str) -> None:
    reading = read_pages(NAME, [real("zi", name)])
    (report,) = reading.intake.reports.values()
    reasons = [one.partition(":")[0] for one in reading.errors]
    assert (report.observed, len(reading.kept.rows), reasons) == COUNTS[name]
    assert [one for one in reading.kept.issues if one.kind != "unread-address"] == []


@pytest.mark.real
def test_three_media_appear_between_two_captured_hours_of_march_2014(store: Store) -> None:
    hours = ("1405Z", "1505Z")
    files = [real("zi", f"dump_2014-03-13T{hour}.filtered.csv") for hour in hours]
    before, after = (import_files(store, NAME, [path])[-1] for path in files)
    assert (before["verdict"], before["baseline"]) == ("complete", True)
    assert (after["verdict"], after["changes"]["appeared"]) == ("complete", 3)
    assert {"grani.ru", "ej.ru", "kasparov.ru"} <= names(store)
    cut = import_files(store, NAME, [real("zi", "dump_2018-05-05T1325Z_truncated.filtered.csv")])
    assert (cut[-1]["verdict"], cut[-1]["reasons"]) == ("partial", ["truncated-body"])
    assert set(cut[-1]["changes"].values()) == {0}


@pytest.mark.real
def test_hidden_decisions_of_2024_are_the_prosecutor_generals_by_a_named_rule() -> None:
    rows = read_pages(NAME, [real("zi", "sample_2023-2024_new_format.csv")]).kept.rows
    hidden = [fields for one in rows if (fields := json.loads(one.fields))["agency"] is None]
    assert len(hidden) == 8
    name = "Генеральная прокуратура Российской Федерации"
    assert {(one["agency_inferred"], one["political_rule"]) for one in hidden} == {(name, "hidden")}
