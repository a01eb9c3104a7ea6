"""Which cases of a schedule or list are opened: by article, or by what a ruling is asked for.

A list shows the article of administrative and criminal cases. Cases of other kinds have a category
instead: those that ban information or end a media outlet are told by its words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.portal.courts import Court
from crawler.portal.listing import ListedCase
from crawler.portal.query import CardFile, card_file, parameters
from crawler.portal.rounds import Link
from crawler.portal.schedule import Hearing
from pipelines.articles import Article, read_articles
from pipelines.court_claims import read_claim
from pipelines.observation import Raw
from pipelines.watched_articles import is_watched, wanted

CODE_OF = {"administrative": "КоАП РФ", "criminal": "УК РФ"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The articles that are looked for; a case of another kind is wanted by its category."""

    articles: tuple[Article, ...]

    @classmethod
    def of(cls, configured: Iterable[str]) -> "Wanted":
        """The operator's articles, else those of our own table. Raises Refused."""
        return cls(wanted(configured))

    def by_list(self, information: str, file: CardFile) -> bool:
        """Is a row of a schedule or list worth opening?"""
        if file.proceeding in CODE_OF:
            return self.has([information], file)
        return read_claim(information).measure is not None

    def by_card(self, fields: Mapping[str, Raw], file: CardFile) -> bool:
        """Is a case wanted? A list filters by a part of a number and cuts values: its card
        decides."""
        if file.proceeding in CODE_OF:
            return self.has(fields.get("party_articles") or (), file)
        claim = read_claim(str(fields.get("category", "")))
        return bool(fields.get("claim_urls")) or claim.measure is not None

    def has(self, cells: Iterable[str], file: CardFile) -> bool:
        """Is an article in one of these cells wanted, whichever part of it?"""
        code = CODE_OF[file.proceeding]
        return is_watched(
            [one for cell in cells if cell for one in read_articles(cell, code)], self.articles
        )

    def searched(self, file: CardFile) -> list[str]:
        """Numbers to ask for in a card file; `20.3` also brings 20.3.1, so that is left out."""
        code = CODE_OF.get(file.proceeding)
        numbers = sorted({one.article for one in self.articles if one.code in (None, code)})
        return [
            number
            for number in numbers
            if code and not any(number != o and number.startswith(o) for o in numbers)
        ]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a schedule or list that is worth opening."""

    link: Link
    href: str


def wanted_rows(rows: Iterable[Hearing | ListedCase], court: Court, wanted: Wanted) -> list[Listed]:
    """The wanted rows of a page, each case once: it may have several hearings a day."""
    found: dict[Link, Listed] = {}
    for row in rows:
        named = parameters(row.href)
        file = card_file(named.get("delo_id", ""), named.get("new") or "0")
        if file and wanted.by_list(row.information, file):
            link = Link(court.code, named.get("delo_id", ""), named.get("case_uid", "").casefold())
            found.setdefault(link, Listed(link, row.href))
    return list(found.values())
