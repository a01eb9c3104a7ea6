"""Is a blocking political? Ordered rules, each with a name; the first that holds decides.

| rule | when | political |
| --- | --- | --- |
| `prosecutor-general` | the row names the Prosecutor General | yes |
| `prosecutor-general-number` | agency hidden, number of the Prosecutor General's form | yes |
| `hidden-other-entry-type` | agency hidden in an entry type that is not 1, 3 or 8 | review |
| `hidden-in-reference` | agency hidden, a domain is in the reference list | yes |
| `hidden-2022-02-24` | agency hidden, dated as decision 27-31-2020/Ид2145-22 on the war | yes |
| `hidden-forged-papers` | agency hidden, dated 28-30.05.2024: mostly sellers of diplomas | review |
| `hidden-cloud-mirrors` | agency hidden, dated 26.01.2023: mirrors on cloud hosts | review |
| `hidden` | agency hidden, nothing else known | review |
| `entry-type` | entry type 3 or 8 under the name of another agency | review |
| `court-in-reference` | a court, and a domain is in the reference list | review |
| `court-words` | a court, and an address has a word of war, protest or the opposition | review |
| `court` | a court | no |
| `agency-unknown` | a spelling that the table of agencies lacks | review |
| `agency-not-political` | tax, interior, health and the like | no |

The facts behind them: of 13 644 rows of the Prosecutor General in 2016-2020, 99.5% have a number of
the form below and no row of another agency has; since about 2022 the register hides agency and
number of exactly these decisions (578 of 578 records of entry type 3 in June 2024).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple
from urllib.parse import unquote

from pipelines.agencies import PROSECUTOR_GENERAL, Agency
from pipelines.domains import registrable
from pipelines.text import clean
from storage.reference_domains import OPERATOR, REGISTER

Political = Literal["yes", "no", "review"]
Lookup = Callable[[str], str | None]

# Categories of the test lists that make a hidden or court row ours. MMED is media sharing. The last
# two are the sites that registers of designations name, and those of the operator's own list.
REFERENCE_CATEGORIES = frozenset(
    {"NEWS", "HUMR", "POLR", "LGBT", "REL", "MMED", "GRP", "CULTR", REGISTER, OPERATOR}
)
CANDIDATE_ENTRY_TYPES = frozenset({"3", "8"})  # article 15.3 and 15.1-1
HIDDEN_ENTRY_TYPES = CANDIDATE_ENTRY_TYPES | {"1"}
WAR_DECISION_ON = date(2022, 2, 24)
CLUSTERS = {
    date(2024, 5, 28): "hidden-forged-papers",
    date(2024, 5, 29): "hidden-forged-papers",
    date(2024, 5, 30): "hidden-forged-papers",
    date(2023, 1, 26): "hidden-cloud-mirrors",
}
# `27-31-2015/Ид831-15`, `27/3-286-2014/Нд6333-14`, `Исорг-27/3-3420-14/`
_NUMBER = re.compile(
    r"27-(?:27|31)-[0-9]{4}/Ид[0-9]+-[0-9]{2}"
    r"|27/3-[0-9]+-[0-9]{4}/[НИ]д[0-9]+-[0-9]{2}"
    r"|Исорг-27[/-]3-[0-9]+-[0-9]{2}/?"
)
# Beginnings of words in addresses, in both alphabets: `/stali-izvestny-poteri-okkupanta-v-vojne`
_WORDS = re.compile(
    r"(?<![^\W\d_])(?:войн[аеуы]|vo[jy]n[aeuy]|voin[aeu](?![a-z])|оккупа|okkupa|мобилиз|mobiliz"
    r"|спецоперац|spe[cz]operac|specoperats|всу(?!\w)|vsu(?![a-z])|зеленск|zelensk|путин|putin"
    r"|навальн|navaln|репресси|repressi|протест|protest|митинг|miting|оппозиц|oppozi[ct])",
    re.IGNORECASE,
)


class Verdict(NamedTuple):
    """`rule` is a word of the table above; `agency_inferred` an official name that is hidden."""

    political: Political
    rule: str
    agency_inferred: str | None = None


def judge(
    agency: Agency,
    number: str,
    decided_on: date | None,
    domains: Iterable[str],
    entry_type: str | None,
    lookup: Lookup,
    urls: Iterable[str] = (),
) -> Verdict:
    """The verdict on one row.

    `number` and `entry_type` are raw (the CSV has no entry type: null); `domains` are canonical;
    `lookup` gives the category of a domain in the reference list, or null.
    """
    in_reference = reference_category(domains, lookup) is not None
    if agency.kind == "prosecutor_general":
        return Verdict("yes", "prosecutor-general")
    if agency.kind == "hidden":
        return _judge_hidden(number, decided_on, entry_type, in_reference=in_reference)
    if entry_type in CANDIDATE_ENTRY_TYPES:
        return Verdict("review", "entry-type")
    if agency.kind == "court":
        return _judge_court(urls, in_reference=in_reference)
    if agency.kind == "unknown":
        return Verdict("review", "agency-unknown")
    return Verdict("no", "agency-not-political")


def reference_category(domains: Iterable[str], lookup: Lookup) -> str | None:
    """Category of the first domain that the reference lists: the host itself, else registrable."""
    for domain in domains:
        for name in _parents(domain):
            category = lookup(name)
            # `registrable` is slow: asked for the few names only that the reference lists
            if category in REFERENCE_CATEGORIES and name in (domain, registrable(domain)):
                return category
    return None


def _parents(domain: str) -> Iterator[str]:
    """`a.b.org` -> `a.b.org`, `b.org`."""
    while "." in domain:
        yield domain
        domain = domain.partition(".")[2]


def is_kept(verdict: Verdict, *, in_reference: bool) -> bool:
    """Rule 9 of the design: what is neither political nor media is only counted."""
    return verdict.political != "no" or in_reference


def _judge_court(urls: Iterable[str], *, in_reference: bool) -> Verdict:
    """Courts forbid mostly forged papers, drugs and alcohol, and now and then news of the war."""
    if in_reference:
        return Verdict("review", "court-in-reference")
    if any(map(has_words, urls)):
        return Verdict("review", "court-words")
    return Verdict("no", "court")


def has_words(url: str) -> bool:
    """Is there a word of war, protest or the opposition in an address?"""
    return _WORDS.search(unquote(url)) is not None


def _judge_hidden(
    number: str, decided_on: date | None, entry_type: str | None, *, in_reference: bool
) -> Verdict:
    """Only decisions of the Prosecutor General are hidden (article 15.3 of law 149-ФЗ)."""
    if _NUMBER.fullmatch(clean(number)):
        return Verdict("yes", "prosecutor-general-number", PROSECUTOR_GENERAL)
    if entry_type is not None and entry_type not in HIDDEN_ENTRY_TYPES:
        return Verdict("review", "hidden-other-entry-type")
    if in_reference:
        return Verdict("yes", "hidden-in-reference", PROSECUTOR_GENERAL)
    if decided_on == WAR_DECISION_ON:
        return Verdict("yes", "hidden-2022-02-24", PROSECUTOR_GENERAL)
    rule = "hidden" if decided_on is None else CLUSTERS.get(decided_on, "hidden")
    return Verdict("review", rule, PROSECUTOR_GENERAL)
