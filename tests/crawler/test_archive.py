"""A web archive over loopback: copies in place of a source that cannot be read."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.status import status_rows
from storage.queries import Filters, issues, records
from tests.chaos.ministry import NOT_FOUND, Home
from tests.chaos.server import LyingServer, Reply, Request

SOURCE = "extremist_materials_minjust"
PAGE = "https://minjust.gov.ru/uploaded/files/exportfsm.csv"
CSV, RSS, LIST = (
    "/uploaded/files/exportfsm.csv",
    "/ru/subscription/rss/extremist_materials/",
    "/ru/extremist-materials/",
)
HEAD = "#;Материал;Дата включения (указывается с 01.01.2017)\r\n"
FIELDS = ["timestamp", "digest", "statuscode", "mimetype", "length"]
CAPTCHA = b"<html><head><title>Captcha</title></head><body>Enter the captcha</body></html>"
NOW = datetime.now(UTC)


def table(count: int) -> bytes:
    """The list as CSV."""
    rows = "".join(
        f"{n};Листовка «Пример {n}» (решение Примерного суда от 12.07.2019);10.08.2020\r\n"
        for n in range(1, count + 1)
    )
    return (HEAD + rows).encode("cp1251")


def days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).strftime("%Y%m%d%H%M%S")


class Archive:
    """The archive's index and copies of one page."""

    def __init__(self, server: LyingServer, copies: Mapping[str, bytes], page: int = 0) -> None:
        self.server = server
        self.copies = dict(copies)
        self.rows_a_page = page or 1_000
        self.questions: list[dict[str, str]] = []
        server.route("/cdx/search/cdx", self.index)
        for stamp in copies:
            server.route(f"/web/{stamp}id_/{PAGE}", self.copy)

    def index(self, request: Request) -> Reply:
        asked = request.query
        self.questions.append(asked)
        assert asked["url"] == PAGE and asked["filter"] == "statuscode:200"
        stamps = [s for s in sorted(self.copies) if s >= asked.get("from", "")]
        start = int(asked.get("resumeKey", "0"))
        some = stamps[start : start + self.rows_a_page]
        rows: list[list[str]] = [FIELDS]
        rows += [[s, sha1(self.copies[s]), "200", "text/csv", "9"] for s in some]
        if start + len(some) < len(stamps):
            rows += [[], [str(start + len(some))]]
        return Reply(body=json.dumps(rows if some else []).encode())

    def copy(self, request: Request) -> Reply:
        stamp = request.path.split("/")[2].removesuffix("id_")
        return Reply(body=self.copies[stamp], headers=[("Content-Type", "text/csv")])

    @property
    def fetched(self) -> list[str]:
        """The moments of the copies that were asked for, in order."""
        paths = [hit.path for hit in self.server.hits if hit.path.startswith("/web/")]
        return [path.split("/")[2].removesuffix("id_") for path in paths]


def sha1(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


def refuse(server: LyingServer) -> None:
    """The source itself cannot be read."""
    for path in (CSV, RSS, LIST):
        server.route(path, NOT_FOUND)


def found(home: Home) -> dict[str, str]:
    """Key -> status of every record."""
    store = home.store()
    with store.read() as connection:
        rows = {r["key"][0]: r["status"] for r in records(connection, Filters())}
    store.close()
    return rows


def kinds(home: Home) -> list[str]:
    store = home.store()
    with store.read() as connection:
        told = [i["kind"] for i in issues(connection, Filters(status="open"))]
    store.close()
    return told


def state(home: Home) -> dict[str, Any]:
    store = home.store()
    with store.read() as connection:
        (row,) = status_rows(connection, store.clock.now())
    store.close()
    return row


@pytest.fixture
def home(tmp_path: Path, server: LyingServer) -> Home:
    return Home.make(tmp_path / "home", server, source=SOURCE)


@pytest.fixture
def server() -> Any:
    with LyingServer() as running:
        refuse(running)
        yield running


def test_a_source_that_refuses_us_is_read_from_its_newest_copy_at_the_moment_of_that(
    home: Home, server: LyingServer
) -> None:
    archive = Archive(server, {days_ago(9): table(4), days_ago(2): table(5)})
    crawl = home.crawl(source=SOURCE)
    assert (crawl.verdict, crawl.run["observed"]) == ("complete", 5), crawl.err
    assert archive.fetched == [days_ago(2)]
    assert state(home)["fresh"] == "fresh"
    seen_on = (NOW - timedelta(days=2)).date().isoformat()
    assert state(home)["complete_at"][:10] == seen_on
    store = home.store()
    with store.read() as connection:
        assert {r["first_seen_at"][:10] for r in records(connection, Filters())} == {seen_on}
    store.close()
    assert home.command("replay", SOURCE).verdict == "complete"


@pytest.mark.fault(106)
def test_an_old_copy_is_stale_and_no_whole_read(home: Home, server: LyingServer) -> None:
    Archive(server, {days_ago(60): table(5)})
    crawl = home.crawl(source=SOURCE)
    assert (crawl.verdict, crawl.reasons) == ("partial", {"stale"}), crawl.err
    assert len(found(home)) == 5
    assert state(home)["complete_at"] is None


def test_a_copy_is_as_fresh_as_its_capture(home: Home, server: LyingServer) -> None:
    Archive(server, {days_ago(10): table(5)})
    assert home.crawl(source=SOURCE).verdict == "complete"
    assert state(home)["fresh"] == "not fresh: last read whole 10 days ago"


def test_a_copy_from_before_our_last_look_is_not_even_fetched(
    home: Home, server: LyingServer
) -> None:
    server.route(CSV, Reply(body=table(6)))
    assert home.crawl(source=SOURCE).verdict == "complete"
    server.route(CSV, NOT_FOUND)
    archive = Archive(server, {days_ago(1): table(3)})
    crawl = home.crawl(source=SOURCE)
    assert (crawl.verdict, archive.fetched) == ("failed", []), crawl.err


def test_a_copy_ends_nothing_and_speaks_over_no_official_row(
    home: Home, server: LyingServer
) -> None:
    day = (NOW - timedelta(days=5)).date().isoformat()
    file = home.folder / f"exportfsm_{day}.csv"
    file.write_bytes(table(6).replace("Пример 2".encode("cp1251"), "Образец 2".encode("cp1251")))
    assert home.command("import", SOURCE, str(file)).verdict == "complete"
    Archive(server, {days_ago(2): table(5) + "7;Книга «Сад»;".encode("cp1251") + b"\r\n"})
    crawl = home.crawl(source=SOURCE)
    assert crawl.verdict == "complete", crawl.err
    assert crawl.run["changes"] == {
        "appeared": 1, "changed": 0, "gone": 0, "returned": 0, "reparsed": 0
    }  # fmt: skip
    assert set(found(home).values()) == {"listed"}
    assert len(found(home)) == 7


def test_the_same_question_is_asked_once_a_day(home: Home, server: LyingServer) -> None:
    archive = Archive(server, {})
    for _crawl in range(3):
        assert home.crawl(source=SOURCE).verdict == "failed"
    assert len(archive.questions) == 1


@pytest.mark.fault(21)
def test_an_archive_that_is_asked_too_much_is_left_alone(home: Home, server: LyingServer) -> None:
    server.route("/cdx/search/cdx", Reply(status=429, body=b"slow down"))
    crawl = home.crawl(source=SOURCE)
    assert crawl.verdict == "failed"
    asked = [hit for hit in server.hits if hit.path.startswith("/cdx")]
    assert len(asked) == 1
    assert home.crawl(source=SOURCE).verdict == "failed"
    assert len([hit for hit in server.hits if hit.path.startswith("/cdx")]) == 1


@pytest.mark.parametrize("bad", [CAPTCHA, table(5)[:-40]], ids=["captcha", "cut"])
def test_a_copy_that_is_cut_or_a_captcha_leads_to_the_one_before_it(
    home: Home, server: LyingServer, bad: bytes
) -> None:
    archive = Archive(server, {days_ago(9): table(4), days_ago(2): bad})
    crawl = home.crawl(source=SOURCE)
    assert (crawl.verdict, crawl.run["observed"]) == ("complete", 4), crawl.err
    assert archive.fetched == [days_ago(2), days_ago(9)]
    assert "capture-unusable" in kinds(home)
    assert home.command("replay", SOURCE).verdict == "complete"


def test_an_index_in_pages_is_read_to_its_end(home: Home, server: LyingServer) -> None:
    copies = {days_ago(9 - n): table(3 + n) for n in range(5)}
    archive = Archive(server, copies, page=2)
    assert home.crawl(source=SOURCE).run["observed"] == 7
    assert [q.get("resumeKey") for q in archive.questions] == [None, "2", "4"]
