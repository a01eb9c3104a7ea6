"""`release.sqlite`: the public part of the collector's database, made by set statements."""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import create_engine, insert, select

from desk import words
from desk.release_joined import fill_joined
from desk.zone import ZONE, week_of, week_of_day
from storage.audit import canonical
from storage.checkpoints import FILE, Checkpoint
from storage.checkpoints import read as read_checkpoints
from storage.database import sqlite_path
from storage.errors import StorageError
from storage.folding import fold
from storage.masking import HIDDEN, public_view
from storage.models import (
    Audit,
    Base,
    Change,
    Coverage,
    Entity,
    EntityName,
    Fetch,
    Involvement,
    IssueRow,
    Match,
    Measure,
    Part,
    PartRun,
    Record,
    Revision,
    Run,
    Source,
)
from storage.store import Store

FOLDER = Path(__file__).parent
FORMAT = "1"
CACHED = 65_536  # rows of one run share their moments, acts of one day their date
TYPED = {
    "designations": "designation",
    "blockings": "blocking",
    "rulings": "ruling",
    "references_": "reference",
}
# What a release is made from; private tables (staging, hashes, audit payloads) are not among it.
READ_TABLES: tuple[type[Base], ...] = (
    Source, Part, Run, PartRun, Fetch, Record, Revision, Change, Measure, Match, Entity,
    EntityName, Involvement, IssueRow, Audit, Coverage,
)  # fmt: skip


def build(store: Store, path: Path, *, search: bool = True) -> str:
    """Write a release database to a new file; returns its data version.

    Raises StorageError when it cannot be written. Equal data gives equal bytes."""
    connection = sqlite3.connect(path, isolation_level=None, uri=True)
    try:
        with _home(store) as address:
            _fill(connection, store, address, search)
        # Free pages and the order of pages depend on how it was made, not on what it says.
        connection.execute("DETACH home")
        connection.execute("VACUUM")
        return meta(connection)["data_version"]
    except sqlite3.Error as error:
        raise StorageError(f"The release cannot be written to {path}: {error}.") from error
    finally:
        connection.close()


def meta(connection: sqlite3.Connection) -> dict[str, str]:
    """What a release was made from."""
    return dict(connection.execute("SELECT key, value FROM meta ORDER BY key"))


def open_file(path: Path) -> sqlite3.Connection:
    """A release opened for reading only, rows by name. Raises StorageError."""
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT value FROM meta").fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"{path} is not a release that can be read: {error}.") from error
    return connection


def _fill(connection: sqlite3.Connection, store: Store, address: str, search: bool) -> None:
    for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF"):
        connection.execute(f"PRAGMA main.{pragma}")
    _lend_functions(connection)
    connection.execute("ATTACH ? AS home", (address,))
    connection.execute("BEGIN")  # one transaction: one state of the collector's database
    run_file(connection, "release_tables.sql")
    connection.executemany("INSERT INTO codes VALUES (?, ?, ?, ?)", words.codes())
    run_file(connection, "release_fill.sql")
    for table, family in TYPED.items():
        connection.execute(_typed(connection, table), (family,))
    fill_joined(connection)
    run_file(connection, "release_views.sql")
    if search:
        run_file(connection, "release_search.sql")
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(_meta(connection, store)))
    connection.execute("COMMIT")


def run_file(connection: sqlite3.Connection, name: str) -> None:
    """Execute the statements of a file of this folder, inside the caller's transaction."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _typed(connection: sqlite3.Connection, table: str) -> str:
    """The columns of a typed table out of the published fields of the current revisions."""
    values = []
    for _, name, _, required, _, key in connection.execute(f"PRAGMA table_info({table})"):
        value = f"json_extract(v.fields, '$.{name}')"
        values.append("r.id" if key else f"coalesce({value}, '[]')" if required else value)
    # S608: table and column names come from `release_tables.sql`, never from data.
    return (
        f"INSERT INTO {table} SELECT {', '.join(values)} FROM records r "  # noqa: S608
        "JOIN revisions v ON v.fact = r.fact WHERE r.family = ? ORDER BY r.id"
    )


def _meta(connection: sqlite3.Connection, store: Store) -> Iterator[tuple[str, str]]:
    size, head = connection.execute(
        "SELECT seq, hash FROM home.audit ORDER BY seq DESC LIMIT 1"
    ).fetchone() or (0, "0" * 64)
    run = connection.execute("SELECT coalesce(max(id), 0) FROM runs").fetchone()[0]
    newest = connection.execute("SELECT max(seen_at) FROM part_runs").fetchone()[0]
    checkpoint = _checkpoint(store, size, head)
    yield "audit_hash", head
    yield "audit_size", str(size)
    yield "checkpoint", checkpoint.line() if checkpoint else ""
    yield "data_version", f"{size}-{head[:16]}-{run}"
    yield "format", FORMAT
    yield "newest_look_at", newest or ""
    yield "newest_run", str(run)
    yield "synthetic", "1" if store.synthetic() else "0"
    yield "zone", ZONE.key


def _checkpoint(store: Store, size: int, head: str) -> Checkpoint | None:
    """The first signed line of this head; where there is none, the newest older line."""
    path = store.home / "checkpoints" / FILE
    if not path.exists():
        return None
    known = [line for line in read_checkpoints(path) if line.size <= size]
    exact = [line for line in known if (line.size, line.head) == (size, head)]
    return exact[0] if exact else max(known, key=lambda line: line.size, default=None)


@contextmanager
def _home(store: Store) -> Iterator[str]:
    """Address under which SQLite can attach the collector's data, whatever engine holds it."""
    path = sqlite_path(store.config.url)
    if path is not None:
        yield f"{path.resolve().as_uri()}?mode=ro"
        return
    with tempfile.TemporaryDirectory(dir=store.home, prefix=".release-") as folder:
        copy = Path(folder) / "home.sqlite"
        copy_tables(store, copy)
        yield f"{copy.resolve().as_uri()}?mode=ro"


def copy_tables(store: Store, path: Path) -> None:
    """One state of the tables that a release reads, as a SQLite file."""
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine, tables=[t.__table__ for t in READ_TABLES])  # type: ignore[misc]
    with store.engine.connect() as source, engine.begin() as target:
        if source.dialect.name != "sqlite":  # there a transaction sees one state anyway
            source = source.execution_options(isolation_level="REPEATABLE READ")
        for table in READ_TABLES:
            rows = source.execution_options(yield_per=5000).execute(select(table.__table__))
            for some in rows.mappings().partitions():
                target.execute(insert(table), [dict(row) for row in some])
    engine.dispose()


def _lend_functions(connection: sqlite3.Connection) -> None:
    lent: dict[str, tuple[int, Callable[..., str | int | None]]] = {
        "public_fields": (2, public_fields),
        "is_masked": (2, _is_masked),
        "masked_fields": (2, _masked_fields),
        "excludes": (1, _excludes),
        "public_url": (1, public_url),
        "fold": (1, _fold),
        "week_of": (1, _week_of),
        "week_of_day": (1, _week_of_day),
        "article_text": (1, lru_cache(CACHED)(words.article_text)),
    }
    for name, (arguments, function) in lent.items():
        connection.create_function(name, arguments, function, deterministic=True)


def public_fields(family: str, text: str) -> str:
    """The public fields of a revision, as canonical JSON."""
    return canonical(public_view(family, json.loads(text))[0])


def _is_masked(family: str, text: str) -> int:
    return int(family in HIDDEN and public_view(family, json.loads(text))[1])


def _masked_fields(family: str, text: str) -> str:
    return canonical(public_view(family, json.loads(text) | HIDDEN[family])[0])


def public_url(url: str) -> str | None:
    """A web address without user and password; None for a file of this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return None
    return url


def _fold(text: str | None) -> str | None:
    return None if text is None else fold(text)


@lru_cache(CACHED)
def _week_of(at: str | None) -> str | None:
    return None if at is None else week_of(at)


@lru_cache(CACHED)
def _excludes(fields: str | None) -> bool:
    """Does a revision state an exclusion: by its date, or by a decision without one?"""
    return fields is not None and ('"delisted_on":"' in fields or '"kind":"exclusion"' in fields)


def _week_of_day(day: str | None) -> str | None:
    if day is None or len(day) != 10:  # a masked act shows only its month
        return None
    return week_of_day(date.fromisoformat(day))
