"""The hearing schedule of one day at one server: the captcha-free way to find cases.

Skeleton and wording rest on independent programs that agree; no filled page has been captured.
"""

import re
from dataclasses import dataclass, field

from crawler.documents.html_form import select, tree
from crawler.documents.html_table import Row, rows
from crawler.documents.nodes import Node, text_of
from crawler.errors import PageChanged, SourceError
from crawler.portal.columns import HEARINGS, fold, places
from crawler.portal.layout import day_shown, layout_of
from crawler.portal.listing import links

EMPTY = re.compile(r"на (\d\d\.\d\d\.\d{4}) дел(?: и материалов)? не назначено")
SEVERAL = ("использует несколько серверов", "выберите сервер для продолжения")
SEVERAL_SERVERS = "several-servers"
SERVER = re.compile(r"srv_num=(\d+)")
NEEDED = ("number", "time", "information", "judge", "result", "acts")


@dataclass(frozen=True, slots=True)
class Hearing:
    """One hearing: a case may have several a day and stand on many days."""

    number: str
    href: str
    time: str
    room: str
    event: str
    information: str  # lines: category and parties, or person and article
    judge: str
    result: str
    acts: tuple[str, ...]
    place: int  # of the row on the page, from 1


@dataclass(slots=True)
class Schedule:
    """All hearings of the day, and the rows that could not be read."""

    layout: str
    day: str  # `15.06.2026`
    hearings: list[Hearing] = field(default_factory=list)
    bad: list[tuple[int, str, str]] = field(default_factory=list)  # place, text, why


def read_schedule(text: str, asked: str) -> Schedule:
    """The schedule in a page. asked: the day that was asked for, `15.06.2026`.

    SourceError `several-servers`: the court wants a server chosen; `other-day`: the page shows
    another day. PageChanged: no schedule, an unknown heading, or pages where there were none.
    """
    root = tree(text)
    words = fold(text_of(root))
    _refuse_choice(root, words)
    layout, shown = layout_of(root), day_shown(root)
    if shown != asked:
        raise SourceError(
            f"The schedule of {asked} was asked for and that of {shown} came.", reason="other-day"
        )
    empty = EMPTY.search(words)
    if empty:
        if empty[1] != asked:
            raise SourceError(f"The page speaks of {empty[1]}, not of {asked}.", reason="other-day")
        return Schedule(layout, asked)
    return _filled(root, Schedule(layout, asked))


def offered_servers(text: str) -> list[str]:
    """The servers that a page offers where the court wants one chosen."""
    return sorted(set(SERVER.findall(text)), key=int)


def servers_to_ask(text: str, day: str, server: str) -> list[str]:
    """The servers to choose from, where the court wants one chosen and offers others; raises what
    `read_schedule` raises where it was chosen already, or none is offered."""
    try:
        read_schedule(text, day)
    except SourceError as error:
        offered = offered_servers(text)
        if error.reason != SEVERAL_SERVERS or server in offered or not offered:
            raise
        return offered
    return []


def _refuse_choice(root: Node, words: str) -> None:
    if any(phrase in words for phrase in SEVERAL):
        raise SourceError(
            "The court keeps its cases on several servers and wants one to be chosen.",
            reason=SEVERAL_SERVERS,
        )


def _filled(root: Node, schedule: Schedule) -> Schedule:
    tables = select(root, "#resultTable > table") or [
        table for table in select(root, "#tablcont") if "время слушания" in fold(text_of(table))
    ]
    if not tables:
        raise PageChanged("The page neither shows hearings nor says that there are none.")
    if any("page=" in href for href in links(tables[0]) if "name_op=case" not in href):
        raise PageChanged("The schedule has pages, which it never had: hearings would be missed.")
    for place, row in enumerate(rows(tables[0]), 1):
        if row.problem and len({id(cell) for cell in row.cells}) == 1:
            continue  # the title of a section; the kind of a case is told by its link
        _take(schedule, row, place)
    return schedule


def _take(schedule: Schedule, row: Row, place: int) -> None:
    at = places(row.headings, HEARINGS, NEEDED)
    if row.problem:
        schedule.bad.append((place, row.text, row.problem))
        return

    def text(name: str) -> str:
        return text_of(row.cells[at[name]]).replace("\u00a0", " ").strip() if name in at else ""

    href = links(row.cells[at["number"]])
    if not href:
        schedule.bad.append((place, row.text, "the hearing has no link to a card"))
        return
    schedule.hearings.append(
        Hearing(
            text("number"), href[0], text("time"), text("room"), text("event"),
            text("information"), text("judge"), text("result"),
            links(row.cells[at["acts"]]), place,
        )
    )  # fmt: skip
