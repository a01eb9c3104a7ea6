"""What crawl, import and replay share: open a run with its intake, decide its parts at the end."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crawler.announced import match_announcements
from pipelines.families import normaliser
from pipelines.intake import Intake
from pipelines.known_rows import known_rows
from pipelines.spec import facts_of
from storage import runs, same_case
from storage.judge import age_of, doubt_of_age
from storage.mirrors import tell_new
from storage.report import NEWER, OLDER, STALE, WHOLE, PartReport
from storage.sightings import HeldParts, part_row
from storage.source_facts import GROWING
from storage.staged_row import Issue
from storage.staging import clear_staging
from storage.store import Store

if TYPE_CHECKING:
    from crawler.spider import SourceSpider


class Session:
    """One run of one source, from its first byte to its verdict."""

    def __init__(
        self,
        store: Store,
        name: str,
        kind: "type[SourceSpider]",
        trigger: str,
        *,
        limit: int | None = None,
    ) -> None:
        self.store = store
        self.kind = kind
        self.name = name
        self.facts = facts_of(name, kind.spec, kind.spec_path)
        self.before = [] if trigger == "replay" else self._replay_first()
        normalise = normaliser(store, name, kind.spec)
        self.run = runs.begin(store, self.facts, trigger)
        secret = store.keys.hashing()
        self.intake = Intake(self.run, kind.spec, normalise, secret, limit=limit)
        if trigger != "replay":  # what it reads again was read otherwise
            self.intake.known = known_rows(store, name, kind.spec)
        self.held = HeldParts(store, name)
        if self.facts.covers == GROWING:  # its pages are asked one in two seconds: none is lost
            self.run.flush_pages = 1

    def _replay_first(self) -> list[dict[str, Any]]:
        from crawler.replay import replay_if_parser_changed

        replayed = replay_if_parser_changed(self.store, self.kind)
        return [replayed] if replayed else []

    def reader(self) -> "SourceSpider":
        """A spider that only reads: no network, but the operator's settings of the source."""
        spider = self.kind()
        spider.settings_of = self.store.config.of(self.name)
        return spider

    def known_pages(self, part: str) -> frozenset[str]:
        """Digests of the pages from which the present state of a part was read; of a growing
        one each page is judged for itself."""
        state = None if self.facts.covers == GROWING else self.held.get(part)
        return state.pages if state else frozenset()

    def is_same(self, report: PartReport) -> bool:
        """Did the source send the very bytes that the state held was read from?"""
        state = self.held.get(report.key)
        return (
            state is not None
            and self.facts.covers != GROWING
            and not report.reasons
            and state.parser == self.facts.parser
            and state.bytes_sha256 == report.bytes_sha256()
        )

    def weigh(self, report: PartReport, *, last: bool) -> bool:
        """Is what an endpoint gave the present state, read whole? Else the next one is asked.

        Notes its age, by which the best endpoint is chosen. After the last endpoint nothing is
        asked: whether its part may be empty is known once all parts are read."""
        with self.store.read() as connection:
            part = part_row(connection, self.name, report.key)
        if report.same_bytes and report.looked_at is None:  # nobody reads the date in them again
            report.state_at = self.held[report.key].state_at
        report.age = age_of(report, part, self.store.now(), self.facts.state_for_s)
        return last or (report.read_verdict() in WHOLE and report.age == NEWER)

    def finish(self, seen_at: str | None = None) -> dict[str, Any]:
        """Close the run with the best endpoint of every part."""
        self.intake.finish_hashes()
        self._allow_empty_windows()
        chosen = choose(self.intake.reports.values())
        reports = [one for one in chosen if not self._is_idle(one)]
        for report in self.intake.reports.values():
            if report not in reports:
                if report.age != NEWER:
                    report.fail(*doubt_of_age(report, report.age))
                self._note_fallback(report)
        result = self.run.finish(reports, seen_at)
        self._compare_mirrors([one.key for one in chosen if one not in reports])
        match_announcements(self.store, self.name, self.run.id)
        if self.facts.covers == GROWING:
            same_case.suggest(self.store, self.name, self.run.id)
        return result

    def _allow_empty_windows(self) -> None:
        """A year or a court without a case is no failure while other windows show some: the
        source answers. A window that had rows may not become empty."""
        reports = self.intake.reports.values()
        if self.facts.covers != "window" or not any(r.observed or r.same_bytes for r in reports):
            return
        for report in reports:
            state = self.held.get(report.key)
            report.may_be_empty |= state is None or not state.rows

    def _is_idle(self, report: PartReport) -> bool:
        """A part that should have stood in for another and could not: that makes no run worse."""
        return report.key in self._stand_ins() and report.read_verdict() not in WHOLE

    def _stand_ins(self) -> list[str]:
        """The parts that are read only where another one could not be."""
        every = (one.part for one in self.kind.spec.endpoint if one.instead_of is not None)
        return list(dict.fromkeys(every))

    def _compare_mirrors(self, idle: list[str]) -> None:
        """Whoever came second: what only a mirror lists is told until the register shows it.
        idle: parts of which rows may have been staged, and none is believed."""
        if not self._stand_ins():
            return
        idle_ids = [self.run.part_id(part) for part in idle]
        with self.store.write() as connection:
            for part_id in idle_ids:
                clear_staging(connection, self.run.id, part_id)
            for part in self._stand_ins():
                tell_new(connection, self.name, part, self.run.id, self.store.now())

    def _note_fallback(self, report: PartReport) -> None:
        for reason, words in report.reasons.items():
            text = f"Endpoint {report.endpoint} was not used: {words}"
            self.run.issue(
                Issue(
                    "endpoint-failed", reason, text, report.url, None, report.key, report.endpoint
                )
            )


def choose(reports: Iterable[PartReport]) -> list[PartReport]:
    """Per part the first endpoint that gave the present state whole, else the newest whole state,
    else the endpoint that showed most rows."""
    by_part: dict[str, list[PartReport]] = {}
    for report in reports:
        by_part.setdefault(report.key, []).append(report)
    return [_best(sorted(some, key=lambda r: r.endpoint)) for some in by_part.values()]


def _best(reports: list[PartReport]) -> PartReport:
    whole = [report for report in reports if report.read_verdict() in WHOLE]
    for report in whole:
        if report.age == NEWER:
            return report
    for age in (STALE, OLDER):  # of several that stand still the newest, then the preferred one
        some = [report for report in whole if report.age == age and report.state_at is not None]
        if some:
            return max(some, key=lambda report: (report.state_at, -report.endpoint))
    return max(reports, key=lambda report: report.observed)
