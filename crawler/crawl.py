"""One source crawled in this process: Scrapy's reactor starts once, so one process a run."""

from datetime import date
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from crawler import settings as module
from crawler.catalogue import spider_of
from storage.errors import Refused, StorageError
from storage.source_facts import ARCHIVE
from storage.store import Store


class _Outcome:
    """Where the spider leaves the JSON of its runs."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.compared: list[dict[str, Any]] = []  # our copies beside those of an archive


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
    return _run(store, name, limit=limit, since=since, until=until).runs


def read_copies(
    store: Store, name: str, since: date | None, until: date | None
) -> dict[str, list[dict[str, Any]]]:
    """Read the copies that a web archive keeps of a source, one run a copy; `runs`, and in
    `compared` the copies that stand beside bytes which we hold of the same day.

    Raises Refused for a source without an archive, StorageError as `crawl` does."""
    if all(endpoint.role != ARCHIVE for endpoint in spider_of(name).spec.endpoint):
        raise Refused(f"No archive of {name} is known: its TOML names no endpoint of that role.")
    outcome = _run(store, name, copies=(since, until))
    return {"runs": outcome.runs, "compared": outcome.compared}


def _run(store: Store, name: str, **given: Any) -> _Outcome:
    settings = get_project_settings()
    settings.setmodule(module, priority="project")
    # The spider is known. Scrapy would import all others, a third of a small run (2026-11).
    settings.set("SPIDER_MODULES", [], priority="cmdline")
    kind = spider_of(name)
    outcome = _Outcome()
    process = AsyncCrawlerProcess(settings)
    process.crawl(kind, store=store, outcome=outcome, **given)
    process.start()
    if not outcome.runs:
        raise StorageError(
            f"{name} could not be started: see the lines above. Nothing was changed."
        )
    return outcome
