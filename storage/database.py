"""Opening the database: pragmas, one writer at a time, refusing what is not ours."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from storage.errors import DiskFull, Locked, NoRecord, StorageError

WRITE_WAIT_S = 60.0
# Application id in the header of our SQLite files: "UNSL". A foreign file is refused by it.
APPLICATION_ID = 0x554E534C
# File systems on which SQLite's locks do not hold (statfs f_type as `stat -f` names them).
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs"}


def connect(url: str, *, read_only: bool = False) -> Engine:
    """An engine for this URL. SQLite: WAL, FULL, foreign keys; a writer begins IMMEDIATE."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": WRITE_WAIT_S})
    event.listen(engine, "connect", _read_only_pragmas if read_only else _pragmas)
    event.listen(engine, "begin", _begin_deferred if read_only else _begin_immediate)
    return engine


def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL may lose the last commits on a power cut
        "foreign_keys=ON",  # off by default
        "temp_store=MEMORY",
        "secure_delete=ON",  # what is erased must not stay in free pages
    ):
        connection.execute(f"PRAGMA {pragma}")


def _read_only_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once with "database is locked".
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL, None for another engine."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def check_file(path: Path) -> None:
    """Refuse a file that is not our database, in plain words. Raises NoRecord."""
    if not os.access(path, os.R_OK | os.W_OK):
        raise NoRecord(f"{path} cannot be read and written by this user. Check its owner.")
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError as error:
        raise NoRecord(f"{path} cannot be read: {error.strerror}. Check the disk.") from error
    if not head:
        raise NoRecord(
            f"{path} is empty: it is not a database of unsilenced. Restore a backup over it, "
            "or move it away if there was never any data."
        )
    if not head.startswith(b"SQLite format 3\0"):
        raise NoRecord(f"{path} is not a SQLite database. Check `database` in the configuration.")
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise NoRecord(f"{path} is a SQLite database of another program; it is left untouched.")


def refuse_network_disk(folder: Path) -> None:
    """SQLite's locks do not hold on a network disk. Raises NoRecord."""
    kind = _file_system(folder)
    if kind in NETWORK_FILE_SYSTEMS:
        raise NoRecord(
            f"{folder} lies on a network disk ({kind}), where SQLite may be corrupted. "
            "Use a local disk, or a PostgreSQL URL as `database`."
        )


def _file_system(folder: Path) -> str:
    """Type of the file system that a folder lies on, by the longest mount point above it."""
    best, kind = "", "unknown"
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return kind
    where = str(folder.resolve())
    for line in mounts:
        _device, point, system, *_rest = line.split(" ")
        inside = where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, system
    return kind


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold `home/write.lock` for one transaction: SQLite below 3.51.3 may corrupt its WAL when
    two connections write and checkpoint at once. The lock dies with its process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def plain_words(where: str) -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except OperationalError as error:
        raise _explain(error, where) from error
    except DatabaseError as error:
        raise StorageError(f"The database refused a statement ({where}): {error.orig}") from error


def _explain(error: OperationalError, where: str) -> StorageError:
    words = str(error.orig)
    if "locked" in words:
        return Locked(
            f"The database is held by another program for more than {WRITE_WAIT_S:.0f} s "
            f"({where}). Close the program that has it open and run again; nothing was changed."
        )
    if "full" in words or "disk I/O" in words:
        return DiskFull(
            f"The disk of the database is full or failing ({where}: {words}). "
            "Free some space and run again; the state before is intact."
        )
    return StorageError(f"The database failed ({where}): {words}")


def integrity(connection: Connection) -> list[str]:
    """What SQLite's own checks say is wrong; empty when all is well."""
    if connection.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
    broken = [tuple(row) for row in connection.execute(text("PRAGMA foreign_key_check"))]
    return [f"integrity: {line}" for line in found if line != "ok"] + [
        f"foreign key: row {row[1]} of {row[0]} points to a missing {row[2]}" for row in broken
    ]
