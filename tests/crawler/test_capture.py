"""What a lying server does to one crawl: every try recorded, nothing half read, typed ends."""

from base64 import b64encode
from hashlib import sha256

import pytest

from tests.chaos.codings import bomb_pieces
from tests.chaos.server import LyingServer, Reply, Request
from tests.crawler.tiny_crawl import Result, crawl

CUT = ["/trunc_cl", "/trunc_chunked", "/trunc_close", "/trunc_rst", "/trunc_gzip"]
SLOW = ["/slow", "/hang", "/drip"]
LARGE = ["/bomb", "/endless", "/huge_headers"]


@pytest.fixture(scope="module")
def lied_to() -> Result:
    """One crawl of all the lies that need no setting of their own."""
    with LyingServer() as server:
        server.retry_after = None
        bomb = b"".join(bomb_pieces("gzip"))  # made beforehand: it takes a second
        server.route("/bomb", Reply(body=bomb, headers=[("Content-Encoding", "gzip")]))
        server.route("/whole", Reply(body=b"<p>row</p></html>\n", ending="close"))
        server.route("/odd_status", Reply(status=999, body=b"denied"))
        paths = ["/ok", *CUT, *SLOW, *LARGE, "/dirty_headers", "/huge_headers?one", "/whole"]
        paths += ["/loop", "/growing_loop", "/chain", "/empty", "/204", "/404", "/503", "/304_body"]
        paths += ["/odd_status"]
        requests = [{"url": server.url(path), "meta": {"ends_with": "</html>"}} for path in paths]
        return crawl(
            requests, allow=[f"127.0.0.1:{server.port}"], max_size=1_000_000, timeout_s=1.0
        )


@pytest.mark.fault(1, 2, 3, 4, 5, 11, 12, 13, 14, 15)
def test_each_lie_ends_in_its_own_machine_word(lied_to: Result) -> None:
    assert lied_to.reasons() == {
        **dict.fromkeys(CUT, "truncated-body"),
        **dict.fromkeys(SLOW, "timeout"),
        **dict.fromkeys(LARGE, "too-large"),
        **dict.fromkeys(["/loop", "/growing_loop", "/chain"], "redirect-loop"),
        "/huge_headers?one": "connect",
        "/empty": "empty",
        "/404": "http-404",
        "/503": "http-503",
        "/304_body": "http-304",
        "/odd_status": "http-999",
    }


def test_only_whole_pages_reach_the_callback(lied_to: Result) -> None:
    pages = {page["path"]: page for page in lied_to.pages}
    assert set(pages) == {"/ok", "/dirty_headers", "/whole", "/204"}
    assert "END" in pages["/ok"]["text"]
    assert lied_to.fetches[int(pages["/ok"]["fetch_id"])]["final_url"].endswith("/ok")


@pytest.mark.fault(1, 2, 3, 4, 12)
def test_the_bytes_that_came_before_a_cut_are_kept_at_each_try(lied_to: Result) -> None:
    for path in CUT:
        tries = lied_to.tries(path)
        assert [fetch["failure"] for fetch in tries] == ["truncated-body"] * 2, path
        assert all(fetch["wire_length"] > 1000 for fetch in tries), path
    assert lied_to.tries("/slow")[0]["wire_length"] >= 1
    assert lied_to.tries("/endless")[0]["wire_length"] > 1_000_000


@pytest.mark.fault(15)
def test_a_chain_of_redirects_is_recorded_hop_by_hop(lied_to: Result) -> None:
    hops = [f for f in lied_to.fetches if f["url"].endswith("/chain")]
    assert [fetch["status"] for fetch in hops] == [302] * 6
    assert [len(fetch["chain"]) for fetch in hops] == [0, 1, 2, 3, 4, 5]
    assert hops[-1]["chain"][0].endswith("/chain")


@pytest.mark.fault(14)
def test_header_bytes_are_recorded_escaped(lied_to: Result) -> None:
    (fetch,) = lied_to.tries("/dirty_headers")
    values = dict(fetch["response_headers"])
    assert values["X-Nul"] == "a\\x00b"
    assert all(value.isprintable() for value in values.values())


def test_a_record_tells_how_and_when_it_was_fetched(lied_to: Result) -> None:
    (fetch,) = lied_to.tries("/ok")
    assert fetch["fetched_at"].endswith("+00:00")
    assert fetch["peer"] == "127.0.0.1"
    assert (fetch["status"], fetch["content_type"], fetch["charset_declared"]) == (
        200,
        "text/html; charset=utf-8",
        "utf-8",
    )
    assert ["Accept-Encoding", "gzip"] in fetch["request_headers"]
    assert fetch["failure"] is None


def test_a_status_that_another_try_will_not_change_is_asked_for_once(lied_to: Result) -> None:
    assert len(lied_to.tries("/404")) == 1
    assert len(lied_to.tries("/503")) == 2


@pytest.mark.fault(21)
@pytest.mark.parametrize(
    ("retry_after", "least_s", "most_s"),
    [("1", 0.9, 2.5), ("315360000", 0.9, 2.5), ("-5", 0.0, 0.8), ("soon", 0.0, 0.8)],
)
def test_retry_after_is_heeded_up_to_the_cap(
    retry_after: str, least_s: float, most_s: float
) -> None:
    with LyingServer() as server:
        server.retry_after = retry_after
        result = crawl(
            [server.url("/503")],
            allow=[f"127.0.0.1:{server.port}"],
            settings={"RETRY_WAIT_CAP_S": 1.0},
        )
        first, second = (hit.time for hit in server.hits)
    assert least_s <= second - first <= most_s
    assert result.reasons() == {"/503": "http-503"}


def test_no_wait_goes_beyond_the_time_allowed_for_the_run() -> None:
    with LyingServer() as server:
        server.retry_after = "60"
        result = crawl([server.url("/503")], allow=[f"127.0.0.1:{server.port}"], time_limit_s=10.0)
    assert result.reasons() == {"/503": "http-503"}
    assert len(server.hits) == 1
    assert result.stats["elapsed_time_seconds"] < 5


@pytest.mark.fault(32)
def test_a_host_that_drops_every_connection_is_left_alone_and_the_others_go_on() -> None:
    with LyingServer() as dropping, LyingServer(host="127.0.0.2") as good:
        dropping.drop_next = 1000
        urls = [dropping.url(f"/ok?{n}") for n in range(30)] + [good.url("/ok")]
        allow = [f"127.0.0.1:{dropping.port}", f"127.0.0.2:{good.port}"]
        result = crawl(urls, allow=allow)
    assert [page["path"] for page in result.pages] == ["/ok"]
    assert set(result.reasons().values()) == {"connect", "breaker-open"}
    assert dropping.connection_count < 20


def held(body: bytes, *, etag: str, blob: bytes | None = None, readable: bool = True) -> object:
    """What the memory holds of a page; `blob` when other bytes stand under the digest."""
    return {
        "validators": {
            "etag": etag,
            "last_modified": None,
            "body_sha256": sha256(body).hexdigest(),
            "content_type": "text/html; charset=utf-8",
        },
        "blob": b64encode(body if blob is None else blob).decode() if readable else None,
    }


def new_unless_asked(request: Request) -> Reply:
    """304 to any validator, the new page to none."""
    if "if-none-match" in request.headers:
        return Reply(status=304, headers=[("ETag", '"v2"')])
    return Reply(body=b"<p>new</p>", headers=[("ETag", '"v2"')])


@pytest.mark.fault(27, 31)
def test_a_304_counts_only_when_it_can_be_checked() -> None:
    old = b"<p>old</p>"
    with LyingServer() as server:
        for path in ("/contradicts", "/unreadable", "/torn"):
            server.route(path, new_unless_asked)
        memory = {
            "/etag": held(old, etag='"v1"'),
            "/contradicts": held(old, etag='"v1"'),
            "/unreadable": held(b"<p>lost", etag='"v2"', readable=False),
            "/torn": held(b"<p>whole", etag='"v2"', blob=b"<p>torn"),
            "/304_body": held(old, etag='"v1"'),
        }
        urls = [server.url(path) for path in [*memory, "/304"]]
        result = crawl(urls, allow=[f"127.0.0.1:{server.port}"], held=memory)
    pages = {page["path"]: (page["text"], page["not_modified"]) for page in result.pages}
    assert pages == {
        "/etag": ("<p>old</p>", True),
        "/304_body": ("<p>old</p>", True),
        **dict.fromkeys(["/contradicts", "/unreadable", "/torn"], ("<p>new</p>", False)),
    }
    assert result.reasons() == {"/304": "http-304"}
    assert [fetch["status"] for fetch in result.tries("/torn")] == [304, 200]
    assert result.tries("/304_body")[0]["body_length"] is None


def test_a_post_becomes_a_get_where_browsers_do_so_and_its_body_is_recorded() -> None:
    with LyingServer() as server:
        server.route("/search", Reply(status=303, headers=[("Location", "/result")]))
        server.route("/again", Reply(status=307, headers=[("Location", "/result")]))
        server.route("/result", lambda request: Reply(body=f"<p>{request.method}".encode()))
        urls = [
            {"url": server.url(path), "method": "POST", "body": "q=1", "headers": {"Cookie": "x"}}
            for path in ("/search", "/again")
        ]
        result = crawl(urls, allow=[f"127.0.0.1:{server.port}"])
    assert {page["path"]: page["text"] for page in result.pages} == {
        "/search": "<p>GET",
        "/again": "<p>POST",
    }
    first = result.tries("/search")[0]
    assert first["request_body_sha256"] == sha256(b"q=1").hexdigest()
    assert ["Cookie", "***"] in first["request_headers"]
