"""Looks at a source, written through storage as a crawl, an import or a replay writes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from storage import runs
from storage.clock import read_moment
from storage.evidence import sha256
from storage.fetch_facts import FetchFacts
from storage.hashed import row_hash
from storage.queries import Filters, changes, issues, records
from storage.report import PartReport
from storage.source_facts import SourceFacts
from storage.staged_row import Issue
from tests.desk.world import AGENTS, Row, World, staged_row

START = read_moment("2026-01-05T03:00:00Z")


@dataclass(frozen=True, slots=True)
class Look:
    """What one run meets: rows told, keys of rows that are only hashed, issues, and how it was.

    own_day  day of the state's own date, counted from the first look; null: it states none
    """

    rows: Sequence[Row]
    hashed: Sequence[str] = ()
    issues: Sequence[Issue] = ()
    trigger: str = "crawl"
    endpoint: int = 0
    role: str = "official"
    own_day: int | None = None
    same_bytes: bool = False
    not_understood: int = 0
    reason: str | None = None
    kept_lines: bool = False


class Record:
    """A home that is looked at day after day."""

    def __init__(self, folder: Path, facts: SourceFacts = AGENTS) -> None:
        self.world = World(folder, "2026-01-05T03:00:00Z")
        self.store = self.world.store
        self.facts = facts

    def look(self, day: int, look: Look) -> dict[str, Any]:
        """One run on a day counted from the first look."""
        self.world.clock.at = START + timedelta(days=day)
        run = runs.begin(self.store, self.facts, look.trigger)
        body = f"{day} {look}".encode()
        fetch_id = self._fetch(run, body, look)
        digest = sha256(body)
        if look.kept_lines:
            digest = run.keep_lines(fetch_id, body)
        rows = [staged_row(row, self.facts, fetch_id, digest) for row in look.rows]
        run.stage("register", look.endpoint, rows)
        if look.hashed:
            secret = self.store.keys.hashing()
            found = b"".join(sorted(row_hash(secret, key) for key in look.hashed))
            run.stage_hashes("register", look.endpoint, found, {})
        run.issues += look.issues
        return run.finish([self._report(look, sha256(body))])

    def _fetch(self, run: runs.OpenRun, body: bytes, look: Look) -> str:
        url = "https://registry.example/values"
        told = FetchFacts(
            url=url, final_url=url, method="GET", status=200, fetched_at=self.world.clock.now(),
            wire=body, body=body, part="register", endpoint=look.endpoint,
        )  # fmt: skip
        return run.add_fetch(told, keep_body=not look.kept_lines)

    def _report(self, look: Look, digest: str) -> PartReport:
        report = PartReport(
            "register", endpoint=look.endpoint, role=look.role, pages={"1": digest},
            observed=len(look.rows) + len(look.hashed) + look.not_understood,
            hashed=len(look.hashed), unkeyed=look.not_understood, same_bytes=look.same_bytes,
        )  # fmt: skip
        if self.facts.number_field:
            report.numbers = {int(row.key[0]) for row in look.rows}
        if look.own_day is not None:
            report.state_at = START + timedelta(days=look.own_day)
        if look.reason is not None:
            report.fail(look.reason, "as the test has it")
        return report

    def told(self) -> list[tuple[str, str]]:
        """Every change in order: key and kind."""
        with self.store.read() as connection:
            return [(c["key"][0], c["change"]) for c in changes(connection, Filters())]

    def statuses(self) -> dict[str, str]:
        """Key of every record -> does its row stand there."""
        with self.store.read() as connection:
            return {r["key"][0]: r["status"] for r in records(connection, Filters())}

    def field(self, key: str, name: str) -> Any:
        """A field of a record as it is told now."""
        with self.store.read() as connection:
            found = [r for r in records(connection, Filters()) if r["key"][0] == key]
        return found[0]["fields"][name]

    def issues(self, status: str = "open") -> list[dict[str, Any]]:
        """Issues as the command lists them."""
        with self.store.read() as connection:
            return list(issues(connection, Filters(status=status)))


def of(facts: SourceFacts, **other: Any) -> SourceFacts:
    """A source that differs in some facts."""
    return replace(facts, **other)
