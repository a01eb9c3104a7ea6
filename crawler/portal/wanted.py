"""Which cases of a schedule or list are opened: by article, or by what a ruling restricts.

A list shows the article of administrative and criminal cases. Cases of other kinds have a category
instead: those that ban information or end a media outlet are told by its words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.portal.query import CardFile
from pipelines.articles import Article, read_articles

# Categories of the KAS and of civil cases, chapters 27.1 and 27.2 of the KAS and their wording
# before 2019: `О признании информации … запрещённой`, `О признании материалов экстремистскими`.
CATEGORY = re.compile(
    r"запрещенн\w+ (?:к распространению|информаци)|информаци\w+[^.]{0,80}запрещенн"
    r"|признани\w+[^.]{0,60}экстремистск|ограничени\w+ доступа"
    r"|средств\w* массовой информации|аудиовизуальн\w+ сервис",
    re.IGNORECASE,
)
CODE_OF = {"administrative": "КоАП РФ", "criminal": "УК РФ"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Articles as (code or "", number); a case of another kind is wanted by its category."""

    articles: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Wanted":
        """From the operator's or our own list: `20.3.3`, `КоАП 19.34`, `УК РФ 330.1`."""
        found = set()
        for text in texts:
            code = "УК РФ" if text.startswith("УК") else "КоАП РФ" if text.startswith("К") else ""
            number = text.split()[-1]
            found.add((code, number))
        return cls(frozenset(found))

    def by_list(self, information: str, file: CardFile | None) -> bool:
        """Is a row of a schedule or list worth opening?"""
        if file is None:
            return False
        if file.proceeding in CODE_OF:
            return self.has(read_articles(information, CODE_OF[file.proceeding]))
        return is_ban(information)

    def has(self, articles: Iterable[Article]) -> bool:
        """Is one of these articles wanted, whichever part of it?"""
        return any(
            (code, one.article) in self.articles
            for one in articles
            for code in ("", one.code or "")
        )

    def searched(self, file: CardFile) -> list[str]:
        """Numbers to ask for in a card file; `20.3` also brings 20.3.1, so that is left out."""
        code = CODE_OF.get(file.proceeding)
        numbers = sorted({n for c, n in self.articles if c in ("", code)}) if code else []
        return [
            number
            for number in numbers
            if not any(number != other and number.startswith(other) for other in numbers)
        ]


def is_ban(information: str) -> bool:
    """Does a category speak of banned information or of a media outlet?"""
    return CATEGORY.search(information.replace("ё", "е").replace("Ё", "Е")) is not None
