"""A home opened: database, evidence, keys and checkpoints of one installation."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from storage import audit, checkpoints, schema
from storage.clock import Clock, FixedClock, SystemClock, moment, read_moment
from storage.config import Config
from storage.database import (
    check_file,
    connect,
    plain_words,
    refuse_network_disk,
    sqlite_path,
    write_lock,
)
from storage.errors import DiskFull, RecordMissing, Refused
from storage.evidence import BlobStore, sync_folder
from storage.keys import Keys, private_folder
from storage.models import Audit, AuditPayload

DISK_FLOOR_BYTES = 256 * 1024 * 1024
SYNTHETIC = "synthetic"


class Store:
    """One installation's record. Readers see committed runs; writers take turns."""

    def __init__(self, config: Config, engine: Engine, clock: Clock) -> None:
        self.config = config
        self.home = config.home
        self.clock = clock
        self.engine = engine
        self.keys = Keys(self.home / "keys")
        self.blobs = BlobStore(self.home / "evidence" / "blobs")

    def now(self) -> str:
        """The present moment as tables write it."""
        return moment(self.clock.now())

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state."""
        with plain_words("reading"), self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                # A reader must not take the writer's turn: it begins deferred.
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction under the home's write lock: all of it or nothing."""
        with (
            write_lock(self.home / "write.lock"),
            plain_words("writing"),
            self.engine.begin() as connection,
        ):
            yield connection

    def log(
        self,
        connection: Connection,
        kind: str,
        subject: str,
        payload: Any,
        actor: str = "unsilenced",
    ) -> None:
        """Append to the audit chain inside the caller's transaction."""
        audit.append(
            connection, at=self.now(), actor=actor, kind=kind, subject=subject, payload=payload
        )

    def checkpoint(self) -> checkpoints.Checkpoint:
        """Sign the present head and write it beside the database."""
        with self.read() as connection:
            head = audit.head(connection)
        signed = checkpoints.sign(
            self.keys.signing(), origin=self.origin(), head=head, time=self.now()
        )
        checkpoints.write(self.home / "checkpoints", signed)
        return signed

    def origin(self) -> str:
        """Name of this chain: the hash of its first entry."""
        with self.read() as connection:
            first = connection.execute(select(Audit.hash).where(Audit.seq == 1)).scalar()
        return f"unsilenced/{(first or '')[:16]}"

    def synthetic(self) -> bool:
        """Was this home created for fictional data? Written in its first audit row."""
        with self.read() as connection:
            payload = connection.execute(
                select(AuditPayload.payload).where(AuditPayload.seq == 1)
            ).scalar()
        return bool(payload and f'"{SYNTHETIC}":true' in payload)

    def require_disk(self) -> None:
        """Refuse to start a run that the disk would not hold. Raises DiskFull."""
        free = shutil.disk_usage(self.home).free
        if free < DISK_FLOOR_BYTES:
            raise DiskFull(
                f"Only {free // 2**20} MiB are free at {self.home}; a run needs at least "
                f"{DISK_FLOOR_BYTES // 2**20} MiB. Free some space and run again."
            )

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def exists(config: Config) -> bool:
    """Is there a database where the configuration points?

    Raises RecordMissing where the checkpoints know one that is gone, NoRecord on a foreign file."""
    path = sqlite_path(config.url)
    if path is None:
        return True
    if path.exists():
        check_file(path)
        return True
    known = config.home / "checkpoints" / checkpoints.FILE
    if known.exists():
        raise RecordMissing(
            f"The database {path} is missing, but {known} knows one. It is not created anew: "
            "restore a backup (`unsilenced db restore`), or move the checkpoints away if you "
            "mean to start from nothing."
        )
    return False


def open_reader(config: Config, clock: Clock | None = None) -> Store | None:
    """The record for reading; None where nothing was ever collected."""
    if not exists(config):
        return None
    store = Store(config, connect(config.url, read_only=True), clock or SystemClock())
    with store.read() as connection:
        schema.check(connection)
    return store


def open_writer(config: Config, clock: Clock | None = None, *, synthetic: bool = False) -> Store:
    """The record for writing; created on first use, upgraded when it is of an older schema."""
    there = exists(config)
    private_folder(config.home)
    refuse_network_disk(config.home)
    clock = clock or SystemClock()
    path = sqlite_path(config.url)
    if path is not None and not there:
        _create_file(config, path, clock, synthetic)
    store = Store(config, connect(config.url), clock)
    _upgrade(store, synthetic)
    _first_checkpoint(store)
    return store


def _first_checkpoint(store: Store) -> None:
    """A new chain gets its witness at once: killed later in its first run, it has not lost one."""
    if (store.home / "checkpoints" / checkpoints.FILE).exists():
        return
    with store.read() as connection:
        only_created = audit.head(connection).size == 1
    if only_created:
        store.checkpoint()


def _upgrade(store: Store, synthetic: bool) -> None:
    with store.read() as connection:
        if schema.check(connection):
            return
    with store.write() as connection:
        before = schema.version(connection)
        schema.upgrade(connection)
        kind = "created" if before is None else "migrated"
        payload = {"from": before, "to": schema.NEWEST, SYNTHETIC: synthetic}
        store.log(connection, kind, "database", payload)


def _create_file(config: Config, path: Path, clock: Clock, synthetic: bool) -> None:
    """Build the database under another name and rename it: a crash leaves none, not half."""
    private_folder(path.parent)
    fresh = path.with_name(path.name + ".new")
    for leftover in path.parent.glob(fresh.name + "*"):
        leftover.unlink()
    fresh.touch(mode=0o600)
    fresh.chmod(0o600)  # SQLite gives its -wal and -shm the mode of the file
    store = Store(config, connect(f"sqlite:///{fresh}"), clock)
    _upgrade(store, synthetic)
    store.close()
    fresh.rename(path)
    sync_folder(path.parent)


def at_moment(store: Store, as_of: str | None) -> None:
    """Let a synthetic home pretend that it is `as_of`. Raises Refused on a real one."""
    if as_of is None:
        return
    if not store.synthetic():
        raise Refused("--as-of is only for a home that was created as synthetic (`demo` does it).")
    store.clock = FixedClock(read_moment(as_of))
