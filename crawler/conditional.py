"""Ask "has it changed?" and believe a "no" only where it can be checked.

A 304 counts when we asked with validators, its ETag does not contradict ours and the bytes that it
stands for can still be read. Then those bytes take its place. Otherwise the page is fetched once
more, in full.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from crawler.headers import header_text
from crawler.retyped import retyped

NOT_MODIFIED = "not_modified"  # request.meta, so response.meta too
UNCONDITIONAL = "unconditional"  # request.meta: ask in full; a spider may set it
_ASKED = "asked_with"  # request.meta: the validators of this try


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server said of the body that we hold, and the digest of that body."""

    etag: str | None
    last_modified: str | None
    body_sha256: str
    content_type: str | None = None


class FetchMemory(Protocol):
    """What is known from earlier fetches; `spider.run` is one."""

    def validators(self, url: str) -> Validators | None:
        """Of the last complete fetch of the URL; None when there is none."""

    def blob(self, digest: str) -> bytes:
        """The stored decoded body; OSError, LookupError or ValueError when it cannot be read."""


class Conditional:
    """Downloader middleware between capture and redirects."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Conditional":
        """Scrapy's way to build it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Add If-None-Match and If-Modified-Since where we hold the body."""
        for name in (b"If-None-Match", b"If-Modified-Since"):  # left by an earlier try
            request.headers.pop(name, None)
        for key in (_ASKED, NOT_MODIFIED):
            request.meta.pop(key, None)
        if request.method != "GET" or request.meta.get(UNCONDITIONAL):
            return
        held = self.crawler.spider.run.validators(request.url)
        if held is None or (held.etag is None and held.last_modified is None):
            return
        request.meta[_ASKED] = held
        if held.etag is not None:
            request.headers[b"If-None-Match"] = held.etag
        if held.last_modified is not None:
            request.headers[b"If-Modified-Since"] = held.last_modified

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Put the held body in the place of a 304 that holds; else ask once more, in full."""
        if response.status != 304:
            return response
        held: Validators | None = request.meta.get(_ASKED)
        body = None if held is None or _contradicts(held, response) else self._body(held)
        if held is None or body is None:
            return self._in_full(request, response)
        request.meta[NOT_MODIFIED] = True
        return _as_page(response, held, body)

    def _body(self, held: Validators) -> bytes | None:
        try:
            body: bytes = self.crawler.spider.run.blob(held.body_sha256)
        except (OSError, LookupError, ValueError):
            return None
        return body if hashlib.sha256(body).hexdigest() == held.body_sha256 else None

    def _in_full(self, request: Request, response: Response) -> Request | Response:
        if request.meta.get(UNCONDITIONAL):
            return response  # 304 to a plain question: `retries` makes it the failure http-304
        self.crawler.stats.inc_value("conditional/refetched")
        again = request.replace(dont_filter=True)
        again.meta[UNCONDITIONAL] = True
        return again


def _contradicts(held: Validators, response: Response) -> bool:
    etag = header_text(response.headers, "ETag")
    if etag is None or held.etag is None:
        return False
    return etag.removeprefix("W/") != held.etag.removeprefix("W/")


def _as_page(response: Response, held: Validators, body: bytes) -> Response:
    headers = Headers()
    if held.content_type is not None:
        headers["Content-Type"] = held.content_type
    return retyped(response, headers, body, 200)
