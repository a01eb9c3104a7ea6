"""A list written as paragraphs: `152. Объединение ... (решение ...) (дата размещения ...);`.

Paragraphs without a number, or with `3)`, belong to the number before them: divisions of an
organisation whose own paragraph ends in a colon, or a bracket that closes the whole item.
"""

import re
from dataclasses import dataclass, field

from crawler.documents.html_form import select, soup
from crawler.documents.nodes import Node, is_hidden, name_of, text_of
from crawler.errors import PageChanged
from pipelines.text import clean

# Containers of the text in the years since 2014, the newest first.
CONTAINERS = ("#documentcontent", "div.doc", "div.document")
BEGINS = "текст документа"
NUMBERED = re.compile(r"(\d{1,4})\s?\.\s*(?=\D)")  # `152. Объединение`, `9.Местная`
SUB_NUMBERED = re.compile(r"\d{1,4}\s?[).]\s*")
NEXT_LINE = re.compile(r"\n(?=\d{1,4}\s?[.)]\s?\D)")  # several items in one paragraph
PARAGRAPHS = "p, li, h2, h3"
HIGHEST_JUMP = 50  # a larger step is a year or a house, no item


@dataclass(frozen=True, slots=True)
class Division:
    """A paragraph under a number, without its own mark `3)`."""

    text: str
    place: int


@dataclass(slots=True)
class Item:
    """One number of the list; places are those of paragraphs, `strange` ones belong to nothing."""

    number: str
    text: str
    place: int
    divisions: list[Division] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)


def read_items(page: str) -> list[Item]:
    """All items of a page, by the container that shows most of them. PageChanged: none does."""
    root = soup(page)
    found = [gather(paragraphs(root, css)) for css in CONTAINERS]
    found.append(gather(numbered_list(root)))
    best = max(found, key=len)
    if not best:
        raise PageChanged("No known container of the page holds a numbered item.")
    return best


def paragraphs(root: Node, css: str) -> list[str]:
    """The texts of a container's paragraphs, in order, those after the heading of the text."""
    texts = [
        clean(line)
        for box in select(root, css)
        for node in select(box, PARAGRAPHS)
        if not is_hidden(node) and not select(node, PARAGRAPHS)
        for line in NEXT_LINE.split(text_of(node))
    ]
    starts = [place for place, text in enumerate(texts) if text.casefold().startswith(BEGINS)]
    return texts[starts[-1] + 1 if starts else 0 :]


def numbered_list(root: Node) -> list[str]:
    """The oldest form, `<ol><li>`: the browser counts, lists inside an item are its divisions."""
    texts: list[str] = []
    for box in select(root, "ol"):
        if any(name_of(above) == "li" for above in box.parents):
            continue
        first = int(str(box.get("start", "1")))
        for number, entry in enumerate(box.find_all("li", recursive=False), first):
            inner = [f"1) {clean(text_of(node))}" for node in entry.find_all("li")]
            for nested in entry.find_all(["ol", "ul"]):
                nested.extract()
            texts += [f"{number}. {clean(text_of(entry))}", *inner]
    return texts


def gather(texts: list[str]) -> list[Item]:
    """Items with their divisions; what stands before the first number is no part of the list."""
    items: list[Item] = []
    before = ""
    for place, text in enumerate(texts):
        if not text:
            continue
        head = NUMBERED.match(text)
        last = int(items[-1].number) if items else 0
        if head is not None and last < int(head[1]) <= last + HIGHEST_JUMP:
            items.append(Item(head[1], text[head.end() :], place))
        elif items:
            _add(items[-1], text, place, before)
        before = text
    return items


def _add(item: Item, text: str, place: int, before: str) -> None:
    """A paragraph without a number of its own: a closing bracket, a division, or a strange one."""
    marked = SUB_NUMBERED.match(text)
    if text.startswith("("):
        item.text = f"{item.text} {text}"
    elif marked or item.divisions or ":" in item.text[-3:] or not before.endswith("."):
        item.divisions.append(Division(text[marked.end() if marked else 0 :], place))
    else:
        item.strange.append(place)
