"""News of the Ministry of Justice: the only place where it says why it designates somebody."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.documents.html_form import select, tree
from crawler.documents.nodes import attribute, text_of
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spider import Ask
from crawler.spiders.announcements.news_pages import Entry, NewsSpider
from pipelines.announcement import read_day
from pipelines.observation import Observation, Raw
from pipelines.other_persons import without_others
from pipelines.spec import Endpoint
from pipelines.subjects import PERSON, TITLE, decision_day, read_subjects
from pipelines.text import clean

LIST = "list"
PAGES, SEARCH_PAGES = 3, 200  # of the list; a backfill searches it and may need more
DAYS_BACK = 14  # without a feed, older items were read before


class NewsMinjust(NewsSpider):
    """The feed, else the list by days; with `--since` the search in the list."""

    name = "news_minjust"
    # No item was captured (2026-11): names that sites of this engine give to the text of an item.
    containers = (
        ".news-detail-text", ".news-detail", ".event-detail", ".detail-text", ".page-content",
        "article", "main", "#content",
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._listed: set[str] = set()

    def endpoints(self, part: str) -> list[tuple[int, Endpoint]]:
        found = super().endpoints(part)
        if getattr(self, "since", None) is None:
            return found
        return [one for one in found if one[1].form != "rss"]  # a feed cannot be searched

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        since, until = getattr(self, "since", None), getattr(self, "until", None)
        ask = Ask(endpoint.url, endpoint.form, part, index, context={"page": 1})
        if since is not None:
            asked = {
                "words": self.spec.settings["search_words"],
                "start_date": f"{since:%d-%m-%Y}",
                "end_date": f"{until or self.today:%d-%m-%Y}",
            }
            query = urlencode(asked)
            ask = replace(ask, url=f"{endpoint.url}?{query}", context={"page": 1, "query": query})
        yield ask

    def next_page(self, page: Page, entries: Sequence[Entry]) -> Iterator[Ask]:
        """The engine shows its last page again for every number beyond it: a page without an
        item that is new to us ends the list."""
        if page.form != LIST or not self._may_go_on(page, entries):
            return
        number = page.context["page"] + 1
        query = page.context.get("query", "")
        asked = f"{query}&PAGEN_1={number}" if query else f"PAGEN_1={number}"
        yield Ask(
            f"{self.home_of(page)}?{asked}", LIST, page.part, page.endpoint,
            context={"page": number, "query": query},
        )  # fmt: skip

    def _may_go_on(self, page: Page, entries: Sequence[Entry]) -> bool:
        searched = bool(page.context.get("query"))
        addresses = {entry.url for entry in entries}
        fresh = addresses - self._listed
        self._listed |= addresses
        if not fresh or page.context["page"] >= (SEARCH_PAGES if searched else PAGES):
            return False
        days = [day for entry in entries if (day := read_day(entry.published))]
        return searched or not days or min(days) > self._oldest()

    def _oldest(self) -> date:
        return self.today - timedelta(days=DAYS_BACK)

    def list_entries(self, page: Page) -> Sequence[Entry]:
        """`.news-day-block` with the day in words and the year beside it."""
        blocks = select(tree(page.text), ".news-day-block")
        if not blocks:
            raise PageChanged("The list shows no day.")
        found: list[Entry] = []
        for block in blocks:
            stated = [clean(text_of(n)) for n in select(block, ".news-day-block-date .day")]
            year = [clean(text_of(n)) for n in select(block, ".news-day-block-date .year")]
            day = " ".join([*stated[:1], *(text.split()[0] for text in year[:1] if text)])
            for link in select(block, ".news-day-block-events li a[href]"):
                url = urljoin(self.home_of(page), attribute(link, "href") or "")
                place = f"html:day-block/{len(found) + 1}"
                found.append(Entry(url, clean(text_of(link)), day, place))
        return found

    def item_rows(self, page: Page, paragraphs: list[str]) -> Iterator[Observation]:
        shared = self.stated(page) | {"acted_on": decision_day(paragraphs)}
        subjects = read_subjects(paragraphs)
        if not any(subject.sentences for subject in subjects):
            return
        named = [subject.name for subject in subjects if subject.is_person]
        for subject in subjects:
            text = without_others(" ".join(subject.paragraphs), named)
            fields: dict[str, Raw] = {
                **shared,
                "subject": subject.name, "kind": subject.kind, "text": text,
                "subject_kind": PERSON if subject.is_person else TITLE,
                "sentences": [without_others(one, named) for one in subject.sentences],
            }  # fmt: skip
            key = (page.part, subject.kind, subject.name)
            yield Observation(key, fields, f"html:line={subject.place + 1}", text, page.part)
