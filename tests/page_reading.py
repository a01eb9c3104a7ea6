"""What a saved page says, on the way of every source: reader, normaliser, protection, no database.

A page is `tests/pages/<source>/<case>.<ext>`, read as an imported file of that name; what is
expected of it is `<case>.expected.json` beside it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from crawler.catalogue import spider_of
from crawler.errors import SourceError
from crawler.page import Page
from crawler.spider import SourceSpider, end_part
from pipelines.intake import Intake, Normaliser
from storage.evidence import sha256
from storage.known_lines import Known
from storage.report import PartReport
from storage.staged_row import Issue, StagedRow

PAGES = Path(__file__).parent / "pages"
SECRET = b"a secret of tests for the hashes"


@dataclass
class Kept:
    """Where intake puts what it makes: lists that a test compares."""

    rows: list[StagedRow] = field(default_factory=list)
    hashed: int = 0
    tally: dict[tuple[str, str], int] = field(default_factory=dict)
    lines: list[bytes] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def stage(self, part: str, endpoint: int, rows: Iterable[StagedRow]) -> None:
        """Rows of one page."""
        self.rows += rows

    def stage_hashes(
        self, part: str, endpoint: int, packed: bytes, tally: dict[tuple[str, str], int]
    ) -> None:
        """Rows that are only counted."""
        self.hashed, self.tally = len(packed) // 8, dict(tally)

    def stage_lines(self, part: str, endpoint: int, known: Known) -> None:
        """Nobody reads a next state."""

    def keep_lines(self, fetch_id: str, kept: bytes) -> str:
        """The kept lines of a harmful list."""
        self.lines.append(kept)
        return sha256(kept)

    def page_done(self) -> None:
        """Nothing to write."""

    def issue(self, issue: Issue) -> None:
        """One thing that was not understood."""
        self.issues.append(issue)


@dataclass
class Reading:
    """Everything that pages of one state led to, and the reason why they were not read whole."""

    kept: Kept
    intake: Intake
    errors: list[str]

    def expected(self) -> dict[str, Any]:
        """The form of `<case>.expected.json`."""
        (report,) = self.intake.reports.values()
        return {
            "part": report.key, "errors": self.errors, "observed": report.observed,
            "declared": report.declared,
            "state_at": report.state_at.isoformat() if report.state_at else None,
            "rows": [
                {
                    "key": json.loads(row.key), "locator": row.locator, "quote": row.quote,
                    "fields": json.loads(row.fields), "measure": json.loads(row.measure),
                }
                for row in self.kept.rows
            ],
            "counted": [[*name, count] for name, count in sorted(self.kept.tally.items())],
            "issues": [[i.kind, i.heading, i.text, i.locator] for i in self.kept.issues],
        }  # fmt: skip


def read_pages(name: str, files: Sequence[Path]) -> Reading:
    """Read files as parts of one state, as `import` does."""
    return read_bytes(name, {path.name: path.read_bytes() for path in files})


def read_bytes(name: str, files: dict[str, bytes]) -> Reading:
    """The same from bytes by file name."""
    kind = spider_of(name)
    kept = Kept()
    intake = Intake(kept, kind.spec, normaliser_of(name), SECRET)
    reading = Reading(kept, intake, [])
    spider = kind()
    for file, body in files.items():
        _read(reading, spider, file, body)
    for report in intake.reports.values():
        _end(reading, spider, report)
    intake.finish_hashes()
    return reading


def _read(reading: Reading, spider: SourceSpider, file: str, body: bytes) -> None:
    bare = Page(
        url=f"file:{file}", body=body, form="", fetch_id="1-1", digest=sha256(body),
        at=datetime(2026, 11, 22, tzinfo=UTC), encoding=spider.spec.encoding,
    )  # fmt: skip
    part = spider.part_of(bare)
    reading.intake.report(part, 0)
    try:
        page = replace(bare, form=spider.sniff(bare), part=part)
        page = spider.join(page)
        reading.intake.take(page, spider.read(page))
    except SourceError as error:
        reading.errors.append(f"{error.reason}: {error}")


def _end(reading: Reading, spider: SourceSpider, report: PartReport) -> None:
    """Are the pages of a part a whole? What failed before is not asked."""
    if reading.errors:
        return
    end_part(spider, report)
    reading.errors += [f"{reason}: {words}" for reason, words in report.reasons.items()]


def normaliser_of(name: str) -> Normaliser:
    """The normaliser of a source, with a small reference list and a secret of tests."""
    family = spider_of(name).spec.family
    if family == "designation" and "decisions" in spider_of(name).spec.settings:
        from pipelines.court_lists import normalise_court_list

        return partial(normalise_court_list, source=name)
    if family == "designation":
        from pipelines.designation import normalise_designation

        return partial(normalise_designation, source=name)
    if family == "blocking":
        from pipelines.blocking import normalise_blocking

        return partial(normalise_blocking, reference=reference().get)
    if family == "ruling":
        from pipelines.ruling import normalise_ruling

        return partial(normalise_ruling, source=name, secret=SECRET)
    if family == "announcement":
        from pipelines.announcement import normalise_announcement

        return normalise_announcement
    if family == "reachability":
        from pipelines.reachability import normalise_reachability

        return normalise_reachability
    assert family == "reference", f"no saved page of the family {family} is read yet"
    from pipelines.reference import normalise_reference

    return normalise_reference


@cache
def reference() -> dict[str, str]:
    """Domain -> category, as the saved page of the test list states them."""
    rows = read_pages("media_citizenlab", [PAGES / "media_citizenlab" / "ru.csv"]).kept.rows
    fields = [json.loads(row.fields) for row in rows]
    return {one["domain"]: one["category"] for one in fields if one["domain"] and one["category"]}
