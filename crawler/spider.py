"""The base of every spider: parts, endpoints in order of preference, pages to intake.

A spider says which requests a part needs (`ask`, `follow`) and what a page says (`read`). Evidence,
staging, fallback to the next endpoint, limits and verdicts happen here, out of the author's sight.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import SourceError
from crawler.failures import typed
from crawler.network import Network
from crawler.notices import refuse_notice
from crawler.page import Page
from pipelines.intake import Intake, LimitReached
from pipelines.reading import Said
from pipelines.spec import Endpoint, Spec, load_spec

ASK = "ask"


@dataclass(frozen=True)
class Ask:
    """One request that a part needs; `context` is handed to the reader with the page."""

    url: str
    form: str
    part: str
    endpoint: int
    method: str = "GET"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


class SourceSpider(scrapy.Spider):  # type: ignore[misc]
    """One source. Subclasses set `name` and write `read`; many need no more."""

    spec_path: ClassVar[Path]
    spec: ClassVar[Spec]

    network: Network
    intake: Intake
    run: Any  # what `Capture` hands each fetch to

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
        return list(dict.fromkeys(endpoint.part for endpoint in self.spec.endpoint))

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        """The first requests of a part at one endpoint."""
        yield Ask(endpoint.url, endpoint.form, part, index)

    def follow(self, page: Page) -> Iterator[Ask]:
        """Further requests that this page shows to be needed. May raise SourceError."""
        yield from ()

    def read(self, page: Page) -> Iterator[Said]:
        """What the page says, row by row. Raises SourceError where the page is not as expected."""
        raise NotImplementedError

    def sniff(self, page: Page) -> str:
        """Which form an imported file has. Raises SourceError when it is none of ours."""
        return self.spec.endpoint[0].form

    def part_of(self, page: Page) -> str:
        """Which part an imported file belongs to."""
        return page.part

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """How to go on when a request failed; None: its part cannot be read here."""
        return None

    # What happens around it.

    def endpoints(self, part: str) -> list[tuple[int, Endpoint]]:
        """The endpoints of a part with their index, in order of preference."""
        found = [(i, e) for i, e in enumerate(self.spec.endpoint) if e.part in (part, "*")]
        return found

    async def start(self) -> AsyncIterator[Any]:
        """Ask the preferred endpoint of every part."""
        self._pending: dict[tuple[str, int], int] = {}
        self._base_url: str | None = getattr(self, "base_url", None)
        for part in self.parts():
            for request in self._begin(part, 0):
                yield request

    def _begin(self, part: str, choice: int) -> Iterator[scrapy.Request]:
        index, endpoint = self.endpoints(part)[choice]
        self.intake.report(part, index, url=endpoint.url, role=endpoint.role)
        self._pending[(part, index)] = 0
        yield from self._requests(self.ask(part, index, endpoint))

    def _requests(self, asks: Iterator[Ask]) -> Iterator[scrapy.Request]:
        for ask in asks:
            self._pending[(ask.part, ask.endpoint)] += 1
            yield scrapy.Request(
                self.address(ask.url), method=ask.method, body=ask.body, headers=ask.headers,
                callback=self.parse, errback=self._failed, dont_filter=True, meta={ASK: ask},
            )  # fmt: skip

    def address(self, url: str) -> str:
        """An endpoint's URL under the operator's `base_url`, where one is set."""
        if not self._base_url:
            return url
        parts, base = urlsplit(url), urlsplit(self._base_url)
        prefix = base.path.replace("{host}", parts.hostname or "").rstrip("/")
        return urlunsplit((base.scheme, base.netloc, prefix + parts.path, parts.query, ""))

    def parse(self, response: Response) -> Iterator[Any]:
        """Hand one whole page to intake and ask what it leads to."""
        ask: Ask = response.meta[ASK]
        page = page_of(response, ask, self.spec, self.intake.report(ask.part, ask.endpoint).role)
        report = self.intake.report(ask.part, ask.endpoint)
        report.pages[page_name(ask)] = page.digest
        report.not_modified = report.not_modified or bool(response.meta.get("not_modified"))
        try:
            refuse_notice(page)
            yield from self._requests(self.follow(page))
            self.intake.take(page, self.read(page))
        except LimitReached:
            raise scrapy.exceptions.CloseSpider("limited") from None
        except SourceError as error:
            report.fail(error.reason, f"{error} ({page.url})")
        yield from self._done(ask)

    def _failed(self, failure: Failure) -> Iterator[Any]:
        """A request that brought no page: the report names why, in plain words."""
        ask: Ask = failure.request.meta[ASK]  # type: ignore[attr-defined]
        error = typed(failure.value)
        if error is None:
            failure.raiseException()
            return
        onward = self.forgive(ask, error)
        if onward is None:
            report = self.intake.report(ask.part, ask.endpoint)
            report.fail(error.reason, f"{error} ({ask.url})")
        else:
            yield from self._requests(onward)
        yield from self._done(ask)

    def _done(self, ask: Ask) -> Iterator[scrapy.Request]:
        """When the last request of an endpoint has ended badly, try the next endpoint."""
        key = (ask.part, ask.endpoint)
        self._pending[key] -= 1
        if self._pending[key]:
            return
        report = self.intake.reports[key]
        choices = [index for index, _endpoint in self.endpoints(ask.part)]
        place = choices.index(ask.endpoint) + 1
        if place < len(choices) and report.read_verdict() not in ("complete", "unchanged"):
            yield from self._begin(ask.part, place)

    def unfinished(self) -> list[tuple[str, int]]:
        """Parts whose requests had not all ended when the crawl was stopped."""
        return [key for key, count in self._pending.items() if count]


def page_name(ask: Ask) -> str:
    """A page's name within its part: the request that brings it."""
    return f"{ask.method} {ask.url} {ask.body.decode('utf-8', 'replace')}".strip()


def page_of(response: Response, ask: Ask, spec: Spec, role: str) -> Page:
    """The page in a response that capture has recorded."""
    meta = response.meta
    return Page(
        url=response.url, body=response.body, form=ask.form, fetch_id=meta["fetch_id"],
        digest=meta.get("digest", ""), at=meta["fetched_at"], part=ask.part,
        endpoint=ask.endpoint, role=role, encoding=spec.encoding,
        charset=meta.get("charset_declared"), context=ask.context,
    )  # fmt: skip


def ask_facts(ask: Ask) -> dict[str, Any]:
    """What a fetch row notes of the ask behind it."""
    return {
        "part": ask.part, "endpoint": ask.endpoint, "form": ask.form,
        "context": json.loads(json.dumps(ask.context)),
    }  # fmt: skip
