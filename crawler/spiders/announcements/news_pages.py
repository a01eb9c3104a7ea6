"""News of an authority: a feed or a list names the items, each item is a part of its own.

An item stays what it was when the list has long moved on, so it is read, judged and read again by
a new parser alone. The list is a part too: its entries are looked at and counted, never kept, so
that a week without an announcement says of how many items it is true. Zero entries is a failure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urldefrag, urljoin, urlsplit

from crawler.documents.html_form import require_end, select, tree
from crawler.documents.nodes import Node, is_hidden, name_of, text_of
from crawler.documents.xml_form import parse_xml
from crawler.errors import PageChanged
from crawler.notices import refuse_notices
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from pipelines.announcement import LOOKED_AT, read_day
from pipelines.observation import Observation
from pipelines.reading import Said
from pipelines.spec import Endpoint, fold
from pipelines.text import clean, unescape

ITEM = "item"
FEED = "rss"
FURNITURE = frozenset({"nav", "header", "footer", "aside", "button", "select"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: address of the item, title and day as stated, where it stands."""

    url: str
    title: str
    published: str
    locator: str


class NewsSpider(SourceSpider):
    """Subclasses write `list_entries` and `item_rows`."""

    containers: ClassVar[tuple[str, ...]]  # of an item's text, the best known first
    headings: ClassVar[tuple[str, ...]] = ("h1", "title")  # where an item's title stands

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._asked: set[str] = set()

    def list_entries(self, page: Page) -> Sequence[Entry]:
        """The entries of a list in HTML. Raises PageChanged where it is not the list we know."""
        raise NotImplementedError

    def item_rows(self, page: Page, paragraphs: list[str]) -> Iterator[Observation]:
        """What one container of an item says; nothing where it is not about our subject."""
        raise NotImplementedError

    def next_page(self, page: Page, entries: Sequence[Entry]) -> Iterator[Ask]:
        """The next page of a list that has more."""
        yield from ()

    # What the base of all spiders asks for.

    def endpoints(self, part: str) -> list[tuple[int, Endpoint]]:
        if not is_item(part):
            return super().endpoints(part)
        return [(n, one) for n, one in enumerate(self.spec.endpoint) if one.form == ITEM]

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form == ITEM:
            return
        entries = self.entries(page)
        for entry in entries:
            if self._wants(entry) and entry.url not in self._asked:
                yield self._ask_item(entry)
        yield from self.next_page(page, entries)

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == ITEM:
            yield from self._read_item(page)
            return
        for entry in self.entries(page):
            fields = {LOOKED_AT: entry.title, "published_on": entry.published}
            key = (item_path(entry.url),)
            yield Observation(key, fields, entry.locator, entry.title, page.part)

    def sniff(self, page: Page) -> str:
        start = page.body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if (start.startswith(b"<?xml") and b"<html" not in start) or start.startswith(b"<rss"):
            return FEED
        try:
            self.list_entries(page)
        except PageChanged:
            return ITEM
        return "list"

    def part_of(self, page: Page) -> str:
        form = self.sniff(page)
        if form == ITEM:
            return item_path(page.url)
        return next(one.part for one in self.spec.endpoint if one.form == form)

    # How it is done.

    def entries(self, page: Page) -> Sequence[Entry]:
        """The entries of a page of the list; none at all is left to the verdict."""
        if page.form == FEED:
            return feed_entries(page, self.home_of(page))
        require_end(page.text, "</html>")
        return self.list_entries(page)

    def home_of(self, page: Page) -> str:
        """The official address against which a page's links are resolved."""
        return self.spec.endpoint[page.endpoint].url

    def _wants(self, entry: Entry) -> bool:
        """Of our subject, on our host, in the time that was asked for."""
        settings = self.spec.settings
        if not re.search(settings["wanted"], fold(entry.title)):
            return False
        hosts = {urlsplit(one.url).hostname for one in self.spec.endpoint}
        if urlsplit(entry.url).hostname not in hosts:
            return False
        day = read_day(entry.published)
        since, until = getattr(self, "since", None), getattr(self, "until", None)
        if day is None:
            return True
        return (since is None or day >= since) and (until is None or day <= until)

    def _ask_item(self, entry: Entry) -> Ask:
        self._asked.add(entry.url)
        part = item_path(entry.url)
        ((index, endpoint),) = self.endpoints(part)
        self._pending.setdefault((part, index), 0)
        self.intake.report(part, index, url=entry.url, role=endpoint.role)
        context = {"url": entry.url, "title": entry.title, "published": entry.published}
        return Ask(entry.url, ITEM, part, index, context=context)

    def _read_item(self, page: Page) -> Iterator[Said]:
        if not page.context:  # a file: nobody has looked yet whether it is a notice
            refuse_notices(page.text)
        require_end(page.text, "</html>")
        root = without_furniture(tree(page.text))
        for css in (*self.containers, "body"):
            for box in select(root, css):
                rows = list(self.item_rows(page, paragraphs_of(box)))
                if rows:
                    yield from rows
                    return
        title = page.context.get("title") or title_of(root, self.headings)
        if re.search(self.spec.settings["promised"], fold(title)):
            words = "The title of the item promises an announcement, and its text shows none."
            raise PageChanged(words)
        fields = {LOOKED_AT: title, "published_on": page.context.get("published", "")}
        yield Observation((page.part,), fields, "html:title", title, page.part)

    def stated(self, page: Page) -> dict[str, str]:
        """What all rows of an item share: title, day and official address."""
        context = page.context
        return {
            "title": context.get("title") or title_of(tree(page.text), self.headings),
            "published_on": context.get("published", ""),
            "url": context.get("url") or (page.url if page.url.startswith("http") else ""),
        }


def is_item(part: str) -> bool:
    """Is a part one item? Those are named by the path of its address."""
    return part.startswith("/")


def item_path(url: str) -> str:
    """Path and query of an item's address: what names it whatever host it is read from."""
    parts = urlsplit(urldefrag(url)[0])
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return f"{path}?{parts.query}" if parts.query else path


def title_of(root: Node, places: Sequence[str]) -> str:
    """The heading of an item, else the title of its page."""
    for css in places:
        texts = [clean(text_of(node)) for node in select(root, css)]
        if any(texts):
            return next(text for text in texts if text)
    return ""


def without_furniture(root: Node) -> Node:
    """The page without menus, buttons and hidden parts, changed in place."""
    unseen = [n for n in root.iter() if isinstance(n.tag, str) and _is_unseen(n)]
    for node in unseen:
        if node.getparent() is not None:
            node.drop_tree()
    return root


def _is_unseen(node: Node) -> bool:
    return name_of(node) in FURNITURE or is_hidden(node)


def paragraphs_of(box: Node) -> list[str]:
    """The lines of a container as a reader sees them."""
    return [line for raw in text_of(box).split("\n") if (line := clean(raw))]


def feed_entries(page: Page, home: str) -> list[Entry]:
    """The items of an RSS feed. Raises PageChanged where it has no channel."""
    root = parse_xml(page.body)
    channel = root.find("channel")
    if channel is None:
        raise PageChanged("The feed has no channel.")
    found = []
    for place, item in enumerate(channel.findall("item"), 1):
        link = clean(item.findtext("link") or item.findtext("guid") or "")
        title = clean(unescape(item.findtext("title") or ""))
        if not link or not title:
            raise PageChanged(f"Item {place} of the feed has no link or no title.")
        day = clean(item.findtext("pubDate") or "")
        found.append(Entry(urljoin(home, link), title, day, f"xml:/rss/channel/item[{place}]"))
    return found
