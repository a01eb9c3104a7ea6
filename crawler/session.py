"""What crawl, import and replay share: open a run with its intake, decide its parts at the end."""

from collections.abc import Iterable
from typing import Any

from crawler.catalogue import places, spider_of
from crawler.spider import SourceSpider
from pipelines.families import normaliser
from pipelines.intake import Intake
from pipelines.spec import facts_of
from storage import runs
from storage.report import WHOLE, PartReport
from storage.source_facts import SourceFacts
from storage.staged_row import Issue
from storage.store import Store


class Session:
    """One run of one source, from its first byte to its verdict."""

    def __init__(self, store: Store, name: str, trigger: str, *, limit: int | None = None) -> None:
        self.store = store
        self.kind = spider_of(name)
        self.name = name
        self.facts = source_facts(self.kind)
        normalise = normaliser(store, name, self.kind.spec)
        self.run = runs.begin(store, self.facts, trigger)
        self.intake = Intake(self.run, self.kind.spec, normalise, limit=limit)

    def finish(self, seen_at: str | None = None) -> dict[str, Any]:
        """Close the run with the best endpoint of every part."""
        self.intake.finish_hashes()
        reports = choose(self.intake.reports.values())
        for report in self.intake.reports.values():
            if report not in reports:
                self._note_fallback(report)
        return self.run.finish(reports, seen_at)

    def _note_fallback(self, report: PartReport) -> None:
        for reason, words in report.reasons.items():
            text = f"Endpoint {report.endpoint} was not used: {words}"
            self.run.issue(Issue("endpoint-failed", reason, text, report.url, part=report.key))


def source_facts(kind: type[SourceSpider]) -> SourceFacts:
    """What storage must know of a spider's source."""
    return facts_of(kind.name, kind.spec, places()[kind.name])


def choose(reports: Iterable[PartReport]) -> list[PartReport]:
    """Per part the first endpoint that was read whole, else the one that showed most rows."""
    by_part: dict[str, list[PartReport]] = {}
    for report in reports:
        by_part.setdefault(report.key, []).append(report)
    return [_best(sorted(some, key=lambda r: r.endpoint)) for some in by_part.values()]


def _best(reports: list[PartReport]) -> PartReport:
    for report in reports:
        if report.read_verdict() in WHOLE:
            return report
    return max(reports, key=lambda report: report.observed)
