"""Every try to fetch becomes a record before anything reads it: pages, redirects, errors, failures.

At order 650 it stands nearer to the wire than redirects and retries, so it sees each hop, each
attempt and the bytes before they are decoded.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Protocol

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from crawler.decode import decode
from crawler.errors import SourceError, TruncatedBody
from crawler.escape import header_pairs, printable, without_userinfo
from crawler.failures import FetchFailed, typed
from crawler.headers import charset_of, clock_skew_s, header_text, read_http_date
from crawler.retries import FETCH_ERROR
from crawler.retyped import retyped
from crawler.tls import tls_policy
from crawler.wire import SENT_AT, SENT_MONOTONIC, clock_of
from storage.clock import moment
from storage.fetch_facts import FetchFacts

FETCH_ID = "fetch_id"  # request.meta, so response.meta too
ASKED_FOR = "asked_for"  # request.meta: part, endpoint, form and context of the fetch
RESUMED = "resumed"  # request.meta: the answer is a stored one
ENDS_WITH = "ends_with"  # request.meta: the last bytes of a whole page of this source
CUT_FLAGS = frozenset({"partial", "dataloss"})


class FetchSink(Protocol):
    """Where records go; `spider.run` is one."""

    def add_fetch(self, facts: FetchFacts) -> str:
        """Keep the record and its bytes; the id of the fetch."""


@dataclass(slots=True)
class _Arrived:
    """What came of a response that has not ended yet."""

    headers: Headers
    body: bytearray


class Capture:
    """Downloader middleware: records, decodes, and marks what is not whole."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        # Scrapy only logs what a download handler raises when it is built: raised here too, a
        # broken certificate bundle keeps the run from starting.
        self._vouched = tls_policy(crawler).vouched
        self._clock = clock_of(crawler)
        self._arrived: dict[Request, _Arrived] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Capture":
        """Build it and listen to bytes as they come: a timeout must not lose them."""
        capture = cls(crawler)
        crawler.signals.connect(capture.note_headers, signal=signals.headers_received)
        crawler.signals.connect(capture.note_bytes, signal=signals.bytes_received)
        return capture

    def note_headers(self, headers: Headers, request: Request) -> None:
        """Scrapy's signal: the headers have come."""
        self._arrived[request] = _Arrived(headers, bytearray())

    def note_bytes(self, data: bytes, request: Request) -> None:
        """Scrapy's signal: a piece of the body has come."""
        self._arrived[request].body.extend(data)

    def process_response(self, request: Request, response: Response) -> Response:
        """Record the response and hand on the decoded one; `retries` acts on what is marked."""
        self._arrived.pop(request, None)
        if request.meta.get(RESUMED):
            return response  # it was recorded by the run that asked for it
        body, error = self._read(request, response)
        facts = self._facts(
            request,
            status=response.status,
            headers=response.headers,
            wire=response.body or None,
            body=body or None,
            error=error,
            peer=None if response.ip_address is None else str(response.ip_address),
            flags=tuple(response.flags),
            **self._tls(response),
        )
        self._keep(request, facts)
        if error is not None:
            request.meta[FETCH_ERROR] = error
            return response
        return response if body is None else _decoded(response, body)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Record a fetch that failed, with the bytes that came before it did."""
        error = typed(exception)
        if error is None:  # a fault of ours, no fact about the source
            return
        came = self._arrived.pop(request, None)
        self._keep(
            request,
            self._facts(
                request,
                headers=Headers() if came is None else came.headers,
                wire=None if came is None else bytes(came.body) or None,
                error=error,
            ),
        )

    def _keep(self, request: Request, facts: FetchFacts) -> None:
        asked = request.meta.get(ASKED_FOR, {})
        request.meta[FETCH_ID] = self.crawler.spider.run.add_fetch(replace(facts, **asked))

    def _read(
        self, request: Request, response: Response
    ) -> tuple[bytes | None, SourceError | None]:
        """The decoded body, and what is wrong with it. Only a 2xx must have a whole one."""
        if response.status == 304 or request.method == "HEAD":
            return None, None
        coding = header_text(response.headers, "Content-Encoding")
        max_size = self.crawler.spider.network.max_size
        try:
            kind = header_text(response.headers, "Content-Type")
            body = decode(response.body, coding, max_size=max_size, content_type=kind)
        except SourceError as error:
            return None, error if _is_success(response) else None
        return body, _fault(request, response, body) if _is_success(response) else None

    def _tls(self, response: Response) -> dict[str, str | None]:
        if response.certificate is None:
            return {"tls_cert_sha256": None, "tls_root": None}
        digest = hashlib.sha256(response.certificate.dump()).hexdigest()
        return {"tls_cert_sha256": digest, "tls_root": self._vouched.get(digest)}

    def _elapsed_ms(self, since: float) -> int:
        return round((self._clock.monotonic() - since) * 1000)

    def _facts(
        self,
        request: Request,
        *,
        headers: Headers,
        error: SourceError | None,
        **more: Any,
    ) -> FetchFacts:
        chain = tuple(without_userinfo(url) for url in request.meta.get("redirect_urls", ()))
        final_url = without_userinfo(request.url)
        now = self._clock.now()
        sent_monotonic = request.meta.pop(SENT_MONOTONIC, None)
        server_date = read_http_date(header_text(headers, "Date"))
        content_type = header_text(headers, "Content-Type")
        return FetchFacts(
            url=chain[0] if chain else final_url,
            final_url=final_url,
            chain=chain,
            method=request.method,
            request_headers=tuple(header_pairs(request.headers)),
            request_body_sha256=hashlib.sha256(request.body).hexdigest() if request.body else None,
            response_headers=tuple(header_pairs(headers)),
            fetched_at=request.meta.pop(SENT_AT, now),
            elapsed_ms=None if sent_monotonic is None else self._elapsed_ms(sent_monotonic),
            server_date=None if server_date is None else moment(server_date),
            clock_skew_s=clock_skew_s(server_date, now),
            content_type=None if content_type is None else printable(content_type),
            charset_declared=charset_of(content_type),
            failure=None if error is None else error.reason,
            failure_text=None if error is None else printable(str(error)),
            **more,
        )


def _is_success(response: Response) -> bool:
    return 200 <= int(response.status) < 300


def _fault(request: Request, response: Response, body: bytes) -> SourceError | None:
    """What keeps a decoded body from being read; None when it may be read."""
    ending = request.meta.get(ENDS_WITH)
    if CUT_FLAGS.intersection(response.flags) and not _ends_with(body, ending):
        return TruncatedBody("the connection ended without a sign that the body was whole")
    if not body and response.status != 204:
        return FetchFailed("the server answered with an empty body", reason="empty")
    return None


def _ends_with(body: bytes, ending: bytes | None) -> bool:
    return ending is not None and body.rstrip().endswith(ending)


def _decoded(response: Response, body: bytes) -> Response:
    """The response as the parser sees it: its class is chosen again, now by the decoded bytes."""
    if "Content-Encoding" not in response.headers:
        return response
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    return retyped(response, headers, body, response.status)
