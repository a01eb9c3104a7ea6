"""What is searched for at the Moscow portal, and which cards are kept: the card decides.

The search finds substrings, in a spelling of articles that nobody has documented: `codex` in the
TOML lists those that were seen to work, and a control request chooses among them each time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.moscow.raw import proceeding_of
from pipelines.articles import Article, read_articles
from pipelines.court_claims import read_claim
from pipelines.observation import Raw
from pipelines.spec import Spec
from pipelines.watched_articles import is_watched, wanted

CODE_OF = {"adm": "КоАП РФ", "crim": "УК РФ"}
CODE = {"administrative": "КоАП РФ", "criminal": "УК РФ"}
# Articles under which some court of Moscow gets a case every week: disobedience to the police,
# drugs. A search that does not find them does not work.
COMMON = {"adm": ("19.3", "1"), "crim": ("228", "2")}
# What no law and no form has: a search that finds it filters nothing.
NEVER, NEVER_HASH = ("99.99", "1"), "0000000"


@dataclass(frozen=True, slots=True)
class WantedCases:
    """The articles that are looked for; a case of another kind is wanted by its category."""

    articles: tuple[Article, ...]

    @classmethod
    def of(cls, configured: Iterable[str]) -> "WantedCases":
        """The operator's articles, else those of our own table. Raises Refused."""
        return cls(wanted(configured))

    def has(self, fields: Mapping[str, Raw], spec: Spec) -> bool:
        """Is the case of this card one that is looked for?"""
        code = CODE.get(proceeding_of(fields) or "")
        cells = fields.get("articles") or []
        read = [one for cell in cells for one in read_articles(cell, code)]
        if code or read:
            return is_watched(read, self.articles)
        category = str(fields.get("category", ""))
        number_of = category.partition(" ")[0]
        listed = {entry.value for entry in spec.lookup.get("category", ())}
        return number_of in listed or read_claim(category).measure is not None


def codex_of(spelling: str, article: str, paragraph: str) -> str:
    """`ст. 19.3 ч.1` of a spelling such as `ст. {article} ч.{part}`."""
    text = spelling.strip()
    if not paragraph and "{part}" in text:
        text = text[: text.index("}") + 1]
    return text.format(article=article, part=paragraph)


def control_of(kind: str, spelling: str, is_common: bool, spec: Spec) -> tuple[str, str]:
    """(field, text) of a search that must find cases, or of one that must find none."""
    if kind not in CODE_OF:
        return "category", spec.settings["common_category"] if is_common else NEVER_HASH
    return "codex", codex_of(spelling, *(COMMON[kind] if is_common else NEVER))


def searched(
    kind: str, spelling: str, articles: Iterable[Article], spec: Spec
) -> list[tuple[str, str]]:
    """(field, text) of every search of one kind: spelled articles, or hashes of categories."""
    if kind not in CODE_OF:
        hashes = [hash_ for entry in spec.lookup["category"] for hash_ in entry.match]
        return [("category", one) for one in hashes]
    codex = [
        codex_of(spelling, one.article, one.part or "")
        for one in articles
        if one.code in (None, CODE_OF[kind])
    ]
    return [("codex", text) for text in dict.fromkeys(codex)]
