"""One run from its start to its verdict: evidence first, then staging, then one transaction."""

import fcntl
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage import decide
from storage.audit import canonical
from storage.clock import moment
from storage.evidence import sha256
from storage.fetch_facts import FetchFacts
from storage.keys import private_folder
from storage.models import Blob, Fetch, HashedRows, IssueRow, Part, Run, Source, Stage, Tally
from storage.report import INTERRUPTED, PartReport
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
        self.issues: list[Issue] = []
        self._fetches: list[dict[str, Any]] = []
        self._blobs: dict[str, int] = {}
        self._rows: list[dict[str, Any]] = []
        self._parts: dict[str, int] = {}
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
        self._fetches.append(_fetch_row(self.id, fetch_id, facts, wire, body, keep_body))
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
        self, part: str, endpoint: int, hashes: Sequence[bytes], tally: dict[tuple[str, str], int]
    ) -> None:
        """Stage rows that must not be kept: keyed hashes and counts by agency and day."""
        part_id = self.part_id(part)
        packed = b"".join(sorted(hashes))
        with self.store.write() as connection:
            connection.execute(
                insert(HashedRows).values(
                    part_id=part_id, run_id=self.id, endpoint=endpoint,
                    rows=len(hashes), hashes=packed,
                )
            )  # fmt: skip
            if tally:
                connection.execute(
                    insert(Tally),
                    [
                        {"part_id": part_id, "run_id": self.id, "agency": a, "day": d, "rows": n}
                        for (a, d), n in sorted(tally.items())
                    ],
                )

    def issue(self, issue: Issue) -> None:
        """Note one thing that was not understood."""
        self.issues.append(issue)

    def part_id(self, key: str) -> int:
        """Id of a part of this source, made known on first use."""
        if key not in self._parts:
            with self.store.write() as connection:
                self._parts[key] = _ensure_part(connection, self.facts.name, key)
        return self._parts[key]

    def flush(self) -> None:
        """Write what was gathered in one transaction."""
        if self._fetches or self._rows or self._blobs:
            with self.store.write() as connection:
                self._write(connection)
        self._fetches, self._rows, self._blobs = [], [], {}
        self._flushed_at = self.store.clock.monotonic()

    def finish(self, reports: Sequence[PartReport], seen_at: str | None = None) -> dict[str, Any]:
        """Judge every part, reconcile what may be believed, close the run; returns its JSON.

        seen_at: the moment that the look stands for, where it is not now (an imported state)."""
        for report in reports:
            self.part_id(report.key)
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
            return decide.run_json(self.store, self.id)
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
        return decide.run_json(self.store, self.id)

    def _keep(self, data: bytes | None) -> str | None:
        if data is None:
            return None
        digest = self.store.blobs.put(data)
        self._blobs[digest] = len(data)
        return digest

    def _due(self) -> bool:
        late = self.store.clock.monotonic() - self._flushed_at > FLUSH_SECONDS
        return len(self._fetches) >= FLUSH_PAGES or len(self._rows) >= 5000 or late

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
        for table, rows in ((Blob, fresh), (Fetch, self._fetches), (Stage, self._rows)):
            if rows:
                connection.execute(insert(table), rows)

    def _release(self) -> None:
        descriptor, self._lock = self._lock, ENDED
        os.close(descriptor)
        _lock_path(self.store.home, self.id).unlink(missing_ok=True)


def begin(store: Store, facts: SourceFacts, trigger: str) -> OpenRun:
    """Start a run: sweep the runs of dead processes, note source and start. Raises DiskFull."""
    store.require_disk()
    sweep(store)
    with store.write() as connection:
        _note_source(connection, facts)
        run_id = connection.execute(select(func.coalesce(func.max(Run.id), 0) + 1)).scalar_one()
        values = {"id": run_id, "source": facts.name, "trigger": trigger}
        started = {"started_at": store.now(), "parser": facts.parser, "software": SOFTWARE}
        connection.execute(insert(Run).values(**values, **started))
        store.log(connection, "run-started", f"run {run_id}", values)
        lock = _hold(store.home, run_id)  # before the commit: a sweep must never see it unheld
    return OpenRun(store, facts, run_id, trigger, lock)


def sweep(store: Store) -> list[int]:
    """Mark the runs of processes that died as interrupted and throw their staging away."""
    with store.read() as connection:
        open_ids = list(connection.execute(select(Run.id).where(Run.ended_at.is_(None))).scalars())
    dead = [run_id for run_id in open_ids if not _alive(store.home, run_id)]
    if dead:
        with store.write() as connection:
            for run_id in dead:
                close_interrupted(store, connection, run_id)
        for run_id in dead:
            _lock_path(store.home, run_id).unlink(missing_ok=True)
        store.checkpoint()
    return dead


def close_interrupted(store: Store, connection: Connection, run_id: int) -> None:
    """A run that did not reach its verdict: its evidence stays, its rows do not."""
    clear_staging(connection, run_id)
    fetched = select(func.count()).select_from(Fetch).where(Fetch.run_id == run_id)
    connection.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(
            ended_at=store.now(), verdict=INTERRUPTED,
            reasons=canonical(["interrupted"]), fetches=fetched.scalar_subquery(),
        )
    )  # fmt: skip
    store.log(connection, "run-interrupted", f"run {run_id}", {})


def clear_staging(connection: Connection, run_id: int, part_id: int | None = None) -> None:
    """Throw away what a run had staged, of one part or of all."""
    for table in (Stage, HashedRows, Tally):
        statement = delete(table).where(table.run_id == run_id)
        if part_id is not None:
            statement = statement.where(table.part_id == part_id)
        connection.execute(statement)


def clear_part(connection: Connection, part_id: int) -> None:
    """A part is decided: what its held runs had staged is of no more use."""
    for table in (Stage, HashedRows, Tally):
        kept = (table.part_id == part_id) & (table.run_id != 0)
        connection.execute(delete(table).where(kept))


def _note_source(connection: Connection, facts: SourceFacts) -> None:
    columns = {c.name for c in Source.__table__.columns}
    values = {k: v for k, v in asdict(facts).items() if k in columns}
    found = connection.execute(select(Source.spec_sha256).where(Source.name == facts.name)).scalar()
    if found is None:
        connection.execute(insert(Source).values(**values))
    elif found != facts.spec_sha256:
        connection.execute(update(Source).where(Source.name == facts.name).values(**values))


def _ensure_part(connection: Connection, source: str, key: str) -> int:
    where = (Part.source == source) & (Part.key == key)
    found = connection.execute(select(Part.id).where(where)).scalar()
    if found is None:
        connection.execute(insert(Part).values(source=source, key=key, official=False))
        found = connection.execute(select(Part.id).where(where)).scalar_one()
    return found


def _lock_path(home: Path, run_id: int) -> Path:
    return home / "locks" / f"run-{run_id}.lock"


def _hold(home: Path, run_id: int) -> int:
    """A lock that dies with this process: how a later start knows that the run is dead."""
    private_folder(home / "locks")
    descriptor = os.open(_lock_path(home, run_id), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _alive(home: Path, run_id: int) -> bool:
    try:
        descriptor = os.open(_lock_path(home, run_id), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _digest(data: bytes | None) -> str | None:
    return None if data is None else sha256(data)


def _fetch_row(
    run_id: int, fetch_id: str, facts: FetchFacts, wire: str | None, body: str | None, kept: bool
) -> dict[str, Any]:
    """The columns of `fetch`; a body that is not kept leaves only the digest of the whole."""
    return {
        "id": fetch_id, "run_id": run_id, "part": facts.part, "endpoint": facts.endpoint,
        "form": facts.form, "context": canonical(facts.context), "origin": facts.origin,
        "url": facts.url, "final_url": facts.final_url, "chain": canonical(list(facts.chain)),
        "method": facts.method, "request_headers": json.dumps(facts.request_headers),
        "request_sha256": facts.request_body_sha256, "status": facts.status,
        "response_headers": json.dumps(facts.response_headers, ensure_ascii=False),
        "peer": facts.peer, "tls_sha256": facts.tls_cert_sha256, "tls_root": facts.tls_root,
        "fetched_at": moment(facts.fetched_at), "elapsed_ms": facts.elapsed_ms,
        "server_date": facts.server_date, "clock_skew_s": _whole(facts.clock_skew_s),
        "wire_sha256": wire, "body_sha256": body if kept else None,
        "whole_sha256": None if kept else body,
        "length": None if facts.body is None else len(facts.body),
        "content_type": facts.content_type, "charset": None, "flags": canonical(facts.flags),
        "failure": facts.failure, "failure_text": facts.failure_text,
    }  # fmt: skip


def record_issues(
    connection: Connection, source: str, run_id: int, at: str, issues: Sequence[Issue]
) -> int:
    """Open issues, or count an open one again; returns how many distinct ones this run saw."""
    distinct = {(i.part, i.kind, i.heading, i.locator): i for i in issues}
    for issue in distinct.values():
        where = (
            (IssueRow.source == source)
            & (IssueRow.part == issue.part)
            & (IssueRow.kind == issue.kind)
            & (IssueRow.heading == issue.heading)
            & (IssueRow.locator == issue.locator)
            & IssueRow.closed_at.is_(None)
        )
        again = update(IssueRow).where(where)
        values = {"run_id": run_id, "digest": issue.digest, "text": issue.text}
        if connection.execute(again.values(times=IssueRow.times + 1, **values)).rowcount == 0:
            connection.execute(
                insert(IssueRow).values(
                    source=source, part=issue.part, kind=issue.kind, heading=issue.heading,
                    locator=issue.locator, opened_at=at, times=1, **values,
                )
            )  # fmt: skip
    return len(distinct)
