"""Redirects: a few, never in a circle, never to a scheme other than http and https."""

import logging
import re
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.response import get_meta_refresh

from crawler.errors import EgressRefused
from crawler.escape import printable, without_userinfo
from crawler.failures import FetchFailed
from crawler.headers import header_text
from crawler.network import Origin

logger = logging.getLogger(__name__)

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
# 0; url=https://example.org/
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)


class Redirects(RedirectMiddleware):  # type: ignore[misc]  # Scrapy's classes carry no types
    """Scrapy's own redirects (POST becomes GET on 301, 302, 303), with typed ends.

    The new request passes the egress gate like any other; the chain stands in
    `meta["redirect_urls"]`.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Follow, or raise `redirect-loop` or `offsite-redirect`."""
        try:
            result = super().process_response(request, response)
        except IgnoreRequest:
            text = f"more than {self.max_redirect_times} redirects in a row"
            raise FetchFailed(text, reason="redirect-loop") from None
        if isinstance(result, Request):
            _refuse_circle(request, result)
        elif response.status in REDIRECT_STATUSES and "Location" in response.headers:
            _refuse_scheme(request, response)
        else:
            self._refuse_refresh(response)
        return result

    def _refuse_refresh(self, response: Response) -> None:
        """A page that sends browsers to another site is not the page that we asked for."""
        target = _refresh_target(response)
        if target is None:
            return
        try:
            is_listed = Origin.of(target) in self.crawler.spider.network.origins
        except ValueError:
            is_listed = False
        if not is_listed:
            self.crawler.stats.inc_value("egress/offsite-redirect")
            text = f"not followed: the page refreshes to {without_userinfo(target)[:200]}"
            logger.warning("offsite-redirect: %s: %s", without_userinfo(response.url), text)
            raise EgressRefused(text, reason="offsite-redirect")


def _refresh_target(response: Response) -> str | None:
    """Where a Refresh header or a meta refresh leads; None without one."""
    header = _REFRESH.match(header_text(response.headers, "Refresh") or "")
    if header is not None:
        return str(urljoin(response.url, header.group(1)))
    if not isinstance(response, HtmlResponse):
        return None
    target: str | None = get_meta_refresh(response)[1]
    return target


def _refuse_circle(request: Request, redirected: Request) -> None:
    # Without cookies the same request gets the same answer: a circle stays one.
    if redirected.method != request.method:  # POST, 303, then GET of the same URL is usual
        return
    if redirected.url in {request.url, *request.meta.get("redirect_urls", ())}:
        text = f"redirected back to {redirected.url}"
        raise FetchFailed(text, reason="redirect-loop")


def _refuse_scheme(request: Request, response: Response) -> None:
    location = response.headers["Location"].decode("latin-1")
    if urlsplit(urljoin(request.url, location)).scheme in {"http", "https"}:
        return  # the spider asked to see this status itself
    text = f"not followed, neither http nor https: redirected to {printable(location)[:200]}"
    raise EgressRefused(text, reason="offsite-redirect")
