"""One line on the operator's terminal that says how far a crawl is."""

import sys
from typing import TYPE_CHECKING, Any, TextIO

from scrapy import signals

from storage.clock import SystemClock

if TYPE_CHECKING:
    from crawler.spider import SourceSpider

EVERY_S = 0.2  # no eye reads faster
# To the line's end, then back to its start: whatever is logged next writes over it.
ERASE_REST = "\x1b[K\r"


class Progress:
    """Source, pages, rows, seconds; written over itself, erased at the end."""

    def __init__(self, spider: "SourceSpider", stream: TextIO) -> None:
        self.spider = spider
        self.stream = stream
        self.page_count = 0
        self._clock = SystemClock()  # real seconds, whatever date a synthetic home pretends
        self._began_at = self._clock.monotonic()
        self._told_at = 0.0

    def note_page(self, **_more: Any) -> None:
        """Scrapy's signal: an answer has come."""
        self.page_count += 1
        now = self._clock.monotonic()
        if now - self._told_at >= EVERY_S:
            self._told_at = now
            self._write(self.line())

    def line(self) -> str:
        """How far the crawl is, in words."""
        rows = sum(report.observed for report in self.spider.intake.reports.values())
        seconds = self._clock.monotonic() - self._began_at
        return f"{self.spider.name}: {self.page_count} pages, {rows} rows, {seconds:.0f} s"

    def close(self, **_more: Any) -> None:
        """Scrapy's signal: the crawl is over."""
        self._write("")

    def _write(self, text: str) -> None:
        self.stream.write(text + ERASE_REST)
        self.stream.flush()


def show_progress(spider: "SourceSpider", crawler: Any, stream: TextIO | None = None) -> None:
    """Tell a person at a terminal; write nothing into files and pipes."""
    stream = stream or sys.stderr
    if not stream.isatty():
        return
    progress = Progress(spider, stream)
    crawler.signals.connect(progress.note_page, signal=signals.response_received, weak=False)
    crawler.signals.connect(progress.close, signal=signals.spider_closed, weak=False)
