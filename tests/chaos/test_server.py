"""LS lies exactly as it says, and tells the truth where it is asked to."""

import http.client
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path

import pytest

from tests.chaos.certificates import Authority
from tests.chaos.lies import table
from tests.chaos.server import LyingServer, Reply


def raw_get(server: LyingServer, path: str, seconds: float = 10) -> bytes:
    """Everything the server sends for a GET until it closes or the time is over."""
    with socket.create_connection((server.host, server.port), timeout=seconds) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        data = b""
        try:
            while piece := connection.recv(65536):
                data += piece
        except (TimeoutError, ConnectionResetError) as error:
            return data + type(error).__name__.encode()
        return data


def parts(answer: bytes) -> tuple[bytes, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def test_ok_serves_900_rows_to_the_end_sentinel() -> None:
    with LyingServer() as server:
        with urllib.request.urlopen(server.url("/ok")) as response:
            body = response.read()
        assert body.count(b"<tr>") == 901
        assert b"<p id=end>END</p>" in body
        assert [(hit.method, hit.path) for hit in server.hits] == [("GET", "/ok")]


def test_trunc_cl_announces_more_than_it_sends() -> None:
    with LyingServer() as server:
        head, body = parts(raw_get(server, "/trunc_cl"))
    assert f"Content-Length: {len(table())}".encode() in head
    assert body == table()[: len(table()) // 2]


def test_trunc_chunked_has_no_final_chunk() -> None:
    with LyingServer() as server:
        head, body = parts(raw_get(server, "/trunc_chunked"))
        with pytest.raises(http.client.IncompleteRead):
            urllib.request.urlopen(server.url("/trunc_chunked")).read()
    assert b"Transfer-Encoding: chunked" in head
    assert not body.endswith(b"0\r\n\r\n")


def test_trunc_close_has_no_length_and_a_clean_end() -> None:
    with LyingServer() as server:
        head, body = parts(raw_get(server, "/trunc_close"))
    assert b"Content-Length" not in head
    assert body == table()[: len(table()) // 2]


def test_trunc_rst_gives_half_and_then_resets() -> None:
    with LyingServer() as server:
        _, body = parts(raw_get(server, "/trunc_rst"))
    assert body == table()[: len(table()) // 2] + b"ConnectionResetError"


def test_trunc_gzip_has_a_matching_length_and_an_unfinished_stream() -> None:
    with LyingServer() as server:
        head, body = parts(raw_get(server, "/trunc_gzip"))
    assert f"Content-Length: {len(body)}".encode() in head
    decoder = zlib.decompressobj(31)
    decoder.decompress(body)
    assert not decoder.eof


def test_the_bomb_is_small_on_the_wire() -> None:
    with LyingServer() as server:
        head, body = parts(raw_get(server, "/bomb", seconds=60))
    assert b"Content-Encoding: gzip" in head
    assert len(body) < 1_000_000
    assert body.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("path", ["/slow", "/hang", "/drip", "/endless"])
def test_paths_that_never_end_stop_with_the_server(path: str) -> None:
    started = time.monotonic()
    with LyingServer() as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        client.settimeout(0.5 if path == "/hang" else 5)
        client.sendall(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        if path == "/hang":
            with pytest.raises(TimeoutError):
                client.recv(64)
        else:
            assert client.recv(64)
    assert time.monotonic() - started < 8


@pytest.mark.parametrize(
    ("path", "location"),
    [("/loop", "/loop"), ("/to_file", "file:///etc/passwd"), ("/to_local", "http://localhost:")],
)
def test_redirects_say_where(path: str, location: str) -> None:
    with LyingServer() as server:
        head, _ = parts(raw_get(server, path))
    assert head.startswith(b"HTTP/1.1 302")
    assert f"\r\nLocation: {location}".encode() in head


def test_the_internal_service_keeps_its_own_hits() -> None:
    with LyingServer() as server:
        with urllib.request.urlopen(server.url("/to_port")) as response:
            assert response.read() == b"secret"
        assert [hit.path for hit in server.internal_hits] == ["/secret"]
        assert [hit.path for hit in server.hits] == ["/to_port"]


def test_retry_after_is_what_the_test_sets() -> None:
    with LyingServer() as server:
        server.retry_after = "-5"
        head, _ = parts(raw_get(server, "/429"))
        assert b"Retry-After: -5" in head
        server.retry_after = None
        head, _ = parts(raw_get(server, "/503"))
        assert b"Retry-After" not in head


def test_304_comes_asked_unasked_and_with_a_body() -> None:
    with LyingServer() as server:
        request = urllib.request.Request(server.url("/etag"), headers={"If-None-Match": '"v1"'})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        assert caught.value.code == 304
        caught.value.close()
        assert raw_get(server, "/etag").startswith(b"HTTP/1.1 200")
        assert parts(raw_get(server, "/304"))[1] == b""
        assert parts(raw_get(server, "/304_body"))[1] == b"<p>a body of a 304</p>"


def test_header_lies_arrive_as_written() -> None:
    with LyingServer() as server:
        assert raw_get(server, "/huge_headers").count(b"\r\nX-Line-") == 100_000
        assert b"X-Nul: a\x00b" in raw_get(server, "/dirty_headers")


def test_a_route_of_the_test_sees_json_and_counts() -> None:
    with LyingServer() as server:
        server.route(
            "/api/*",
            lambda request: Reply(
                headers=[("Content-Type", "application/json")],
                body=json.dumps([request.json()["offset"], request.count]).encode(),
            ),
        )
        for offset in (0, 500):
            request = urllib.request.Request(
                server.url("/api/values"), data=json.dumps({"offset": offset}).encode()
            )
            with urllib.request.urlopen(request) as response:
                answer = json.load(response)
        assert answer == [500, 2]
        assert json.loads(server.hits[0].body) == {"offset": 0}


def test_an_error_in_a_route_fails_the_test_that_made_it() -> None:
    with pytest.raises(ZeroDivisionError), LyingServer() as server:
        server.route("/bad", lambda request: Reply(body=bytes(1 // 0)))
        raw_get(server, "/bad")


def test_dropped_connections_are_counted() -> None:
    with LyingServer() as server:
        server.drop_next = 2
        assert raw_get(server, "/ok") in (b"", b"ConnectionResetError")
        assert raw_get(server, "/ok") in (b"", b"ConnectionResetError")
        assert raw_get(server, "/ok").startswith(b"HTTP/1.1 200")
        assert server.connection_count == 3


def test_tls_is_spoken_where_a_context_is_given(tmp_path: Path) -> None:
    authority = Authority()
    trusting = ssl.create_default_context(cadata=authority.pem.decode())
    with LyingServer(tls=authority.context(tmp_path)) as server:
        with urllib.request.urlopen(server.url("/ok"), context=trusting) as response:
            assert response.read() == table()
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(server.url("/ok"))
