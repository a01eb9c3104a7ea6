"""Scrapy's HTTP download with our TLS, a limit on headers, and the moment of sending noted."""

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import BodyTooLarge
from crawler.tls import tls_policy
from crawler.turns import Turns
from storage.clock import Clock, SystemClock

MAX_HEADER_BYTES = 256 * 1024  # Twisted limits one line, not their number
SENT_AT, SENT_MONOTONIC = "sent_at", "sent_monotonic"  # request.meta


class _Connection(_LenientHTTP11ClientProtocol):  # type: ignore[misc]
    """Gives up on a server that sends headers without end."""

    _header_bytes = 0

    def request(self, request: Any) -> Any:
        self._header_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        parser = self._parser
        if parser is not None and parser.state in {"STATUS", "HEADER"}:
            self._header_bytes += len(data)
        if self._header_bytes > MAX_HEADER_BYTES + 65536:  # the last piece may be body
            self._giveUp(Failure(BodyTooLarge("the headers are larger than 256 KiB")))
            return
        super().dataReceived(data)


class _ConnectionFactory(_LenientHTTP11ClientFactory):  # type: ignore[misc]
    def buildProtocol(self, addr: Any) -> _Connection:
        return _Connection(self._quiescentCallback)


def clock_of(crawler: Crawler) -> Clock:
    """The clock that the spider carries as `clock`, else the machine's."""
    clock: Clock = getattr(crawler.spider, "clock", None) or SystemClock()
    return clock


class VerifiedDownload(HTTP11DownloadHandler):  # type: ignore[misc]
    """The download handler of http and https.

    Scrapy's setting for a context factory is deprecated (2.19), so its place is taken here.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _ConnectionFactory
        self._contextFactory = tls_policy(crawler)
        self._clock = clock_of(crawler)
        self._spider = crawler.spider

    async def download_request(self, request: Request) -> Response:
        """Download in turn; `request.meta` then tells when it was sent."""
        turns: Turns | None = getattr(self._spider, "turns", None)
        if turns is not None:
            await turns.wait()
        request.meta[SENT_AT] = self._clock.now()
        request.meta[SENT_MONOTONIC] = self._clock.monotonic()
        return await super().download_request(request)
