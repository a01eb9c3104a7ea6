"""Loopback copies of the sources: one small server each, at the sources' own paths."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from desk.demo import (
    agents,
    blocklist,
    hudoc,
    materials,
    media_lists,
    news,
    organisations,
    restricted,
    snapshot,
    undesirable,
)
from desk.demo.reply import Asked, Reply
from desk.demo.story import SOURCES, Week

ANSWERS: dict[str, Callable[[Asked, Week], Reply | None]] = {
    "media_citizenlab": media_lists.answer,
    "agents_minjust": agents.answer,
    "undesirable_minjust": undesirable.answer,
    "restricted_minjust": restricted.answer,
    "extremist_materials_minjust": materials.answer,
    "extremist_orgs_minjust": organisations.extremist,
    "terrorist_orgs_fsb": organisations.terrorist,
    "blocked_zapretinfo": blocklist.answer,
    "blocked_roskomsvoboda": snapshot.answer,
    "rulings_hudoc": hudoc.answer,
    "news_minjust": news.ministry,
    "news_genproc": news.prosecutor,
}
CUT_ENDING = ".csv"  # of a source that is cut, its feed still comes whole


class Copy(ThreadingHTTPServer):
    """The copy of one source in one week, on a port of loopback that the system chooses."""

    daemon_threads = True

    def __init__(self, source: str, week: Week) -> None:
        self.source = source
        self.week = week
        super().__init__(("127.0.0.1", 0), _Requests)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A spider that hangs up early is no error; all else is printed as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop listening: whoever comes now is refused a connection."""
        self.shutdown()
        self.server_close()


class _Requests(BaseHTTPRequestHandler):
    """Reads a request, lets the copy's source answer it, and loses half of what is to be cut."""

    server: Copy
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        sent = json.loads(body) if body else {}
        asked = Asked(unquote(parts.path), dict(parse_qsl(parts.query)), sent)
        reply = ANSWERS[self.server.source](asked, self.server.week)
        if reply is None:
            self._send(404, Reply(b"404: Not Found", "text/plain; charset=utf-8"), whole=True)
        else:
            cut = self.server.week.cut == self.server.source and asked.path.endswith(CUT_ENDING)
            self._send(200, reply, whole=not cut)

    def _send(self, status: int, reply: Reply, *, whole: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body if whole else reply.body[: len(reply.body) // 2])
        self.close_connection = not whole

    def log_message(self, format: str, *args: object) -> None:
        """The demo's own words are enough."""


@contextmanager
def copies(week: Week) -> Iterator[dict[str, Copy]]:
    """A copy of every source, all of them in one week; closed at the end."""
    running = {source: Copy(source, week) for source in SOURCES}
    try:
        yield running
    finally:
        for copy in running.values():
            copy.close()


def turn_to(running: dict[str, Copy], week: Week) -> None:
    """Let every copy show another week; one of them may be gone in it."""
    for copy in running.values():
        copy.week = week
    if week.dead:
        running[week.dead].close()
