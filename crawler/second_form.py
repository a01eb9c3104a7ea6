"""A second form of a list, counted beside the one that is read: do both have as many rows?

A different count is an issue with both numbers. It never changes the verdict: which of the two
forms is late, and whether it is a fault at all, is for a person to see.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.ask import Ask
from crawler.errors import SourceError
from crawler.page import Page
from pipelines.spec import Spec
from storage.report import WHOLE, PartReport
from storage.staged_row import Issue

if TYPE_CHECKING:
    from crawler.spider import SourceSpider


def second_forms(spec: Spec, part: str, beside: int) -> Iterator[Ask]:
    """Requests for the forms that are counted beside an endpoint of a part."""
    for index, endpoint in enumerate(spec.endpoint):
        if endpoint.counted and endpoint.part == part:
            yield Ask(endpoint.url, endpoint.form, part, index, beside=beside)


def compare_counts(spider: "SourceSpider", report: PartReport, page: Page) -> None:
    """Count the second form's rows and tell where they are not as many as were read."""
    if report.read_verdict() not in WHOLE:
        return
    held = spider.session.held.get(report.key)
    rows = held.rows if report.same_bytes and held else report.observed
    try:
        counted = spider.count(page)
    except SourceError as error:
        spider.session.run.issue(_not_counted(page.part, report.endpoint, page.url, error))
        return
    if counted != rows:
        words = f"{rows} rows were read, and {counted} stand in the second form: {page.url}"
        issue = Issue(
            "count-differs", page.form, words, "", page.digest, page.part, report.endpoint
        )
        spider.session.run.issue(issue)


def not_counted(ask: Ask, error: SourceError) -> Issue:
    """A second form that did not come: nothing is known against the first one."""
    return _not_counted(*ask.reading, ask.url, error)


def _not_counted(part: str, endpoint: int, url: str, error: SourceError) -> Issue:
    words = f"The second form of the list could not be counted ({error}): {url}"
    return Issue("not-counted", error.reason, words, "", None, part, endpoint)
