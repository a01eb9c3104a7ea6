"""Is a document of the aggregator the act of a case that we know? By number, court and day.

The aggregator's UIDs are anonymised and never used. Number and name of the court alone are not
enough: there are a dozen of "Ленинский районный суд", and each has a case 5-12/2024.
"""

import re
from datetime import date, timedelta

from crawler.sudact.pages import Hit
from pipelines.court_numbers import read_numbers, same_number
from pipelines.dates import Unread, read_date
from pipelines.spec import fold

DAY = re.compile(r"\bот\s(\d{1,2}\s[а-я]{3,8}\s\d{4})")
NEAR = timedelta(days=10)  # between the day on the card and that of the written act
WORDS = re.compile(r"[а-яё]+")
# Words of a court's name that do not tell it from another one.
COMMON = frozenset({"город", "города", "край", "края", "область", "области", "республика", "г"})
STEM = 5  # letters: `Перми`, `Пермский`; `Москвы`, `Москва`


def is_act_of(hit: Hit, number: str, court: str, decided: str) -> bool:
    """Does the document state this number, this court and a day near the decision?"""
    stated = read_numbers(hit.title)
    if not any(same_number(one, number) for one in stated):
        return False
    day = day_of(hit.title)
    if day is None or abs(day - date.fromisoformat(decided)) > NEAR:
        return False
    return _same_court(hit.court_line.rpartition(" - ")[0] or hit.court_line, court)


def day_of(title: str) -> date | None:
    """The day that a title states, None where it states none."""
    found = DAY.search(title)
    try:
        return read_date(found[1]) if found else None
    except Unread:
        return None


def _same_court(one: str, other: str) -> bool:
    (name, place), (other_name, other_place) = _parts(one), _parts(other)
    if not name or name != other_name:
        return False
    if not place or not other_place:
        return not place and not other_place
    return bool(place & other_place)


def _parts(court: str) -> tuple[str, set[str]]:
    """`тверской районный суд` and the stems of what stands after it."""
    before, word, after = fold(court).partition("суд")
    stems = {x[:STEM] for x in WORDS.findall(after) if len(x) >= STEM and x not in COMMON}
    return f"{before}{word}".strip(), stems
