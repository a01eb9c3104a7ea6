"""What one source may do on the network, read from its spec and the operator's configuration."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from crawler.addresses import read_endpoint

# Of an archive's index: 30 requests a minute are its limit (2026-06), 24 are what its client asks.
ARCHIVE_DELAY_S = 3.0
MIN_BACKOFF_S = 0.1  # a server that the operator lets us ask without delay may still restart
DEFAULT_PORTS = {"http": 80, "https": 443}
# Only what every URL parser reads alike: `registry.example`, `xn--80ak6aa.xn--p1ai:8080`, `[::1]`.
_PLAIN_NETLOC = re.compile(r"(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE)
# Two parsers disagree on these (`http://a\@b`, a tab in the host): refused before parsing.
_ODD_CHARACTERS = re.compile(r"[\\\x00-\x20\x7f-\x9f]")


class Origin(NamedTuple):
    """Scheme, exact host in lower case, port."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin":
        """The origin of an http or https URL; ValueError, in plain words, for any other form."""
        if _ODD_CHARACTERS.search(url):
            raise ValueError("the URL contains a backslash, a space or a control character")
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS:
            raise ValueError(f"the scheme {parts.scheme!r} is neither http nor https")
        if "@" in parts.netloc:
            raise ValueError("the URL carries a user name or a password")
        if not _PLAIN_NETLOC.fullmatch(parts.netloc):
            raise ValueError("the host is not written in plain ASCII letters, digits and dots")
        host = parts.hostname
        port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
        if host is None or not 0 < port < 65536:
            raise ValueError("the URL has no host")
        return cls(parts.scheme, host, port)


@dataclass(frozen=True, slots=True)
class IntermediatePin:
    """A CA certificate that a server forgets to send: where it is published, and its SHA-256."""

    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Network:
    """Rights and limits of one source. Every spider carries one as `spider.network`.

    origins            the only origins that may be asked, start requests and redirects included
    allow              `ip:port` that may be dialled although not public (loopback in tests)
    ca_bundle          PEM roots that count only for hosts under .ru, .su, .xn--p1ai and for `allow`
    ca_bundle_sha256   when set, another digest of that file refuses to start
    intermediate       see `IntermediatePin`; kept in `cache_dir`
    proxy              the only address that may then be dialled; `http://user:secret@host:port`
    delay_s            between two requests to a host; also the wait before the first retry
    platform_gap_s     between two requests to any host, where all are one platform
    cool_down_s        how long a platform is left alone after it said "too many requests"
    timeout_s          for one request, from connecting to the last byte
    max_size           bytes, of the body as received and of the decoded body
    max_pages          responses in one run
    slow_hosts         hosts that are asked no faster than one request in ARCHIVE_DELAY_S
    time_limit_s       for the whole run, waits and retries included
    """

    origins: frozenset[Origin]
    user_agent: str
    allow: frozenset[str] = frozenset()
    ca_bundle: Path | None = None
    ca_bundle_sha256: str | None = None
    intermediate: IntermediatePin | None = None
    cache_dir: Path | None = None
    proxy: str | None = field(default=None, repr=False)
    delay_s: float = 2.0
    platform_gap_s: float = 0.0
    cool_down_s: float = 0.0
    timeout_s: float = 60.0
    max_size: int = 32 * 1024 * 1024
    max_pages: int = 20_000
    slow_hosts: frozenset[str] = frozenset()
    time_limit_s: float = 6 * 3600.0

    def __post_init__(self) -> None:
        """Refuse a broken `allow` or `proxy` when configured, not at the first request."""
        for entry in self.allow:
            read_endpoint(entry)
        if self.proxy is not None and urlsplit(self.proxy).scheme != "http":
            raise ValueError("a proxy is written http://host:port or http://user:secret@host:port")


def scrapy_settings(network: Network) -> dict[str, Any]:
    """The settings of one source: lay them over `crawler.settings`."""
    return {
        "USER_AGENT": network.user_agent,
        "DOWNLOAD_DELAY": network.delay_s,
        "DOWNLOAD_SLOTS": {
            host: {"concurrency": 1, "delay": max(network.delay_s, ARCHIVE_DELAY_S)}
            for host in network.slow_hosts
        },
        "RETRY_BACKOFF_S": max(network.delay_s, MIN_BACKOFF_S),
        "DOWNLOAD_TIMEOUT": network.timeout_s,
        "DOWNLOAD_MAXSIZE": network.max_size,
        "CLOSESPIDER_PAGECOUNT": network.max_pages,
        "CLOSESPIDER_TIMEOUT": network.time_limit_s,
        # Its first delay is 5 s by default, whatever DOWNLOAD_DELAY says.
        "AUTOTHROTTLE_ENABLED": network.delay_s > 0,
        "AUTOTHROTTLE_START_DELAY": network.delay_s,
    }
