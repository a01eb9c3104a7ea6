"""The arms of the bench, each run in a child of its own: `python -m tests.bench_arms ARM ...`.

Prints one JSON object: CPU seconds of the work alone (imports are not counted), pages, rows, peak
memory in MiB. Each arm asserts the counts that it should find: one that checks nothing is a defect.
"""

import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from sqlalchemy import Column, MetaData, String, Table, create_engine
from sqlalchemy.dialects.sqlite import insert

from storage.config import load
from storage.store import open_writer
from tests.bench_register import works as register
from tests.mirror_history import SOURCE

LEAN = {"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
BATCH = 500
MOST_BYTES = 10_000_000
HISTORY_ROWS = 350  # on the first of the days


class Bare(scrapy.Spider):  # type: ignore[misc]
    """The physical limit: Scrapy fetches and nobody looks."""

    name = "bare"
    seen = 0

    async def start(self) -> Any:
        for number in range(int(self.count)):
            yield scrapy.Request(f"{self.base}/page/{number}", dont_filter=True)

    def parse(self, response: Any) -> Iterator[Any]:
        type(self).seen += 1
        yield from ()


class UsualItem(scrapy.Item):  # type: ignore[misc]
    """One row, as tutorials do it."""

    number = scrapy.Field()
    name = scrapy.Field()
    listed = scrapy.Field()
    excluded = scrapy.Field()
    urls = scrapy.Field()


class Usual(Bare):
    """What a user would write instead: one Item a row, upserts in batches, no evidence."""

    name = "usual"

    def parse(self, response: Any) -> Iterator[Any]:
        type(self).seen += 1
        for row in response.json()["values"]:
            yield UsualItem(
                number=row["field_1_i"], name=row["field_2_s"], listed=row["field_4_s"],
                excluded=row["field_5_s"], urls=row["field_6_s"],
            )  # fmt: skip


class Upserts:
    """A pipeline with SQLAlchemy Core upserts."""

    def open_spider(self) -> None:
        self.engine = create_engine(f"sqlite:///{os.environ['BENCH_FILE']}")
        names = ("number", "name", "listed", "excluded", "urls")
        columns = [Column(n, String, primary_key=n == "number") for n in names]
        self.table = Table("rows", MetaData(), *columns)
        self.table.create(self.engine)
        self.rows: list[dict[str, Any]] = []

    def process_item(self, item: Any) -> Any:
        self.rows.append({key: str(value) for key, value in item.items()})
        if len(self.rows) >= BATCH:
            self._write()
        return item

    def close_spider(self) -> None:
        self._write()

    def _write(self) -> None:
        if self.rows:
            statement = insert(self.table)
            changed = {c.name: statement.excluded[c.name] for c in self.table.columns}
            upsert = statement.on_conflict_do_update(index_elements=["number"], set_=changed)
            with self.engine.begin() as connection:
                connection.execute(upsert, self.rows)
        self.rows = []


def plain(kind: type[Bare], base: str, count: int, pipelines: dict[str, int]) -> None:
    """Crawl with nothing of ours."""
    process = AsyncCrawlerProcess({**LEAN, "ITEM_PIPELINES": pipelines})
    process.crawl(kind, base=base, count=count)
    process.start()
    assert kind.seen == count, f"{kind.seen} of {count} pages were seen"


def ours(source: str, expected: tuple[str, int]) -> None:
    """The full path: evidence, normalising, staging, verdict, history."""
    from crawler.crawl import crawl

    store = open_writer(load())
    runs = crawl(store, source)
    assert (runs[-1]["verdict"], runs[-1]["observed"]) == expected, runs[-1]


def replay(expected: int) -> None:
    """Stored evidence read again through staging and comparison."""
    from crawler.catalogue import spider_of
    from crawler.replay import replay as again

    run = again(open_writer(load()), spider_of("agents_minjust"))
    assert run is not None and run["observed"] == expected and run["changes"]["reparsed"] == 0


def direct(expected: int) -> None:
    """The same parse called directly: read, normalise, protect; nothing is kept."""
    from crawler.recheck import read_rows

    rows = read_rows(open_writer(load()), "agents_minjust")
    assert rows == expected, f"{rows} rows"


def history(clone: Path, days: int) -> None:
    """A mirror's history, one state a day: evidence, staging, verdict, comparison, changes."""
    from crawler.git_history import import_history

    store = open_writer(load())
    runs = import_history(store, SOURCE, clone, daily=True)
    assert len(runs) == days, f"{len(runs)} of {days} states"
    assert {run["verdict"] for run in runs} <= {"complete", "unchanged"}
    with store.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one()
    assert found > days / 2, f"{found} changes"


def versions(clone: Path, days: int, *, whole: bool) -> None:
    """The same states read one by one, nothing is kept: the reader alone, or with normaliser and
    protection."""
    from crawler.catalogue import spider_of
    from crawler.git_history import last_of_each_day, states
    from crawler.git_history import versions as commits

    store, kind = open_writer(load()), spider_of(SOURCE)
    assert kind.spec.git is not None
    path = kind.spec.git.path
    wanted = last_of_each_day(commits(clone, path))
    read = read_whole if whole else read_only
    git = kind.spec.git
    found = [read(store, kind, given[0].body) for given in states(clone, git, wanted, MOST_BYTES)]
    assert len(found) == days, f"{len(found)} of {days} states"
    assert min(found) >= HISTORY_ROWS, f"{min(found)} rows in a state"


def state(body: bytes) -> Any:
    """One state as a page of the mirror's form."""
    from crawler.page import Page

    return Page("git:registry.json", body, "mirror", "1-1", "d", datetime.now(UTC))


def read_only(store: Any, kind: Any, body: bytes) -> int:
    """One state through the reader alone; how many rows it has."""
    return sum(1 for _said in kind().read(state(body)))


def read_whole(store: Any, kind: Any, body: bytes) -> int:
    """One state through reader, normaliser and protection; how many rows it has."""
    from crawler.recheck import Rows
    from pipelines.families import normaliser
    from pipelines.intake import Intake

    sink = Rows()
    intake = Intake(sink, kind.spec, normaliser(store, SOURCE, kind.spec), store.keys.hashing())
    page = state(body)
    intake.report(page.part, 0)
    intake.take(page, kind().read(page))
    return len(sink.rows)


def cpu_seconds() -> float:
    """Of this process and of the programs that it has run."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main(arguments: list[str]) -> None:
    """Run one arm and tell what it cost."""
    arm, base, count, rows = arguments[0], arguments[1], int(arguments[2]), int(arguments[3])
    works: dict[str, Callable[[], None]] = {
        "bare": lambda: plain(Bare, base, count, {}),
        "usual": lambda: plain(Usual, base, count, {"tests.bench_arms.Upserts": 300}),
        "full": lambda: ours("agents_minjust", ("complete", rows)),
        "same-bytes": lambda: ours("agents_minjust", ("unchanged", rows)),
        "list": lambda: ours("media_citizenlab", ("complete", 15_000)),
        "304": lambda: ours("media_citizenlab", ("unchanged", 15_000)),
        "replay": lambda: replay(rows),
        "direct": lambda: direct(rows),
        "history": lambda: history(Path(base), count),
        "versions": lambda: versions(Path(base), count, whole=True),
        "reader": lambda: versions(Path(base), count, whole=False),
    } | register(Path(base))
    work = works[arm]
    began = cpu_seconds()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cpu = round(cpu_seconds() - began, 3)
    print(json.dumps({"arm": arm, "cpu_s": cpu, "pages": count, "peak_mib": peak}))


if __name__ == "__main__":
    Path(os.environ["BENCH_FILE"]).unlink(missing_ok=True)
    main(sys.argv[1:])
