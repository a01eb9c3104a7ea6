"""`import NAME --archive`: the copies that a web archive keeps, as history and as a second witness.

Every copy with bytes that were not read before is one state of the source and one run, the oldest
first, at the moment of its capture. Where we hold bytes of the page of the same day, the archive's
digest is compared with ours, without a request.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archive import (
    ask_capture,
    ask_index,
    dated,
    read_capture,
    stored_answer,
    take_capture,
    unusable,
    words_of_pause,
)
from crawler.archive_index import ARCHIVE_DIGEST, CAPTURED, INDEX_FORM, Capture, fresh, read_index
from crawler.ask import ASK, Ask
from crawler.errors import SourceError
from crawler.failures import typed
from crawler.page import Page, page_of
from storage import archived
from storage.clock import moment, read_moment
from storage.report import PartReport
from storage.source_facts import ARCHIVE

if TYPE_CHECKING:
    from crawler.spider import SourceSpider

PASSED_OVER = ("http-404", "http-403", "http-500", "http-502", "http-503", "http-504", "empty")


@dataclass
class Walk:
    """The way through the copies of a source's pages.

    since, until   days of capture, both included     compared   our copies beside the archive's
    """

    spider: "SourceSpider"
    since: date | None = None
    until: date | None = None
    compared: list[dict[str, Any]] = field(default_factory=list)
    _indexes: list[int] = field(default_factory=list)
    _known: dict[int, list[Capture]] = field(default_factory=dict)
    _queue: list[tuple[Capture, int]] = field(default_factory=list)
    _is_empty: bool = True

    def start(self) -> Iterator[scrapy.Request]:
        """Ask the index of every page that is archived."""
        endpoints = enumerate(self.spider.spec.endpoint)
        self._indexes = [index for index, one in endpoints if one.role == ARCHIVE]
        yield from self._next_index()

    def close(self, words: str) -> None:
        """The end: a run that found nothing new says so, one that was stopped what waits."""
        if not self._is_empty:
            return
        index = next(n for n, one in enumerate(self.spider.spec.endpoint) if one.role == ARCHIVE)
        report = self._report(index)
        if report.reasons:
            return
        if self._queue:
            report.fail(words, f"{len(self._queue)} copies were not read yet: ask again.")
        elif report.key in self.spider.session.held:
            report.same_bytes = report.asked_only = True
        else:
            report.fail("no-capture", "The archive has no copy of the page that can be read.")

    def _next_index(self) -> Iterator[scrapy.Request]:
        if not self._indexes:
            self._line_up()
            yield from self._next_copy()
            return
        index = self._indexes.pop(0)
        self._known[index] = []
        pause = words_of_pause(self.spider, index)
        if pause is not None:
            self._report(index).fail("http-429", pause)
            yield from self._next_index()
            return
        known = stored_answer(self.spider, index, self._from(index))
        if known is None:
            part = self.spider.spec.endpoint[index].part
            yield self._request(ask_index(self.spider, part, index, self._from(index)))
        else:
            self._known[index] = known
            yield from self._next_index()

    def _from(self, index: int) -> datetime | None:
        """As asked, else from the newest copy on that was read."""
        if self.since is not None:
            return read_moment(f"{self.since.isoformat()}T00:00:00Z")
        stamps = [one[CAPTURED] for one in self._read_before(index) if one.get(CAPTURED)]
        return Capture(max(stamps), "").at if stamps else None

    def _read_before(self, index: int) -> list[dict[str, Any]]:
        service = self.spider.address(self.spider.spec.endpoint[index].archive + "/web/")
        with self.spider.session.store.read() as connection:
            return list(archived.copies(connection, service, self.spider.name))

    def _line_up(self) -> None:
        """Copies with bytes that were not read before, the oldest first, of all pages."""
        for index, captures in self._known.items():
            wanted = [one for one in captures if self._is_wanted(one)]
            self._compare(index, wanted)
            known = [str(one.get(ARCHIVE_DIGEST)) for one in self._read_before(index)]
            self._queue += [(one, index) for one in fresh(wanted, known)]
        self._queue.sort(key=lambda pair: pair[0].stamp)

    def _is_wanted(self, capture: Capture) -> bool:
        day = capture.at.date()
        return (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )

    def _compare(self, index: int, captures: list[Capture]) -> None:
        """Does the archive hold the bytes of a day that we hold of it?"""
        url = self.spider.address(self.spider.spec.endpoint[index].url)
        store = self.spider.session.store
        with store.read() as connection:
            ours = archived.own_copies(connection, self.spider.name, url)
        digests = {one.id: sha1_of(store.blobs.get(one.body_sha256)) for one in ours[-366:]}
        for capture in captures:
            day = moment(capture.at)[:10]
            same_day = [o for o in ours if o.fetched_at[:10] == day and o.id in digests]
            equal = [one for one in same_day if digests[one.id] == capture.digest]
            for one in equal[:1] or same_day[-1:]:
                self.compared.append(
                    {
                        "captured_at": moment(capture.at), "fetch": one.id, "url": url,
                        "archive_sha1": capture.digest, "digest": one.body_sha256,
                        "equal": bool(equal),
                    }
                )  # fmt: skip
        if self.compared:
            with store.write() as connection:
                told = {"copies": self.compared}
                store.log(connection, "archive-compared", self.spider.name, told)

    def _next_copy(self) -> Iterator[scrapy.Request]:
        if self._queue:
            capture, index = self._queue.pop(0)
            part = self.spider.spec.endpoint[index].part
            yield self._request(ask_capture(self.spider, part, index, capture))

    def _request(self, ask: Ask) -> scrapy.Request:
        request = self.spider.request_of(ask)
        return request.replace(callback=self._came, errback=self._failed)

    def _came(self, response: Response) -> Iterator[scrapy.Request]:
        ask: Ask = response.meta[ASK]
        page = dated(page_of(response, ask, self.spider.spec, ARCHIVE))
        if ask.form == INDEX_FORM:
            yield from self._index_came(ask, page)
        else:
            self._take(page)
            yield from self._next_copy()

    def _index_came(self, ask: Ask, page: Page) -> Iterator[scrapy.Request]:
        try:
            captures, resume = read_index(page.text)
        except SourceError as error:
            self._report(ask.endpoint).fail(error.reason, f"{error} ({page.url})")
            yield from self._next_index()
            return
        self._known[ask.endpoint] += captures
        if resume is None:
            yield from self._next_index()
        else:
            since = self._from(ask.endpoint)
            again = ask_index(self.spider, ask.part, ask.endpoint, since, resume)
            yield self._request(again)

    def _take(self, page: Page) -> None:
        """One copy, one run; one that cannot be read is passed over."""
        try:
            said = read_capture(self.spider, page)
        except SourceError as error:
            self.spider.session.run.issue(unusable(page, error))
            return
        take_capture(self.spider, self._report(page.endpoint), page, said)
        self._is_empty = False
        if self._queue:
            self.spider.next_session()
            self._is_empty = True

    def _failed(self, failure: Failure) -> Iterator[scrapy.Request]:
        ask: Ask = failure.request.meta[ASK]
        error = typed(failure.value)
        if error is None:
            failure.raiseException()
            return
        if ask.form != INDEX_FORM and error.reason in PASSED_OVER:
            self.spider.session.run.issue(unusable(self._nothing(ask), error))
            yield from self._next_copy()
            return
        self._report(ask.endpoint).fail(error.reason, f"{error} ({ask.url})")

    def _nothing(self, ask: Ask) -> Page:
        """What stands for a copy that did not come."""
        bare = Page(
            url=ask.url, body=b"", form=ask.form, fetch_id="", digest="", context=ask.context,
            at=self.spider.session.store.clock.now(), part=ask.part, endpoint=ask.endpoint,
        )  # fmt: skip
        return replace(dated(bare), role=ARCHIVE)

    def _report(self, index: int) -> PartReport:
        endpoint = self.spider.spec.endpoint[index]
        return self.spider.intake.report(endpoint.part, index, url=endpoint.url, role=endpoint.role)


def sha1_of(body: bytes) -> str:
    """The digest by which archives name a body: SHA-1 in base 32."""
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
