"""News of the Prosecutor General: who is declared "undesirable", weeks before the register."""

from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from crawler.documents.html_form import select, tree
from crawler.documents.nodes import attribute, text_of
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spiders.announcements.news_pages import Entry, NewsSpider
from pipelines.announced_bodies import read_bodies
from pipelines.observation import Observation, Raw
from pipelines.other_persons import without_others
from pipelines.text import clean

ENTRY = "div.feeds-list__list_item"


class NewsGenproc(NewsSpider):
    """One list for each office; a public program read the first item only and lost the others."""

    name = "news_genproc"
    containers = ("div.feeds-page__article_text_block", "div.feeds-page", "article", "main")
    headings = ("div.feeds-page__subtitle", "h1", "title")

    def list_entries(self, page: Page) -> Sequence[Entry]:
        """All items that the list shows; what stands beside the link may hold the day."""
        boxes = select(tree(page.text), ENTRY)
        if not boxes:
            raise PageChanged("The list shows no item.")
        found = []
        for place, box in enumerate(boxes, 1):
            links = [link for link in select(box, "a[href]") if clean(text_of(link))]
            if not links:
                raise PageChanged(f"Item {place} of the list has no link.")
            url = urljoin(self.home_of(page), attribute(links[0], "href") or "")
            title = max((clean(text_of(link)) for link in links), key=len)
            found.append(Entry(url, title, clean(text_of(box)), f"html:list-item/{place}"))
        return found

    def item_rows(self, page: Page, paragraphs: list[str]) -> Iterator[Observation]:
        shared = self.stated(page)
        for body in read_bodies(paragraphs):
            told = [without_others(one, ()) for one in (body.text, *body.sentences)]
            fields: dict[str, Raw] = {
                **shared,
                "subject": body.name, "subject_kind": "organisation",
                "country": body.country, "acted_on": body.decided_on,
                "kind": "exclusion" if body.cancelled else "undesirable",
                "text": " ".join(told), "sentences": told[1:],
            }  # fmt: skip
            key = (page.part, body.name)
            yield Observation(key, fields, f"html:line={body.place + 1}", told[0], page.part)
