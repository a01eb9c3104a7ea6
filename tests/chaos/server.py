"""LS, the lying loopback server: raw sockets, one thread a connection, so that it can lie.

No HTTP library stands in between: what a `Reply` says is what goes on the wire, however wrong.
The standard lies (`/ok`, `/trunc_cl`, `/bomb`, ...) are in `lies.py`; a test adds its own:

    with LyingServer() as server:
        server.route("/list", lambda request: Reply(body=b"<p>...", cut_at=0.5, ending="rst"))
        get(server.url("/list"))
    assert [hit.path for hit in server.hits] == ["/list"]
"""

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit

from tests.chaos.wire import Reply, wire

__all__ = ["Handler", "Hit", "LyingServer", "Reply", "Request"]

READ_TIMEOUT_S = 30


class Hit(NamedTuple):
    """One request as it came in; header names in lower case, `path` with its query."""

    time: float
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Request:
    """What a route sees of one request; `path` without its query, `count` = hits of it so far."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    count: int

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


Handler = Callable[[Request], Reply]


def read_request(connection: socket.socket) -> Hit | None:
    """One request from the socket; None where the client closed before it was whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = [line.partition(":")[::2] for line in lines]
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    while len(body) < int(headers.get("content-length", "0")):
        piece = connection.recv(65536)
        if not piece:
            return None
        body += piece
    return Hit(time.time(), method, path, headers, body)


class LyingServer:
    """LS: a context manager with `port`, `url(path)`, `hits`, and an internal service beside it.

    `retry_after` is what `/429` and `/503` send in that header, None for no header at all.
    `drop_next` connections are closed at once, before a byte is read (fault 32).
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.tls, self.host = tls, host
        self.hits: list[Hit] = []
        self.internal_hits: list[Hit] = []
        self.connection_count = 0
        self.drop_next = 0
        self.retry_after: str | None = "1"
        self.failures: list[Exception] = []
        self._routes: dict[str, Handler] = {}
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        from tests.chaos.lies import standard_routes

        self._listener, self._internal = (socket.create_server((self.host, 0)) for _ in range(2))
        self.port: int = self._listener.getsockname()[1]
        self.internal_port: int = self._internal.getsockname()[1]
        self._routes = standard_routes(self) | self._routes
        self._start(self._accept, self._listener, False)
        self._start(self._accept, self._internal, True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        with self._lock:
            for connection in [self._listener, self._internal, *self._open]:
                shut(connection)
        for thread in self._threads:
            thread.join(timeout=10)
        if error is None and self.failures:
            raise self.failures[0]

    def url(self, path: str, *, host: str | None = None) -> str:
        """The address of a path of this server, by another host name of it where given."""
        return f"{'https' if self.tls else 'http'}://{host or self.host}:{self.port}{path}"

    def internal_url(self, path: str) -> str:
        """The address of a path of the internal service, which nothing may ever ask."""
        return f"http://{self.host}:{self.internal_port}{path}"

    def route(self, path: str, handler: Handler | Reply) -> None:
        """Answers a path by a handler or always by one reply; `/pages/*` takes all below it."""
        if isinstance(handler, Reply):
            fixed = handler
            self._routes[path] = lambda request: fixed
        else:
            self._routes[path] = handler

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket, internal: bool) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self.connection_count += not internal
                self._open.add(connection)
            self._start(self._serve, connection, internal)

    def _serve(self, connection: socket.socket, internal: bool) -> None:
        try:
            if self.drop_next > 0 and not internal:
                self.drop_next -= 1
                return
            connection.settimeout(READ_TIMEOUT_S)
            if self.tls is not None and not internal:
                connection = self._wrapped(connection)
            self._answer(connection, internal)
        except OSError:
            pass  # the client went away or refused our certificate: that is its right
        except Exception as error:  # kept, and raised in the test's own thread at exit
            self.failures.append(error)
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        assert self.tls is not None
        secure = self.tls.wrap_socket(connection, server_side=True)
        with self._lock:
            self._open.discard(connection)
            self._open.add(secure)
        return secure

    def _answer(self, connection: socket.socket, internal: bool) -> None:
        hit = read_request(connection)
        if hit is None:
            return
        (self.internal_hits if internal else self.hits).append(hit)
        reply = Reply(body=b"secret") if internal else self._reply(hit)
        self._stop.wait(reply.delay)
        if reply.hang:
            self._stop.wait()
            return
        for piece in wire(reply, head_only=hit.method == "HEAD"):
            if self._stop.is_set():
                return
            connection.sendall(piece)
            if reply.pause:
                self._stop.wait(reply.pause)
        finish(connection, reset=reply.ending == "rst")

    def _reply(self, hit: Hit) -> Reply:
        address = urlsplit(hit.path)
        count = sum(urlsplit(other.path).path == address.path for other in self.hits)
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        request = Request(hit.method, address.path, query, hit.headers, hit.body, count)
        handler = self._routes.get(address.path)
        if handler is None:
            prefixes = [
                p for p in self._routes if p.endswith("*") and address.path.startswith(p[:-1])
            ]
            if not prefixes:
                return Reply(status=404, body=b"no such lie")
            handler = self._routes[max(prefixes, key=len)]
        return handler(request)


def finish(connection: socket.socket, *, reset: bool) -> None:
    """Ends a connection: a clean close, or (after the bytes had time to arrive) a RST."""
    if reset:
        time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    elif isinstance(connection, ssl.SSLSocket):
        connection.unwrap()


def shut(connection: socket.socket) -> None:
    """Wakes whoever waits on the socket, then closes it."""
    with suppress(OSError):  # a listener that nobody reached, or a client that is gone already
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
