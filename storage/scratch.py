"""A scratch copy of a home, for `--dry-run`: what is written there is thrown away.

The database is copied by SQLite's backup, which sees committed transactions only, even while
another process writes. Evidence is not copied: it is read through from the real home.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from storage.config import Config
from storage.database import connect, sqlite_path
from storage.errors import Refused
from storage.evidence import BlobStore
from storage.keys import private_folder
from storage.store import Store, exists, open_writer

COPIED = ("keys", "tls", "checkpoints")  # small; without the keys hashed rows would not match


@contextmanager
def scratch_store(config: Config) -> Iterator[Store]:
    """The record opened for writing in a copy that is deleted at the end. Raises Refused."""
    if sqlite_path(config.url) is None:
        raise Refused("A dry run needs a copy of the database, and only SQLite's is made.")
    with tempfile.TemporaryDirectory(prefix="unsilenced-dry-run-") as folder:
        home = private_folder(Path(folder) / "home")
        scratch = config.model_copy(update={"home": home, "database": None})
        _copy(config, scratch)
        store = open_writer(scratch)
        store.blobs = BlobStore(store.blobs.root, behind=BlobStore(config.home / "evidence/blobs"))
        try:
            yield store
        finally:
            store.close()


def _copy(config: Config, scratch: Config) -> None:
    """The database as committed now, and the small folders; nothing where nothing is yet."""
    if not exists(config):
        return
    target = cast(Path, sqlite_path(scratch.url))
    engine = connect(config.url, read_only=True)
    with engine.connect() as source, sqlite3.connect(target) as copy:
        cast(sqlite3.Connection, source.connection.driver_connection).backup(copy)
    copy.close()
    engine.dispose()
    for name in COPIED:
        if (config.home / name).is_dir():
            shutil.copytree(config.home / name, scratch.home / name)
