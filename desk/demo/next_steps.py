"""How the demo ends: where everything lies, and what to try next."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desk.demo.story import weeks
from desk.release import Release
from storage import queries
from storage.config import load
from storage.queries import Filters
from storage.store import Store, open_reader

EXCLUDED = "delisted_on"


def closing(folder: Path, config: Path, release: Release, digests: list[Path]) -> Iterator[str]:
    """Places and commands, with names and facts that are really there."""
    pages = [path.name for path in digests if path.suffix == ".html"]
    places = {
        f"{folder}/digest/": f"digests as Markdown and HTML: {', '.join(pages)}",
        f"{_near(release.latest)}/": "the release: SQLite, CSV, dictionary, checksums",
        f"{folder}/evidence/": "every page as it was received, named by its SHA-256",
    }
    width = max(map(len, places))
    yield "Where everything lies:"
    yield from (f"  {place:{width}}  {words}" for place, words in places.items())
    yield ""
    yield "Try next:"
    fact = _exclusion(config)
    yield from (f"  {line}" for line in _commands(config, fact))
    yield ""
    yield "And the same spider on the real site, into ./data (needs the internet):"
    yield f"  {_program()} crawl media_citizenlab"


def _commands(config: Path, fact: dict[str, Any]) -> Iterator[str]:
    ours = f"{_program()} --config {shlex.quote(str(config))}"
    blob = shlex.quote(str(_near(Path(fact["blob"]))))
    yield f"{ours} --as-of {weeks()[-1].at} status"
    yield f"{ours} changes --source agents_minjust --since 2026-11-20"
    yield f"{ours} verify --fact {fact['fact']}     # what proves this exclusion"
    yield f"{ours} show Broadcasting     # announced, and no register shows it yet"
    yield f"{ours} search Небылицына"
    yield f"{ours} show vymyshlenny-vestnik.example"
    yield f"{ours} issues     # what the program asks a person about"
    yield f"{ours} digest --week 2026-W46 --format txt"
    yield f"{ours} records --source blocked_zapretinfo --json"
    yield "# damage one byte of the evidence: it is found, and the facts on it are named"
    yield f"printf X | dd of={blob} bs=1 seek=99 conv=notrunc status=none"
    yield f"{ours} verify --blobs"


def _exclusion(config: Path) -> dict[str, Any]:
    """The newest fact that says that somebody was excluded, with the place of its bytes."""
    store = open_reader(load(config))
    if store is None:
        raise LookupError(f"there is no record at {config}")
    try:
        return _newest_exclusion(store)
    finally:
        store.close()


def _newest_exclusion(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        changed = [
            change
            for change in queries.changes(connection, Filters(source="agents_minjust"))
            if EXCLUDED in change["fields"]
        ]
    newest = changed[-1]
    return newest | {"blob": str(store.blobs.path(newest["digest"]))}


def _program() -> str:
    """How to call this program from here: by its name where the shell finds it."""
    called = Path(sys.argv[0])
    if called.name != "unsilenced" or shutil.which("unsilenced") == str(called.absolute()):
        return "unsilenced"
    return shlex.quote(str(_near(called.absolute())))


def _near(path: Path) -> Path:
    """A path as one writes it from the current folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
