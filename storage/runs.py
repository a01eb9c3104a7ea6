"""One run from its start to its verdict: evidence first, then staging, then one transaction."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage import decide
from storage.evidence import sha256
from storage.fetch_facts import FetchFacts
from storage.fetch_rows import fetch_row
from storage.hashed import WIDTH
from storage.interrupted import close_interrupted, sweep
from storage.known_lines import Known, values_of
from storage.known_sources import ensure_part, note_source
from storage.models import Blob, Fetch, FetchMark, HashedRows, KnownLines, Run, Stage, Tally
from storage.outcome import run_json
from storage.read_marks import TAKEN, UNREAD, mark
from storage.report import PartReport
from storage.run_locks import hold, lock_path
from storage.source_facts import SourceFacts
from storage.staged_row import Issue, StagedRow
from storage.store import Store
from storage.version import SOFTWARE

# A crash loses at most the fetch rows of this many pages; their blobs are already safe.
FLUSH_PAGES, FLUSH_SECONDS = 64, 1.0
ROW_FIELDS = tuple(column.name for column in fields(StagedRow))
ENDED = -1  # in place of the lock's descriptor


class OpenRun:
    """A run that is being made. `finish` decides it; a crash leaves it to be swept."""

    def __init__(
        self, store: Store, facts: SourceFacts, run_id: int, trigger: str, lock: int
    ) -> None:
        self.store = store
        self.facts = facts
        self.id = run_id
        self.trigger = trigger
        self.fetch_count = 0
        self.flush_pages = FLUSH_PAGES
        self.issues: list[Issue] = []
        self._fetches: list[dict[str, Any]] = []
        self._blobs: dict[str, int] = {}
        self._rows: list[dict[str, Any]] = []
        self._parts: dict[str, int] = {}
        self._taken: list[dict[str, Any]] = []
        self._marks: list[dict[str, Any]] = []
        self._unread: set[str] = set()
        self._flushed_at = store.clock.monotonic()
        self._lock = lock

    def add_fetch(self, facts: FetchFacts, *, keep_body: bool = True) -> str:
        """Keep the bytes of a fetch, then note it; returns its id, `run-number`.

        With keep_body=False only digests are kept (harmful lists): `keep_lines` stores the rest."""
        self.fetch_count += 1
        fetch_id = f"{self.id}-{self.fetch_count}"
        wire = self._keep(facts.wire) if keep_body else _digest(facts.wire)
        body = wire if facts.body == facts.wire else None
        if body is None:
            body = self._keep(facts.body) if keep_body else _digest(facts.body)
        self._fetches.append(fetch_row(self.id, fetch_id, facts, wire, body, keep_body))
        return fetch_id

    def keep_lines(self, fetch_id: str, kept: bytes) -> str:
        """Store the kept lines of a body that is not stored whole; returns their digest."""
        digest = self._keep(kept)
        assert digest is not None
        for row in self._fetches:
            if row["id"] == fetch_id:
                row["body_sha256"] = digest
        return digest

    def note_charset(self, fetch_id: str, charset: str) -> None:
        """Record which charset a body was read with, while its row is not yet written."""
        for row in self._fetches:
            if row["id"] == fetch_id:
                row["charset"] = charset

    def note_unread(self, fetch_id: str, reason: str, words: str) -> None:
        """An answer that came whole and is not the page, or was not read to its end: it is asked
        again, and no replay takes it for the page."""
        if fetch_id not in self._unread:
            self._unread.add(fetch_id)
            self._marks.append(mark(self.id, fetch_id, UNREAD, reason, words))

    def take_over(self, fetch_id: str) -> None:
        """A page that an interrupted run stored is read by this one, if this one ends."""
        self._taken.append(mark(self.id, fetch_id, TAKEN))

    def stage(self, part: str, endpoint: int, rows: Iterable[StagedRow]) -> None:
        """Add rows to this run's staging; nothing of them is visible before the verdict."""
        part_id = self.part_id(part)
        for row in rows:
            values = {"run_id": self.id, "part_id": part_id, "endpoint": endpoint}
            self._rows.append(values | {name: getattr(row, name) for name in ROW_FIELDS})

    def page_done(self) -> None:
        """A page was read to its end: write now if enough has gathered."""
        if self._due():
            self.flush()

    def stage_hashes(
        self, part: str, endpoint: int, packed: bytes, tally: dict[tuple[str, str], int]
    ) -> None:
        """Stage rows that must not be kept: sorted keyed hashes, and counts by agency and day."""
        part_id = self.part_id(part)
        with self.store.write() as connection:
            connection.execute(
                insert(HashedRows).values(
                    part_id=part_id, run_id=self.id, endpoint=endpoint,
                    rows=len(packed) // WIDTH, hashes=packed,
                )
            )  # fmt: skip
            if tally:
                counts = [
                    {"part_id": part_id, "run_id": self.id, "agency": a, "day": d, "rows": n}
                    for (a, d), n in sorted(tally.items())
                ]
                connection.execute(insert(Tally), counts)

    def stage_lines(self, part: str, endpoint: int, known: Known) -> None:
        """Stage what the lines of a part led to, for the next state of it."""
        place = {"part_id": self.part_id(part), "run_id": self.id, "endpoint": endpoint}
        with self.store.write() as connection:
            connection.execute(insert(KnownLines).values(**place, **values_of(known)))

    def issue(self, issue: Issue) -> None:
        """Note one thing that was not understood."""
        self.issues.append(issue)

    def part_id(self, key: str) -> int:
        """Id of a part of this source, made known on first use."""
        if key not in self._parts:
            with self.store.write() as connection:
                self._parts[key] = ensure_part(connection, self.facts.name, key)
        return self._parts[key]

    def flush(self) -> None:
        """Write what was gathered in one transaction."""
        if self._fetches or self._rows or self._blobs or self._marks:
            with self.store.write() as connection:
                self._write(connection)
        self._fetches, self._rows, self._blobs, self._marks = [], [], {}, []
        self._flushed_at = self.store.clock.monotonic()

    def finish(self, reports: Sequence[PartReport], seen_at: str | None = None) -> dict[str, Any]:
        """Judge every part, reconcile what may be believed, close the run; returns its JSON.

        seen_at: the moment that the look stands for, where it is not now (an imported state)."""
        for report in reports:
            self.part_id(report.key)
        self._marks += self._taken
        self.flush()
        result = decide.close_run(self, reports, seen_at or self.store.now())
        self._release()
        self.store.checkpoint()
        return result

    def fail(self, words: str) -> dict[str, Any]:
        """We failed: nothing of the run becomes visible, its evidence stays.

        A run that was decided before the failure (a checkpoint that could not be written) stays
        as it was decided: the record holds its facts."""
        if self._lock == ENDED:
            return run_json(self.store, self.id)
        try:
            self.flush()
        finally:
            result = decide.fail_run(self, words)
            self._release()
        self.store.checkpoint()
        return result

    def interrupt(self) -> dict[str, Any]:
        """Somebody stopped us: evidence stays, nothing is decided."""
        self.flush()
        with self.store.write() as connection:
            close_interrupted(self.store, connection, self.id)
        self._release()
        self.store.checkpoint()
        return run_json(self.store, self.id)

    def _keep(self, data: bytes | None) -> str | None:
        if data is None:
            return None
        digest = self.store.blobs.put(data)
        self._blobs[digest] = len(data)
        return digest

    def _due(self) -> bool:
        late = self.store.clock.monotonic() - self._flushed_at > FLUSH_SECONDS
        return len(self._fetches) >= self.flush_pages or len(self._rows) >= 5000 or late

    def _write(self, connection: Connection) -> None:
        known = set(
            connection.execute(
                select(Blob.sha256).where(Blob.sha256.in_(list(self._blobs)))
            ).scalars()
        )
        fresh = [
            {"sha256": digest, "size": size, "run_id": self.id}
            for digest, size in self._blobs.items()
            if digest not in known
        ]
        for table, rows in (
            (Blob, fresh), (Fetch, self._fetches), (FetchMark, self._marks), (Stage, self._rows),
        ):  # fmt: skip
            if rows:
                connection.execute(insert(table), rows)

    def _release(self) -> None:
        descriptor, self._lock = self._lock, ENDED
        os.close(descriptor)
        lock_path(self.store.home, self.id).unlink(missing_ok=True)


def begin(store: Store, facts: SourceFacts, trigger: str) -> OpenRun:
    """Start a run: sweep the runs of dead processes, note source and start. Raises DiskFull."""
    store.require_disk()
    sweep(store)
    with store.write() as connection:
        note_source(connection, facts)
        run_id = connection.execute(select(func.coalesce(func.max(Run.id), 0) + 1)).scalar_one()
        values = {"id": run_id, "source": facts.name, "trigger": trigger}
        started = {"started_at": store.now(), "parser": facts.parser, "software": SOFTWARE}
        connection.execute(insert(Run).values(**values, **started))
        store.log(connection, "run-started", f"run {run_id}", values)
        lock = hold(store.home, run_id)  # before the commit: a sweep must never see it unheld
    return OpenRun(store, facts, run_id, trigger, lock)


def _digest(data: bytes | None) -> str | None:
    return None if data is None else sha256(data)
