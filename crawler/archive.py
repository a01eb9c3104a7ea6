"""An endpoint of the role `archive`: copies of a page that somebody else keeps.

The index is asked which captures there are, once a day for the same question; a capture is fetched
as it was captured. Its moment is that of the capture, never that of our request.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.archive_index import (
    ARCHIVE_DIGEST,
    CAPTURED,
    INDEX_FORM,
    Capture,
    asked_since,
    fresh,
    index_address,
    question,
    read_index,
    stamp_of,
)
from crawler.ask import Ask
from crawler.errors import SourceError
from crawler.notices import refuse_notices
from crawler.page import Page
from pipelines.reading import Said
from storage import archived
from storage.clock import moment, read_moment
from storage.errors import BlobError
from storage.report import PartReport
from storage.sightings import part_row
from storage.staged_row import Issue

if TYPE_CHECKING:
    from crawler.spider import SourceSpider

SAME_DAY = timedelta(hours=20)  # a daily crawl may come a little earlier than the day before
PAUSE = timedelta(hours=1)  # after "too many requests": what a first shut-out lasts
FIRST_LOOK_BACK = timedelta(days=365)  # where nothing of a source is held
TRIES = 3  # captures that a crawl looks at: the newest, then those before it


class Fallback:
    """The newest capture in the place of a source that could not be read."""

    def __init__(self, spider: "SourceSpider") -> None:
        self.spider = spider
        self._known: dict[tuple[str, int], list[Capture]] = {}

    def begin(self, part: str, index: int) -> Iterator[Ask]:
        """The index, or what it answered to the same question a short while ago."""
        report = self.spider.intake.report(part, index)
        self._known[(part, index)] = []
        pause = words_of_pause(self.spider, index)
        if pause is not None:
            report.fail("http-429", pause)
            return
        since = self._since(part)
        known = stored_answer(self.spider, index, since)
        if known is None:
            yield ask_index(self.spider, part, index, since)
        else:
            yield from self._choose(report, known)

    def onward(self, ask: Ask, page: Page, report: PartReport) -> Iterator[Ask]:
        """What an answer of the archive leads to. Raises LimitReached."""
        if ask.form != INDEX_FORM:
            yield from self._take(page, report)
            return
        known = self._known[(ask.part, ask.endpoint)]
        try:
            captures, resume = read_index(page.text)
        except SourceError as error:
            report.fail(error.reason, f"{error} ({page.url})")
            return
        known += captures
        if resume is not None:
            since = self._since(ask.part)
            yield ask_index(self.spider, ask.part, ask.endpoint, since, resume)
        else:
            yield from self._choose(report, known)

    def _since(self, part: str) -> datetime:
        """The moment of what is held: a capture from before it tells nothing new."""
        with self.spider.session.store.read() as connection:
            held = part_row(connection, self.spider.name, part)
        dates = [d for d in (held.state_at, held.complete_at) if d] if held is not None else []
        if dates:
            return read_moment(max(dates))
        return self.spider.session.store.clock.now() - FIRST_LOOK_BACK

    def _choose(self, report: PartReport, captures: list[Capture]) -> Iterator[Ask]:
        newest = [one for one in fresh(captures, ()) if one.at > self._since(report.key)]
        self._known[(report.key, report.endpoint)] = newest[-TRIES:]
        if not newest:
            url = self.spider.spec.endpoint[report.endpoint].url
            report.fail("no-capture", f"The archive has no newer capture of {url}.")
        yield from self._next(report)

    def _next(self, report: PartReport) -> Iterator[Ask]:
        waiting = self._known[(report.key, report.endpoint)]
        if waiting:
            yield ask_capture(self.spider, report.key, report.endpoint, waiting.pop())

    def _take(self, page: Page, report: PartReport) -> Iterator[Ask]:
        """Read a capture whole before a row of it is kept; a bad one leads to the one before it."""
        try:
            said = read_capture(self.spider, page)
        except SourceError as error:
            self.spider.session.run.issue(unusable(page, error))
            onward = list(self._next(report))
            if not onward:
                report.fail(error.reason, f"{error} ({page.url})")
            yield from onward
            return
        take_capture(self.spider, report, page, said)


def take_capture(spider: "SourceSpider", report: PartReport, page: Page, said: list[Said]) -> None:
    """Keep what a capture says, as the state of its own moment. Raises LimitReached."""
    report.pages[page.url] = page.digest
    report.same_bytes = spider.session.is_same(report)
    if not report.same_bytes:
        spider.intake.take(page, said)
    report.state_at = report.looked_at = page.at


def read_capture(spider: "SourceSpider", page: Page) -> list[Said]:
    """Everything that a capture says. Raises SourceError: it is cut, a notice or another page."""
    if page.is_text:
        refuse_notices(page.text)
    return list(spider.read(page))


def dated(page: Page) -> Page:
    """A page out of an archive, at the moment at which it was captured."""
    stamp = page.context.get(CAPTURED)
    return page if stamp is None else replace(page, at=Capture(str(stamp), "").at)


def unusable(page: Page, error: SourceError) -> Issue:
    """A capture that was passed over."""
    words = f"A capture of {page.at:%Y-%m-%d %H:%M} was passed over ({error}): {page.url}"
    return Issue(
        "capture-unusable", error.reason, words, page.url, page.digest, page.part, page.endpoint
    )


def ask_index(
    spider: "SourceSpider",
    part: str,
    index: int,
    since: datetime | None,
    resume: str | None = None,
) -> Ask:
    """The question which captures there are."""
    endpoint = spider.spec.endpoint[index]
    url = question(endpoint.archive, endpoint.url, since, resume)
    return Ask(url, INDEX_FORM, part, index, headers={"Accept": "application/json"})


def ask_capture(spider: "SourceSpider", part: str, index: int, capture: Capture) -> Ask:
    """The bytes of one capture."""
    endpoint = spider.spec.endpoint[index]
    url = capture.address(endpoint.archive, endpoint.url)
    context = {CAPTURED: capture.stamp, ARCHIVE_DIGEST: capture.digest}
    return Ask(url, endpoint.form, part, index, context=context)


def words_of_pause(spider: "SourceSpider", index: int) -> str | None:
    """Why the archive is not asked now, if it asked us to stop within the last hour."""
    store = spider.session.store
    service = spider.address(spider.spec.endpoint[index].archive + "/")
    with store.read() as connection:
        at = archived.refused_at(connection, service, moment(store.clock.now() - PAUSE))
    if at is None:
        return None
    return f"The archive answered at {at} that it is asked too much: it is left alone for an hour."


def stored_answer(
    spider: "SourceSpider", index: int, since: datetime | None
) -> list[Capture] | None:
    """What the index answered within a day to a question that covers this one; None: ask it."""
    store, endpoint = spider.session.store, spider.spec.endpoint[index]
    address = spider.address(index_address(endpoint.archive, endpoint.url))
    after = moment(store.clock.now() - SAME_DAY)
    with store.read() as connection:
        found = archived.answers(connection, spider.name, address, after)
    wanted = stamp_of(since) if since is not None else ""
    for fetch in found:
        asked = asked_since(fetch.url)
        if asked > wanted or (not wanted and asked):
            continue
        try:
            captures, resume = read_index(store.blobs.get(fetch.body_sha256).decode())
        except (BlobError, SourceError, UnicodeDecodeError):
            continue  # then it is asked again
        if resume is None:
            return captures
    return None
