"""Courts of the common portal: cases are found in hearing schedules and read on their cards.

Parts: `43RS0001:heard:2026-W24` is a week of one court's schedule, `43RS0001:list:2026-W24` the
same week by article, `43RS0001:open:2026` looks at cases that have not ended. A case itself belongs
to `43RS0001:adm:2026`: its court, card file and year of receipt, whichever page led to it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from crawler.errors import PageChanged, SourceError
from crawler.page import Page
from crawler.portal import cases, coverage, open_cases, rounds
from crawler.portal.card import read_card
from crawler.portal.cases import court_of, page_base
from crawler.portal.courts import Court, chosen, courts
from crawler.portal.listing import read_listing
from crawler.portal.open_cases import OpenCase
from crawler.portal.query import card_file, parameters, schedule
from crawler.portal.rounds import Days, Link, day_text
from crawler.portal.saved import ACT, CARD, LIST, court_of_page, form_of
from crawler.portal.schedule import SEVERAL_SERVERS, read_schedule, servers_to_ask
from crawler.portal.visits import Visits
from crawler.portal.wanted import Listed, Wanted, wanted_rows
from crawler.spider import Ask, SourceSpider
from pipelines.observation import Observation
from pipelines.reading import Absent, Found, Oddity, OnPage, Said
from pipelines.spec import Endpoint

SCHEDULE = rounds.SCHEDULE
# Whoever asks for a captcha or refuses us is not asked again in this run.
STOPPING = frozenset({"captcha", "challenge", "blocked", "geo-blocked", "breaker-open"})


class RulingsSudrf(SourceSpider):
    """One engine for both layouts: which one a page has is looked at each time."""

    name = "rulings_sudrf"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._days = Days()
        self._open: dict[str, list[OpenCase]] = {}
        self._led: dict[str, set[Link]] = {}  # part -> the cases that its pages led to
        self._said: set[tuple[str, ...]] = set()  # cases read in this run
        self._visits = Visits()

    @classmethod
    def hosts(cls) -> Iterable[str]:
        for court in courts().values():
            yield from (court.host, court.host.replace("--", "."))

    @property
    def wanted(self) -> Wanted:
        """The articles that the operator names, else those of our own table."""
        return Wanted.of(self.settings_of.articles or ())

    # Which pages a run asks for.

    def parts(self) -> list[str]:
        asked, store = chosen(list(self.settings_of.courts or ())), self.session.store
        span = (self.today, getattr(self, "since", None), getattr(self, "until", None))
        self._days = rounds.due(store, self.name, asked, *span)
        lists = rounds.due_lists(store, self.name, asked, *span)
        self._visits.begin(self, lists)
        if span[1] is None:
            with store.read() as connection:
                for case in open_cases.open_cases(connection, self.name, asked, store.clock.now()):
                    self._open.setdefault(case.part, []).append(case)
        return [*self._days.parts(), *self._open, *lists]

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        kind = part.split(":")[1]
        if kind == "heard":
            yield from self._day(part, index, 0)
        elif kind == "list":
            yield from self._visits.query(part, index, 0)
        for case in self._open.get(part, ()):
            if self._visits.opens(Link(*case.key)):
                context = {"led": "open", "home": case.home, "key": list(case.key)}
                yield Ask(case.url, CARD, part, index, context=context)

    def _day(self, part: str, index: int, place: int) -> Iterator[Ask]:
        """The day at this place of the part's list; the next one is asked once it is read, so
        that many courts are in turn and none is asked twice in a row."""
        pages = self._days.pages(part)
        if place < len(pages) and self._visits.may_ask(part, SCHEDULE, place):
            one = pages[place]
            yield self._day_ask(part, index, day_text(one.day), one.server, place)

    def _day_ask(self, part: str, index: int, day: str, server: str, place: int) -> Ask:
        context = {"day": day, "server": server, "place": place}
        url = schedule(court_of(part), server, rounds.day_of(day))
        return Ask(url, SCHEDULE, part, index, context=context)

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form == SCHEDULE:
            servers = servers_to_ask(page.text, page.context["day"], page.context["server"])
            if not servers:
                yield from self._cards(page, self._hearings(page))
            for server in servers:
                day, place = page.context["day"], page.context["place"]
                yield self._day_ask(page.part, page.endpoint, day, server, place)
            yield from self._day(page.part, page.endpoint, page.context["place"] + 1)
        elif page.form == LIST:
            answer = read_listing(page.text)
            rows = wanted_rows(answer.cases, court_of(page.part), self.wanted)
            yield from self._cards(page, [one for one in rows if self._visits.is_new(one.link)])
            yield from self._visits.onward(page, answer)

    def _cards(self, page: Page, rows: list[Listed]) -> Iterator[Ask]:
        for one in rows:
            if self._visits.opens(one.link):
                url = urljoin(page_base(page.part), one.href)
                context = {"led": page.form, "from": page.fetch_id, "uid": one.link.case_uid}
                self._visits.owe(page, one.link)
                yield Ask(url, CARD, page.part, page.endpoint, context=context)

    def _hearings(self, page: Page) -> list[Listed]:
        day = read_schedule(page.text, page.context["day"])
        return wanted_rows(day.hearings, court_of(page.part), self.wanted)

    # What happens to pages that cannot be read.

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """One day or card that cannot be read does not keep the others from being read."""
        report = self.intake.report(ask.part, ask.endpoint)
        report.fail(error.reason, f"{error} ({ask.url})")
        return self._after(ask.part, ask.endpoint, ask.form, ask.context, error)

    def go_on(self, page: Page, error: SourceError) -> Iterator[Ask]:
        yield from self._after(page.part, page.endpoint, page.form, page.context, error)

    def _after(
        self, part: str, index: int, form: str, context: Any, error: SourceError
    ) -> Iterator[Ask]:
        if error.reason in STOPPING:
            self._visits.stop(court_of(part), form)
        if form == SCHEDULE:
            yield from self._day(part, index, context["place"] + 1)
        elif form == LIST:
            yield from self._visits.query(part, index, context["place"] + 1)

    def ended(self, ask: Ask, error: SourceError | None) -> None:
        if ask.form == CARD and error is None:
            self._visits.paid(ask.context)

    def closing(self) -> None:
        """A day some of whose cases were not opened counts as unread: it is asked again."""
        self._visits.close(self.intake)

    def judged(self) -> None:
        """Say of which courts the weeks of this run are known now."""
        weeks = [part.rpartition(":")[2] for part in self._days.parts()]
        coverage.note(self.session.store, self.name, weeks, self.today)

    # What pages say.

    def sniff(self, page: Page) -> str:
        court_of_page(page.url, page.text)
        return form_of(page.text)

    def part_of(self, page: Page) -> str:
        """All saved pages of a court are one part; their cases go where a crawl puts them."""
        try:
            return f"{court_of_page(page.url, page.text).code}:saved"
        except SourceError:
            return "unknown:saved"

    def read(self, page: Page) -> Iterator[Said]:
        crawled = bool(page.context)
        if page.form == SCHEDULE:
            yield from self._schedule(page)
        elif page.form == LIST and crawled:
            rows = wanted_rows(read_listing(page.text).cases, court_of(page.part), self.wanted)
            yield Found(self._count_new(page.part, rows))
        elif crawled:
            yield from self._card(page, court_of(page.part))
        else:
            yield from self._saved(page)

    def _saved(self, page: Page) -> Iterator[Said]:
        """A page that somebody chose to save is wanted, whatever its articles."""
        court = court_of_page(page.url, page.text)
        if page.form == CARD:
            card = read_card(page.text)
            yield from cases.unread(card)
            found = [cases.observed_card(page, card, court)]
        elif page.form == ACT:
            found = [cases.observed_act(page, court)]
        else:
            rows = read_listing(page.text).cases
            found = [cases.observed_row(page, row, court) for row in rows]
        yield Found(len(found))
        yield from self._once(found)

    def _once(self, found: Iterable[OnPage]) -> Iterator[Said]:
        """Each case once in a run: a replay meets it on every page that ever showed it, the
        newest first."""
        for one in found:
            if one.seen.key not in self._said:
                self._said.add(one.seen.key)
                yield one

    def _schedule(self, page: Page) -> Iterator[Said]:
        if servers_to_ask(page.text, page.context["day"], page.context["server"]):
            words = "The court has more servers than our table knows; those offered were asked."
            yield Oddity(SEVERAL_SERVERS, court_of(page.part).code, words)
            return
        yield Found(self._count_new(page.part, self._hearings(page)))
        for place, text, why in read_schedule(page.text, page.context["day"]).bad:
            yield Oddity("unread-row", "hearing", f"{why}: {text[:200]}", f"html:tr/{place}")

    def _count_new(self, part: str, rows: Iterable[Listed]) -> int:
        known = self._led.setdefault(part, set())
        new = {one.link for one in rows} - known
        known |= new
        return len(new)

    def _card(self, page: Page, court: Court) -> Iterator[Said]:
        try:
            card = read_card(page.text)
        except PageChanged:
            if page.context["led"] != "open" or not cases.is_gone(page.text):
                raise
            key = tuple(page.context["key"])
            absent = Absent(key, "html:div#error")
            yield Found(0)
            yield from self._once([OnPage(replace(page, part=page.context["home"]), absent)])
            return
        if page.context["led"] == "open":
            yield Found(1)
        named = parameters(page.url)
        file = card_file(named.get("delo_id", ""), named.get("new") or "0")
        if file is None:
            words = f"Nobody knows the card file {named.get('delo_id')}."
            yield Oddity("unknown-value", "delo_id", words)
            return
        seen = cases.observed_card(page, card, court)
        stated = seen.seen.fields if isinstance(seen.seen, Observation) else {}
        if page.context["led"] == "open" or self.wanted.by_card(stated, file):
            yield from cases.unread(card)
            yield from self._once([seen])
