"""Faults 81 to 88: bytes and chain that were damaged, swapped or rewritten behind our back."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from storage import audit
from storage.errors import BlobError
from storage.evidence import BlobStore
from tests.chaos.registers import REG
from tests.chaos.world import World, assert_world_intact, values


@pytest.fixture(scope="module")
def three_runs(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A baseline, an addition, a new name."""
    made = World(tmp_path_factory.mktemp("three"))
    for register in (REG(40), REG(41), REG(41).renamed(4, "Проект «Другой»")):
        assert made.show(register, days=1)["verdict"] == "complete"
    return made


@pytest.fixture
def world(three_runs: World, tmp_path: Path) -> Iterator[World]:
    """A copy of the three runs, to be damaged."""
    made = three_runs.copy_to(tmp_path)
    yield made
    made.store.close()


@contextmanager
def damaged(world: World, path: Path) -> Iterator[Path]:
    """A file that will be put back, as a restore from a backup would; then all is well again."""
    before, kept = world.state(), path.with_name(path.name + ".kept")
    world.reopen()  # the last connection that closes brings the WAL into the file
    shutil.copy2(path, kept)
    yield path
    world.reopen()
    for leftover in (path, *path.parent.glob(f"{path.name}-*")):
        leftover.unlink(missing_ok=True)
    os.rename(kept, path)
    assert_world_intact(world, before)


def blob_of(world: World, number: int) -> Path:
    """The blob on which the present fact of a number rests."""
    return world.store.blobs.path(world.record(number)["digest"])


@pytest.mark.fault(82)
@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.999])
def test_one_flipped_bit_is_found_and_the_facts_are_named(world: World, place: float) -> None:
    with damaged(world, blob_of(world, 41)) as path:
        data = bytearray(path.read_bytes())
        data[int(place * len(data))] ^= 0x10
        path.write_bytes(data)
        findings = world.verify()
        assert any(path.name.removesuffix(".zst") in fault for fault in findings.faults)
        assert world.record(41)["fact"] in findings.facts
        assert world.record(1)["fact"] not in findings.facts


@pytest.mark.fault(82)
@pytest.mark.parametrize("kept", [0, 1, 9, 100, -1])
def test_a_cut_frame_is_found(world: World, kept: int) -> None:
    with damaged(world, blob_of(world, 41)) as path:
        path.write_bytes(path.read_bytes()[:kept])
        findings = world.verify()
        assert len(findings.faults) == 1 and findings.facts == [world.record(41)["fact"]]


@pytest.mark.fault(83)
def test_a_deleted_a_swapped_and_a_linked_blob_are_found(world: World, tmp_path: Path) -> None:
    other = blob_of(world, 1)
    with damaged(world, blob_of(world, 41)) as path:
        data = path.read_bytes()
        path.unlink()
        assert "missing" in world.verify().faults[0]
        shutil.copy2(other, path)
        assert "other bytes" in world.verify().faults[0]
        path.unlink()
        outside = tmp_path / "outside.zst"
        outside.write_bytes(data)
        path.symlink_to(outside)
        assert "symbolic link" in world.verify().faults[0]
        assert world.verify().facts == [world.record(41)["fact"]]


@pytest.mark.fault(81)
def test_a_torn_blob_under_its_name_is_not_adopted_and_stays(world: World) -> None:
    before = world.state()
    register = REG(42)
    world.clock.advance(days=1)
    body = values(register)["values_0.json"]
    path = world.store.blobs.path(hashlib.sha256(body).hexdigest())
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x28\xb5\x2f\xfd half a frame of a version that crashed")
    with pytest.raises(BlobError, match="move it to") as caught:
        world.give({"v.json": body})
    assert path.read_bytes().startswith(b"\x28\xb5\x2f\xfd half")
    beside = path.with_name(str(caught.value).partition("move it to ")[2].split(" ")[0])
    path.rename(beside)
    assert_world_intact(world, before)
    assert world.give({"v.json": body})["verdict"] == "complete"
    assert beside.exists() and path.exists()


@pytest.mark.fault(84)
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit SET actor='nobody' WHERE seq=5", "audit entry 5 was edited"),
        ("UPDATE audit_payload SET payload='{}' WHERE seq=5", "payload of audit entry 5"),
        ("DELETE FROM audit WHERE seq=4", "audit entry 4 is missing"),
        ("UPDATE audit SET seq=-seq WHERE seq IN (4,5); UPDATE audit SET seq=9+seq WHERE seq<0",
         "audit entry 4"),
        ("UPDATE revision SET fields=replace(fields,'Другой','Третий')", "was edited"),
        ("UPDATE change SET at='2020-01-01T00:00:00Z' WHERE id=1", "facts or changes of run 1"),
        ("DELETE FROM change WHERE id=1", "facts or changes of run 1"),
        ("UPDATE revision SET locator='/values/0' WHERE id=9", "facts or changes of run 1"),
    ],
)  # fmt: skip
def test_an_edited_row_is_found_and_named(world: World, statement: str, words: str) -> None:
    with damaged(world, world.home / "unsilenced.sqlite"):
        with edit(world) as connection:
            connection.executescript(statement)
        faults = world.verify().faults
        assert any(words in fault for fault in faults), faults


@contextmanager
def edit(world: World) -> Iterator[sqlite3.Connection]:
    """The database as an insider has it: without the triggers that guard it."""
    world.reopen()
    with closing(sqlite3.connect(world.home / "unsilenced.sqlite")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.fault(84)
@pytest.mark.parametrize("k", [1, 2, 5])
def test_entries_cut_off_the_end_are_found_by_the_checkpoints(world: World, k: int) -> None:
    with damaged(world, world.home / "unsilenced.sqlite"):
        with edit(world) as connection:
            last = connection.execute("SELECT max(seq) FROM audit").fetchone()[0]
            for table in ("audit_payload", "audit"):
                connection.execute(f"DELETE FROM {table} WHERE seq > {last - k}")
        faults = world.verify().faults
        assert any("the end of the chain was cut off" in fault for fault in faults)


@pytest.mark.fault(85)
def test_a_chain_recomputed_by_an_insider_fails_against_a_checkpoint_held_elsewhere(
    world: World, tmp_path: Path
) -> None:
    journal = world.home / "checkpoints" / "checkpoints.jsonl"
    elsewhere = tmp_path / "digest-of-last-week.txt"
    elsewhere.write_text(f"Checkpoint: {journal.read_text().splitlines()[-1]}\n")
    kept = journal.read_bytes()
    with damaged(world, world.home / "unsilenced.sqlite"):
        with edit(world) as connection:
            recompute(connection)
        assert any("rewritten" in fault for fault in world.verify().faults)
        journal.unlink()  # the insider has the key as well
        world.store.checkpoint()
        assert world.verify().faults == [], "inside, nothing can tell"
        faults = world.verify(against=elsewhere).faults
        assert any(elsewhere.name in fault and "rewritten" in fault for fault in faults)
        journal.write_bytes(kept)
    assert world.verify(against=elsewhere).faults == []


def recompute(connection: sqlite3.Connection) -> None:
    """Another actor in entry 2, and every hash after it made to fit."""
    connection.execute("UPDATE audit SET actor='somebody else' WHERE seq=2")
    prev = audit.GENESIS
    rows = connection.execute(
        "SELECT seq, at, actor, kind, subject, payload_sha256 FROM audit ORDER BY seq"
    ).fetchall()
    for row in rows:
        value = audit.entry_hash(prev, *row)
        connection.execute("UPDATE audit SET prev=?, hash=? WHERE seq=?", (prev, value, row[0]))
        prev = value


@pytest.mark.fault(86)
@pytest.mark.parametrize("table", ["audit", "fetch", "revision", "change", "blob"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET rowid=rowid", "DELETE FROM {}"])
def test_history_cannot_be_edited_through_the_database(world: World, table: str, verb: str) -> None:
    before = world.state()
    world.reopen()
    with (
        closing(sqlite3.connect(world.home / "unsilenced.sqlite")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(verb.format(table))
    assert_world_intact(world, before)


@pytest.mark.fault(87)
def test_a_fact_without_a_fetch_cannot_be_committed(world: World) -> None:
    from sqlalchemy.exc import IntegrityError

    from storage.errors import StorageError

    before = world.state()
    statement = (
        "INSERT INTO revision (record_id, run_id, fetch_id, digest, locator, quote, fields, "
        "measure, content_hash, judged_hash, role, seen_at, past, parser) "
        "SELECT record_id, run_id, '99-1', digest, locator, quote, fields, measure, "
        "content_hash, judged_hash, role, seen_at, past, parser FROM revision WHERE id = 1"
    )
    with (
        pytest.raises((StorageError, IntegrityError), match="FOREIGN KEY"),
        world.store.write() as connection,
    ):
        connection.exec_driver_sql(statement)
    assert_world_intact(world, before)


@pytest.mark.fault(88)
@pytest.mark.parametrize("data", [b"", b"\0", b"x" * (32 * 1024 * 1024)])
def test_blobs_of_every_size_come_back_as_they_were(tmp_path: Path, data: bytes) -> None:
    blobs = BlobStore(tmp_path)
    assert blobs.get(blobs.put(data)) == data
    assert blobs.put(data) == hashlib.sha256(data).hexdigest()
    assert len(list(tmp_path.rglob("*.zst"))) == 1


@pytest.mark.fault(88)
def test_digests_that_share_their_first_letters_are_two_blobs(tmp_path: Path) -> None:
    blobs, seen = BlobStore(tmp_path), {}
    for n in range(2000):
        data = str(n).encode()
        digest = hashlib.sha256(data).hexdigest()
        if digest[:4] in seen:
            break
        seen[digest[:4]] = data
    one, two = seen[digest[:4]], data
    assert blobs.path(blobs.put(one)).parent == blobs.path(blobs.put(two)).parent
    assert blobs.get(hashlib.sha256(one).hexdigest()) == one
    assert blobs.get(hashlib.sha256(two).hexdigest()) == two


@pytest.mark.fault(124)
@pytest.mark.parametrize("digest", ["../../etc/passwd", "a" * 63 + "/", "", "A" * 64, "../" * 21])
def test_a_name_that_is_no_digest_reaches_no_file(tmp_path: Path, digest: str) -> None:
    with pytest.raises(BlobError, match="not a SHA-256"):
        BlobStore(tmp_path).get(digest)
