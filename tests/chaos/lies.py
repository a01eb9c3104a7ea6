"""The standard lies of LS, one path a fault, as the table of faults lists them."""

import itertools
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from tests.chaos.codings import bomb_pieces, encode
from tests.chaos.notice_pages import NOTICES
from tests.chaos.register_forms import html_page
from tests.chaos.registers import REG
from tests.chaos.server import Handler, Reply, Request

if TYPE_CHECKING:
    from tests.chaos.server import LyingServer

ROW_COUNT = 900
ETAG = '"v1"'
HEADER_LINE_COUNT = 100_000


@cache
def table() -> bytes:
    """The page of `/ok`: 900 rows, then `<p id=end>END</p>`."""
    return html_page(REG(ROW_COUNT)).encode()


def endless() -> Iterator[bytes]:
    """Rows for ever."""
    yield b"<html><body><table>"
    for number in itertools.count(1):
        yield f"<tr><td>{number}</td><td>row</td></tr>\n".encode() * 64


def drip() -> Iterator[bytes]:
    """Headers for ever, one at a time."""
    yield b"HTTP/1.1 200 LS\r\n"
    for number in itertools.count(1):
        yield f"X-Drip-{number}: 1\r\n".encode()


def many_headers(request: Request) -> Reply:
    """100,000 header lines, or one of 10 MB with `?one`, before an ordinary body."""
    lines = (f"X-Line-{n}: {n}\r\n".encode() for n in range(HEADER_LINE_COUNT))
    filler = (
        b"X-Long: " + b"a" * 10_000_000 + b"\r\n" if "one" in request.query else b"".join(lines)
    )
    return Reply(raw=[b"HTTP/1.1 200 LS\r\n", filler, b"Content-Length: 2\r\n\r\nok"])


def dirty_headers(request: Request) -> Reply:
    """NUL and a bare CR in header values."""
    lines = b"X-Nul: a\x00b\r\nX-Cr: a\rSet-Cookie: x\r\nContent-Length: 2\r\n\r\nok"
    return Reply(raw=[b"HTTP/1.1 200 LS\r\nContent-Type: text/html\r\n", lines])


def moved(location: str) -> Reply:
    """A 302 to wherever."""
    return Reply(status=302, headers=[("Location", location)])


def page(text: str, status: int = 200) -> Reply:
    """A page of HTML in UTF-8."""
    return Reply(status=status, body=text.encode())


def cutting() -> dict[str, Handler | Reply]:
    """Bodies that end too early, never, too slowly or too large."""
    body = table()
    gzipped = encode(body, "gzip")
    gzip_headers = [("Content-Encoding", "gzip")]
    return {
        "/ok": Reply(body=body),
        "/trunc_cl": Reply(body=body, cut_at=0.5),
        "/trunc_chunked": Reply(body=body, cut_at=0.5, ending="chunked"),
        "/trunc_close": Reply(body=body, cut_at=0.5, ending="close"),
        "/trunc_rst": Reply(body=body, cut_at=0.5, ending="rst"),
        "/trunc_gzip": Reply(body=gzipped, cut_at=0.5, ending="matching", headers=gzip_headers),
        "/slow": Reply(body=body, piece=1, pause=0.5),
        "/bomb": lambda request: Reply(
            body=bomb_pieces("gzip"), ending="chunked", headers=gzip_headers
        ),
        "/endless": lambda request: Reply(body=endless(), ending="close"),
        "/hang": Reply(hang=True),
        "/drip": lambda request: Reply(raw=drip(), pause=0.2),
        "/huge_headers": many_headers,
        "/dirty_headers": dirty_headers,
    }


def wandering(server: "LyingServer") -> dict[str, Handler | Reply]:
    """Redirects to where nobody may go; `localhost` is another host name of the same machine."""
    other = server.url("/ok", host="localhost")
    refresh = f'<meta http-equiv="refresh" content="0;url={other}"><p>moved</p>'
    return {
        "/loop": moved("/loop"),
        "/growing_loop": lambda request: moved(f"/growing_loop?n={request.count}"),
        "/chain": lambda request: moved(
            f"/chain?n={request.count}" if request.count < 51 else "/ok"
        ),
        "/refresh": page(refresh),
        "/refresh_header": Reply(headers=[("Refresh", f"0;url={other}")], body=b"<p>moved</p>"),
        "/to_local": moved(other),
        "/to_port": moved(server.internal_url("/secret")),
        "/to_file": moved("file:///etc/passwd"),
    }


def misreading() -> dict[str, Handler | Reply]:
    """Bodies that are not what their headers say, or are nothing at all."""
    html = html_page(REG(50))
    return {
        "/cslie": Reply(body=html.encode("cp1251")),
        "/nul": Reply(body=html.replace("</td>", "\x00</td>", 1).encode()),
        "/empty": Reply(),
        "/204": Reply(status=204),
        "/space": Reply(body=b" "),
        "/404": page("<h1>404 Not Found</h1>", status=404),
        "/soft_404": page(NOTICES["soft-404"]),
        **{f"/{name}": page(text) for name, text in NOTICES.items()},
    }


def refusing(server: "LyingServer") -> dict[str, Handler | Reply]:
    """429 and 503 with the Retry-After that the test set on the server, and 304 in all ways."""

    def busy(status: int) -> Reply:
        wait = [] if server.retry_after is None else [("Retry-After", server.retry_after)]
        return Reply(status=status, headers=wait, body=b"<h1>busy</h1>")

    def honest_304(request: Request) -> Reply:
        if request.headers.get("if-none-match") == ETAG:
            return Reply(status=304, headers=[("ETag", ETAG)])
        return Reply(body=table(), headers=[("ETag", ETAG)])

    return {
        "/429": lambda request: busy(429),
        "/503": lambda request: busy(503),
        "/etag": honest_304,
        "/304": Reply(status=304, headers=[("ETag", ETAG)]),
        "/304_body": Reply(status=304, headers=[("ETag", ETAG)], body=b"<p>a body of a 304</p>"),
    }


def standard_routes(server: "LyingServer") -> dict[str, Handler]:
    """All standard paths of one server as handlers."""
    lies = cutting() | wandering(server) | misreading() | refusing(server)
    return {path: as_handler(lie) for path, lie in lies.items()}


def as_handler(lie: Handler | Reply) -> Handler:
    """A handler that always gives the same reply, where a reply was given."""
    return (lambda request: lie) if isinstance(lie, Reply) else lie
