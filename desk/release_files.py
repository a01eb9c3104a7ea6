"""The files of a release beside its database: CSV, Parquet, dictionary, licences, manifest."""

import csv
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.release_build import FOLDER, meta
from storage.errors import StorageError

MANIFEST = "MANIFEST.sha256"
NO_PARQUET = "Parquet needs: pip install 'unsilenced[export]'"
# A spreadsheet runs a cell that begins so (OWASP ASVS 1.2.10); the wide forms are run too.
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
PARQUET_TYPES = {"TEXT": "VARCHAR", "INTEGER": "BIGINT", "REAL": "DOUBLE"}
FRICTIONLESS_TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
# `CREATE TABLE meta (             -- what this release was made from`
_TABLE = re.compile(r"CREATE TABLE (\w+) \(\s+-- (.+)")
# `  key TEXT PRIMARY KEY,         -- name of the value`
_COLUMN = re.compile(r"  (\w+) (TEXT|INTEGER|REAL)\b.*?-- (.+)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the data dictionary."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the data dictionary."""

    name: str
    comment: str
    columns: tuple[Column, ...]


def dictionary() -> list[Table]:
    """The data dictionary: every table and column with its words, from `release_tables.sql`."""
    text = (FOLDER / "release_tables.sql").read_text(encoding="utf-8")
    return [
        Table(head[1], head[2], tuple(Column(*found.groups()) for found in _COLUMN.finditer(body)))
        for body in text.split(";\n")
        if (head := _TABLE.search(body)) is not None
    ]


def write_csv(connection: sqlite3.Connection, folder: Path) -> None:
    """`csv/<table>.csv` of each table: UTF-8, a header, NULL as an empty cell."""
    folder.mkdir()
    for table in dictionary():
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(column.name for column in table.columns)
            writer.writerows(map(safe_row, _rows(connection, table.name)))


def safe_row(row: tuple[Any, ...]) -> list[Any]:
    """A row whose texts no spreadsheet runs: a leading ' where one would."""
    return [f"'{v}" if isinstance(v, str) and v.startswith(FORMULA) else v for v in row]


def write_parquet(connection: sqlite3.Connection, folder: Path) -> str | None:
    """`parquet/<table>.parquet` of each table, lossless; returns what is missing, else None."""
    try:
        import duckdb
    except ImportError:
        return NO_PARQUET
    folder.mkdir()
    engine = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
    lines = folder / "lines.json"
    for table in dictionary():
        _write_lines(connection, table, lines)
        columns = {column.name: PARQUET_TYPES[column.type] for column in table.columns}
        rows = engine.read_json(str(lines), columns=columns, format="newline_delimited")
        rows.write_parquet(str(folder / f"{table.name}.parquet"), compression="zstd")
        lines.unlink()
    engine.close()
    return None


def _write_lines(connection: sqlite3.Connection, table: Table, path: Path) -> None:
    names = [column.name for column in table.columns]
    encode = json.JSONEncoder(ensure_ascii=False).encode
    with path.open("w", encoding="utf-8") as file:
        for row in _rows(connection, table.name):
            # NUL has no place in what duckdb reads; it stands in no text that a source may say.
            file.write(encode(dict(zip(names, row, strict=True))).replace("\\u0000", "") + "\n")


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    yield from cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 a name of the dictionary


def write_dictionary(connection: sqlite3.Connection, folder: Path) -> None:
    """`datapackage.json`: what each file holds, in the form of Frictionless Data."""
    package = {
        "name": "unsilenced",
        "version": meta(connection)["data_version"],
        "licenses": _licences(connection),
        "resources": [_resource(table) for table in dictionary()],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def _resource(table: Table) -> dict[str, Any]:
    fields = [
        {"name": c.name, "type": FRICTIONLESS_TYPES[c.type], "description": c.comment}
        for c in table.columns
    ]
    return {
        "name": table.name, "description": table.comment, "path": f"csv/{table.name}.csv",
        "format": "csv", "encoding": "utf-8", "schema": {"fields": fields},
    }  # fmt: skip


def _licences(connection: sqlite3.Connection) -> list[dict[str, str]]:
    rows = connection.execute("SELECT name, licence FROM sources ORDER BY name")
    return [{"name": name, "title": licence} for name, licence in rows]


def write_words(connection: sqlite3.Connection, folder: Path) -> None:
    """README, licences and the checkpoint, for whoever opens the folder."""
    facts = meta(connection)
    readme = (FOLDER / "release_readme.txt").read_text(encoding="utf-8")
    text = readme.replace("DATA_VERSION", facts["data_version"])
    (folder / "README.txt").write_text(text, encoding="utf-8")
    rows = connection.execute(
        "SELECT name, title, publisher, licence, status_in_country FROM sources ORDER BY name"
    )
    lines = [
        f"{name}: {title}\n  publisher: {by}\n  terms: {terms}\n  in its country: {risk}\n"
        for name, title, by, terms, risk in rows
    ]
    (folder / "LICENCES.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "checkpoint.txt").write_text(facts["checkpoint"] + "\n", encoding="utf-8")


def write_manifest(folder: Path) -> None:
    """`MANIFEST.sha256` over every other file; `sha256sum -c` checks it."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    lines = [f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"{path} cannot be read back: {error}.") from error
