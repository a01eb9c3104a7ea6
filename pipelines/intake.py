"""From what readers say to staged rows: the one path that crawl, import and replay share."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from json.encoder import encode_basestring
from typing import Any, NamedTuple, Protocol

from pipelines import kept_lines
from pipelines.known_rows import KnownRows
from pipelines.line_memory import LineMemory, tally_of
from pipelines.observation import Observation
from pipelines.protect import AddressPart, keep_allowed, scrub
from pipelines.reading import (
    Absent,
    BadRow,
    Declared,
    Found,
    Normalised,
    Oddity,
    OnPage,
    RawRow,
    RawRows,
    Said,
    SourcePage,
    StateAt,
)
from pipelines.row_memory import RowMemory
from pipelines.spec import Spec, seconds
from storage.audit import canonical
from storage.delta import content_of
from storage.evidence import sha256
from storage.hashed import WIDTH, row_hash
from storage.known_lines import Known
from storage.packed import entries, with_more
from storage.report import PartReport
from storage.staged_row import UNREAD, Issue, StagedRow

Normaliser = Callable[[Observation, Spec], Normalised]
QUOTE_LIMIT = 1_000
STAGED_AT_ONCE = 5_000  # one file of a register may have a hundred thousand kept rows


class LimitReached(Exception):
    """`--limit N`: enough observations were read."""


@dataclass
class _Gathered:
    """Rows of one part and endpoint seen so far in this run."""

    keys: dict[str, tuple[str, str]] = field(default_factory=dict)  # content and judged hash
    hashes: bytearray = field(default_factory=bytearray)
    tally: Counter[tuple[str, str]] = field(default_factory=Counter)
    told: set[tuple[str, str]] = field(default_factory=set)  # issues of rows that are not kept


@dataclass
class _Batch:
    """Rows of one page: `places` of their keys in `rows`, locators of the lines to keep."""

    rows: list[StagedRow] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


class Line(NamedTuple):
    """A row of which the bytes are known, where it stands, and its hash."""

    raw: bytes
    start: int
    hash: bytes


class RowSink(Protocol):
    """Where staged rows go: a run that is being made, or a list that only compares."""

    def stage(self, part: str, endpoint: int, rows: Iterable[StagedRow]) -> None: ...
    def stage_hashes(
        self, part: str, endpoint: int, packed: bytes, tally: dict[tuple[str, str], int]
    ) -> None: ...
    def stage_lines(self, part: str, endpoint: int, known: Known) -> None: ...
    def keep_lines(self, fetch_id: str, kept: bytes) -> str: ...
    def page_done(self) -> None: ...
    def issue(self, issue: Issue) -> None: ...


class Intake:
    """Takes pages of one run apart into staged rows, issues and part reports."""

    def __init__(
        self,
        run: RowSink,
        spec: Spec,
        normalise: Normaliser,
        secret: bytes,
        *,
        limit: int | None = None,
    ) -> None:
        self.run = run
        self.spec = spec
        self.normalise = normalise
        self.limit = limit
        self.reports: dict[tuple[str, int], PartReport] = {}
        self._gathered: dict[tuple[str, int], _Gathered] = {}
        self._secret = secret
        self.memory: RowMemory | None = None
        self.known: KnownRows | None = None
        self._lines: dict[tuple[str, int], LineMemory] = {}

    def report(
        self, part: str, endpoint: int, *, url: str = "", role: str = "official"
    ) -> PartReport:
        """The report of a part as read from one endpoint, begun on first use."""
        key = (part, endpoint)
        if key not in self.reports:
            limit = self.spec.endpoint[endpoint].state_for
            self.reports[key] = PartReport(
                part, endpoint=endpoint, url=url, role=role,
                state_for_s=seconds(limit) if limit else None,
            )  # fmt: skip
            self._gathered[key] = _Gathered()
        return self.reports[key]

    def take(self, page: SourcePage, said: Iterable[Said]) -> list[StagedRow]:
        """Stage what a reader says of one page. Raises LimitReached, and SourceError of readers.

        Rows said before an error stay staged: the verdict decides what they are worth."""
        batches: dict[str, tuple[SourcePage, _Batch]] = {page.part: (page, _Batch())}
        try:
            for one in said:
                on, one = (one.page, one.seen) if isinstance(one, OnPage) else (page, one)
                _page, batch = batches.setdefault(on.part, (on, _Batch()))
                self._take_one(on, one, batch)
        finally:
            for on, batch in batches.values():
                self._close_page(on, batch)
        return [row for _page, batch in batches.values() for row in batch.rows]

    def finish_hashes(self) -> None:
        """Stage the hashed rows of every part, once all pages are read."""
        for (part, endpoint), gathered in self._gathered.items():
            packed, tally = b"", gathered.tally
            hashes = list(entries(gathered.hashes, WIDTH))
            memory = self._lines.pop((part, endpoint), None)  # its hundred megabytes too
            if memory is not None:
                known, again, counted = memory.state()
                del memory
                packed, hashes = known.hashes, hashes + again
                tally += counted + tally_of(known)
                if not self.reports[(part, endpoint)].reasons:
                    self.run.stage_lines(part, endpoint, known)
            if hashes or packed:
                packed = with_more(packed, WIDTH, sorted(hashes))
                self.run.stage_hashes(part, endpoint, packed, tally)

    def _take_one(self, page: SourcePage, one: Said, batch: _Batch) -> None:
        report = self.report(page.part, page.endpoint)
        if isinstance(one, RawRows):
            self._take_raw(page, report, one, batch)
        elif isinstance(one, Observation | RawRow):
            self._take_row(page, report, one, batch)
            if self.limit is not None and report.observed >= self.limit:
                report.fail("limited", f"Stopped after {self.limit} rows, as asked.")
                raise LimitReached
        elif isinstance(one, Declared):
            report.declared = one.rows
        elif isinstance(one, Found):
            report.observed += one.rows
            report.declared = (report.declared or 0) + one.rows
            report.may_be_empty = True
        elif isinstance(one, StateAt):
            report.state_at = max(one.at, report.state_at) if report.state_at else one.at
            batch.lines.append(one.locator)
        elif isinstance(one, Oddity):
            self._issue(page, one.kind, one.heading, one.text, one.locator)
        elif isinstance(one, Absent):
            report.absent.add(canonical_key(one.key))
        elif isinstance(one, BadRow):
            self._take_bad(page, report, one, batch)

    def _take_row(
        self, page: SourcePage, report: PartReport, one: Observation | RawRow, batch: _Batch
    ) -> None:
        known = self.memory.get(one) if self.memory else None
        seen = one.read(one) if known is None and isinstance(one, RawRow) else one
        if isinstance(seen, BadRow):
            self._take_bad(page, report, seen, batch)
            return
        self._count(report, seen.key)
        result = known[0] if known else self.normalise(_taken_apart(seen), self.spec)
        row = _on(page, seen.locator, known[1]) if known and known[1] else None
        if result.kept and row is None:
            row = self._row(page, _taken_apart(seen), result)
        if self.memory and known is None:
            self.memory.keep(one, result, row)
        if row is None:
            self._take_counted(page, report, seen.key, result)
            return
        self._take_kept(page, report, result, row, batch)

    def _take_raw(self, page: SourcePage, report: PartReport, raw: RawRows, batch: _Batch) -> None:
        """Rows in their order; those that were read before are counted or staged as they are."""
        sizes = map(raw.gap.__add__, map(len, raw.rows))
        places = list(accumulate(sizes, initial=raw.start))
        memory = self._memory_of(page)
        if memory is None or self.known is None:
            for row, start in zip(raw.rows, places, strict=False):
                for said in raw.read(row, start)[0]:
                    self._take_one(page, said, batch)
            return
        hashes = memory.hashes(raw.rows)
        wanted = memory.pass_counted(hashes)
        self._count(report, (), len(hashes) - len(wanted))
        report.hashed += len(hashes) - len(wanted)
        held = self.known.rows(memory, (hashes[n] for n in wanted))
        for n in wanted:
            line = Line(raw.rows[n], places[n], hashes[n])
            known = held.pop(line.hash, None)
            if known is not None:
                memory.meet(line.hash)
                self._count(report, ())
                self._gather(page, _on(page, raw.locate(line.raw, line.start), known), batch)
            elif not self._take_plain(report, raw, line, memory):
                self._take_new(page, report, raw, line, memory, batch)

    def _memory_of(self, page: SourcePage) -> LineMemory | None:
        """The lines of the page's part as read from its endpoint."""
        if self.known is None or self.limit is not None:
            return None
        place = (page.part, page.endpoint)
        if place not in self._lines:
            self._lines[place] = self.known.memory(page.part)
        return self._lines[place]

    def _take_plain(self, report: PartReport, raw: RawRows, line: Line, memory: LineMemory) -> bool:
        """Count a new row that is plainly no more than counted; False: it must be read."""
        found = raw.plain(line.raw) if raw.plain is not None else None
        if found is None or self.known is None:
            return False
        strings, key = found
        tally = self.known.plain(strings)
        if tally is None:
            return False
        self._count(report, key)
        report.hashed += 1
        memory.count(line.hash, self._hash(key), tally)
        return True

    def _take_new(
        self, page: SourcePage, report: PartReport, raw: RawRows, line: Line,
        memory: LineMemory, batch: _Batch,
    ) -> None:  # fmt: skip
        """Read a row, and remember what it led to where that is no issue."""
        found, steady = raw.read(line.raw, line.start)
        for one in found:
            if not isinstance(one, Observation):
                self._take_one(page, one, batch)
                continue
            self._count(report, one.key)
            result = self.normalise(one, self.spec)
            remembered = steady and not result.troubles
            if result.kept:
                row = self._row(page, one, result)
                self._take_kept(page, report, result, row, batch)
                if remembered:
                    memory.keep(line.hash, row)
            elif remembered:
                report.hashed += 1
                memory.count(line.hash, self._hash(one.key), result.tally)
            else:
                self._take_counted(page, report, one.key, result)

    def _take_kept(
        self, page: SourcePage, report: PartReport, result: Normalised, row: StagedRow,
        batch: _Batch,
    ) -> None:  # fmt: skip
        for trouble in result.troubles:
            report.issues += 1
            self._issue(page, trouble.kind, trouble.heading, trouble.text, row.locator)
        self._gather(page, row, batch)

    def _count(self, report: PartReport, key: tuple[str, ...], rows: int = 1) -> None:
        report.observed += rows
        if report.observed > self.spec.max_rows:
            report.fail("too-large", f"More than {self.spec.max_rows} rows: is this the source?")
            raise LimitReached
        if self.spec.number_field and key[0].isdecimal():
            report.numbers.add(int(key[0]))

    def _take_counted(
        self, page: SourcePage, report: PartReport, key: tuple[str, ...], result: Normalised
    ) -> None:
        gathered = self._gathered[(page.part, page.endpoint)]
        report.hashed += 1
        gathered.hashes += self._hash(key)
        gathered.tally[result.tally] += 1
        if result.troubles:
            self._tell_once(page, report, result)

    def _gather(self, page: SourcePage, row: StagedRow, batch: _Batch) -> None:
        """Put a row beside those of this part; a second one of the same key is an issue."""
        gathered = self._gathered[(page.part, page.endpoint)]
        batch.lines.append(row.locator)
        known = gathered.keys.get(row.key)
        if known is None:
            gathered.keys[row.key] = (row.content_hash, row.judged_hash)
            batch.places[row.key] = len(batch.rows)
            batch.rows.append(row)
        elif known[1] != row.judged_hash:
            words = "Two rows of this key say different things; the first one is kept."
            self._issue(page, "duplicate-key", "key", words, row.locator)
        elif known[0] != row.content_hash and row.key in batch.places:
            place = batch.places[row.key]
            batch.rows[place] = merged = self._merge(batch.rows[place], row)
            gathered.keys[row.key] = (merged.content_hash, merged.judged_hash)

    def _tell_once(self, page: SourcePage, report: PartReport, result: Normalised) -> None:
        """What was not understood of rows that are not kept: one issue a kind, no place in it,
        for the line is not kept either and moves from hour to hour."""
        told = self._gathered[(page.part, page.endpoint)].told
        for trouble in result.troubles:
            if (trouble.kind, trouble.heading) not in told:
                told.add((trouble.kind, trouble.heading))
                report.issues += 1
                self._issue(page, trouble.kind, trouble.heading, trouble.text, "")

    def _merge(self, first: StagedRow, again: StagedRow) -> StagedRow:
        """Two rows that differ in volatile lists only (addresses) are one row with both."""
        fields, more = json.loads(first.fields), json.loads(again.fields)
        for name in self.spec.volatile:
            if isinstance(fields.get(name), list) and isinstance(more.get(name), list):
                fields[name] = list(dict.fromkeys(fields[name] + more[name]))
        stated = content_of(fields)
        content = sha256((canonical(stated) + first.measure).encode())
        return replace(first, fields=canonical(fields), content_hash=content)

    def _take_bad(self, page: SourcePage, report: PartReport, bad: BadRow, batch: _Batch) -> None:
        report.observed += 1
        report.unread += 1
        report.issues += 1
        self._issue(page, "unread-row", bad.heading, bad.text, bad.locator)
        if bad.key is None:
            report.unkeyed += 1
            return
        if self.spec.number_field and bad.key[0].isdecimal():
            report.numbers.add(int(bad.key[0]))
        key = canonical_key(bad.key)
        gathered = self._gathered[(page.part, page.endpoint)]
        if key not in gathered.keys:
            gathered.keys[key] = (UNREAD, UNREAD)
            batch.rows.append(
                StagedRow(
                    key, "{}", "{}", UNREAD, UNREAD, page.fetch_id, page.digest, bad.locator, ""
                )
            )

    def _row(self, page: SourcePage, seen: Observation, result: Normalised) -> StagedRow:
        fields, _left = keep_allowed(self.spec.family, protect(result.fields))
        stated = content_of(fields)
        judged = {k: v for k, v in stated.items() if k not in self.spec.volatile}
        act = {} if self.spec.only_mirrors(page.part) else result.measure
        measure = canonical(protect(act))
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

    def _close_page(self, page: SourcePage, batch: _Batch) -> None:
        if self.spec.evidence == "kept-lines":
            self._keep_lines(page, batch)
        for start in range(0, len(batch.rows), STAGED_AT_ONCE):
            self.run.stage(page.part, page.endpoint, batch.rows[start : start + STAGED_AT_ONCE])
            self.run.page_done()
        if not batch.rows:
            self.run.page_done()

    def _keep_lines(self, page: SourcePage, batch: _Batch) -> None:
        """Only the kept lines of a harmful list become evidence; rows point to them."""
        body = kept_lines.pack(page, batch.lines)
        digest = self.run.keep_lines(page.fetch_id, body)
        for place, row in enumerate(batch.rows):
            batch.rows[place] = row.at(row.fetch_id, digest, row.locator)

    def _issue(self, page: SourcePage, kind: str, heading: str, text: str, locator: str) -> None:
        digest = page.digest or None
        self.run.issue(Issue(kind, heading, text, locator, digest, page.part, page.endpoint))

    def _hash(self, key: tuple[str, ...]) -> bytes:
        """An 8-byte keyed hash: tells whether the row is there, never what it is."""
        return row_hash(self._secret, canonical_key(key))


def _on(page: SourcePage, locator: str, row: StagedRow) -> StagedRow:
    """A row read before, as this page states it."""
    return row.at(page.fetch_id, page.digest, locator)


def _taken_apart(seen: Observation | RawRow) -> Observation:
    """A row that must be normalised was taken apart before: anything else is a fault of ours."""
    if isinstance(seen, RawRow):
        raise TypeError("a row that nobody took apart")
    return seen


def canonical_key(key: tuple[str, ...]) -> str:
    """A key as every table holds it: a JSON list of strings."""
    return f"[{','.join(map(encode_basestring, key))}]"


@lru_cache(maxsize=4096)
def _scrubbed(text: str) -> str:
    """A register repeats its grounds, kinds and authorities in every row: each is read once."""
    return scrub(text)[0]


def protect(value: Any) -> Any:
    """Cut personal data out of every text in a value, however deep it stands."""
    if isinstance(value, AddressPart):
        return str(value)
    if isinstance(value, str):
        return _scrubbed(value)
    if isinstance(value, Mapping):
        return {key: protect(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [protect(inner) for inner in value]
    return value
