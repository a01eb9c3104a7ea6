"""`import NAME --archive` over loopback: history, a second witness, and how it goes on."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.queries import Filters, records
from storage.verify import verify
from tests.chaos.ministry import Home
from tests.chaos.server import LyingServer, Reply
from tests.crawler.test_archive import (
    CAPTCHA,
    CSV,
    NOW,
    SOURCE,
    Archive,
    days_ago,
    found,
    kinds,
    refuse,
    state,
    table,
)


@pytest.fixture
def server() -> Any:
    with LyingServer() as running:
        refuse(running)
        yield running


@pytest.fixture
def home(tmp_path: Path, server: LyingServer) -> Home:
    return Home.make(tmp_path / "home", server, source=SOURCE)


def first_seen(home: Home) -> dict[str, str]:
    """Key -> day on which the record is known to have stood there first."""
    store = home.store()
    with store.read() as connection:
        days = {r["key"][0]: r["first_seen_at"][:10] for r in records(connection, Filters())}
    store.close()
    return days


def day(days: float) -> str:
    return (NOW - timedelta(days=days)).date().isoformat()


def test_copies_become_history_and_end_nothing_that_stands_now(
    home: Home, server: LyingServer
) -> None:
    server.route(CSV, Reply(body=table(6)))
    assert home.crawl(source=SOURCE).verdict == "complete"
    before = state(home)["complete_at"]
    copies = {days_ago(400): table(3), days_ago(200): table(5), days_ago(100): table(5)}
    archive = Archive(server, copies)
    walk = home.command("import", SOURCE, "--archive")
    assert [run["verdict"] for run in walk.runs] == ["complete", "complete"], walk.err
    assert archive.fetched == [days_ago(400), days_ago(200)]
    days = first_seen(home)
    assert (days["1"], days["4"]) == (day(400), day(200))
    assert days["6"] not in (day(400), day(200))
    assert set(found(home).values()) == {"listed"}
    assert state(home)["complete_at"] == before
    assert home.crawl(source=SOURCE).verdict == "unchanged"
    store = home.store()
    assert verify(store, blobs=True).faults == []
    store.close()


def test_what_only_copies_told_is_ended_by_no_single_look_at_the_source(
    home: Home, server: LyingServer
) -> None:
    """The newest copy came first, an older one had a row more; then the source can be read."""
    text = table(6) + "7;Книга «Сад»;".encode("cp1251") + b"\r\n"
    Archive(server, {days_ago(40): text, days_ago(2): table(6)})
    assert home.crawl(source=SOURCE).verdict == "complete"
    assert home.command("import", SOURCE, "--archive", "--since", day(50)).code == 0
    assert found(home)["7"] == "listed"
    server.route(CSV, Reply(body=table(6).replace(b"12.07.2019", b"13.07.2019")))
    assert home.crawl(source=SOURCE).run["changes"]["gone"] == 0
    assert found(home)["7"] == "absent"


def test_a_second_walk_reads_only_what_is_new(home: Home, server: LyingServer) -> None:
    Archive(server, {days_ago(50): table(3), days_ago(30): table(4)})
    assert len(home.command("import", SOURCE, "--archive").runs) == 2
    server.hits.clear()
    again = home.command("import", SOURCE, "--archive")
    assert (again.verdict, again.code, server.hits) == ("unchanged", 0, []), again.err


def test_only_the_days_that_were_asked_for_are_read(home: Home, server: LyingServer) -> None:
    archive = Archive(server, {days_ago(n): table(3 + n % 7) for n in (50, 40, 30)})
    walk = home.command("import", SOURCE, "--archive", "--since", day(45), "--until", day(35))
    assert (walk.verdict, archive.fetched) == ("complete", [days_ago(40)]), walk.err


@pytest.mark.parametrize("equal", [True, False])
def test_our_bytes_of_a_day_are_compared_with_those_of_the_archive(
    home: Home, server: LyingServer, equal: bool
) -> None:
    server.route(CSV, Reply(body=table(6)))
    assert home.crawl(source=SOURCE).verdict == "complete"
    Archive(server, {days_ago(0): table(6 if equal else 5)})
    child = home.start("import", SOURCE, "--archive")
    out, _err = child.communicate(timeout=90)
    (copy,) = json.loads(out)["compared"]
    assert (copy["equal"], copy["fetch"]) == (equal, "1-1")


def test_copies_that_cannot_be_read_are_passed_over_and_told(
    home: Home, server: LyingServer
) -> None:
    archive = Archive(
        server, {days_ago(50): table(3), days_ago(40): CAPTCHA, days_ago(30): table(5)[:-40]}
    )
    gone, kept = days_ago(45), table(4)
    archive.copies[gone] = kept
    walk = home.command("import", SOURCE, "--archive")
    assert [run["verdict"] for run in walk.runs] == ["complete", "unchanged"], walk.err
    assert kinds(home).count("capture-unusable") == 3
    assert len(found(home)) == 3


@pytest.mark.fault(21)
def test_a_walk_stops_where_it_is_asked_to_and_goes_on_another_time(
    home: Home, server: LyingServer
) -> None:
    archive = Archive(server, {days_ago(50): table(3), days_ago(40): table(4)})
    busy = f"/web/{days_ago(40)}id_/https://minjust.gov.ru{CSV}"
    server.route(busy, Reply(status=429, body=b"slow down"))
    walk = home.command("import", SOURCE, "--archive")
    assert [run["verdict"] for run in walk.runs] == ["complete", "failed"], walk.err
    assert (walk.reasons, walk.code) == ({"http-429"}, 3)
    hits = len(server.hits)
    assert home.command("import", SOURCE, "--archive").reasons == {"http-429"}
    assert len(server.hits) == hits
    assert len(found(home)) == 3
    assert archive.fetched == [days_ago(50), days_ago(40)]


def test_a_source_without_an_archive_says_so(tmp_path: Path, server: LyingServer) -> None:
    home = Home.make(tmp_path / "other", server, source="agents_minjust")
    refused = home.command("import", "agents_minjust", "--archive")
    assert refused.code == 2
    assert "No archive" in refused.err
