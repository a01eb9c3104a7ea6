"""Asking again: how often, after which wait, and when to stop asking a host at all."""

import logging
from collections import defaultdict

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.task import deferLater

from crawler.errors import BodyTooLarge, EgressRefused, SourceError
from crawler.failures import FetchFailed, http_failure, typed
from crawler.headers import header_text, read_retry_after
from storage.clock import SystemClock

logger = logging.getLogger(__name__)

RETRY_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
# request.meta: a host that says "too many" is not asked again in this run. An archive that is asked
# on within a minute shuts the address out for an hour, then for twice as long (2023).
STOPS_AT_TOO_MANY = "stops_at_too_many"
TOO_MANY = "http-429"
FETCH_ERROR = "fetch_error"  # request.meta: what `capture` found wrong with the response
# Another try changes nothing: a refusal, the size, the redirects, a certificate.
FINAL_REASONS = frozenset({"redirect-loop", "tls", "time-limit", "breaker-open", "egress-refused"})
CONNECTION_REASONS = frozenset({"connect", "dns", "timeout", "tls"})
ASKED_HOST = "asked_host"  # request.meta; Scrapy writes its own `download_slot` once it asks
BREAKER_FAILURES = 10  # in a row; three tries of three URLs


class Retries:
    """Downloader middleware: retries in bounds, and after them a typed error.

    Every failure of a source ends here, those that `capture` found in a body included: no
    callback sees a response that is not whole.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.backoff_s: float = settings.getfloat("RETRY_BACKOFF_S")
        self.wait_cap_s: float = settings.getfloat("RETRY_WAIT_CAP_S")
        self._clock = SystemClock()  # waits are real, whatever date a synthetic home pretends
        self.ends_at = self._clock.monotonic() + crawler.spider.network.time_limit_s
        self._not_before: defaultdict[str, float] = defaultdict(float)
        self._lost_in_a_row: defaultdict[str, int] = defaultdict(int)
        self._stopped: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Retries":
        """Scrapy's way to build it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked again; refuse when the run has no time left."""
        from twisted.internet import reactor  # the import chooses the reactor: not at the top

        host = _host(request)
        if self._lost_in_a_row[host] >= BREAKER_FAILURES:
            text = f"{host} failed {BREAKER_FAILURES} times in a row and is not asked again"
            raise FetchFailed(text, reason="breaker-open")
        if host in self._stopped and request.meta.get(STOPS_AT_TOO_MANY):
            text = f"{host} answered that it is asked too much, and is not asked again in this run"
            raise FetchFailed(text, reason=TOO_MANY)
        wait = self._not_before[host] - self._clock.monotonic()
        if wait > 0:
            await maybe_deferred_to_future(deferLater(reactor, wait))
        left = self.ends_at - self._clock.monotonic()
        if left <= 0:
            raise FetchFailed("the time allowed for this run is over", reason="time-limit")
        request.meta["download_timeout"] = min(self.crawler.spider.network.timeout_s, left)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Pass a whole page on; ask again or raise for all else."""
        self._lost_in_a_row[_host(request)] = 0
        error = request.meta.pop(FETCH_ERROR, None)
        if error is None and self._is_wanted(request, response):
            return response
        if error is None:
            error = http_failure(response.status)
        asked = read_retry_after(header_text(response.headers, "Retry-After"), self._clock.now())
        return self._again(request, error, asked_s=asked)

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask again after a failed fetch, or raise the typed error of it."""
        error = typed(exception)
        if error is None:
            return None
        if error.reason in CONNECTION_REASONS:
            self._lost_in_a_row[_host(request)] += 1
        return self._again(request, error, asked_s=None)

    def _is_wanted(self, request: Request, response: Response) -> bool:
        wanted = request.meta.get(
            "handle_httpstatus_list", getattr(self.crawler.spider, "handle_httpstatus_list", ())
        )
        return 200 <= response.status < 300 or response.status in wanted

    def _again(self, request: Request, error: SourceError, asked_s: float | None) -> Request:
        """A new try after a wait, or `error` raised when there is to be none."""
        wait = self._wait_s(request, error, asked_s)
        retry = None
        stops = error.reason == TOO_MANY and request.meta.get(STOPS_AT_TOO_MANY, False)
        if stops:
            self._stopped.add(_host(request))
        if not stops and self._is_worth_it(error) and self._clock.monotonic() + wait < self.ends_at:
            retry = get_retry_request(request, spider=self.crawler.spider, reason=error.reason)
        if retry is None:
            self.crawler.stats.inc_value(f"failure/{error.reason}")
            raise error
        if self._is_platform_wide(error):
            self.crawler.spider.turns.rest(wait)
            return retry
        host = _host(request)
        self._not_before[host] = max(self._not_before[host], self._clock.monotonic() + wait)
        return retry

    def _is_worth_it(self, error: SourceError) -> bool:
        if isinstance(error, (BodyTooLarge, EgressRefused)) or error.reason in FINAL_REASONS:
            return False
        status = error.reason.removeprefix("http-")
        return not status.isdigit() or int(status) in RETRY_STATUSES

    def _is_platform_wide(self, error: SourceError) -> bool:
        """A platform that counts requests over all its hosts throttles all of them."""
        return error.reason == "http-429" and bool(self.crawler.spider.network.platform_gap_s)

    def _wait_s(self, request: Request, error: SourceError, asked_s: float | None) -> float:
        """What the server asks for, else doubling from `backoff_s`; never above the cap, but for
        the rest that a platform needs."""
        if self._is_platform_wide(error):
            return max(float(self.crawler.spider.network.cool_down_s), asked_s or 0.0)
        tries: int = request.meta.get("retry_times", 0)
        backoff = self.backoff_s * float(2 ** min(tries, 10))
        return min(self.wait_cap_s, max(backoff, asked_s or 0.0))


def _host(request: Request) -> str:
    """The host that is asked, also where the operator's `base_url` folds all hosts into one."""
    return str(request.meta.get(ASKED_HOST) or request.url.split("/", 3)[2])
