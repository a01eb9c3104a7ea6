"""The demo's own home: made as synthetic, and only such a home is ever deleted."""

import os
import shutil
from pathlib import Path

from desk.demo.server import Copy
from desk.demo.story import Week, weeks
from storage.clock import FixedClock
from storage.config import NAME, Config, load
from storage.errors import Refused
from storage.store import Store, open_reader, open_writer

MARK = "# Written by `unsilenced demo`: everything in this folder is fictional.\n"
DATABASE = "unsilenced.sqlite"


def prepare(folder: Path, running: dict[str, Copy]) -> Path:
    """An empty synthetic home in `folder`; returns its configuration.

    Raises Refused where the folder holds anything that no demo made."""
    _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(_configuration(running), encoding="utf-8")
    # The environment outranks the file: it must not lead a demo, or its children, elsewhere.
    os.environ["UNSILENCED_HOME"] = str(folder.resolve())
    os.environ.pop("UNSILENCED_DATABASE", None)
    open_writer(load(path), FixedClock(weeks()[0].moment), synthetic=True).close()
    return path


def _configuration(running: dict[str, Copy]) -> str:
    tables = [
        f'[source.{source}]\nbase_url = "http://{copy.address}"\nallow    = ["{copy.address}"]\n'
        "delay_s  = 0.0\n"
        for source, copy in running.items()
    ]
    return MARK + "\n".join(['home = "."\n', *tables])


def _clear(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not _is_ours(folder):
        raise Refused(
            f"{folder} is not a folder that a demo made, so it is left as it is. "
            "`unsilenced demo --home FOLDER` takes another one."
        )
    shutil.rmtree(folder)


def _is_ours(folder: Path) -> bool:
    """A folder of an earlier demo, even a broken off one: our mark, and no real record."""
    path = folder / NAME
    if folder.is_symlink() or not path.is_file():
        return False
    if not path.read_text(encoding="utf-8", errors="replace").startswith(MARK):
        return False
    if not (folder / DATABASE).exists():
        return True
    store = open_reader(Config(home=folder.resolve()))
    if store is None:
        return False
    try:
        return store.synthetic()
    finally:
        store.close()


def as_of(store: Store, week: Week) -> Store:
    """The same home as one looks on it in a week."""
    store.clock = FixedClock(week.moment)
    return store
