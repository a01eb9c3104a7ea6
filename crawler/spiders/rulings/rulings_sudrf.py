"""Courts of the common portal: cases are found in hearing schedules and read on their cards.

Parts: `43RS0001:heard:2026-W24` is a week of one court's schedule. A case itself belongs to
`43RS0001:adm:2026`: its court, card file and year of receipt, whichever page led to it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from crawler.errors import SourceError
from crawler.page import Page
from crawler.portal import rounds
from crawler.portal.card import read_card
from crawler.portal.courts import Court, chosen, courts
from crawler.portal.query import CardFile, card_file, parameters, schedule
from crawler.portal.raw import raw_fields, unread_labels
from crawler.portal.rounds import Days, Link, day_text
from crawler.portal.schedule import Hearing, read_schedule
from crawler.portal.wanted import CODE_OF, Wanted
from crawler.spider import Ask, SourceSpider
from pipelines.court_card import quote_of
from pipelines.court_claims import read_claim
from pipelines.observation import Observation
from pipelines.reading import Found, Oddity, OnPage, Said
from pipelines.spec import Endpoint


class RulingsSudrf(SourceSpider):
    """One engine for both layouts: which one a page has is looked at each time."""

    name = "rulings_sudrf"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._days = Days()
        self._led: dict[str, set[Link]] = {}  # part -> the cases that its pages led to
        self._opened: set[Link] = set()  # cards asked for in this run

    @classmethod
    def hosts(cls) -> Iterable[str]:
        for court in courts().values():
            yield from (court.host, court.host.replace("--", "."))

    def parts(self) -> list[str]:
        asked = chosen(list(self.settings_of.courts or ()))
        since, until = getattr(self, "since", None), getattr(self, "until", None)
        self._days = rounds.due(self.session.store, self.name, asked, self.today, since, until)
        return self._days.parts()

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        yield from self._day(part, index, 0)

    def _day(self, part: str, index: int, place: int) -> Iterator[Ask]:
        """The day at this place of the part's list; the next one is asked once it is read, so
        that many courts are in turn and none is asked twice in a row."""
        pages = self._days.pages(part)
        if place < len(pages):
            court, one = court_of(part), pages[place]
            context = {"day": day_text(one.day), "server": one.server, "place": place}
            url = schedule(court, one.server, one.day)
            yield Ask(url, "schedule", part, index, context=context)

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """One day or card that cannot be read does not keep the others from being read."""
        report = self.intake.report(ask.part, ask.endpoint)
        report.fail(error.reason, f"{error} ({ask.url})")
        if ask.form != "schedule":
            return iter(())
        return self._day(ask.part, ask.endpoint, ask.context["place"] + 1)

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form != "schedule":
            return
        yield from self._day(page.part, page.endpoint, page.context["place"] + 1)
        for hearing, link, _file in self._wanted_hearings(page):
            if link not in self._opened:
                self._opened.add(link)
                url = urljoin(page_base(page), hearing.href)
                context = {"led": "schedule", "server": page.context["server"]}
                yield Ask(url, "card", page.part, page.endpoint, context=context)

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "schedule":
            yield from self._schedule(page)
        else:
            yield from self._card(page)

    def _schedule(self, page: Page) -> Iterator[Said]:
        known = self._led.setdefault(page.part, set())
        new = {link for _hearing, link, _file in self._wanted_hearings(page)} - known
        known |= new
        yield Found(len(new))
        for place, text, why in read_schedule(page.text, page.context["day"]).bad:
            yield Oddity("unread-row", "hearing", f"{why}: {text[:200]}", f"html:tr/{place}")

    def _wanted_hearings(self, page: Page) -> Iterator[tuple[Hearing, Link, CardFile]]:
        court = court_of(page.part)
        for hearing in read_schedule(page.text, page.context["day"]).hearings:
            named = parameters(hearing.href)
            file = card_file(named.get("delo_id", ""), named.get("new") or "0")
            if file and self.wanted.by_list(hearing.information, file):
                yield hearing, link_of(court, named), file

    @property
    def wanted(self) -> Wanted:
        """The articles that the operator names, else those of our own table."""
        return Wanted.of(self.settings_of.articles or ())

    def _card(self, page: Page) -> Iterator[Said]:
        card, court, named = read_card(page.text), court_of(page.part), parameters(page.url)
        file = card_file(named.get("delo_id", ""), named.get("new") or "0")
        if file is None:
            words = f"Nobody knows the card file {named.get('delo_id')}."
            yield Oddity("unknown-value", "delo_id", words)
            return
        fields = raw_fields(card, court, named["delo_id"], page.url)
        if not self._is_wanted(fields, file):
            return
        for label in unread_labels(card):
            yield Oddity("unknown-column", label, f"Nobody reads `{label}` of a card.")
        home = f"{court.code}:{file.name}:{year_of(fields)}"
        key = link_of(court, named)
        seen = Observation(key, fields, "html:card", quote_of(fields), home)
        yield OnPage(replace(page, part=home), seen)

    def _is_wanted(self, fields: dict[str, Any], file: CardFile) -> bool:
        """The list filters by a substring and cuts values: the card decides."""
        if file.proceeding in CODE_OF:
            return self.wanted.has(fields.get("party_articles", ()), file)
        asked = read_claim(str(fields.get("category", "")))
        return bool(fields.get("claim_urls")) or asked.measure is not None


def court_of(part: str) -> Court:
    """The court of a part."""
    return courts()[part.split(":")[0]]


def page_base(page: Page) -> str:
    """The court's own address, also where `base_url` folds all hosts into one."""
    return f"http://{court_of(page.part).host}/"


def link_of(court: Court, named: dict[str, str]) -> Link:
    """The key of a case: court, card file, and its GUID, which is written in both cases."""
    return Link(court.code, named.get("delo_id", ""), named.get("case_uid", "").casefold())


def year_of(fields: dict[str, Any]) -> str:
    """The year in which a case came in: it never changes, other than the number."""
    received = str(fields.get("received_on", ""))
    return received[-4:] if received[-4:].isdigit() else "undated"
