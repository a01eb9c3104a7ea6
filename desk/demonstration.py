"""`demo`: the main job from end to end on a bundled archive, without the internet."""

import os
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from desk import output
from desk.cli import app
from desk.demo import home, next_steps, telling
from desk.demo.analyst import write_table
from desk.demo.server import copies, turn_to
from desk.demo.story import CURATED, SOURCES, Week, weeks
from desk.digest import make_digest
from desk.digest_render import Form, render
from desk.release import Release, publish
from desk.words import Lang
from desk.zone import week_of
from schedules.forks import Forks, forks
from schedules.supervisor import Outcome
from storage.config import load
from storage.errors import StorageError
from storage.keys import write_private
from storage.store import Store, open_reader, open_writer
from storage.verify import Findings, verify

FIRST_RULINGS = "2025-01-01"  # the archive's cases begin here
FORMS: tuple[tuple[Lang, Form], ...] = (("en", "md"), ("en", "html"), ("ru", "md"), ("ru", "html"))
BLOCKLISTS = ("blocked_zapretinfo", "blocked_roskomsvoboda")  # read after the list of media
AT_ONCE = 4  # processes; more of them only wait for each other
DIGEST_LINES = 23  # up to the end of the figures


@dataclass(frozen=True, slots=True)
class Made:
    """What the demo leaves behind, for its last words."""

    folder: Path
    config: Path
    findings: Findings
    release: Release
    digests: list[Path]


@app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option("--home", help="Where to write it; `demo` by default.")
    ] = None,
) -> None:
    """The main job on a bundled archive of three fictional weeks, without the internet."""
    started = time.monotonic()
    folder = folder or Path(os.environ.get("UNSILENCED_HOME", "demo"))
    with copies(weeks()[0]) as running:
        config = home.prepare(folder, running)
        _say(*telling.opening(folder))
        with forks(config) as collector:
            for week in weeks():
                turn_to(running, week)
                _read(week, config, collector)
    made = _publish(folder, config)
    _say("", *next_steps.closing(made.folder, made.config, made.release, made.digests))
    _say("", f"All of it took {time.monotonic() - started:.0f} seconds.")
    raise typer.Exit(1 if made.findings.faults else 0)


def _say(*lines: str) -> None:
    for line in lines:
        output.console.print(line, markup=False)


def _read(week: Week, config: Path, collector: Forks) -> None:
    """One look at every source; the runs are those of `crawl` and `import`."""
    _say("", *telling.heading(week))
    crawl = partial(_crawl, week, collector)
    ahead = [name for name in SOURCES if name not in BLOCKLISTS]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        looks = {name: pool.submit(crawl, name) for name in ahead}
        wait([looks[SOURCES[0]]])  # which sites are media must be known before a blocklist comes
        looks |= {name: pool.submit(crawl, name) for name in BLOCKLISTS}
        for name in SOURCES:
            _tell(looks[name].result(), config)
    table = write_table(config.parent / "analyst", week)
    if table is not None:
        arguments = ["--as-of", week.at, "import", CURATED, str(table)]
        _tell(_runs(CURATED, collector.collect(arguments)), config)


def _crawl(week: Week, collector: Forks, source: str) -> list[dict[str, Any]]:
    since = ["--since", FIRST_RULINGS] if source == "rulings_hudoc" else []
    return _runs(source, collector.collect(["--as-of", week.at, "crawl", source, *since]))


def _runs(source: str, outcome: "Future[Outcome]") -> list[dict[str, Any]]:
    found = outcome.result()
    if not found.runs:
        raise StorageError(f"{source} could not be read: its process ended with {found.code}.")
    return found.runs


def _tell(runs: list[dict[str, Any]], config: Path) -> None:
    store = open_reader(load(config))
    if store is None:
        raise StorageError("The record vanished while it was made.")
    for run in runs:
        _say(*telling.outcome(store, run))
    store.close()


def _publish(folder: Path, config: Path) -> Made:
    """Evidence checked, release made, digests written, all as on the day of the last look."""
    store = home.as_of(open_writer(load(config)), weeks()[-1])
    try:
        findings = verify(store, blobs=True)
        _say("", *telling.verified(findings))
        release = publish(store)
        digests = [
            _digest(store, week, lang, form, folder / "digest")
            for week in weeks()[1:]
            for lang, form in FORMS
        ]
        first = digests[len(FORMS)]
        newest = make_digest(store, week_of(weeks()[-1].at))
        _say("", *telling.first_lines(first, DIGEST_LINES), *telling.unread(newest))
    finally:
        store.close()
    return Made(folder, config, findings, release, digests)


def _digest(store: Store, week: Week, lang: Lang, form: Form, folder: Path) -> Path:
    name = week_of(week.at)
    path = folder / f"{name}.{lang}.{form}"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_private(path, render(make_digest(store, name, lang), form).encode())
    return path
