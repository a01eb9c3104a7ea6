"""A list of cases and complaints of the Supreme Court, in both layouts.

Layout until summer 2026 (captured 03.07.2026): rows `.vs-items-body`, label `.col-md-3`, value
`.col-md-7`, counter "НАЙДЕНО: 10", one page. The newer one (public programs, 10.2026) puts the same
rows as HTML into a script `__NEXT_DATA__` with a counter and pages of 20, `page=0` the first. Rows
are read by their labels: the names of classes change with every release of the site.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.documents.html_form import select, tree
from crawler.documents.json_form import load_json
from crawler.documents.nodes import Node, attribute, text_of
from crawler.errors import PageChanged

CARD = re.compile(r"/lk/practice/(?P<shelf>cases|appeals|claims)/(?P<id>[0-9A-Fa-f-]{5,60})/?$")
COUNTER = re.compile(r"найдено:\s*(\d[\d ]*)", re.IGNORECASE)
DATA = re.compile(r'<script id="__NEXT_DATA__"[^>]*>(.*?)</script>', re.DOTALL)
ELSEWHERE = "kad.arbitr.ru"  # cases of the commercial courts: counted, read by nobody here
DAY = re.compile(r"\d{2}\.\d{2}\.\d{4}")


@dataclass(slots=True)
class Claim:
    """One row: its id, its number, and what stands under each label, lines kept."""

    own_id: str
    number: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)  # day, words
    place: int = 0
    tells_endings: bool = True  # the newer list shows no movement: what is missing is unknown


@dataclass(slots=True)
class Claims:
    """One page: how many rows the whole answer has, and those of this page."""

    total: int
    is_last: bool
    rows: list[Claim] = field(default_factory=list)
    elsewhere: int = 0  # rows that lead to the commercial courts


def read_claims(text: str) -> Claims:
    """The list in a page. PageChanged: no counter, or rows that are none."""
    data = DATA.search(text)
    if data is not None:
        return _new(data[1])
    root = tree(text)
    found = COUNTER.search(text_of(root).replace("\u00a0", " "))
    if found is None:
        raise PageChanged("The page counts no results: it is no answer of the search.")
    claims = Claims(_int(found[1]), is_last=True)
    for place, item in enumerate(select(root, ".vs-items-body"), 1):
        _take(claims, item, place, _old_facts(item))
    return claims


def _new(script: str) -> Claims:
    data = load_json(script)
    try:
        items = data["props"]["pageProps"]["initialItemsData"]
        content, total = items["content"] or "", items["totalElements"]
    except (KeyError, TypeError) as error:
        raise PageChanged("The page's data have no list of results.") from error
    if not isinstance(content, str) or type(total) is not int:
        raise PageChanged("The page's list of results has another form.")
    claims = Claims(total, is_last=items.get("last") is not False)
    root = tree(f"<div>{content}</div>")
    for place, item in enumerate(select(root, 'div[class*="case_item__"]'), 1):
        _take(claims, item, place, _new_facts(item))
    return claims


def _take(
    claims: Claims,
    item: Node,
    place: int,
    facts: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    hrefs = [(attribute(a, "href") or "", text_of(a)) for a in select(item, "a")]
    cards = [(found["id"], words) for href, words in hrefs if (found := _card(href))]
    if cards:
        old = "vs-items-body" in (attribute(item, "class") or "")
        claims.rows.append(Claim(*cards[0], *facts, place=place, tells_endings=old))
    elif any(ELSEWHERE in href for href, _words in hrefs):
        claims.elsewhere += 1
    else:
        raise PageChanged(f"Row {place} of the list has no link to a card.")


def _card(href: str) -> re.Match[str] | None:
    return CARD.search(urlsplit(href).path)


def _old_facts(item: Node) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    facts, events = [], []
    for row in select(item, ".vs-item-detail"):
        labels, values = select(row, ".col-md-3"), select(row, ".col-md-7")
        days = select(row, ".lato-bold-text")
        value = _lines(values[0]) if values else ""
        if labels and values:
            facts.append((_lines(labels[0]).rstrip(":").strip(), value))
        elif days and values:
            events.append((_lines(days[0]), value))
    return facts, events


def _new_facts(item: Node) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of the texts of a row: a text that ends with a colon labels those that follow."""
    facts: list[tuple[str, str]] = []
    events = []
    for row in select(item, '[class*="FinalActRow_container__"]'):
        days, words = DAY.findall(_lines(row)), select(row, '[class*="FinalActRow_col__"]')
        if days and words:
            events.append((days[0], " ".join(_lines(words[0]).split())))
        row.drop_tree()
    for text in item.itertext():
        words = " ".join(text.replace("\u00a0", " ").split())
        if not words:
            continue
        label, colon, inline = words.partition(":")
        if words.endswith(":"):
            facts.append((words[:-1], ""))
        elif colon and label.startswith("Номер дела 1-"):
            facts.append((label, inline.strip()))
        elif facts:
            name, before = facts[-1]
            facts[-1] = (name, f"{before}\n{words}".strip())
    return facts, events


def _lines(node: Node) -> str:
    lines = (" ".join(x.split()) for x in text_of(node).replace("\u00a0", " ").splitlines())
    return "\n".join(line for line in lines if line)


def _int(digits: str) -> int:
    return int(digits.replace(" ", ""))
