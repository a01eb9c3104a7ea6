"""Bodies that are cut, corrupt, endless or slow, over real HTTP through the real command."""

import resource
from itertools import count

import pytest

from tests.chaos.codings import CODINGS, bomb_pieces, encode, with_wrong_crc
from tests.chaos.conftest import HEALTHY, Enduring
from tests.chaos.lies import dirty_headers, drip, endless, many_headers
from tests.chaos.ministry import EXPORT, INFO, JSON_TYPE, NOT_FOUND, VALUES, Home, Ministry, look
from tests.chaos.register_forms import api_page
from tests.chaos.server import LyingServer, Reply
from tests.chaos.wire import Ending

BODY = api_page(HEALTHY)
MEMORY_LIMIT_MIB = 400  # 110 for the process, twice the cap of 32 for wire and body, and 100


def coded(coding: str, body: bytes, **more: object) -> Reply:
    """A body that says it has this coding."""
    headers = [*JSON_TYPE, ("Content-Encoding", coding)]
    return Reply(body=body, headers=headers, **more)  # type: ignore[arg-type]


CUTS = [
    pytest.param("content-length", id="shorter-than-content-length", marks=pytest.mark.fault(1)),
    pytest.param("chunked", id="chunked-without-an-end", marks=pytest.mark.fault(2)),
    pytest.param("close", id="no-length-and-a-clean-close", marks=pytest.mark.fault(3)),
    pytest.param("rst", id="no-length-and-a-reset", marks=pytest.mark.fault(4)),
]


@pytest.mark.parametrize("ending", CUTS)
def test_a_body_cut_in_the_middle_is_partial_and_its_bytes_are_kept(
    ending: Ending, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, Reply(body=BODY, cut_at=0.5, ending=ending, headers=JSON_TYPE))
    crawl, after = enduring.endure(ending)
    assert (crawl.code, crawl.verdict) == (3, "partial")
    assert "truncated-body" in crawl.reasons
    cut = [f for f in after.fetches if f["run_id"] == crawl.run["run"] and f["form"] == "values"]
    assert [f["failure"] for f in cut] == ["truncated-body"] * 3  # it was asked for three times
    assert all(f["wire_sha256"] for f in cut)


@pytest.mark.fault(5)
@pytest.mark.parametrize("coding", CODINGS)
def test_a_compressed_body_cut_in_the_middle_is_partial_although_its_length_is_right(
    coding: str, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    half = coded(coding, encode(BODY, coding), cut_at=0.5, ending="matching")
    ministry.lie(VALUES, half)
    crawl, _after = enduring.endure(f"cut {coding}")
    assert (crawl.code, crawl.verdict) == (3, "partial")
    assert "truncated-body" in crawl.reasons


@pytest.mark.fault(6)
def test_a_wrong_checksum_is_a_corrupt_body_whose_bytes_are_kept(
    enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, coded("gzip", with_wrong_crc(BODY)))
    crawl, after = enduring.endure("crc")
    assert (crawl.code, crawl.verdict) == (3, "failed")
    assert "corrupt-body" in crawl.reasons
    assert after.fetches[-1]["run_id"] == crawl.run["run"]


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(coded("gzip", BODY), id="plain-body-called-gzip"),
        pytest.param(
            Reply(body=encode(BODY, "gzip"), headers=JSON_TYPE), id="gzip-body-called-plain"
        ),
        pytest.param(
            coded("gzip", encode(encode(BODY, "gzip"), "gzip")), id="gzip-in-gzip-called-gzip"
        ),
    ],
)
def test_a_lie_about_the_coding_never_becomes_a_fact(
    reply: Reply, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, reply)
    crawl, _after = enduring.endure("coding lie")
    # Either the rule of the decoder reads it right, or it is refused: `endure` saw no new fact.
    assert crawl.verdict in ("complete", "unchanged") or crawl.reasons & {
        "corrupt-body",
        "layout-changed",
    }


@pytest.mark.parametrize(
    "coding",
    [
        pytest.param(coding, marks=pytest.mark.fault(9 if coding == "gzip" else 10))
        for coding in CODINGS
    ],
)
def test_a_bomb_is_stopped_at_the_cap_and_within_memory(
    coding: str, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    headers = [*JSON_TYPE, ("Content-Encoding", coding)]
    ministry.lie(
        VALUES, lambda request: Reply(body=bomb_pieces(coding), ending="chunked", headers=headers)
    )
    crawl, _after = enduring.endure(f"bomb {coding}")
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"too-large"})
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak_mib < MEMORY_LIMIT_MIB


@pytest.mark.fault(11)
def test_an_endless_body_is_stopped_at_the_cap(enduring: Enduring, ministry: Ministry) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, lambda request: Reply(body=endless(), ending="close"))
    crawl, _after = enduring.endure("endless")
    assert (crawl.code, crawl.verdict) == (3, "failed")
    assert "too-large" in crawl.reasons


SLOW = [
    pytest.param(Reply(body=BODY, piece=1, pause=0.5), id="slowloris", marks=pytest.mark.fault(12)),
    pytest.param(Reply(hang=True), id="never-answers", marks=pytest.mark.fault(13)),
    pytest.param(Reply(raw=drip(), pause=0.2), id="drips-headers", marks=pytest.mark.fault(13)),
]


@pytest.mark.parametrize("reply", SLOW)
def test_a_slow_server_cannot_hold_a_run_beyond_its_time(
    reply: Reply, home: Home, ministry: Ministry, server: LyingServer
) -> None:
    before = look(home)
    home.configure(server, time_limit_s=2.0)
    ministry.lie_everywhere(reply)
    crawl = home.crawl()
    assert (crawl.code, crawl.verdict) == (3, "failed")
    assert crawl.reasons & {"timeout", "time-limit"}
    after = look(home)
    assert after.statuses() == before.statuses() and after.faults == []


@pytest.mark.fault(14)
@pytest.mark.parametrize("query", ["", "?one"])
def test_headers_without_end_are_a_typed_failure(
    query: str, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    one = {"one": ""} if query else {}
    numbers = count(1)
    ministry.lie(
        VALUES,
        lambda request: many_headers(type(request)("POST", "/", one, {}, b"", next(numbers))),
    )
    crawl, _after = enduring.endure("headers")
    assert (crawl.code, crawl.verdict) == (3, "failed")
    assert crawl.reasons & {"too-large", "bad-response", "connect"}


@pytest.mark.fault(14)
def test_control_characters_in_headers_are_stored_escaped(
    enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, dirty_headers)
    crawl, after = enduring.endure("dirty headers")
    assert crawl.verdict == "failed"
    stored = "".join(fetch["response_headers"] for fetch in after.fetches)
    assert "\x00" not in stored and "\r" not in stored


@pytest.mark.fault(1)
def test_without_info_the_columns_are_known_by_their_numbers_and_nothing_changes(
    enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(INFO, Reply(body=b'{"columns": [', cut_at=0.5))
    crawl, after = enduring.endure("info cut")
    assert (crawl.code, crawl.verdict) == (0, "complete")
    assert "info-unavailable" in after.issue_kinds()


@pytest.mark.fault(1)
def test_when_the_interface_is_cut_the_spreadsheet_is_read_whole_and_the_cut_is_an_issue(
    home: Home, ministry: Ministry
) -> None:
    ministry.serve(HEALTHY)
    ministry.lie(VALUES, Reply(body=BODY, cut_at=0.5, headers=JSON_TYPE))
    before = look(home)
    crawl = home.crawl()
    assert (crawl.code, crawl.verdict, crawl.run["parts"]) == (0, "complete", {"complete": 1})
    after = look(home)
    assert after.names() == before.names() and after.changes == before.changes
    issue = next(i for i in after.issues if i["kind"] == "endpoint-failed")
    assert issue["heading"] == "truncated-body"


@pytest.mark.fault(22)
def test_when_both_ways_fail_both_failures_are_named(
    enduring: Enduring, ministry: Ministry
) -> None:
    ministry.lie(VALUES, Reply(status=403, body=b"<h1>403</h1>"))
    ministry.lie(EXPORT, NOT_FOUND)
    crawl, after = enduring.endure("both")
    assert (crawl.code, crawl.verdict) == (3, "failed")
    told = crawl.reasons | {i["heading"] for i in after.issues if i["kind"] == "endpoint-failed"}
    assert {"http-403", "http-404"} <= told
