"""One source crawled in this process: Scrapy's reactor starts once, so one process a run."""

from datetime import date
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from crawler import settings as module
from crawler.catalogue import spider_of
from storage.errors import StorageError
from storage.store import Store


class _Outcome:
    """Where the spider leaves the JSON of its runs."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []


def crawl(
    store: Store,
    name: str,
    *,
    limit: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[dict[str, Any]]:
    """Read a source now; returns its runs (a replay after a parser change comes first).

    Raises StorageError where the run could not even be noted."""
    settings = get_project_settings()
    settings.setmodule(module, priority="project")
    # The spider is known. Scrapy would import all others, a third of a small run (2026-11).
    settings.set("SPIDER_MODULES", [], priority="cmdline")
    kind = spider_of(name)
    outcome = _Outcome()
    process = AsyncCrawlerProcess(settings)
    process.crawl(kind, store=store, limit=limit, since=since, until=until, outcome=outcome)
    process.start()
    if not outcome.runs:
        raise StorageError(
            f"{name} could not be started: see the lines above. Nothing was changed."
        )
    return outcome.runs
