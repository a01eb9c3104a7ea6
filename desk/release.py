"""`publish`: a read-only dataset of what the record says, made whole or not at all."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk import release_files
from desk.release_build import FORMAT, build, meta, open_file
from desk.release_noncommercial import write_noncommercial
from storage import audit
from storage.errors import DiskFull, StorageError
from storage.evidence import NO_SPACE, sync_folder
from storage.keys import private_folder
from storage.store import Store

DATABASE = "release.sqlite"
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Release:
    """A release that stands on disk. `notes` are lines for whoever asked for it."""

    folder: Path
    latest: Path
    data_version: str
    rows: dict[str, int]
    notes: tuple[str, ...] = ()


def publish(store: Store, out: Path | None = None) -> Release:
    """Make a release under `out` (default `home/releases`) and point `latest` to it.

    Raises StorageError, DiskFull; then the releases before are as they were."""
    root = out if out is not None else store.home / "releases"
    private_folder(root) if out is None else root.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=root))
    try:
        version, rows, notes = _write(store, fresh)
        folder = _settle(fresh, root, store.now().replace("-", "").replace(":", ""))
        _point(root / LATEST, folder)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise DiskFull(f"No space for a release at {root}; free some and run again.") from error
        raise StorageError(f"The release cannot be written to {root}: {error}.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Release(folder, root / LATEST, version, rows, notes)


def _write(store: Store, folder: Path) -> tuple[str, dict[str, int], tuple[str, ...]]:
    version = build(store, folder / DATABASE)
    with closing(open_file(folder / DATABASE)) as connection:
        release_files.write_csv(connection, folder / "csv")
        missing = release_files.write_parquet(connection, folder / "parquet")
        release_files.write_dictionary(connection, folder)
        release_files.write_words(connection, folder)
        rows = _count(connection)
    write_noncommercial(store, folder)
    release_files.write_manifest(folder)
    return version, rows, () if missing is None else (missing,)


def _count(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        table.name: connection.execute(
            f"SELECT count(*) FROM {table.name}"  # noqa: S608 a name of the dictionary
        ).fetchone()[0]
        for table in release_files.dictionary()
    }


def _settle(fresh: Path, root: Path, stamp: str) -> Path:
    """Flush, then give the folder its name; a second one of the same second gets a number."""
    for path in [*fresh.rglob("*"), fresh]:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    fresh.chmod(0o755)
    folder, number = root / stamp, 1
    while folder.exists():
        number += 1
        folder = root / f"{stamp}-{number}"
    fresh.rename(folder)
    sync_folder(root)
    return folder


def _point(latest: Path, folder: Path) -> None:
    """Replace the link in one step: a reader finds the old release or the new one."""
    link = latest.with_name(f".{LATEST}-{os.getpid()}")
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name, target_is_directory=True)
    link.replace(latest)
    sync_folder(latest.parent)


@contextmanager
def current(source: Store | Path) -> Iterator[sqlite3.Connection]:
    """The public view of what is known now: the newest release where it is up to date, else one
    made for this moment and thrown away. A path opens that release as it is."""
    if isinstance(source, Path):
        path = source / DATABASE if source.is_dir() else source
        with closing(open_file(path)) as connection:
            yield connection
        return
    latest = source.home / "releases" / LATEST / DATABASE
    if latest.exists() and _is_current(source, latest):
        with closing(open_file(latest)) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix="unsilenced-") as folder:
        path = Path(folder) / DATABASE
        build(source, path, search=False)
        with closing(open_file(path)) as connection:
            yield connection


def _is_current(store: Store, latest: Path) -> bool:
    with store.read() as connection:
        head = audit.head(connection)
    try:
        with closing(open_file(latest)) as release:
            known = meta(release)
    except StorageError:
        return False
    made_from = (known["format"], known["audit_size"], known["audit_hash"])
    return made_from == (FORMAT, str(head.size), head.hash)
