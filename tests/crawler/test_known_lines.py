"""Lines that were read before are not read again, and the record is the same as if they were."""

import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler import session
from crawler.importing import import_files
from crawler.spiders.blockings import dump_xml, register_csv
from pipelines import line_memory
from storage.clock import FixedClock
from storage.config import Config
from storage.models import Base
from storage.store import Store, open_writer
from tests.crawler.odd_registers import Lines, csv_files, xml_files

SOURCES = {"csv": "blocked_zapretinfo", "xml": "blocked_rkn"}
FILES = {"csv": csv_files, "xml": xml_files}
BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
APART = {"known_lines", "audit", "audit_payload"}  # the memory; and a home's own random beginning
STATES = 5


class Home:
    """A home whose clock stands; with `know` it knows the lines of the state before."""

    def __init__(self, folder: Path, keys: Path, *, know: bool) -> None:
        self.know = know
        shutil.copytree(keys, folder / "keys")
        self.clock = FixedClock(BEGAN)
        self.store: Store = open_writer(Config(home=folder), self.clock)

    def read(self, form: str, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        """Import one state; the memory is taken away where it shall not be."""
        self.clock.advance(hours=24)
        with monkeypatch.context() as patched:
            if not self.know:
                patched.setattr(session, "known_rows", lambda *_all: None)
            return import_files(self.store, SOURCES[form], paths)[-1]

    def tables(self) -> dict[str, list[str]]:
        """Every row of every table but the memory's own."""
        found = {}
        with self.store.read() as connection:
            for table in Base.metadata.sorted_tables:
                if table.name not in APART:
                    found[table.name] = sorted(map(str, connection.execute(table.select())))
        return found

    def known(self) -> int:
        """How many bytes of lines it knows."""
        with self.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT sum(length(entries)) FROM known_lines")
            return int(rows.scalar_one() or 0)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The keys that both homes share: without them their hashes could not be the same."""
    first = open_writer(Config(home=tmp_path / "first"))
    first.keys.hashing()
    first.close()
    return tmp_path / "first" / "keys"


@pytest.mark.parametrize("form", ["csv", "xml"])
@pytest.mark.parametrize("seed", range(4))
def test_the_record_is_the_same_whether_lines_are_known_or_not(
    tmp_path: Path,
    keys: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    seed: int,
    full_chaos: bool,
) -> None:
    for more in range(0, 12 if full_chaos else 4, 4):
        _same_record(tmp_path / str(more), keys, monkeypatch, form, seed + more)


def _same_record(
    tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch, form: str, seed: int
) -> None:
    tmp_path.mkdir()
    chance = random.Random(f"{form} {seed}")
    size = chance.choice([300, 2_000, 2**20])  # stretches of a few lines, and of all of them
    monkeypatch.setattr(register_csv, "STRETCH_BYTES", size)
    monkeypatch.setattr(dump_xml, "STRETCH_BYTES", size)
    slow, fast = (Home(tmp_path / n, keys, know=n == "fast") for n in ("slow", "fast"))
    lines = Lines(form, chance, stray=seed % 4 == 3)
    verdicts = []
    for number in range(STATES):
        paths = FILES[form](tmp_path, lines, BEGAN + timedelta(days=number), chance)
        runs = [home.read(form, paths, monkeypatch) for home in (slow, fast)]
        verdicts.append(runs[0]["verdict"])
        assert runs[0] == runs[1]
        assert slow.tables() == fast.tables()
        lines.next_day()
    if seed % 4 < 3:  # else a quote is left open and may swallow the rest of the file
        assert set(verdicts) <= {"complete", "held"}
        assert "complete" in verdicts
        assert fast.known() > 0
    assert slow.known() == 0


@pytest.mark.parametrize("form", ["csv", "xml"])
def test_another_parser_or_another_reference_list_reads_every_line_again(
    tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    home = Home(tmp_path / "home", keys, know=True)
    chance = random.Random(7)
    lines = Lines(form, chance, plain=True)
    home.read(form, FILES[form](tmp_path, lines, BEGAN, chance), monkeypatch)
    read: list[int] = []
    whole = line_memory.LineMemory.count
    monkeypatch.setattr(
        line_memory.LineMemory, "count", lambda *given: (read.append(1), whole(*given))[1]
    )
    day = BEGAN + timedelta(days=1)
    home.read(form, FILES[form](tmp_path, lines, day, chance), monkeypatch)
    assert len(read) < 10  # the first and the last line of a file are read by themselves
    counted = lines.counted()
    for what, value in (("parser_version", lambda: "another"), ("PROBE", b"another Python")):
        read.clear()
        day += timedelta(days=1)
        with monkeypatch.context() as patched:
            patched.setattr(line_memory, what, value)
            home.read(form, FILES[form](tmp_path, lines, day, chance), monkeypatch)
        assert len(read) > counted - 10
