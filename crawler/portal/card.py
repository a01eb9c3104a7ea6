"""A card of the portal, in both layouts: what it says, by its own labels and titles of tabs.

Tabs are chosen by TITLE: their number and order vary. A card of the second layout shows each table
twice, for wide and for narrow screens; the wide one is read.
"""

import re
from dataclasses import dataclass, field

from crawler.documents.html_form import select, tree
from crawler.documents.nodes import Node, attribute, text_of
from crawler.errors import PageChanged
from crawler.portal.tables import Fact, Table, label_of, read_table

NUMBER = re.compile(r"^(?:дело|жалоба|материал|протест)?\s*№\s*(.+)$", re.IGNORECASE | re.DOTALL)
ACT = re.compile(r"Судебный акт\s*#?\s*(\d+)?\s*(?:\((.+)\))?", re.IGNORECASE)
ABOUT = ("ДЕЛО", "ЖАЛОБА", "МАТЕРИАЛ", "ПРОТЕСТ")  # the tab with the facts of the case


@dataclass(frozen=True, slots=True)
class Act:
    """The text of an act as the card shows it, paragraphs as lines."""

    title: str  # `Постановление`; "" where the card does not say
    text: str


@dataclass(slots=True)
class CaseCard:
    """What one card says, in its own words."""

    layout: str  # primary or vnkod
    file: str  # `Дела об административных правонарушениях - первая инстанция`
    number: str  # with its history: `2-5/2026 ~ М-7523/2025`
    tabs: dict[str, list[Table]] = field(default_factory=dict)  # title in capitals -> its tables
    acts: list[Act] = field(default_factory=list)

    def tables(self, *titles: str) -> list[Table]:
        """The tables of the tabs whose titles begin with one of these words."""
        return [
            table
            for title, tables in self.tabs.items()
            if title.startswith(titles)
            for table in tables
        ]

    def fact(self, *labels: str) -> Fact | None:
        """A fact of the case itself, not of a court below."""
        found = (table.fact(*labels) for table in self.tables(*ABOUT))
        return next((fact for fact in found if fact is not None), None)


def read_card(text: str) -> CaseCard:
    """The card in a page. PageChanged: it is none, or a part that every card has is missing."""
    root = tree(text)
    if select(root, "#case_bookmarks"):
        return _vnkod(root)
    if select(root, "ul.tabs") and select(root, ".casenumber"):
        return _primary(root)
    raise PageChanged("The page is no card of a case in either layout of the portal.")


def _primary(root: Node) -> CaseCard:
    card = CaseCard("primary", _one(root, "#content .title"), _number(_one(root, ".casenumber")))
    for tab in select(root, "ul.tabs > li"):
        name = attribute(tab, "id") or ""
        pane = _pane(root, name.replace("tab", "cont", 1))
        if name.startswith("tab_doc"):
            card.acts.append(_act(label_of(tab), pane))
        elif name:
            card.tabs[label_of(tab).upper()] = _tables(pane, own="table")
    return card


def _vnkod(root: Node) -> CaseCard:
    card = CaseCard("vnkod", _one(root, ".name-instanse"), _number(_one(root, ".case-num")))
    for tab in select(root, "#case_bookmarks > li"):
        name = (attribute(tab, "id") or "").removeprefix("tab_id_")
        pane = _pane(root, f"tab_content_{name}")
        if name.startswith("Document"):
            card.acts.append(_act(label_of(tab), pane))
        else:
            card.tabs[label_of(tab).upper()] = _tables(pane, own="table.law-case-table")
    return card


def _pane(root: Node, name: str) -> Node:
    found = root.xpath("//*[@id=$name]", name=name)
    if not found:
        raise PageChanged(f"The card names a tab whose contents `{name}` are not in the page.")
    return found[0]


def _tables(pane: Node, *, own: str) -> list[Table]:
    """The outermost tables of a pane, without the copies for narrow screens."""
    read = []
    for node in select(pane, own):
        inside = any(_is_inside(above, pane) for above in node.iterancestors())
        if not inside:
            read.append(read_table(node))
    return read


def _is_inside(above: Node, pane: Node) -> bool:
    """Is this ancestor a table of the pane, or a copy of one for narrow screens?"""
    if pane not in list(above.iterancestors()):
        return False
    return above.tag == "table" or "block-mobile" in (above.get("class") or "").split()


def _act(title: str, pane: Node) -> Act:
    told = ACT.search(title)
    return Act((told[2] if told else None) or "", text_of(pane))


def _one(root: Node, css: str) -> str:
    found = select(root, css)
    if not found:
        raise PageChanged(f"The card has no {css!r}.")
    return label_of(found[0])


def _number(text: str) -> str:
    found = NUMBER.match(text.strip())
    if not found:
        raise PageChanged(f"The heading of the card states no number: {text[:80]!r}.")
    return found[1].strip()
