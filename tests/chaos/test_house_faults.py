"""The house itself: a locked or foreign database, old libraries, open doors in the file modes."""

import os
import re
import sqlite3
import stat
import subprocess
import sys
import tomllib
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.catalogue import places, spec_of
from pipelines.spec import facts_of
from storage import database, runs, schema
from storage.config import Config
from storage.errors import Locked, NoRecord, RecordMissing
from storage.fetch_facts import FetchFacts
from storage.report import PartReport
from storage.store import Store, open_reader, open_writer
from storage.verify import verify
from tests.chaos.register_forms import api_page
from tests.chaos.registers import REG

ROOT = Path(__file__).parents[2]
# safety floors: below them a known hole is open
FLOORS = {
    "scrapy": "2.17", "twisted": "26.4", "lxml": "6.1.0", "jinja2": "3.1.6", "apscheduler": "3.11",
    "openpyxl": "3.1.5",
}  # fmt: skip


def _numbers(words: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", words)[:3])


def _home(tmp_path: Path) -> Config:
    config = Config(home=tmp_path / "home")
    store = open_writer(config)
    store.checkpoint()
    store.close()
    return config


@pytest.mark.fault(89)
def test_a_database_held_by_another_writer_is_waited_for_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _home(tmp_path)
    monkeypatch.setattr(database, "WRITE_WAIT_S", 0.2)
    store = open_writer(config)
    with closing(sqlite3.connect(config.home / "unsilenced.sqlite")) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked, match="nothing was changed"), store.write():
            pass
        other.execute("ROLLBACK")
        _a_reader_does_not_hold_up_a_writer(store, other)
    store.close()


def _a_reader_does_not_hold_up_a_writer(store: Store, other: sqlite3.Connection) -> None:
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM audit").fetchone()
    with store.write() as connection:
        store.log(connection, "tried", "beside a reader", {})
    other.execute("ROLLBACK")


@pytest.mark.fault(90)
def test_a_database_that_is_not_ours_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    config = _home(tmp_path)
    path = config.home / "unsilenced.sqlite"
    foreign = tmp_path / "foreign.sqlite"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE other (x)")
        connection.commit()
    for content in (b"", b"not a database at all", foreign.read_bytes()):
        path.write_bytes(content)
        for opened in (open_reader, open_writer):
            with pytest.raises(NoRecord):
                opened(config)
        assert path.read_bytes() == content


@pytest.mark.fault(90)
def test_a_database_that_the_checkpoints_know_is_not_made_anew(tmp_path: Path) -> None:
    config = _home(tmp_path)
    for file in config.home.glob("unsilenced.sqlite*"):
        file.unlink()
    with pytest.raises(RecordMissing, match="restore a backup"):
        open_writer(config)
    assert not (config.home / "unsilenced.sqlite").exists()


@pytest.mark.fault(90)
def test_a_newer_schema_and_a_network_disk_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _home(tmp_path)
    store = open_writer(config)
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(NoRecord, match="newer than this program"):
        open_writer(config)
    assert schema.NEWEST < "9999"
    monkeypatch.setattr(database, "_file_system", lambda _folder: "nfs4")
    with pytest.raises(NoRecord, match="network disk"):
        open_writer(Config(home=tmp_path / "other"))


@pytest.mark.fault(132)
@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_library_is_below_its_safety_floor(name: str) -> None:
    assert _numbers(version(name)) >= _numbers(FLOORS[name])


@pytest.mark.fault(132)
@pytest.mark.parametrize("file", ["core.txt", "dev.txt"])
def test_every_pin_has_a_hash_and_no_index_is_named(file: str) -> None:
    lines = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    pins = re.split(r"\n(?=[a-z0-9])", lines.strip())
    assert len(pins) > 50
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)
    assert "://" not in lines


@pytest.mark.fault(132)
def test_every_dependency_of_the_wheel_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = (ROOT / "requirements" / "core.txt").read_text(encoding="utf-8")
    names = [re.split(r"[<>=\[]", wish)[0].lower() for wish in project["dependencies"]]
    assert names
    assert [name for name in names if f"\n{name}==" not in f"\n{pinned}"] == []


@pytest.mark.fault(133)
def test_a_hostile_umask_opens_no_door(tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    file.write_bytes(api_page(REG(30)))
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "import", "agents_minjust", str(file)],
        env=os.environ | {"UNSILENCED_HOME": str(home)}, cwd=ROOT, umask=0, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [home, *home.rglob("*")]
    assert len(found) > 8
    doors = [path for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert doors == []


@pytest.mark.fault(29)
def test_another_root_for_the_same_host_is_an_audit_event_and_an_issue(tmp_path: Path) -> None:
    store = open_writer(_home(tmp_path))
    for root in ("webpki", "webpki", "extra"):
        _read_under(store, root)
    with store.read() as connection:
        events = connection.execute(
            text("SELECT subject FROM audit WHERE kind = 'tls-root-changed'")
        ).scalars()
        assert list(events) == ["registry.example"]
        issues = connection.execute(text("SELECT kind, heading FROM issue")).all()
    assert [tuple(row) for row in issues] == [("tls-root-changed", "registry.example")]
    assert verify(store).faults == []
    store.close()


def _read_under(store: Store, root: str) -> None:
    """One small whole read, vouched for by these roots."""
    facts = facts_of("agents_minjust", spec_of("agents_minjust"), places()["agents_minjust"])
    run = runs.begin(store, facts, "crawl")
    url = "https://registry.example/rest"
    body = f"page under {root} {run.id}".encode()
    run.add_fetch(
        FetchFacts(
            url=url, final_url=url, method="GET", fetched_at=store.clock.now(), status=200,
            wire=body, body=body, tls_root=root,
        )
    )  # fmt: skip
    run.finish([PartReport("register", observed=0, reasons={"maintenance": "closed"})])
