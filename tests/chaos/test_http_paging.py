"""Pages that are missing, repeated or shifted, refusals and conditional answers over real HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.chaos.conftest import HEALTHY, Enduring
from tests.chaos.ministry import (
    EXPORT,
    INFO,
    JSON_TYPE,
    NOT_FOUND,
    VALUES,
    XLSX_TYPE,
    Home,
    Ministry,
    json_reply,
    look,
    on_page,
    reg,
    values,
)
from tests.chaos.register_forms import api_page, xlsx
from tests.chaos.registers import Register
from tests.chaos.server import LyingServer, Reply, Request

CAP = 20  # rows a page: 200 rows are ten pages


def refused(status: int) -> Callable[[Reply], Reply]:
    """In place of a page, this status."""
    return lambda page: Reply(status=status, body=b"<h1>no</h1>")


@pytest.mark.fault(22)
@pytest.mark.parametrize("status", [401, 403, 404, 410, 451, 500, 502])
def test_a_refusal_on_page_seven_is_partial_and_six_pages_are_kept(
    status: int, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY, cap=CAP)
    ministry.lie(VALUES, on_page(7, refused(status), HEALTHY, CAP))
    crawl, after = enduring.endure(str(status))
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "partial", {f"http-{status}"})
    assert crawl.run["observed"] == 6 * CAP
    kept = [f for f in after.fetches if f["run_id"] == crawl.run["run"] and f["status"] == 200]
    assert len({f["body_sha256"] for f in kept if f["form"] == "values"}) == 6


NOTHING = [
    pytest.param(Reply(headers=JSON_TYPE), id="empty"),
    pytest.param(Reply(status=204), id="204"),
    pytest.param(Reply(body=b" ", headers=JSON_TYPE), id="one-space"),
]


@pytest.mark.fault(20)
@pytest.mark.parametrize("reply", NOTHING)
def test_nothing_in_place_of_a_page_is_a_failure(
    reply: Reply, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, reply)
    crawl, _after = enduring.endure("nothing")
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"empty"})


def wait_words() -> dict[str, str]:
    """Values of Retry-After, good and bad."""
    in_ten_years = datetime.now(UTC) + timedelta(days=3650)
    return {
        "negative": "-5", "ten years": "315360000", "garbage": "soon",
        "date": format_datetime(in_ten_years, usegmt=True),
    }  # fmt: skip


@pytest.mark.fault(21)
@pytest.mark.parametrize("name", ["negative", "ten years", "garbage", "date"])
def test_no_retry_after_holds_a_run_beyond_its_time(
    name: str, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    busy = Reply(status=503, headers=[("Retry-After", wait_words()[name])], body=b"<h1>no</h1>")
    ministry.lie(VALUES, busy)
    crawl, _after = enduring.endure(name)
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"http-503"})
    started, ended = (read(crawl.run[key]) for key in ("started_at", "ended_at"))
    assert (ended - started).total_seconds() <= 22  # the home's time_limit_s is 20


def read(text: str) -> datetime:
    """A moment of the run's JSON."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.fault(21)
def test_a_server_that_asks_for_two_seconds_gets_them(
    enduring: Enduring, ministry: Ministry, server: LyingServer
) -> None:
    ministry.only_interface(HEALTHY)
    busy = Reply(status=429, headers=[("Retry-After", "2")], body=b"<h1>busy</h1>")
    ministry.lie(VALUES, lambda request: busy if request.count == 1 else values(HEALTHY, request))
    crawl, _after = enduring.endure("429 once")
    assert (crawl.code, crawl.verdict) == (0, "unchanged")
    times = [hit.time for hit in server.hits if hit.path == VALUES]
    assert times[1] - times[0] >= 2


@pytest.mark.fault(23)
def test_a_register_without_end_is_stopped_at_the_cap(
    enduring: Enduring, ministry: Ministry
) -> None:
    def endless(request: Request) -> Reply:
        offset = request.json()["offset"]
        rows = [
            {"field_1_i": n, "field_2_s": f"«Пример-{n}»", "field_4_s": "02.12.2022"}
            for n in range(offset + 1, offset + 1001)
        ]
        return json_reply(json.dumps({"size": offset + 2000, "values": rows}).encode())

    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, endless)
    crawl, _after = enduring.endure("endless paging")
    assert (crawl.code, crawl.verdict) == (3, "partial")
    assert "too-large" in crawl.reasons or "time-limit" in crawl.reasons
    assert len(ministry.server.hits) <= 25  # the register's own cap is 20,000 rows


@pytest.mark.fault(24)
@pytest.mark.parametrize("size", [200, 10_000_000])
def test_a_page_that_comes_again_is_no_next_page(
    size: int, enduring: Enduring, ministry: Ministry
) -> None:
    def stuck_at_page_three(request: Request) -> Reply:
        page = json.loads(api_page(HEALTHY, min(request.json()["offset"], 2 * CAP), CAP))
        return json_reply(json.dumps(page | {"size": size}).encode())

    ministry.only_interface(HEALTHY, cap=CAP)
    ministry.lie(VALUES, stuck_at_page_three)
    crawl, _after = enduring.endure("page again")
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"layout-changed"})
    assert len(ministry.server.hits) <= 8


def test_a_register_of_very_many_pages_is_read_to_its_end(
    ministry: Ministry, server: LyingServer, tmp_path: Path
) -> None:
    ministry.only_interface(reg(900), cap=4)
    made = Home.make(tmp_path / "deep", server, time_limit_s=60.0)
    crawl = made.crawl()
    assert (crawl.code, crawl.verdict, crawl.run["observed"]) == (0, "complete", 900)


@pytest.mark.fault(25)
@pytest.mark.parametrize("change", ["row leaves", "row comes in front"])
def test_a_list_that_shifts_between_two_pages_is_not_whole(
    change: str, enduring: Enduring, ministry: Ministry
) -> None:
    shifted = HEALTHY.without([1]) if change == "row leaves" else HEALTHY.added(1).shifted(-1)

    def shifting(request: Request) -> Reply:
        register = HEALTHY if request.json()["offset"] < 3 * CAP else shifted
        return values(register, request, CAP)

    ministry.only_interface(HEALTHY, cap=CAP)
    ministry.lie(VALUES, shifting)
    crawl, _after = enduring.endure(change)
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "partial", {"count-mismatch"})


@pytest.mark.fault(26)
def test_two_backends_of_different_age_leave_rows_unconfirmed_and_report_nothing(
    home: Home, ministry: Ministry
) -> None:
    before = look(home)
    for register in (HEALTHY.first(198), HEALTHY, HEALTHY.first(198), HEALTHY):
        ministry.only_interface(register)
        assert home.crawl().code == 0
        after = look(home)
        assert after.changes == before.changes and after.faults == []
        assert set(after.statuses().values()) <= {"listed", "absent"}
    assert after.statuses() == before.statuses()


@pytest.fixture
def export_home(server: LyingServer, tmp_path: Path) -> Home:
    """A home that has read the spreadsheet, whose server gave validators."""
    ministry = Ministry(server)
    ministry.serve(HEALTHY)
    ministry.lie(VALUES, NOT_FOUND)
    ministry.lie(EXPORT, exported('"v1"'))
    made = Home.make(tmp_path / "export", server)
    assert made.crawl().verdict == "complete"
    server.hits.clear()
    return made


def exported(etag: str, register: Register = HEALTHY) -> Reply:
    """The spreadsheet with its ETag."""
    return Reply(body=xlsx(register), headers=[*XLSX_TYPE, ("ETag", etag)])


@pytest.mark.fault(27)
@pytest.mark.parametrize("body", [b"", b"<p>a 304 has no body</p>"])
def test_a_304_that_answers_our_own_question_is_unchanged(
    body: bytes, export_home: Home, server: LyingServer
) -> None:
    before = look(export_home)
    server.route(EXPORT, Reply(status=304, headers=[("ETag", '"v1"')], body=body))
    crawl = export_home.crawl()
    assert (crawl.code, crawl.verdict) == (0, "unchanged")
    asked = next(hit for hit in server.hits if hit.path.startswith(EXPORT))
    assert asked.headers["if-none-match"] == '"v1"'
    after = look(export_home)
    assert after.changes == before.changes and after.names() == before.names()


@pytest.mark.fault(27)
def test_a_304_for_another_version_is_not_believed(export_home: Home, server: LyingServer) -> None:
    newer = HEALTHY.added(3)

    def changed(request: Request) -> Reply:
        if "if-none-match" in request.headers:
            return Reply(status=304, headers=[("ETag", '"v2"')])
        return exported('"v2"', newer)

    server.route(EXPORT, changed)
    crawl = export_home.crawl()
    assert (crawl.code, crawl.verdict) == (0, "complete")
    assert crawl.run["changes"]["appeared"] == 3


@pytest.mark.fault(27)
def test_a_304_to_a_plain_question_is_a_failure(enduring: Enduring, ministry: Ministry) -> None:
    ministry.lie_everywhere(Reply(status=304, headers=[("ETag", '"v1"')]))
    crawl, _after = enduring.endure("304 without asking")
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"http-304"})


@pytest.mark.fault(31)
def test_another_page_for_whoever_asks_conditionally_is_read_as_what_it_is(
    export_home: Home, server: LyingServer
) -> None:
    before = look(export_home)

    def by_header(request: Request) -> Reply:
        if "if-none-match" in request.headers:
            return Reply(body="<h1>Ведутся технические работы</h1>".encode())
        return exported('"v1"')

    server.route(EXPORT, by_header)
    crawl = export_home.crawl()
    assert (crawl.code, crawl.verdict) == (3, "failed")
    after = look(export_home)
    assert after.statuses() == before.statuses() and after.changes == before.changes
    assert after.fetches[-1]["body_sha256"]


@pytest.mark.fault(32)
def test_a_server_that_drops_every_connection_is_asked_a_few_times_only(
    enduring: Enduring, ministry: Ministry, server: LyingServer
) -> None:
    server.drop_next, before = 100, server.connection_count
    try:
        crawl, _after = enduring.endure("dropped")
    finally:
        server.drop_next = 0
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"connect"})
    assert 3 <= server.connection_count - before <= 10


@pytest.mark.fault(22)
def test_the_silent_limit_of_a_thousand_rows_hides_none(
    ministry: Ministry, server: LyingServer, tmp_path: Path
) -> None:
    ministry.only_interface(reg(2300))
    made = Home.make(tmp_path / "large", server)
    crawl = made.crawl()
    assert (crawl.code, crawl.verdict, crawl.run["observed"]) == (0, "complete", 2300)
    offsets = [json.loads(hit.body)["offset"] for hit in server.hits if hit.path == VALUES]
    assert offsets == [0, 1000, 2000]
    assert INFO in {hit.path for hit in server.hits}
