"""A list of cases of the portal: what a search by article or a register by UID answers.

An empty answer is data only where the request is known to be right: the portal says "nothing
found" to a malformed one too. A page that shows the schedule in answer to a search is such a case.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.documents.html_form import select, tree
from crawler.documents.html_table import Row, rows
from crawler.documents.nodes import Node, attribute, text_of
from crawler.errors import Captcha, PageChanged, SourceError
from crawler.portal.columns import CASES, fold, places

TOTAL = re.compile(r"всего по запросу найдено\s*[—–-]?\s*(\d[\d ]*)")
RANGE = re.compile(r"на странице записи с (\d+) по (\d+)")
NOTHING = ("данных по запросу не обнаружено", "ничего не найдено")
# What the module shows when it did not understand a search.
SCHEDULE = ("дел не назначено", "для получения полной информации по делу или материалу")
NEEDED = ("number", "received", "information", "judge", "result", "acts")


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One row of a list, in its own words; a list cuts long values, the card is the truth."""

    number: str
    href: str
    received: str
    information: str  # lines
    judge: str
    decided: str
    result: str
    in_force: str
    court: str
    acts: tuple[str, ...]  # addresses
    place: int  # of the row on its page, from 1


@dataclass(slots=True)
class Listing:
    """One page of a list: how many cases the whole list has, and those of this page."""

    total: int
    cases: list[ListedCase] = field(default_factory=list)


def read_listing(text: str) -> Listing:
    """The list in a page; `total` 0 where the portal says that it found nothing.

    SourceError `malformed-request`: the portal did not understand the search. PageChanged: the page
    is no list, or has other columns than a list has.
    """
    root = tree(text)
    words = fold(text_of(root))
    found = TOTAL.search(words)
    if not found:
        return _nothing(root, words)
    listing = Listing(int(found[1].replace(" ", "")))
    for place, row in enumerate(_rows(root), 1):
        listing.cases.append(_case(row, place))
    shown = RANGE.search(words)
    if shown and int(shown[2]) - int(shown[1]) + 1 != len(listing.cases):
        raise PageChanged(
            f"The page says that it shows cases {shown[1]} to {shown[2]} and has "
            f"{len(listing.cases)} rows.",
            reason="count-mismatch",
        )
    return listing


def _nothing(root: Node, words: str) -> Listing:
    if any(phrase in words for phrase in NOTHING):
        return Listing(0)
    if select(root, "input[name=captcha]"):
        raise Captcha("the search form asks for a captcha")
    if any(phrase in words for phrase in SCHEDULE):
        raise SourceError(
            "The portal answered a search with its hearing schedule: it did not understand the "
            "request.",
            reason="malformed-request",
        )
    raise PageChanged("The page is no list of cases: it neither counts any nor says there is none.")


def _rows(root: Node) -> Iterator[Row]:
    # The second layout repeats every row for narrow screens, in #resultMob.
    tables = select(root, "#resultTable > table") or [
        table for table in select(root, "#tablcont") if not select(table, "input")
    ]
    if not tables:
        raise PageChanged("The page counts cases and has no table of them.")
    return rows(tables[0])


def _case(row: Row, place: int) -> ListedCase:
    if row.problem:
        raise PageChanged(f"{row.problem}: {row.text[:120]}", reason="malformed-row")
    at = places(row.headings, CASES, NEEDED)

    def text(name: str) -> str:
        return text_of(row.cells[at[name]]).replace("\u00a0", " ").strip() if name in at else ""

    href = links(row.cells[at["number"]])
    if not href:
        raise PageChanged(f"A case of the list has no link to its card: {row.text[:120]}")
    return ListedCase(
        text("number"), href[0], text("received"), text("information"), text("judge"),
        text("decided"), text("result"), text("in_force"), text("court"),
        links(row.cells[at["acts"]]), place,
    )  # fmt: skip


def links(cell: Node) -> tuple[str, ...]:
    """The addresses that a cell links to."""
    return tuple(href for node in cell.iter("a") if (href := attribute(node, "href")))
