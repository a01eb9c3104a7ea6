"""European Court of Human Rights: cases against Russia, one part for each calendar year."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from crawler.errors import SourceError
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from crawler.spiders.rulings.hudoc_answer import Answer, Row, read_answer
from crawler.spiders.rulings.hudoc_window import Window
from pipelines.applicants import without_applicants
from pipelines.observation import Observation
from pipelines.reading import Declared, Oddity, Said
from pipelines.spec import Endpoint

FIRST_YEAR = 1998  # Russia ratified the Convention on 5 May 1998
PAGE_ROWS = 500  # more is refused
CAP = 10_000  # no query yields a document beyond it, whatever it declares
QUOTED = ("ecli", "appno", "kpdate", "judgementdate", "article", "violation", "nonviolation")
READ = (
    "docname", "appno", "conclusion", "originatingbody", "kpdate", "judgementdate", "respondent",
    "article", "violation", "nonviolation", "ecli", "itemid", "doctypebranch",
)  # fmt: skip
NO_RULINGS = ("summary", "resolution")  # the Registry's notes; resolutions of the Ministers


class RulingsHudoc(SourceSpider):
    """A part is a whole year whatever `since` says: a ruling then never stands in two parts."""

    name = "rulings_hudoc"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._windows: dict[tuple[str, int], Window] = {}

    def parts(self) -> list[str]:
        since, until = getattr(self, "since", None), getattr(self, "until", None)
        last = min(until or self.today, self.today).year
        first = max(since.year if since else FIRST_YEAR, FIRST_YEAR)
        return [str(year) for year in range(first, last + 1)]

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        year = int(part)
        yield self._query(part, index, date(year, 1, 1), date(year, 12, 31), 0)

    def _query(self, part: str, index: int, first: date, last: date, start: int) -> Ask:
        settings = self.spec.settings
        query = settings["query"].format(
            languages=any_of("languageisocode", settings["languages"]),
            articles=any_of("article", settings["articles"]),
            first=first.isoformat(),
            last=last.isoformat(),
        )
        asked = {
            "query": query, "select": settings["select"], "sort": settings["sort"],
            "start": start, "length": PAGE_ROWS, "rankingModelId": settings["ranking_model"],
        }  # fmt: skip
        url = f"{self.spec.endpoint[index].url}?{urlencode(asked, quote_via=quote)}"
        context = {"first": first.isoformat(), "last": last.isoformat(), "start": start}
        accept = {"Accept": "application/json"}
        return Ask(url, "results", part, index, headers=accept, context=context)

    def follow(self, page: Page) -> Iterator[Ask]:
        answer = read_answer(page)
        first, last = (date.fromisoformat(page.context[name]) for name in ("first", "last"))
        reached = page.context["start"] + len(answer.rows) + len(answer.bad)
        if answer.total > CAP:
            for half in halves(first, last):
                yield self._query(page.part, page.endpoint, *half, 0)
        elif reached > page.context["start"] and reached < answer.total:
            yield self._query(page.part, page.endpoint, first, last, reached)

    def sniff(self, page: Page) -> str:
        read_answer(page)
        return "results"

    def parts_of(self, page: Page) -> list[str]:
        try:
            years = {row.year for row in read_answer(page).rows}
        except SourceError:
            years = set()
        return sorted(year for year in years if year) or [str(page.at.year)]

    def read(self, page: Page) -> Iterator[Said]:
        answer = read_answer(page)
        window = self._windows.setdefault((page.part, page.endpoint), Window())
        if page.context and answer.total > CAP:
            first, last = (date.fromisoformat(page.context[name]) for name in ("first", "last"))
            window.expect(f"{one}..{other}" for one, other in halves(first, last))
        else:
            yield from self._rows(page, answer, window)
            yield from window.settle()
        yield Declared(window.said + window.missing, page.part)

    def _rows(self, page: Page, answer: Answer, window: Window) -> Iterator[Said]:
        ids = {row.get("itemid") for row in answer.rows}
        context = page.context
        name = f"{context['first']}..{context['last']}" if context else None
        chain = window.chain(name, answer.total, ids)
        for name in answer.columns():
            if name not in self.spec.noise and name not in self.spec.settings["select"].split(","):
                words = f"Nobody reads the column `{name}`."
                yield Oddity("unknown-column", name, words, answer.rows[0].locator)
        for bad in answer.bad:
            chain.seen.add(f"{page.digest}{bad.locator}")
            window.said += 1
            yield bad
        home = self.parts_of(page)[0]
        for row in answer.rows:
            if row.get("itemid") not in chain.seen:
                chain.seen.add(row.get("itemid"))
                yield from self._row(page, row, window, home)

    def _row(self, page: Page, row: Row, window: Window, home: str) -> Iterator[Said]:
        """`home`: the part to which a document of a file belongs when its date is unreadable."""
        part = row.year or (page.part if page.context else home)
        if part != page.part:
            if page.context:
                words = "The source sent a document of another year than was asked for."
                yield Oddity("outside-window", "kpdate", words)
            return
        if row.get("respondent") and "RUS" not in row.get("respondent").split(";"):
            words = "The source sent a case that is not against Russia."
            yield Oddity("outside-window", "respondent", words)
            return
        kind = row.kind(self.spec)
        if kind in NO_RULINGS:
            return
        seen = self._observe(page, row, kind)
        placeholder = row.get("isplaceholder").casefold() == "true"
        if row.get("languageisocode") in ("ENG", "") and not placeholder:
            yield window.say(seen)
        else:
            window.wait(page, seen, row.get("languageisocode"), placeholder)

    def _observe(self, page: Page, row: Row, kind: str | None) -> Observation:
        fields = {name: row.columns[name] for name in READ if name in row.columns}
        stated = [f"{name}={row.get(name)}" for name in QUOTED if row.get(name)]
        conclusion = without_applicants(row.get("conclusion"), row.get("docname"), self.spec)
        quote = " | ".join([*stated, f"conclusion={conclusion}"] if conclusion else stated)
        return Observation(row.key, fields | {"document": kind}, row.locator, quote, page.part)


def any_of(field: str, values: str) -> str:
    """`(article="5") OR (article="6")` of `5 6`."""
    return " OR ".join(f'({field}="{value}")' for value in values.split())


def halves(first: date, last: date) -> list[tuple[date, date]]:
    """Two shorter windows in place of one that has too many documents. Raises SourceError."""
    if first >= last:
        words = f"More than {CAP} documents of one day: HUDOC does not yield them all."
        raise SourceError(words, reason="too-large")
    middle = first + (last - first) // 2
    return [(first, middle), (middle + timedelta(days=1), last)]
