"""Moscow City Court and the 35 district courts of Moscow: cases found by article and category.

Parts: `search:adm:2026-W24` are the cases of a week that the search finds; a week of one court's
hearings, `77RS0027:heard:2026-W24`, shows when known open cases move. A case itself belongs to
`77RS0027:administrative:2026`: court, proceeding, year of its oldest number, whatever led to it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from crawler.documents.html_form import tree
from crawler.errors import SourceError
from crawler.moscow import query
from crawler.moscow.card import is_card, read_card
from crawler.moscow.courts import MoscowCourt, by_code, chosen
from crawler.moscow.listing import Listing, read_listing
from crawler.moscow.pages_of_lists import Query, further_pages
from crawler.moscow.raw import address, card_fields, home_of, row_fields
from crawler.moscow.said import link_of, refuse_page, saved_list, text_missing
from crawler.moscow.wanted_cases import CODE_OF, WantedCases, control_of, searched
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from crawler.weeks import due_weeks, week_days
from pipelines.court_card import quote_of
from pipelines.court_parties import without_persons
from pipelines.observation import Observation
from pipelines.reading import Found, Oddity, OnPage, Said
from pipelines.spec import Endpoint
from storage.config import load as load_config
from storage.known_cases import open_cases, read_whole
from storage.sightings import addresses

CONTROL_DAYS = timedelta(days=28)


class RulingsMosgorsud(SourceSpider):
    """One engine for both layouts; which one a page has is looked at each time."""

    name = "rulings_mosgorsud"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._queries: dict[tuple[str, str], Query] = {}
        self._opened: set[str] = set()  # cards asked for in this run, by uuid
        self._open: dict[str, set[str]] = {}  # code of a court -> its open cases, by uuid
        self._acts: frozenset[str] = frozenset()  # acts that are evidence already

    @classmethod
    def hosts(cls) -> Iterable[str]:
        yield from ("mos-gorsud.ru", "www.mos-gorsud.ru")

    def parts(self) -> list[str]:
        since, until = getattr(self, "since", None), getattr(self, "until", None)
        with self.session.store.read() as connection:
            read = read_whole(connection, self.name)
            self._acts = addresses(connection, self.name, self.address(f"{query.SITE}/"))
            for case in open_cases(connection, self.name):
                self._open.setdefault(case.part.split(":")[0], set()).add(case.key[0])
        found = [
            f"search:{kind}:{week}"
            for kind in query.PROCESS
            if searched(kind, "{article}", self.wanted.articles, self.spec)
            for week in due_weeks(f"search:{kind}", read, self.today, since, until)
        ]
        for code in () if since else sorted(self._open):
            weeks = due_weeks(f"{code}:heard", read, self.today, self.today - timedelta(days=7))
            found += [f"{code}:heard:{week}" for week in weeks if code in by_code()]
        return found

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        first, kind, week = part.split(":")
        if kind == "heard":
            days = _until(week_days(week), self.today)
            url = query.hearing(by_code()[first], *days, 1)
            yield Ask(url, "hearing", part, index, context={"query": "heard", "page": 1})
        else:
            yield self._control(part, index, "control", 0)

    def _control(self, part: str, index: int, step: str, spelling: int) -> Ask:
        """A search whose answer is known: common cases must be found, impossible ones must not."""
        _search, kind, week = part.split(":")
        spellings = self._spellings(kind)
        if spelling >= len(spellings):
            words = "The search does not find what it must find, in any known spelling."
            raise SourceError(words, reason="control-failed")
        last = min(week_days(week)[1], self.today)
        field, text = control_of(kind, spellings[spelling], step == "control", self.spec)
        url = query.search(kind, last - CONTROL_DAYS, last, 1, **{field: text})
        context = {"query": step, "page": 1, "spelling": spelling}
        return Ask(url, "control", part, index, context=context)

    def _spellings(self, kind: str) -> list[str]:
        """Spellings of articles; a category is a hash and has but one."""
        return self.spec.settings["codex"].split("|") if kind in CODE_OF else [""]

    def _searches(self, part: str, index: int, spelling: int) -> Iterator[Ask]:
        kind = part.split(":")[1]
        spelled = self._spellings(kind)[spelling]
        asked = searched(kind, spelled, self.wanted.articles, self.spec)
        for court in [one.alias for one in self._chosen()] or [""]:
            for field, text in asked:
                context = {"query": f"{field}={text}", "alias": court, "page": 1}
                yield self._search(part, index, context)

    def _search(self, part: str, index: int, context: dict[str, Any]) -> Ask:
        _word, kind, week = part.split(":")
        field, _equal, text = context["query"].partition("=")
        days = _until(week_days(week), self.today)
        url = query.search(
            kind, *days, context["page"], alias=context["alias"],
            codex=text if field == "codex" else "", category=text if field == "category" else "",
        )  # fmt: skip
        return Ask(url, "search", part, index, context=context)

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """A card or an act that cannot be read does not keep the others from being read."""
        if ask.form in ("control", "hearing"):
            return None
        report = self.intake.report(ask.part, ask.endpoint)
        report.fail(error.reason, f"{error} ({ask.url})")
        return iter(())

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form == "control":
            yield from self._after_control(page)
        elif page.form in ("search", "hearing"):
            listing = read_listing(page.text)
            for number in further_pages(listing, page.context["page"]):
                yield self._page(page, number)
            yield from self._cards(page, listing)
        elif page.form == "card":
            act = read_card(page.text).act
            url = address(act.href) if act and act.state == "there" else ""
            if url and self.address(url) not in self._acts:
                self._acts |= {self.address(url)}
                yield Ask(url, "act", page.part, page.endpoint)

    def _after_control(self, page: Page) -> Iterator[Ask]:
        step, spelling = page.context["query"], page.context["spelling"]
        is_found = bool(read_listing(page.text).rows)
        if step == "control" and is_found:
            yield self._control(page.part, page.endpoint, "never", spelling)
        elif step == "never" and not is_found:
            yield from self._searches(page.part, page.endpoint, spelling)
        else:
            yield self._control(page.part, page.endpoint, "control", spelling + 1)

    def _page(self, page: Page, number: int) -> Ask:
        context = dict(page.context) | {"page": number}
        if page.form == "search":
            return self._search(page.part, page.endpoint, context)
        code, _heard, week = page.part.split(":")
        url = query.hearing(by_code()[code], *_until(week_days(week), self.today), number)
        return Ask(url, "hearing", page.part, page.endpoint, context=context)

    def _cards(self, page: Page, listing: Listing) -> Iterator[Ask]:
        known = self._open.get(page.part.split(":")[0], set())
        for row in listing.rows:
            is_due = page.form == "search" or row.link.uuid in known
            if is_due and row.link.uuid not in self._opened:
                self._opened.add(row.link.uuid)
                context = {"led": page.form}
                yield Ask(row.link.url, "card", page.part, page.endpoint, context=context)

    # Reading.

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "card":
            yield from self._card(page)
        elif page.form == "act":
            refuse_page(page)
        elif page.form == "control":
            yield Found(0)
        elif page.context:
            yield from self._list(page)
        else:
            yield from saved_list(page)

    def _list(self, page: Page) -> Iterator[Said]:
        """A list that a crawl met: it leads to cases, and its pages must close."""
        listing = read_listing(page.text)
        name = f"{page.context['query']} {page.context.get('alias', '')}"
        asked = self._queries.setdefault((page.part, name), Query())
        yield Found(asked.take(listing, page.context["page"]))
        for place, why in listing.bad:
            yield Oddity("unread-row", "number", f"A row of the list: {why}.", f"html:tr/{place}")

    def _card(self, page: Page) -> Iterator[Said]:
        card = read_card(page.text)
        link = link_of(page, card)
        fields = card_fields(card, link)
        if page.context and not self.wanted.has(fields, self.spec):
            return
        for name in map(without_persons, card.unread):
            yield Oddity("unknown-column", name, f"Nobody reads `{name}` of a card.")
        yield from text_missing(card)
        home = home_of(link, fields)
        seen = Observation((link.uuid,), fields, "html:card", quote_of(fields), home)
        yield OnPage(replace(page, part=home), seen)

    @property
    def wanted(self) -> WantedCases:
        """The articles that the operator names, else those of our own table."""
        own = getattr(self, "settings_of", None) or load_config().of(self.name)
        return WantedCases.of(own.articles or ())

    def _chosen(self) -> list[MoscowCourt]:
        return chosen(list(self.settings_of.courts or ()))

    # Files.

    def sniff(self, page: Page) -> str:
        if is_card(tree(page.text)):
            return "card"
        return read_listing(page.text).form

    def parts_of(self, page: Page) -> list[str]:
        try:
            if self.sniff(page) == "card":
                card = read_card(page.text)
                link = link_of(page, card)
                return [home_of(link, card_fields(card, link))]
            homes = [home_of(row.link, row_fields(row)) for row in read_listing(page.text).rows]
        except SourceError:
            homes = []
        return list(dict.fromkeys(homes)) or ["unread"]

    def part_of(self, page: Page) -> str:
        return self.parts_of(page)[0]


def _until(days: tuple[date, date], today: date) -> tuple[date, date]:
    """A week's days, no later than today."""
    return days[0], min(days[1], today)
