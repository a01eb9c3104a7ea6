"""The base of every spider: parts, endpoints in order of preference, pages to intake.

A spider says which requests a part needs (`ask`, `follow`) and what a page says (`read`). Evidence,
staging, fallback to the next endpoint, limits and verdicts happen here, out of the author's sight.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archive import Fallback, dated
from crawler.archive_walk import Walk
from crawler.ask import ASK
from crawler.ask import Ask as Ask
from crawler.capture import ASKED_FOR
from crawler.conditional import NOT_MODIFIED
from crawler.errors import SourceError
from crawler.failures import typed
from crawler.log_lines import write_plain_lines
from crawler.memory import FetchRecorder
from crawler.network import Network, scrapy_settings
from crawler.network_of import network_of
from crawler.notices import refuse_notices
from crawler.page import Page, page_of
from crawler.progress import show_progress
from crawler.retries import ASKED_HOST, STOPS_AT_TOO_MANY
from crawler.second_form import compare_counts, not_counted, second_forms
from crawler.session import Session
from crawler.turns import Turns
from pipelines.intake import Intake, LimitReached
from pipelines.reading import Said
from pipelines.spec import Endpoint, Spec, load_spec
from storage.config import SourceConfig
from storage.config import load as load_config
from storage.report import PartReport
from storage.source_facts import ARCHIVE
from storage.store import Store, open_writer

# How Scrapy names the end of a crawl, and the machine word of our reasons for it.
CLOSED = {
    "closespider_timeout": "time-limit",
    "closespider_pagecount": "page-limit",
    "memusage_exceeded": "memory-limit",
    "finished": "page-missing",  # Scrapy had no more to do, and a page never came
}


class SourceSpider(scrapy.Spider):  # type: ignore[misc]
    """One source. Subclasses set `name` and write `read`; many need no more."""

    spec_path: ClassVar[Path]
    spec: ClassVar[Spec]
    in_order: ClassVar[bool] = False  # a page can be read only behind those before it

    network: Network
    turns: Turns
    intake: Intake
    session: Session
    run: FetchRecorder  # what `Capture` hands each fetch to
    settings_of: SourceConfig
    base_url: str | None
    feeding: bool  # Scrapy's own exports are on: every row is also an item
    today: date
    _pending: dict[tuple[str, int], int]
    _aside: dict[tuple[str, int], list[Page]]
    _counted: dict[tuple[str, int], Page]
    _archive: Fallback
    walk: Walk | None  # through an archive's copies, in place of the crawl
    outcome: Any | None  # where the JSON of the runs is left

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if getattr(cls, "name", None):
            import sys

            module = sys.modules[cls.__module__]
            cls.spec_path = Path(str(module.__file__)).with_suffix(".toml")
            cls.spec = load_spec(cls.spec_path)

    # What an author writes.

    def parts(self) -> list[str]:
        """The parts that this run should read."""
        crawled = [one for one in self.spec.endpoint if one.crawled and not one.counted]
        return list(dict.fromkeys(one.part for one in crawled if one.instead_of is None))

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        """The first requests of a part at one endpoint."""
        yield Ask(endpoint.url, endpoint.form, part, index)

    def follow(self, page: Page) -> Iterator[Ask]:
        """Further requests that this page shows to be needed. May raise SourceError."""
        yield from ()

    def read(self, page: Page) -> Iterator[Said]:
        """What the page says, row by row. Raises SourceError where the page is not as expected."""
        raise NotImplementedError

    def count(self, page: Page) -> int:
        """How many rows a second form of the list has. May raise SourceError."""
        raise NotImplementedError

    def sniff(self, page: Page) -> str:
        """Which form an imported file has. Raises SourceError when it is none of ours."""
        return self.spec.endpoint[0].form

    def part_of(self, page: Page) -> str:
        """Which part an imported file belongs to."""
        return page.part

    def parts_of(self, page: Page) -> list[str]:
        """The parts of which an imported file has rows; `read` then gets one page for each.
        Must not raise: a file that cannot be read belongs to some part too."""
        return [self.part_of(page)]

    def may_be_notice(self, page: Page) -> bool:
        """False for a body that is plainly no page for people, whatever words it has in it."""
        return True

    def join(self, page: Page) -> Page:
        """The page behind what the pages before it left unread, where pages are cut in mid-row."""
        return page

    def finish_part(self, part: str, endpoint: int) -> None:
        """All pages of a part were read. Raises SourceError where together they are no whole."""

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """How to go on when a request failed; None: its part cannot be read here."""
        return None

    def go_on(self, page: Page, error: SourceError) -> Iterator[Ask]:
        """What to ask although this page could not be read; its part is not whole anyway."""
        yield from ()

    def ended(self, ask: Ask, error: SourceError | None) -> None:
        """A request has ended; error: why its page was not read."""

    def closing(self) -> None:
        """The crawl is over and will be judged now."""

    def judged(self) -> None:
        """The run has its verdict, and what it read is in the record."""

    @classmethod
    def hosts(cls) -> Iterable[str]:
        """Hosts beside those of the endpoints, where a source has thousands."""
        return ()

    # What happens around it.

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """Lay the source's own limits over the project's settings."""
        super().update_settings(settings)
        network = network_of(cls.name, cls.spec, load_config(), cls.hosts())
        for key, value in scrapy_settings(network).items():
            settings.set(key, value, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "SourceSpider":
        """Open the run: `scrapy crawl NAME` makes the same record as `unsilenced crawl NAME`."""
        write_plain_lines()
        spider = super().from_crawler(crawler, *args, **kwargs)
        store = getattr(spider, "store", None) or open_writer(load_config())
        attach(spider, store, crawler)
        return spider  # type: ignore[no-any-return]

    def endpoints(self, part: str) -> list[tuple[int, Endpoint]]:
        """The endpoints of a part with their index, in order of preference."""
        return [
            (index, endpoint)
            for index, endpoint in enumerate(self.spec.endpoint)
            if endpoint.part in (part, "*") and endpoint.crawled and not endpoint.counted
        ]

    async def start(self) -> AsyncIterator[Any]:
        """Ask the preferred endpoint of every part, or the archive for its copies."""
        if self.walk is not None:
            for request in self.walk.start():
                yield request
            return
        for part in self.parts():
            for request in self._begin(part, 0):
                yield request

    def _begin(self, part: str, choice: int) -> Iterator[scrapy.Request]:
        index, endpoint = self.endpoints(part)[choice]
        self.intake.report(part, index, url=endpoint.url, role=endpoint.role)
        self._pending[(part, index)] = 0
        if endpoint.role == ARCHIVE:
            yield from self._requests(self._archive.begin(part, index))
        else:
            yield from self._requests(self.ask(part, index, endpoint))
        if choice == 0:
            yield from self._requests(second_forms(self.spec, part, index))
        if not self._pending[(part, index)]:  # an archive that must be left alone
            yield from self._ended((part, index))

    def _requests(self, asks: Iterator[Ask]) -> Iterator[scrapy.Request]:
        for ask in asks:
            self._pending[ask.reading] += 1
            yield self.request_of(ask)

    def request_of(self, ask: Ask) -> scrapy.Request:
        """The request that an ask is."""
        archived = self.spec.endpoint[ask.endpoint].role == ARCHIVE
        return scrapy.Request(
            self.address(ask.url), method=ask.method, body=ask.body, headers=ask.headers,
            callback=self.parse, errback=self._failed, dont_filter=True,
            meta={ASK: ask, ASKED_FOR: ask.noted(), STOPS_AT_TOO_MANY: archived}
            | self._slot(ask),
        )  # fmt: skip

    def next_session(self) -> None:
        """Decide what was read so far as one state, and open a run for the next one."""
        result = self.session.finish()
        if self.outcome is not None:
            self.outcome.runs += [*self.session.before, result]
        begin_session(self, self.session.store)

    def _slot(self, ask: Ask) -> dict[str, str]:
        """A host of a platform keeps its own delay, also where `base_url` folds all into one."""
        if not self.network.platform_gap_s and "{host}" not in (self.base_url or ""):
            return {}
        host = urlsplit(ask.url).netloc
        return {"download_slot": host, ASKED_HOST: host}

    def address(self, url: str) -> str:
        """An endpoint's URL under the operator's `base_url`, where one is set."""
        if not self.base_url:
            return url
        parts, base = urlsplit(url), urlsplit(self.base_url)
        prefix = base.path.replace("{host}", parts.hostname or "").rstrip("/")
        return urlunsplit((base.scheme, base.netloc, prefix + parts.path, parts.query, ""))

    def parse(self, response: Response) -> Iterator[Any]:
        """Hand one whole page to intake and ask what it leads to."""
        ask: Ask = response.meta[ASK]
        report = self.intake.report(*ask.reading)
        page = page_of(response, ask, self.spec, report.role)
        if ask.beside is not None:
            self._counted[ask.reading] = page
            yield from self._done(ask)
            return
        if report.role == ARCHIVE:
            yield from self._requests(self._archived(ask, page, report))
            yield from self._done(ask)
            return
        report.pages[page_name(ask)] = page.digest
        report.not_modified = report.not_modified or bool(response.meta.get(NOT_MODIFIED))
        try:
            if page.is_text and self.may_be_notice(page):
                refuse_notices(page.text)
            yield from self._requests(self.follow(page))
            yield from self._take(page)
            self.ended(ask, None)
        except SourceError as error:
            report.fail(error.reason, f"{error} ({page.url})")
            self.session.run.note_unread(page.fetch_id, error.reason, str(error))
            self.ended(ask, error)
            yield from self._requests(self.go_on(page, error))
        yield from self._done(ask)

    def _archived(self, ask: Ask, page: Page, report: PartReport) -> Iterator[Ask]:
        """An answer of an archive: its index, or a copy that it keeps."""
        try:
            yield from self._archive.onward(ask, dated(page), report)
        except LimitReached:
            self.crawler.engine.close_spider(self, "limited")

    def _take(self, page: Page) -> Iterator[dict[str, Any]]:
        """Stage a page, or put it aside while it may be the same bytes as last time."""
        aside = self._aside.setdefault((page.part, page.endpoint), [])
        if page.digest in self.session.known_pages(page.part) and not self.feeding:
            aside.append(page)
            return
        while self.in_order and aside:
            self._read_aside(aside.pop(0))
        page = self.join(page)
        try:
            rows = self.intake.take(page, self.read(page))
        except LimitReached:
            self.crawler.engine.close_spider(self, "limited")
            return
        if self.feeding:
            for row in rows:
                yield {
                    "source": self.name, "part": page.part, "key": json.loads(row.key),
                    "fields": json.loads(row.fields), "digest": row.digest,
                    "locator": row.locator, "quote": row.quote,
                }  # fmt: skip

    def _failed(self, failure: Failure) -> Iterator[Any]:
        """A request that brought no page: the report names why, in plain words."""
        ask: Ask = failure.request.meta[ASK]
        error = typed(failure.value)
        if error is None:
            failure.raiseException()
            return
        if ask.beside is not None:
            self.session.run.issue(not_counted(ask, error))
            yield from self._done(ask)
            return
        self.ended(ask, error)
        onward = self.forgive(ask, error)
        if onward is None:
            report = self.intake.report(ask.part, ask.endpoint)
            report.fail(error.reason, f"{error} ({ask.url})")
        else:
            yield from self._requests(onward)
        yield from self._done(ask)

    def _done(self, ask: Ask) -> Iterator[scrapy.Request]:
        """One request has ended; with the last one its endpoint has."""
        self._pending[ask.reading] -= 1
        if not self._pending[ask.reading]:
            yield from self._ended(ask.reading)

    def _ended(self, key: tuple[str, int]) -> Iterator[scrapy.Request]:
        """When an endpoint has ended badly, or with a state that stands still or is older than the
        one held, try the next endpoint."""
        report = self.intake.reports[key]
        self._settle(report)
        if key in self._counted:
            compare_counts(self, report, self._counted.pop(key))
        choices = [index for index, _endpoint in self.endpoints(report.key)]
        place = choices.index(report.endpoint) + 1
        stand_ins = [one.part for one in self.spec.endpoint if one.instead_of == report.key]
        last = place == len(choices) and not stand_ins
        if self.session.weigh(report, last=last) or "limited" in report.reasons:
            return
        if place < len(choices):
            yield from self._begin(report.key, place)
            return
        for part in dict.fromkeys(stand_ins):
            yield from self._begin(part, 0)

    def _settle(self, report: PartReport) -> None:
        """All pages are here: the same bytes as last time need no reading."""
        pages = self._aside.pop((report.key, report.endpoint), [])
        if pages and self.session.is_same(report):
            report.same_bytes = True
            return
        for page in pages:
            self._read_aside(page)
        end_part(self, report)

    def _read_aside(self, page: Page) -> None:
        report = self.intake.report(page.part, page.endpoint)
        page = self.join(page)
        try:
            self.intake.take(page, self.read(page))
        except SourceError as error:
            report.fail(error.reason, f"{error} ({page.url})")

    def unfinished(self) -> list[tuple[str, int]]:
        """Parts whose requests had not all ended when the crawl was stopped."""
        return [key for key, count in self._pending.items() if count]


def attach(spider: SourceSpider, store: Store, crawler: Any) -> None:
    """Give a spider its run, its network and its end."""
    config = store.config
    spider.network = network_of(spider.name, spider.spec, config, spider.hosts())
    spider.turns = Turns(spider.network.platform_gap_s)
    spider.base_url = config.of(spider.name).base_url
    spider.settings_of = config.of(spider.name)
    spider.feeding = bool(crawler.settings.getdict("FEEDS"))
    spider.today = store.clock.now().date()
    spider.outcome = getattr(spider, "outcome", None)
    days = getattr(spider, "copies", None)
    spider.walk = None if days is None else Walk(spider, *days)
    spider._archive = Fallback(spider)
    begin_session(spider, store)
    show_progress(spider, crawler)
    ending = Ending(spider)
    crawler.signals.connect(ending.note_error, signal=scrapy.signals.spider_error, weak=False)
    crawler.signals.connect(ending.close, signal=scrapy.signals.spider_closed, weak=False)


def end_part(spider: SourceSpider, report: PartReport) -> None:
    """Ask a spider whether the pages of a part are a whole; what failed before needs no asking."""
    if report.reasons:
        return
    try:
        spider.finish_part(report.key, report.endpoint)
    except SourceError as error:
        report.fail(error.reason, f"{error} ({report.url})")


def begin_session(spider: SourceSpider, store: Store) -> None:
    """Open a run: of a crawl there is one, of a walk through copies one a copy."""
    trigger = "crawl" if spider.walk is None else "import"
    limit = getattr(spider, "limit", None)
    spider.session = Session(store, spider.name, type(spider), trigger, limit=limit)
    spider.intake = spider.session.intake
    spider.run = FetchRecorder(spider.session.run, keep_bodies=spider.spec.evidence == "whole")
    spider._pending, spider._aside, spider._counted = {}, {}, {}


class Ending:
    """Decides a crawl when Scrapy says that it is over, whatever Scrapy thinks of it."""

    def __init__(self, spider: SourceSpider) -> None:
        self.spider = spider
        self.fault: str | None = None

    def note_error(self, failure: Failure, **_more: Any) -> None:
        """A callback raised: a fault of ours, although Scrapy ends with `finished`."""
        self.fault = f"{failure.type.__name__}: {failure.getErrorMessage()}"[:500]

    def close(self, reason: str, **_more: Any) -> None:
        """Scrapy's signal: the crawl is over."""
        spider = self.spider
        spider.closing()
        word = CLOSED.get(reason, reason)
        if spider.walk is not None:
            spider.walk.close(word)
        for part, endpoint in spider.unfinished():
            report = spider.intake.report(part, endpoint)
            report.fail(word, f"The crawl was stopped ({reason}) before the part was read.")
        if self.fault is not None:
            result = spider.session.run.fail(self.fault)
        elif reason == "shutdown":
            result = spider.session.run.interrupt()
        else:
            result = spider.session.finish()
            spider.judged()
        outcome = spider.outcome
        if outcome is not None:
            outcome.compared = [] if spider.walk is None else spider.walk.compared
            outcome.runs += [*spider.session.before, result]


def page_name(ask: Ask) -> str:
    """A page's name within its part: the request that brings it."""
    return f"{ask.method} {ask.url} {ask.body.decode('utf-8', 'replace')}".strip()
