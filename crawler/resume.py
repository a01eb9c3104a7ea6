"""A run that was killed is continued: pages that it stored are not asked for again.

Only of sources whose parts grow page by page: a page of theirs stands for itself, so one of this
morning beside one of this evening is no mixture of two states.
"""

from datetime import timedelta
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler.capture import FETCH_ID, RESUMED
from storage.clock import moment
from storage.grown import interrupted_pages
from storage.sightings import header
from storage.source_facts import GROWING

STILL_NEW = timedelta(days=1)  # an older page is asked again


class Resume:
    """Downloader middleware, nearest to the engine: what it answers waits for no turn."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._stored: dict[str, Any] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Resume":
        """Scrapy's way to build it."""
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        """The stored page of this address, where an interrupted run left one."""
        fetch = self._pages().get(request.url) if request.method == "GET" else None
        if fetch is None:
            return None
        run = self.crawler.spider.run
        try:
            body = run.blob(fetch.body_sha256)
        except LookupError:
            return None
        run.open_run.take_over(fetch.id)
        request.meta[FETCH_ID], request.meta[RESUMED] = fetch.id, True
        self.crawler.stats.inc_value("resume/pages")
        kind = header(fetch, "Content-Type")
        return HtmlResponse(
            request.url, body=body, headers={"Content-Type": kind} if kind else None,
            request=request,
        )  # fmt: skip

    def _pages(self) -> dict[str, Any]:
        if self._stored is None:
            self._stored = {}
            session = getattr(self.crawler.spider, "session", None)
            if session is not None and session.facts.covers == GROWING:
                since = moment(session.store.clock.now() - STILL_NEW)
                with session.store.read() as connection:
                    pages = interrupted_pages(connection, session.name, since)
                self._stored = {page.url: page for page in pages}
        return self._stored
