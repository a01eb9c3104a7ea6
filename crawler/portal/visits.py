"""What one run has asked of which court, and what it still owes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crawler.page import Page
from crawler.portal.cases import court_of
from crawler.portal.courts import Court
from crawler.portal.listing import Listing
from crawler.portal.rounds import Link
from crawler.portal.saved import LIST
from crawler.portal.search import Answer, Query, monday_of, queries
from crawler.spider import Ask
from storage.grown import known_keys
from storage.staged_row import Issue

if TYPE_CHECKING:
    from crawler.spiders.rulings.rulings_sudrf import RulingsSudrf
    from pipelines.intake import Intake

CASES_UNREAD = "cases-unread"


class Visits:
    """The course of one run: each page asked once, each case opened once, courts left alone."""

    def __init__(self) -> None:
        self._asked: set[tuple[str, str, object]] = set()
        self._opened: set[Link] = set()
        self._stopped: set[tuple[str, str]] = set()  # court and form that are asked no more
        self._owed: defaultdict[str, set[str]] = defaultdict(set)  # fetch of a list -> its cases
        self._read: defaultdict[str, set[str]] = defaultdict(set)  # court -> fetches of its lists
        self._known: dict[str, set[Link]] = {}
        self._answers: dict[tuple[str, int], Answer] = {}
        self._empty: defaultdict[str, list[str]] = defaultdict(list)  # part -> empty articles
        self._filled: set[str] = set()  # courts that some query had rows of
        self._lists: frozenset[str] = frozenset()
        self._spider: RulingsSudrf | None = None

    def begin(self, spider: "RulingsSudrf", lists: list[str]) -> None:
        """The run starts with these lists due."""
        self._spider, self._lists = spider, frozenset(lists)

    def may_ask(self, part: str, form: str, page: object) -> bool:
        """Not twice in a run, and not where the court asked for a captcha or refused us."""
        if (part.split(":")[0], form) in self._stopped or (part, form, page) in self._asked:
            return False
        self._asked.add((part, form, page))
        return True

    def stop(self, court: Court, form: str) -> None:
        """Leave this kind of page of the court alone for the rest of the run."""
        self._stopped.add((court.code, form))

    def opens(self, link: Link) -> bool:
        """Is this the first time that a run comes to this case?"""
        first = link not in self._opened
        self._opened.add(link)
        return first

    def owe(self, page: Page, link: Link) -> None:
        """A page is read once the cases that it led to are."""
        self._owed[page.fetch_id].add(link.case_uid)
        self._read[page.part.split(":")[0]].add(page.fetch_id)

    def paid(self, context: Mapping[str, Any]) -> None:
        """A card was read."""
        self._owed[context.get("from", "")].discard(context.get("uid", ""))

    def close(self, intake: "Intake") -> None:
        """Pages whose cases were not all read, or whose cases will not be believed."""
        unread = {fetch for fetch, links in self._owed.items() if links}
        for report in intake.reports.values():
            court, kind = report.key.split(":")[:2]
            if report.reasons and kind not in ("heard", "list", "open"):
                unread |= self._read[court]
        words = "Not all cases of this page were read."
        for fetch in sorted(unread - {""}):
            self._run.note_unread(fetch, CASES_UNREAD, words)

    # Lists by article.

    def query(self, part: str, index: int, place: int, attempt: int = 0) -> Iterator[Ask]:
        """The first page of a query; after the last one the part is closed."""
        asked = self._queries(part)
        if place >= len(asked):
            self._prove_empty(part, index)
        elif self.may_ask(part, LIST, (place, attempt, 1)):
            self._answers[(part, place)] = Answer(place, attempt)
            yield self._list_ask(part, index, asked[place], place, 1)

    def onward(self, page: Page, answer: Listing) -> Iterator[Ask]:
        """After a page of a list: its next page, the same query once more, or the next query."""
        part, place = page.part, int(page.context["place"])
        state = self._answers[(part, place)]
        state.add(answer)
        query = self._queries(part)[place]
        if state.has_more(answer):
            number = int(page.context["page"]) + 1
            yield self._list_ask(part, page.endpoint, query, place, number)
        elif state.is_whole:
            if answer.total:
                self._filled.add(part.split(":")[0])
            else:
                self._empty[part].append(query.article)
            yield from self.query(part, page.endpoint, place + 1)
        elif state.attempt == 0:
            yield from self.query(part, page.endpoint, place, 1)
        else:
            self._mismatch(page, query, state)
            yield from self.query(part, page.endpoint, place + 1)

    def is_new(self, link: Link) -> bool:
        """Does the record lack this case? Known ones are left to the schedule and to re-checks."""
        if link.court not in self._known:
            assert self._spider is not None
            with self._spider.session.store.read() as connection:
                keys = known_keys(connection, self._spider.name, link.court)
            self._known[link.court] = {Link(*key) for key in keys if len(key) == 3}
        return link not in self._known[link.court]

    def _queries(self, part: str) -> list[Query]:
        assert self._spider is not None
        return queries(court_of(part), self._spider.wanted)

    def _list_ask(self, part: str, index: int, query: Query, place: int, page: int) -> Ask:
        url = query.url(court_of(part), monday_of(part.rpartition(":")[2]), page)
        context = {
            "place": place, "page": page, "article": query.article, "file": query.file.name,
        }  # fmt: skip
        return Ask(url, LIST, part, index, context=context)

    def _mismatch(self, page: Page, query: Query, state: Answer) -> None:
        assert self._spider is not None
        report = self._spider.intake.report(page.part, page.endpoint)
        report.fail(
            "count-mismatch",
            f"The list of article {query.article} counts {state.total} cases and showed "
            f"{len(state.cases)}, asked twice.",
        )

    def _prove_empty(self, part: str, index: int) -> None:
        """The portal says "nothing found" to a wrong question too: nothing is proven where no
        question to this court ever brought a case."""
        court = part.split(":")[0]
        if self._empty[part] and court not in self._filled:
            words = f"{len(self._empty[part])} searches found nothing, and none found anything."
            self._run.issue(Issue("unproven-empty", court, words, "", None, part, index))

    @property
    def _run(self) -> Any:
        assert self._spider is not None
        return self._spider.session.run
