"""Supreme Court: what became there of cases that other courts' sources know, found by their UID.

Parts: `uid:2024` are the known UIDs of that year, a bounded number a run, those asked longest ago
first; `received:2026-W24` (only with --since) is a week of receipt. A case itself belongs to
`supreme:civil:2023`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from crawler.errors import SourceError
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from crawler.supreme.claims import Claim, Claims, read_claims
from crawler.supreme.raw import cells_of, home_of, raw_fields
from crawler.weeks import due_weeks, week_days
from pipelines.articles import read_articles
from pipelines.court_card import quote_of
from pipelines.court_claims import read_claim
from pipelines.court_parties import without_persons
from pipelines.observation import Observation, Raw
from pipelines.reading import Found, Oddity, OnPage, Said
from pipelines.spec import Endpoint
from pipelines.watched_articles import is_watched, wanted
from storage.config import load as load_config
from storage.grown import seen_pages
from storage.known_cases import cases_with_uid

CLAIMS = "claims"
TYPES = ("CASE", "APPEAL")  # a complaint has no UID of its own and is found by it all the same
AGAIN = timedelta(days=28)  # a UID is asked again after four weeks
LAST_PAGE = 200


class RulingsVsrf(SourceSpider):
    """The search has no filter by article, so it is asked for cases that are known."""

    name = "rulings_vsrf"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._uids: dict[str, list[str]] = {}  # year -> UIDs that are due
        self._seen: dict[tuple[str, str], dict[int, int]] = {}  # query -> page -> rows on it
        self._ids: dict[tuple[str, str], dict[str, int]] = {}  # query -> id -> page that showed it

    def parts(self) -> list[str]:
        since, until = getattr(self, "since", None), getattr(self, "until", None)
        if since:
            return [f"received:{one}" for one in due_weeks("", {}, self.today, since, until)]
        for uid in self._due():
            self._uids.setdefault(uid.split("-")[2], []).append(uid)
        return [f"uid:{year}" for year in self._uids]

    def _due(self) -> list[str]:
        """Known UIDs, those never asked first, then those not asked for longest."""
        start = self.today - timedelta(days=400)
        with self.session.store.read() as connection:
            known = [case.uid or "" for case in cases_with_uid(connection, self.name)]
            pages = seen_pages(connection, self.name, CLAIMS, since=start.isoformat())
        asked = {str(one.context.get("uid", "")): one.at[:10] for one in pages}
        border = (self.today - AGAIN).isoformat()
        due = [uid for uid in dict.fromkeys(known) if asked.get(uid, "") <= border]
        due.sort(key=lambda uid: asked.get(uid, ""))
        return due[: int(self.spec.settings["uids_a_run"])]

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        shelf, _colon, which = part.partition(":")
        for uid in self._uids.get(which, [""]) if shelf == "uid" else [""]:
            for kind in TYPES:
                yield self._claims(part, index, {"uid": uid, "type": kind, "page": 0})

    def _claims(self, part: str, index: int, context: dict[str, Any]) -> Ask:
        asked = {
            "registerDateExact": "off", "considerationDateExact": "off", "numberExact": "true",
            "claimType": context["type"],
        }  # fmt: skip
        if context["uid"]:
            asked["uniqueNumber"] = context["uid"]
        else:
            first, last = week_days(part.partition(":")[2])
            last = min(last, self.today)
            asked |= {"registerDateFrom": _day(first), "registerDateTo": _day(last)}
        if context["page"]:
            asked["page"] = str(context["page"])
        url = f"{self.spec.endpoint[index].url}?{urlencode(asked)}"
        return Ask(url, CLAIMS, part, index, context=context)

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """One search that fails does not keep the other ones of its part from being asked."""
        report = self.intake.report(ask.part, ask.endpoint)
        report.fail(error.reason, f"{error} ({ask.url})")
        return iter(())

    def follow(self, page: Page) -> Iterator[Ask]:
        claims, number = read_claims(page.text), page.context["page"]
        if not claims.is_last and (claims.rows or claims.elsewhere) and number < LAST_PAGE:
            context = dict(page.context) | {"page": number + 1}
            yield self._claims(page.part, page.endpoint, context)

    def read(self, page: Page) -> Iterator[Said]:
        claims = read_claims(page.text)
        kept = [(row, *raw_fields(row)) for row in claims.rows]
        if page.context:
            kept = [one for one in kept if self._is_kept(page, one[1])]
            yield Found(len(kept))
        for row, fields, unread in kept:
            for label in map(without_persons, unread):
                yield Oddity("unknown-column", label, f"Nobody reads `{label}` of a row.")
            yield from self._row(page, row, fields)
        self._close(page, claims)

    def _row(self, page: Page, row: Claim, fields: dict[str, Raw]) -> Iterator[Said]:
        home = home_of(fields)
        seen = Observation((row.own_id,), fields, f"html:row/{row.place}", quote_of(fields), home)
        if page.context:
            yield OnPage(replace(page, part=home), seen)
        elif home == page.part:
            yield seen

    def _is_kept(self, page: Page, fields: dict[str, Raw]) -> bool:
        """Of a week only what is looked for; of a UID all but rows that state another UID."""
        asked = str(page.context["uid"])
        if asked:
            return str(fields.get("uid") or asked).strip().upper() == asked.upper()
        own = getattr(self, "settings_of", None) or load_config().of(self.name)
        read = [one for cell in cells_of(fields) for one in read_articles(cell)]
        asks_for = read_claim(str(fields.get("category", ""))).measure
        return asks_for is not None or is_watched(read, wanted(own.articles or ()))

    def _close(self, page: Page, claims: Claims) -> None:
        """All rows that the counter promises are on the pages, and none is on two of them."""
        context = page.context or {"uid": page.digest, "type": "", "page": 0}
        query, number = (page.part, f"{context['uid']} {context['type']}"), context["page"]
        ids = self._ids.setdefault(query, {})
        shown_before = [row for row in claims.rows if ids.setdefault(row.own_id, number) != number]
        if shown_before:
            words = "A row stands on two pages: they were shifted while they were read."
            raise SourceError(words, reason="count-mismatch")
        pages = self._seen.setdefault(query, {})
        pages[number] = len(claims.rows) + claims.elsewhere
        is_whole = claims.is_last and len(pages) == number + 1
        if is_whole and sum(pages.values()) != claims.total:
            words = f"The court counts {claims.total} results and shows {sum(pages.values())}."
            raise SourceError(words, reason="count-mismatch")

    # Files.

    def sniff(self, page: Page) -> str:
        read_claims(page.text)
        return CLAIMS

    def parts_of(self, page: Page) -> list[str]:
        try:
            homes = [home_of(raw_fields(row)[0]) for row in read_claims(page.text).rows]
        except SourceError:
            homes = []
        return list(dict.fromkeys(homes)) or ["unread"]

    def part_of(self, page: Page) -> str:
        return self.parts_of(page)[0]


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
