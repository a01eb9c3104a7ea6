"""From what readers say to staged rows: the one path that crawl, import and replay share."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines import kept_lines
from pipelines.observation import Observation
from pipelines.protect import keep_allowed, scrub
from pipelines.reading import (
    BadRow,
    Declared,
    Normalised,
    Oddity,
    OnPage,
    Said,
    SourcePage,
    StateAt,
)
from pipelines.spec import Spec
from storage.audit import canonical
from storage.delta import RAW
from storage.evidence import sha256
from storage.report import PartReport
from storage.runs import OpenRun
from storage.staged_row import Issue, StagedRow

Normaliser = Callable[[Observation, Spec], Normalised]
QUOTE_LIMIT = 1_000
# A row that is there but could not be read: staged under its key, judged as unchanged.
UNREAD = ""


class LimitReached(Exception):
    """`--limit N`: enough observations were read."""


@dataclass
class _Gathered:
    """Rows of one part and endpoint seen so far in this run."""

    keys: dict[str, str] = field(default_factory=dict)
    hashes: list[bytes] = field(default_factory=list)
    tally: Counter[tuple[str, str]] = field(default_factory=Counter)


class Intake:
    """Takes pages of one run apart into staged rows, issues and part reports."""

    def __init__(
        self, run: OpenRun, spec: Spec, normalise: Normaliser, *, limit: int | None = None
    ) -> None:
        self.run = run
        self.spec = spec
        self.normalise = normalise
        self.limit = limit
        self.reports: dict[tuple[str, int], PartReport] = {}
        self._gathered: dict[tuple[str, int], _Gathered] = {}
        self._secret = run.store.keys.hashing()

    def report(
        self, part: str, endpoint: int, *, url: str = "", role: str = "official"
    ) -> PartReport:
        """The report of a part as read from one endpoint, begun on first use."""
        key = (part, endpoint)
        if key not in self.reports:
            self.reports[key] = PartReport(part, endpoint=endpoint, url=url, role=role)
            self._gathered[key] = _Gathered()
        return self.reports[key]

    def take(self, page: SourcePage, said: Iterable[Said]) -> list[StagedRow]:
        """Stage what a reader says of one page. Raises LimitReached, and SourceError of readers.

        Rows said before an error stay staged: the verdict decides what they are worth."""
        rows: list[StagedRow] = []
        try:
            for one in said:
                self._take_one(page, one, rows)
        finally:
            self._close_page(page, rows)
        return rows

    def finish_hashes(self) -> None:
        """Stage the hashed rows of every part, once all pages are read."""
        for (part, endpoint), gathered in self._gathered.items():
            if gathered.hashes:
                self.run.stage_hashes(part, endpoint, gathered.hashes, gathered.tally)

    def _take_one(self, page: SourcePage, one: Said, rows: list[StagedRow]) -> None:
        if isinstance(one, OnPage):
            page, one = one.page, one.seen
        report = self.report(page.part, page.endpoint)
        if isinstance(one, Observation):
            self._take_row(page, report, one, rows)
            if self.limit is not None and report.observed >= self.limit:
                report.fail("limited", f"Stopped after {self.limit} rows, as asked.")
                raise LimitReached
        elif isinstance(one, Declared):
            report.declared = one.rows
        elif isinstance(one, StateAt):
            report.state_at = max(one.at, report.state_at) if report.state_at else one.at
        elif isinstance(one, Oddity):
            self._issue(page, one.kind, one.heading, one.text, one.locator)
        elif isinstance(one, BadRow):
            self._take_bad(page, report, one, rows)

    def _take_row(
        self, page: SourcePage, report: PartReport, seen: Observation, rows: list[StagedRow]
    ) -> None:
        report.observed += 1
        if report.observed > self.spec.max_rows:
            report.fail("too-large", f"More than {self.spec.max_rows} rows: is this the source?")
            raise LimitReached
        gathered = self._gathered[(page.part, page.endpoint)]
        result = self.normalise(seen, self.spec)
        if self.spec.number_field and seen.key[0].isdecimal():
            report.numbers.add(int(seen.key[0]))
        if not result.kept:
            report.hashed += 1
            gathered.hashes.append(self._hash(seen.key))
            gathered.tally[result.tally] += 1
            return
        for trouble in result.troubles:
            report.issues += 1
            self._issue(page, trouble.kind, trouble.heading, trouble.text, seen.locator)
        row = self._row(page, seen, result)
        known = gathered.keys.get(row.key)
        if known is None:
            gathered.keys[row.key] = row.content_hash
            rows.append(row)
        elif known != row.content_hash:
            words = "Two rows of this key say different things; the first one is kept."
            self._issue(page, "duplicate-key", "key", words, seen.locator)

    def _take_bad(
        self, page: SourcePage, report: PartReport, bad: BadRow, rows: list[StagedRow]
    ) -> None:
        report.observed += 1
        report.issues += 1
        self._issue(page, "unread-row", bad.heading, bad.text, bad.locator)
        if bad.key is None:
            return
        if self.spec.number_field and bad.key[0].isdecimal():
            report.numbers.add(int(bad.key[0]))
        key = canonical_key(bad.key)
        gathered = self._gathered[(page.part, page.endpoint)]
        if key not in gathered.keys:
            gathered.keys[key] = UNREAD
            rows.append(
                StagedRow(
                    key, "{}", "{}", UNREAD, UNREAD, page.fetch_id, page.digest, bad.locator, ""
                )
            )

    def _row(self, page: SourcePage, seen: Observation, result: Normalised) -> StagedRow:
        fields, _left = keep_allowed(self.spec.family, protect(result.fields))
        stated = {k: v for k, v in fields.items() if not k.endswith(RAW)}
        judged = {k: v for k, v in stated.items() if k not in self.spec.volatile}
        measure = canonical(protect(result.measure))
        text = canonical(fields)
        quote, _cut = scrub(seen.quote[: 4 * QUOTE_LIMIT])
        return StagedRow(
            key=canonical_key(seen.key),
            fields=text,
            measure=measure,
            content_hash=sha256((canonical(stated) + measure).encode()),
            judged_hash=sha256(canonical(judged).encode()),
            fetch_id=page.fetch_id,
            digest=page.digest,
            locator=seen.locator,
            quote=quote[:QUOTE_LIMIT],
        )

    def _close_page(self, page: SourcePage, rows: list[StagedRow]) -> None:
        if self.spec.evidence == "kept-lines":
            rows = self._keep_lines(page, rows)
        self.run.stage(page.part, page.endpoint, rows)
        self.run.page_done()

    def _keep_lines(self, page: SourcePage, rows: list[StagedRow]) -> list[StagedRow]:
        """Only the kept lines of a harmful list become evidence; rows point to them."""
        body = kept_lines.pack(page.body, [row.locator for row in rows], page.url)
        digest = self.run.keep_lines(page.fetch_id, body)
        return [
            StagedRow(**{**{k: getattr(row, k) for k in row.__slots__}, "digest": digest})
            for row in rows
        ]

    def _issue(self, page: SourcePage, kind: str, heading: str, text: str, locator: str) -> None:
        self.run.issue(Issue(kind, heading, text, locator, page.digest or None, page.part))

    def _hash(self, key: tuple[str, ...]) -> bytes:
        """An 8-byte keyed hash: tells whether the row is there, never what it is."""
        text = canonical_key(key).encode()
        return hmac.new(self._secret, text, hashlib.sha256).digest()[:8]


def canonical_key(key: tuple[str, ...]) -> str:
    """A key as every table holds it: a JSON list of strings."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def protect(value: Any) -> Any:
    """Cut personal data out of every text in a value, however deep it stands."""
    if isinstance(value, str):
        return scrub(value)[0]
    if isinstance(value, Mapping):
        return {key: protect(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [protect(inner) for inner in value]
    return value
