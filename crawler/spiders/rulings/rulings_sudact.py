"""Texts of acts at the aggregator sudact.ru, for decided cases of which no other source has one.

Parts: `texts:2026` are known cases decided in that year, a bounded number a run. A document itself
belongs to `regular:2026`, section and year of the act.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from crawler.errors import SourceError
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from crawler.sudact.matching import NEAR, day_of, is_act_of
from crawler.sudact.pages import Act, Answer, Hit, read_act, read_answer
from pipelines.court_card import quote_of
from pipelines.observation import Observation, Raw
from pipelines.reading import Found, OnPage, Said
from pipelines.spec import Endpoint
from storage.grown import seen_pages
from storage.known_cases import KnownCase, decided_without_text

SITE = "https://sudact.ru/regular"
COOKIES = "scrapy.downloadermiddlewares.cookies.CookiesMiddleware"
MAX_PAGES = 50  # after the fiftieth page of ten the list begins anew
MAX_POLLS = 40
AGAIN = timedelta(days=60)  # acts appear months after their date


class RulingsSudact(SourceSpider):
    """A case is searched by its number from a few days before its decision on."""

    name = "rulings_sudact"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._cases: dict[str, list[KnownCase]] = {}
        self._ids: dict[str, set[str]] = {}  # query -> ids seen on its pages
        self._opened: set[str] = set()

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """The first page sets a cookie without which the search may not answer; it is kept for
        this run only, and no record holds it."""
        super().update_settings(settings)
        stack = dict(settings["DOWNLOADER_MIDDLEWARES"]) | {COOKIES: 700}
        settings.set("DOWNLOADER_MIDDLEWARES", stack, priority="spider")
        settings.set("COOKIES_ENABLED", True, priority="spider")

    def parts(self) -> list[str]:
        start = (self.today - timedelta(days=400)).isoformat()
        with self.session.store.read() as connection:
            known = decided_without_text(connection, self.name)
            pages = seen_pages(connection, self.name, "results", since=start)
        border = (self.today - AGAIN).isoformat()
        fresh = {str(one.context.get("case")) for one in pages if one.at[:10] > border}
        due = [case for case in known if _name(case) not in fresh]
        for case in due[: int(self.spec.settings["cases_a_run"])]:
            self._cases.setdefault(str(case.decided_on)[:4], []).append(case)
        return [f"texts:{year}" for year in self._cases]

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        for case in self._cases[part.partition(":")[2]]:
            context = {
                "case": _name(case), "number": case.case_number, "court": case.court or "",
                "decided": case.decided_on, "page": 1, "poll": 0,
            }  # fmt: skip
            yield Ask(f"{SITE}/doc/?{_query(context)}", "begin", part, index, context=context)

    def _poll(self, page: Page, number: int, poll: int) -> Ask:
        context = dict(page.context) | {"page": number, "poll": poll}
        query = _query(context)
        headers = {"X-Requested-With": "XMLHttpRequest", "Referer": f"{SITE}/doc/?{query}"}
        url = f"{SITE}/doc_ajax/?{query}" + (f"&page={number}" if number > 1 else "")
        return Ask(url, "results", page.part, page.endpoint, headers=headers, context=context)

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """One case whose search or document fails does not keep the others from being asked."""
        report = self.intake.report(ask.part, ask.endpoint)
        report.fail(error.reason, f"{error} ({ask.url})")
        return iter(())

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form == "begin":
            yield self._poll(page, 1, 0)
        elif page.form == "results":
            yield from self._after(page, read_answer(page.text))

    def _after(self, page: Page, answer: Answer) -> Iterator[Ask]:
        number, poll = page.context["page"], page.context["poll"]
        if not answer.is_finished:
            if poll >= MAX_POLLS:
                words = f"The search had not finished after {MAX_POLLS} requests."
                raise SourceError(words, reason="search-unfinished")
            yield self._poll(page, number, poll + 1)
            return
        seen = self._ids.setdefault(page.context["case"], set())
        new = {hit.own_id for hit in answer.hits} - seen
        seen |= new
        for hit in self._wanted(page, answer):
            if hit.own_id in new and hit.own_id not in self._opened:
                self._opened.add(hit.own_id)
                yield Ask(hit.url, "act", page.part, page.endpoint, context={"led": "results"})
        is_more = answer.total is None or len(seen) < answer.total
        if new and is_more and number < MAX_PAGES and len(new) == len(answer.hits):
            yield self._poll(page, number + 1, 0)

    def _wanted(self, page: Page, answer: Answer) -> list[Hit]:
        asked = page.context
        return [
            hit
            for hit in answer.hits
            if is_act_of(hit, asked["number"], asked["court"], asked["decided"])
        ]

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "begin":
            yield Found(0)
        elif page.form == "results" and page.context:
            answer = read_answer(page.text)
            yield Found(len(self._wanted(page, answer)) if answer.is_finished else 0)
        elif page.form == "results":
            yield from self._saved(page)
        else:
            yield from self._act(page)

    def _act(self, page: Page) -> Iterator[Said]:
        act = read_act(page.text, page.url)
        home, fields = _home(act.title), _fields(act)
        quote = quote_of({"case_number": act.title})
        seen = Observation((act.own_id,), fields, "html:act", quote, home)
        if page.context:
            yield OnPage(replace(page, part=home), seen)
        else:
            yield seen

    def _saved(self, page: Page) -> Iterator[Said]:
        """A saved answer of the search: one record a document, without its text."""
        for place, hit in enumerate(read_answer(page.text).hits, 1):
            if _home(hit.title) == page.part:
                fields: dict[str, Raw] = {
                    "act_title": hit.title, "court_line": hit.court_line, "act_url": hit.url,
                    "decided_on": _day(hit.title),
                }  # fmt: skip
                locator = f"/content/{place}"
                yield Observation((hit.own_id,), fields, locator, hit.title, page.part)

    # Files.

    def sniff(self, page: Page) -> str:
        if page.text.lstrip().startswith("{"):
            read_answer(page.text)
            return "results"
        read_act(page.text, page.url)
        return "act"

    def parts_of(self, page: Page) -> list[str]:
        try:
            if self.sniff(page) == "act":
                return [_home(read_act(page.text, page.url).title)]
            homes = [_home(hit.title) for hit in read_answer(page.text).hits]
        except SourceError:
            homes = []
        return list(dict.fromkeys(homes)) or ["unread"]

    def part_of(self, page: Page) -> str:
        return self.parts_of(page)[0]


def _name(case: KnownCase) -> str:
    """A case in a word, to know when it was asked for."""
    return f"{case.source} {' '.join(case.key)}"


def _query(asked: dict[str, Any]) -> str:
    """Number and one bound of dates: both bounds together fail for some years."""
    first = date.fromisoformat(asked["decided"]) - NEAR
    return urlencode(
        {
            "regular-txt": "", "regular-case_doc": asked["number"], "regular-lawchunkinfo": "",
            "regular-date_from": f"{first:%d.%m.%Y}", "regular-date_to": "",
            "regular-workflow_stage": "", "regular-area": "", "regular-court": "",
            "regular-judge": "",
        }
    )  # fmt: skip


def _home(title: str) -> str:
    day = day_of(title)
    return f"regular:{day.year if day else 'undated'}"


def _day(title: str) -> str:
    """The day of the act: whatever is collected here has been decided."""
    day = day_of(title)
    return f"{day:%d.%m.%Y}" if day else ""


def _fields(act: Act) -> dict[str, Raw]:
    return {
        "act_title": act.title, "court_line": act.court_line, "act_text": act.text,
        "act_url": f"{SITE}/doc/{act.own_id}/", "decided_on": _day(act.title),
    }  # fmt: skip
