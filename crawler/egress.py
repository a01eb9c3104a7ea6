"""The one gate to the network: which URLs may be asked, and which addresses may be dialled.

Both are checked, the second at the moment of connecting: a name that was public when it was
checked may be loopback when it is dialled (DNS rebinding).
"""

import logging
import socket
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.addresses import is_global_unicast, read_address, read_endpoint
from crawler.errors import EgressRefused
from crawler.escape import printable, without_userinfo
from crawler.network import Network, Origin

logger = logging.getLogger(__name__)
Resolve = Callable[[str], list[str]]


def resolve(host: str) -> list[str]:
    """The numeric IPv4 and IPv6 addresses of a name; OSError when there is none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Proxy:
    """The operator's exit. Its name is resolved once, at the start; `url` holds the address."""

    url: str
    address: str
    port: int
    authorization: bytes | None = field(default=None, repr=False)

    @classmethod
    def read(cls, url: str, resolve: Resolve = resolve) -> "Proxy":
        """`http://user:secret@host:port`; the secret leaves the URL, since URLs are logged."""
        parts = urlsplit(url)
        if parts.hostname is None:
            raise ValueError("the proxy has no host")
        secret = None
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            secret = b"Basic " + b64encode(pair.encode())
        port, address = parts.port or 80, resolve(parts.hostname)[0]
        netloc = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        return cls(f"http://{netloc}", address, port, secret)


class Gate:
    """Decides for one source. Everything that it does not know is refused."""

    def __init__(self, origins: frozenset[Origin], allow: frozenset[str] = frozenset()) -> None:
        self.origins = origins
        self.allow = frozenset(read_endpoint(entry) for entry in allow)
        self.proxy: Proxy | None = None

    @classmethod
    def of(cls, network: Network, resolve: Resolve = resolve) -> "Gate":
        """The gate of a source; where it has a proxy, its name is resolved here, once."""
        gate = cls(network.origins, network.allow)
        if network.proxy is not None:
            gate.proxy = Proxy.read(network.proxy, resolve)
        return gate

    def check_url(self, url: str) -> None:
        """Raise `EgressRefused` unless the URL belongs to an origin that the source lists."""
        try:
            origin = Origin.of(url)
        except ValueError as error:
            raise EgressRefused(f"not asked: {error}") from None
        if origin not in self.origins:
            raise EgressRefused(
                f"not asked: the source does not list {origin.scheme}://{origin.host}:{origin.port}"
            )

    def check_address(self, host: str, port: int) -> None:
        """Raise `EgressRefused` unless this numeric address may be dialled."""
        if self.proxy is not None and (host, port) != (self.proxy.address, self.proxy.port):
            raise EgressRefused(f"not dialled: {host} port {port} is not the proxy of this source")
        if self.proxy is not None:
            return
        address = read_address(host)
        if address is None:
            raise EgressRefused(f"not dialled: {host!r} is not a resolved address")
        if not is_global_unicast(address) and (address, port) not in self.allow:
            raise EgressRefused(
                f"not dialled: {address} port {port} is not on the public internet "
                "and not in the source's `allow`"
            )


def install(reactor: Any, gate: Gate) -> None:
    """Let every TCP connection of the reactor pass the gate; a second call replaces the gate.

    `connectTCP` sees the numeric peer for names, literals, `127.1` and `2130706433` alike, and
    `connectSSL` goes through it. A resolver class would do as a process setting only.
    """
    reactor.connectTCP = partial(_dial, reactor, gate)


def _dial(reactor: Any, gate: Gate, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
    gate.check_address(host, port)
    return type(reactor).connectTCP(reactor, host, port, *args, **kwargs)


def uninstall(reactor: Any) -> None:
    """Take the gate away again (for tests; a crawl keeps it until its process ends)."""
    vars(reactor).pop("connectTCP", None)


class EgressGate:
    """Downloader middleware next to the wire: no request passes that the gate refuses."""

    def __init__(self, crawler: Crawler, gate: Gate) -> None:
        self.crawler = crawler
        self.gate = gate

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "EgressGate":
        """Build the spider's gate and put it before the reactor; a spider without one fails."""
        from twisted.internet import reactor  # the import chooses the reactor: not at the top

        gate = Gate.of(crawler.spider.network)
        install(reactor, gate)
        return cls(crawler, gate)

    def process_request(self, request: Request) -> None:
        """Refuse, or send by the source's own exit and no other."""
        try:
            self.gate.check_url(request.url)
        except EgressRefused as refusal:
            self._note(request, refusal)
            raise
        self._choose_exit(request)

    def _note(self, request: Request, refusal: EgressRefused) -> None:
        if request.meta.get("redirect_urls"):
            refusal.reason = "offsite-redirect"
        self.crawler.stats.inc_value(f"egress/{refusal.reason}")
        url = without_userinfo(request.url)
        logger.warning("%s: %s: %s", refusal.reason, url, printable(str(refusal)))

    def _choose_exit(self, request: Request) -> None:
        request.meta.pop("proxy", None)
        request.headers.pop(b"Proxy-Authorization", None)
        if self.gate.proxy is None:
            return
        request.meta["proxy"] = self.gate.proxy.url
        if self.gate.proxy.authorization is not None:
            request.headers[b"Proxy-Authorization"] = self.gate.proxy.authorization
