"""Which cases of a schedule or list are opened: by article, or by what a ruling is asked for.

A list shows the article of administrative and criminal cases. Cases of other kinds have a category
instead: those that ban information or end a media outlet are told by its words.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.portal.query import CardFile
from pipelines.articles import Article, read_articles
from pipelines.court_claims import read_claim
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
