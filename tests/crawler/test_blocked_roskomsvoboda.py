"""Roskomsvoboda's lists over HTTP: two parts, the agency that tells, harm that is never kept."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.documents.json_stream import WINDOW, JsonReader
from crawler.errors import CorruptBody, TruncatedBody
from crawler.importing import import_files
from crawler.replay import replay
from crawler.spiders.blockings.blocked_roskomsvoboda import BlockedRoskomsvoboda
from storage.config import Config
from storage.queries import Filters, records
from storage.store import open_writer
from tests.captured import real
from tests.chaos.server import LyingServer, Reply
from tests.crawler.served_crawl import crawl, stored
from tests.page_reading import PAGES

NAME = "blocked_roskomsvoboda"
SNAPSHOT, DPI = "/api/v3/snapshot/", "/api/v3/dpi/"
HARM = "http://dealer.example/canary-harm"


def record(number: int, agency: str = "Генпрокуратура", **more: Any) -> dict[str, Any]:
    """One record as programs read it live."""
    return {
        "appearDate": "2022-03-04", "decisionDate": "2022-02-24",
        "domains": [f"site{number}.example"], "ips": ["192.0.2.1"],
        "authority": {"id": 5, "name": agency}, "urls": [], "id": number, **more,
    }  # fmt: skip


def snapshot(*rows: Any, day: str = "") -> bytes:
    """The document of a day; today where none is given."""
    return json.dumps({day or f"{datetime.now(UTC):%Y-%m-%d}": list(rows)}).encode()


def served(body: bytes) -> Reply:
    """An answer of the interface."""
    return Reply(body=body, headers=[("Content-Type", "application/json")])


def dpi() -> Reply:
    """The hand-kept list of the saved page."""
    return served((PAGES / NAME / "dpi.json").read_bytes())


def test_both_lists_are_read_whole(tmp_path: Path) -> None:
    with LyingServer() as server:
        server.route(SNAPSHOT, served(snapshot(record(1), record(2, "МВД", urls=[HARM]))))
        server.route(DPI, dpi())
        run = crawl(tmp_path, server, NAME)
    assert run["verdict"] == "complete", run
    assert (run["observed"], run["parts"]) == (8, {"complete": 2})


def test_no_harmful_address_stays_in_the_home(tmp_path: Path) -> None:
    with LyingServer() as server:
        server.route(SNAPSHOT, served(snapshot(record(1), record(2, "МВД", urls=[HARM]))))
        server.route(DPI, dpi())
        crawl(tmp_path, server, NAME)
    held = stored(tmp_path / "data")
    assert b"site1.example" in held and b"canary-harm" not in held


def test_a_snapshot_of_another_week_is_stale_and_ends_nothing(tmp_path: Path) -> None:
    rows = [record(n) for n in range(1, 8)]
    old = f"{datetime.now(UTC) - timedelta(days=9):%Y-%m-%d}"
    with LyingServer() as server:
        server.route(DPI, dpi())
        server.route(SNAPSHOT, served(snapshot(*rows, day=old)))
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["reasons"]) == ("partial", ["stale"])


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (served(snapshot(record(1))[:-40]), "truncated-body"),
        (served(b'{"2026-11-22": []}'), "empty"),
        (served(b'{"detail": "throttled"}'), "layout-changed"),
        (Reply(status=403, body=b"use a browser"), "http-403"),
    ],
)
def test_an_answer_that_is_no_register_is_named(tmp_path: Path, reply: Reply, reason: str) -> None:
    with LyingServer() as server:
        server.route(SNAPSHOT, reply)
        server.route(DPI, dpi())
        run = crawl(tmp_path, server, NAME)
    assert run["verdict"] == "partial" and reason in run["reasons"], run
    assert run["parts"]["complete"] == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=400, body=b'{"detail": "bad request"}'), "http-400"),
        (Reply(status=429, body=b"slow down", headers=[("Retry-After", "0")]), "http-429"),
        (Reply(body=b"", headers=[("Content-Type", "application/json")]), "empty"),
        (served(b"[]"), "layout-changed"),
    ],
)
def test_a_refusal_leaves_what_was_known_and_the_other_list_whole(
    tmp_path: Path, reply: Reply, reason: str
) -> None:
    with LyingServer() as server:
        server.route(DPI, dpi())
        server.route(SNAPSHOT, served(snapshot(*(record(n) for n in range(1, 12)))))
        assert crawl(tmp_path, server, NAME)["verdict"] == "complete"
        server.route(SNAPSHOT, reply)
        run = crawl(tmp_path, server, NAME)
    assert run["verdict"] == "partial" and reason in run["reasons"], run
    assert run["parts"].get("complete", 0) + run["parts"].get("unchanged", 0) == 1
    assert not any(run["changes"].values()), run


def test_rows_that_shift_and_repeat_are_each_one_row(tmp_path: Path) -> None:
    rows = [record(n) for n in range(1, 12)]
    with LyingServer() as server:
        server.route(DPI, dpi())
        server.route(SNAPSHOT, served(snapshot(*rows)))
        crawl(tmp_path, server, NAME)
        server.route(SNAPSHOT, served(snapshot(*rows[6:], *rows[4:8], *rows[:6])))
        run = crawl(tmp_path, server, NAME)
    assert run["verdict"] == "complete", run
    assert not any(run["changes"].values()) and run["absent"] == 0, run


def test_a_replay_reads_the_kept_records_to_the_same_rows(tmp_path: Path) -> None:
    store = open_writer(Config(home=tmp_path / "home"))
    for day, name in enumerate(("snapshot.json", "dpi.json")):
        copy = tmp_path / f"2026-11-2{day}_{name}"
        copy.write_bytes((PAGES / NAME / name).read_bytes())
        import_files(store, NAME, [copy])
    with store.read() as connection:
        before = [one["fields"] for one in records(connection, Filters(source=NAME))]
    run = replay(store, BlockedRoskomsvoboda)
    with store.read() as connection:
        after = [one["fields"] for one in records(connection, Filters(source=NAME))]
    store.close()
    assert before == after and len(before) >= 7
    assert run is not None and not any(run["changes"].values()), run


@pytest.mark.real
@pytest.mark.parametrize(("day", "entries"), [("2024-04-11", 26), ("2024-10-08", 27)])
def test_every_entry_of_a_captured_list_is_read(day: str, entries: int, tmp_path: Path) -> None:
    file = real("rublacklist", f"tspu_domains_copy_{day}.json")
    listed = json.loads(file.read_bytes())
    assert len(listed) == entries
    store = open_writer(Config(home=tmp_path / "home"))
    run = import_files(store, NAME, [file])[-1]
    store.close()
    domains = {domain for one in listed for domain in one["domains"]}
    assert (run["verdict"], run["observed"], run["issues"]) == ("complete", len(domains), 0)


def test_a_value_longer_than_the_window_is_one_value() -> None:
    long = "я" * WINDOW
    body = json.dumps([{"a": long}, {"b": 1}], ensure_ascii=False).encode()
    found = list(JsonReader(body).elements())
    assert [one.value for one in found] == [{"a": long}, {"b": 1}]
    assert [json.loads(body[one.start : one.end]) for one in found] == [one.value for one in found]


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_a_list_that_is_cut_anywhere_is_cut(cut: int) -> None:
    body = json.dumps([{"domains": ["воля.example"], "n": 12}] * 2, ensure_ascii=False).encode()
    with pytest.raises((TruncatedBody, CorruptBody)):
        reader = JsonReader(body[:-cut])
        list(reader.elements())
        reader.finish()
