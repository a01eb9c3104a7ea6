"""The article of law 149-ФЗ on which a record of the register rests, by its entry type.

The table is `entry_types.toml`. Only dump.xml, and what is made of it, states entry types.
"""

import tomllib
from functools import lru_cache
from importlib.resources import files

from pipelines.agencies import Agency
from pipelines.text import clean

_RULES = tomllib.loads(files("pipelines").joinpath("entry_types.toml").read_text("utf-8"))["rule"]
KNOWN = frozenset(rule["entry_type"] for rule in _RULES)


@lru_cache(maxsize=4096)  # a few hundred agencies; only the numbers of some rules are looked at
def _article(entry_type: str, agency: Agency, ending: str) -> str | None:
    for rule in _RULES:
        if rule["entry_type"] != entry_type:
            continue
        named = rule.get("agencies")
        if named is not None and agency.kind not in named and agency.name not in named:
            continue
        if rule.get("number_ends", ending) == ending:
            return str(rule["article"])
    return None


_ENDINGS = tuple(sorted({rule["number_ends"] for rule in _RULES if "number_ends" in rule}))


def article_of(entry_type: str, agency: Agency, number: str) -> str | None:
    """The article, None where the table leaves it open; a type that nobody knows has none."""
    cleaned = clean(number)
    ending = next((one for one in _ENDINGS if cleaned.endswith(one)), "")
    return _article(entry_type, agency, ending)
