"""A register of twenty thousand rows: ten sudden ends, both forms, and what must never be kept."""

import random
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from os import kill
from pathlib import Path
from signal import SIGKILL

import pytest

from crawler.recheck import recheck
from desk.release import publish
from storage.config import Config
from storage.store import open_writer
from storage.verify import verify
from tests.big_register import truth, write
from tests.chaos.collector_child import End, Nursery
from tests.crawler.served_crawl import stored

ROWS = 20_000
KILLS = 10
SOURCES = {"csv": "blocked_zapretinfo", "xml": "blocked_rkn"}
HARM = (b"canary", "canary".encode("utf-16-le"))
# What the record says, without the numbers of runs and revisions and without our own clock.
RECORD = (
    """SELECT r.key, r.status, r.first_seen_at, r.absent_at, r.ended_on, v.fields, v.measure,
       v.content_hash, v.judged_hash, v.quote, v.locator, v.digest, v.seen_at
       FROM record r JOIN revision v ON v.id = r.revision_id ORDER BY r.key""",
    """SELECT r.key, c.kind, c.at, c.fields, c.volatile FROM change c
       JOIN record r ON r.id = c.record_id ORDER BY r.key, c.kind, c.at""",
    "SELECT part_id, endpoint, rows, hashes FROM hashed_rows WHERE run_id = 0",
    "SELECT part_id, agency, day, rows FROM tally WHERE run_id = 0 ORDER BY agency, day",
    "SELECT part_id, reader, entries, hashes FROM known_lines WHERE run_id = 0",
    "SELECT kind, heading, text, locator FROM issue WHERE closed_at IS NULL ORDER BY kind, text",
    "SELECT count(*) FROM stage",
)


def record(home: Path) -> list[list[tuple[object, ...]]]:
    """All that a home says of its source."""
    with closing(sqlite3.connect(home / "unsilenced.sqlite")) as connection:
        return [connection.execute(statement).fetchall() for statement in RECORD]


def shut(nursery: Nursery, home: Path, source: str, path: Path, seconds: float) -> End:
    """An import that is killed after a while, unless it was done by then."""
    nursery.start(home, "import", source, str(path))
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        kill(nursery.pid, SIGKILL)
    return nursery.end()


@pytest.mark.chaos
@pytest.mark.parametrize("form", ["csv", "xml"])
def test_a_run_killed_many_times_leads_to_the_same_record_as_one_that_was_not(
    tmp_path: Path, form: str, full_chaos: bool
) -> None:
    rows, kills = (ROWS, KILLS) if full_chaos else (ROWS // 4, 3)
    days = [write(tmp_path / str(day), form, rows, day, reorder=day == 2)[0] for day in (1, 2)]
    source, known, chance = SOURCES[form], truth(rows), random.Random(f"sudden ends {form}")
    calm, hurt, morning = tmp_path / "calm", tmp_path / "hurt", tmp_path / "morning"
    said: list[str] = []
    with Nursery() as nursery:
        assert nursery.run(calm, "import", source, str(days[0])).code == 0
        shutil.copytree(calm, morning)  # the same keys, or no hash of theirs could be the same
        began = time.monotonic()
        assert nursery.run(calm, "import", source, str(days[1])).code == 0
        took = time.monotonic() - began
        killed = kills  # of runs on `hurt`, which is as in the morning until one comes to its end
        while killed < kills or not hurt.exists():
            if not hurt.exists():
                killed = 0
                shutil.copytree(morning, hurt)
            end = shut(nursery, hurt, source, days[1], chance.uniform(0.02, 0.8) * took)
            said.append(end.words)
            killed += 1
            if not end.killed:  # it was quicker than the first: begin again, and earlier
                took *= 0.7
                shutil.rmtree(hurt)
        end = nursery.run(hurt, "import", source, str(days[1]))
        said.append(end.words)
    assert end.code == 0, end.words
    assert record(hurt) == record(calm)
    listed = [row for row in record(hurt)[0] if row[1] == "listed"]
    assert len(listed) == known.kept_next
    assert not any("canary" in words for words in said)
    look_everywhere(hurt)


def look_everywhere(home: Path) -> None:
    """No harmful address in the database, its log, the evidence or a release; all is verified."""
    for word in HARM:
        assert word not in stored(home)
    store = open_writer(Config(home=home))
    assert verify(store).faults == []
    again = recheck(store)  # every fact is what its kept line says at its place
    assert again["faults"] == []
    assert again["checked"] > 0
    release = publish(store, home / "published")
    store.close()
    assert b"news" in stored(release.folder)
    for word in HARM:
        assert word not in stored(home)
