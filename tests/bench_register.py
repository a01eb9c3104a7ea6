"""The arms of `make bench` on a register of blocked sites of a million rows (tests.big_register).

Day 2 has its rows in another order. Each arm asserts what it finds by the truth of the generator.
"""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.importing import import_files
from storage.config import Config
from storage.store import open_writer
from tests.big_register import Truth, truth, write

SOURCES = {"csv": "blocked_zapretinfo", "xml": "blocked_rkn"}
ROWS = {"csv": 1_000_000, "xml": 300_000}
BLOCK = 4 * 2**20


def file_of(folder: Path, form: str, day: int) -> Path:
    """The file of a day."""
    return folder / form / str(day) / f"dump.{form}"


def make(folder: Path, form: str) -> None:
    """Both days, the second in an order of its own; and what is true of them, which takes memory
    and time that no other arm shall pay for."""
    told = folder / form / "truth.json"
    told.parent.mkdir(parents=True, exist_ok=True)
    told.write_text(json.dumps(asdict(truth(ROWS[form]))), encoding="utf-8")
    for day in (1, 2):
        write(file_of(folder, form, day).parent, form, ROWS[form], day, reorder=day == 2)


def known(path: Path) -> Truth:
    """What is true of the register of a file."""
    return Truth(**json.loads((path.parent.parent / "truth.json").read_text(encoding="utf-8")))


def read(path: Path) -> None:
    """The limit: read and decode, in blocks."""
    lines = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            lines += block.decode("cp1251").count("\n")
    assert lines == known(path).rows_next + 1, f"{lines} lines"


def iterparse(path: Path) -> None:
    """The usual way through a large XML file."""
    from lxml import etree

    records = 0
    for _event, element in etree.iterparse(path, tag="content", huge_tree=True):
        records += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    assert records == known(path).rows_next, f"{records} records"


def import_table(path: Path) -> None:
    """`sqlite3 .import` of the file, where that program is there."""
    program = shutil.which("sqlite3")
    base = path.with_suffix(".sqlite")
    base.unlink(missing_ok=True)
    if program is None:
        import_by_module(path, base)
    else:
        columns = "CREATE TABLE rows (ips, domain, urls, agency, number, day);"
        words = [columns, ".mode csv", ".separator ;", f".import --skip 1 {path} rows"]
        subprocess.run([program, str(base), *words], check=True, capture_output=True)
    with sqlite3.connect(base) as connection:
        rows = connection.execute("SELECT count(*) FROM rows").fetchone()[0]
    assert rows == known(path).rows, f"{rows} rows"


def import_by_module(path: Path, base: Path) -> None:
    """The same by Python's own modules: `csv` and one `executemany`."""
    import csv

    with sqlite3.connect(base) as connection, path.open(encoding="cp1251", newline="\n") as file:
        connection.execute("CREATE TABLE rows (ips, domain, urls, agency, number, day)")
        next(file)
        rows = csv.reader(file, delimiter=";")
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)", rows)


def ours(path: Path, form: str, home: Path, day: int) -> None:
    """Evidence, verdict, comparison and record of one day."""
    store = open_writer(Config(home=home))
    run: dict[str, Any] = import_files(store, SOURCES[form], [path])[-1]
    true, changes = known(path), run["changes"]
    assert run["verdict"] == "complete", run
    if day == 1:
        assert (run["observed"], changes["appeared"]) == (true.rows, true.kept), run
    else:
        moved = true.edited if form == "csv" else 0  # without numbers: one new and one gone
        assert (run["observed"], run["absent"]) == (true.rows_next, true.removed + moved), run
        assert changes["appeared"] == true.appeared + moved, run
        assert changes["changed"] == true.readdressed + true.edited - moved, run
    store.close()


def works(folder: Path) -> dict[str, Callable[[], None]]:
    """The arms by name, in the order in which they must run."""

    def day(form: str, number: int) -> Callable[[], None]:
        path = file_of(folder, form, number)
        return lambda: ours(path, form, folder / f"home-{form}", number)

    return {
        "csv-make": lambda: make(folder, "csv"),
        "csv-import": lambda: import_table(file_of(folder, "csv", 1)),
        "csv-first": day("csv", 1),
        "csv-read": lambda: read(file_of(folder, "csv", 2)),
        "csv-next": day("csv", 2),
        "xml-make": lambda: make(folder, "xml"),
        "xml-first": day("xml", 1),
        "xml-iterparse": lambda: iterparse(file_of(folder, "xml", 2)),
        "xml-next": day("xml", 2),
    }
