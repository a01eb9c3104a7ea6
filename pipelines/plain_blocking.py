"""A quick look at a row of a register of blocked sites: is it plainly one that is only counted?

Nine rows of ten of a million are: an agency that is never political, with pages of a harmful kind
or a plain domain that no list knows; a court, with neither a listed domain nor a word of war or
protest in its addresses. In doubt the answer is no, and the row is normalised.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from pipelines.agencies import read_agency
from pipelines.block_dates import read_day
from pipelines.political import CANDIDATE_ENTRY_TYPES, has_words
from pipelines.spec import Spec

Reference = Callable[[str], str | None]

# Their pages are drugs, suicide, abuse: an address of a page is never kept, whoever's site it is.
HARMFUL = frozenset(
    {"roskomnadzor", "interior", "drug_control", "consumer", "health", "youth", "alcohol",
     "veterinary", "unknown"}
)  # fmt: skip
JUDGED = frozenset({"prosecutor_general", "hidden", "unknown"})
# `www.site.ru`, `*.site.ru`; not `Site.ru`, `сайт.рф`, `xn--80aswg.xn--p1ai`
PLAIN_DOMAIN = re.compile(r"(?!.*xn--)(?:\*\.)?[a-z0-9][a-z0-9.-]*\.[a-z]+")


def plainly_counted(
    raw: Mapping[str, str], spec: Spec, reference: Reference
) -> tuple[str, str] | None:
    """The kind of agency and the day under which a row is counted; None: normalise it."""
    kind, day = tally_of(raw.get("agency", ""), raw.get("decided_on", ""), spec.dates)
    return (kind, day) if is_plain(kind, raw, reference) else None


@lru_cache(maxsize=65536)  # a register repeats a few hundred agencies and a few thousand days
def tally_of(agency: str, day: str, dates: tuple[str, ...]) -> tuple[str, str]:
    """The kind of agency, and the day of the decision or an empty string."""
    decided_on = read_day(day, dates)
    return read_agency(agency).kind, decided_on.isoformat() if decided_on else ""


def is_plain(kind: str, raw: Mapping[str, str], reference: Reference) -> bool:
    """Is it plainly a row of which only the count is kept?"""
    if kind in JUDGED or raw.get("entry_type") in CANDIDATE_ENTRY_TYPES:
        return False
    urls = raw.get("urls", "")
    if kind in HARMFUL and urls.strip():
        return True
    if kind == "court" and urls and has_words(urls):
        return False
    name = raw.get("domain", "").strip()
    if not PLAIN_DOMAIN.fullmatch(name):
        return False
    while "." in name:
        if reference(name) is not None:
            return False
        name = name.partition(".")[2]
    return True
