"""The articles of law that the monitor watches, and the ladders from penalty to crime: data.

`articles.csv` has one article part a row: titles, dates in force (empty = not known), relevance,
the kind of measure that a case under it is, and how far it was checked (verified: read in a public
source; unverified: general knowledge; uncertain: part, text or law to be checked before use).
`ladders.csv` says how many earlier penalties make the next act a crime, within which window.
Both were written anew in November 2026 from the project's own dossier of Russian law; its public
sources stand in the column `proof`. Laws change: add a row with dates, do not rewrite an old one.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pipelines.articles import Article, read_articles
from pipelines.taxonomy import titles
from storage.errors import Refused

FOLDER = Path(__file__).parent
RELEVANCE = ("core", "high", "medium", "low", "secondary", "context", "historic")
DEFAULT_RELEVANCE = ("core", "high")  # what is searched for where the operator names no article
MARKS = ("verified", "reported", "unverified", "uncertain")
_CODE_FIRST = re.compile(r"(КоАП|УК)(?: РФ)? (.+)")  # `КоАП 19.34 ч. 1` of the ladders


@dataclass(frozen=True, slots=True)
class Watched:
    """One part of an article; an empty part stands for the article as a whole."""

    code: str
    article: str
    part: str
    title_ru: str
    title_en: str
    in_force_from: date | None
    in_force_until: date | None
    relevance: str
    measure: str
    mark: str
    note: str
    proof: str

    def holds(self, on: date | None) -> bool:
        """Was this text in force on a day? Unknown bounds do not exclude it."""
        return _within(self.in_force_from, self.in_force_until, on)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A rule: so many earlier penalties under the trigger within the window lead to a crime.

    earlier: 0 means criminal at once, None that no criminal ladder is known or counted."""

    ladder: str
    trigger: tuple[Article, ...]
    earlier: int | None
    window: str
    window_days: int | None
    leads_to: tuple[Article, ...]
    who: str
    in_force_from: date | None
    in_force_until: date | None
    mark: str
    law: str
    proof: str
    note: str

    def holds(self, on: date | None) -> bool:
        """Was this rule in force on a day? Unknown bounds do not exclude it."""
        return _within(self.in_force_from, self.in_force_until, on)


@cache
def watched() -> tuple[Watched, ...]:
    """All rows of `articles.csv`. Raises Refused with file and line where one is not right."""
    rows = tuple(_watched(row, line) for line, row in _rows("articles.csv"))
    keys = [(row.code, row.article, row.part, row.in_force_from) for row in rows]
    if len(set(keys)) != len(keys):
        raise Refused("articles.csv: an article part stands there twice with the same first day.")
    return rows


@cache
def ladders() -> tuple[Ladder, ...]:
    """All rows of `ladders.csv`. Raises Refused with file and line where one is not right."""
    return tuple(_ladder(row, line) for line, row in _rows("ladders.csv"))


def watched_by_default() -> tuple[Watched, ...]:
    """Rows whose relevance is core or high: what spiders of courts look for unless told."""
    return tuple(row for row in watched() if row.relevance in DEFAULT_RELEVANCE)


def wanted(configured: Iterable[str]) -> tuple[Article, ...]:
    """What the operator asks for (`КоАП 19.34`, `20.3.3`), else the watched rows by default.

    Raises Refused for a text that is no article."""
    named: list[Article] = []
    for text in configured:
        read = read_articles(text)
        if not read:
            raise Refused(f"'{text}' is not an article such as 'КоАП 19.34' or '20.3.3'.")
        named += read
    rows = (Article(row.code, row.article, row.part or None) for row in watched_by_default())
    return tuple(dict.fromkeys(named or rows))


def find(article: Article, on: date | None = None) -> Watched | None:
    """The row of an article part in force on a day; the whole article's where its part has none."""
    of_article = [
        row
        for row in watched()
        if (row.code, row.article) == (article.code, article.article) and row.holds(on)
    ]
    for part in dict.fromkeys((article.part or "", "")):
        for row in of_article:
            if row.part == part:
                return row
    return None


def is_watched(articles: Iterable[Article], wanted: Iterable[Article]) -> bool:
    """Does one of the articles of a card lie within those that are wanted?

    The search form of portals finds substrings: asking 20.3 also returns 20.3.1. A wanted article
    without code or part takes every one."""
    return any(_covers(want, have) for have in articles for want in wanted)


def measure_of(articles: Iterable[Article], on: date | None = None) -> str | None:
    """The kind of measure of a case under these articles, the most relevant deciding; or None."""
    found: list[Watched] = []
    for article in articles:
        row = find(article, on)
        if row is not None and row.measure:
            found.append(row)
        elif row is None and (common := _common(article, on)) is not None:
            found.append(common)
    return min(found, key=lambda row: RELEVANCE.index(row.relevance)).measure if found else None


def ladders_from(article: Article, on: date | None = None) -> tuple[Ladder, ...]:
    """The ladders that a penalty under an article is a step of, in force on a day."""
    return tuple(
        ladder
        for ladder in ladders()
        if ladder.holds(on) and any(_covers(trigger, article) for trigger in ladder.trigger)
    )


def _common(article: Article, on: date | None) -> Watched | None:
    """A row of the article where all its known parts are one kind of measure."""
    rows = [
        row
        for row in watched()
        if (row.code, row.article) == (article.code, article.article) and row.holds(on)
    ]
    return rows[0] if rows and len({row.measure for row in rows}) == 1 and rows[0].measure else None


def _covers(wide: Article, narrow: Article) -> bool:
    return (
        wide.article == narrow.article
        and wide.code in (None, narrow.code)
        and wide.part in (None, narrow.part)
    )


def _within(first: date | None, last: date | None, on: date | None) -> bool:
    return on is None or ((first is None or first <= on) and (last is None or on <= last))


def _rows(name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="", strict=True)
        for row in reader:
            if None in row:
                raise Refused(f"{name}:{reader.line_num}: this line has too many columns.")
            yield f"{name}:{reader.line_num}", row


def _watched(row: Mapping[str, str], line: str) -> Watched:
    _one_of(row["relevance"], RELEVANCE, line)
    _one_of(row["mark"], MARKS, line)
    if row["measure"]:
        _one_of(row["measure"], tuple(titles()), line)
    dates = {name: _day(row[name], line) for name in ("in_force_from", "in_force_until")}
    texts = {name: value for name, value in row.items() if name not in dates}
    return Watched(
        **texts, in_force_from=dates["in_force_from"], in_force_until=dates["in_force_until"]
    )


def _ladder(row: Mapping[str, str], line: str) -> Ladder:
    _one_of(row["mark"], MARKS, line)
    return Ladder(
        row["ladder"], _articles(row["trigger"], line), _count(row["earlier"]), row["window"],
        _count(row["window_days"]), _articles(row["leads_to"], line), row["who"],
        _day(row["in_force_from"], line), _day(row["in_force_until"], line), row["mark"],
        row["law"], row["proof"], row["note"],
    )  # fmt: skip


def _articles(text: str, line: str) -> tuple[Article, ...]:
    """`КоАП 13.15 ч. 9-11` as articles; empty where the rule names none."""
    found = _CODE_FIRST.fullmatch(text)
    read = tuple(read_articles(f"ст. {found[2]} {found[1]} РФ")) if found else ()
    if text and not read:
        raise Refused(f"{line}: '{text}' is not an article such as 'КоАП 19.34 ч. 1'.")
    return read


def _one_of(value: str, allowed: tuple[str, ...], line: str) -> None:
    if value not in allowed:
        raise Refused(f"{line}: '{value}' is not one of {', '.join(allowed)}.")


def _day(text: str, line: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(f"{line}: '{text}' is not a date such as 2022-03-04.") from error


def _count(text: str) -> int | None:
    return int(text) if text else None
