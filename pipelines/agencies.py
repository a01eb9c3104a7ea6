"""Agencies that order a blocking: official name and kind, out of the register's short spellings."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from pipelines.text import clean, match_key


class Agency(NamedTuple):
    """`name` is the Russian official name, null where the register hides it.

    `kind` is a machine word of `agencies.toml`, or `hidden` (an empty cell, since about 2022) or
    `unknown` (a spelling that the table lacks: the name is then the cleaned string).
    """

    name: str | None
    kind: str


# `Ленинский районный суд г. Костромы - Костромская область`, `Юргинский горсуд`, `суд`
_COURT = re.compile(r"\b(?:гор|рай|обл)?суд(?:а|ья|ьи)?\b", re.IGNORECASE)
# `Роскомнадзор, на основании ранее вынесенного решения (ФНС)`: a mirror of an older block
_EARLIER = re.compile(r"на основании ранее вынесенного решения \(([^()]{1,200})\)", re.IGNORECASE)
_LONGEST = 500  # signs; no agency of the register has more than 200

_TABLE = tomllib.loads(files("pipelines").joinpath("agencies.toml").read_text("utf-8"))["agency"]
_SHORT = {row["name"]: tuple(row["spellings"]) for row in _TABLE}
_BY_KEY = {
    match_key(spelling): Agency(row["name"], row["kind"])
    for row in _TABLE
    for spelling in [row["name"], *row["spellings"]]
}
PROSECUTOR_GENERAL = next(row["name"] for row in _TABLE if row["kind"] == "prosecutor_general")


def short_names(name: str) -> tuple[str, ...]:
    """How the register and its mirrors write an agency; nothing for a name that is not known."""
    return _SHORT.get(name, ())


@lru_cache(maxsize=4096)  # hundreds of thousands of rows name a few hundred agencies
def read_agency(raw: str) -> Agency:
    """The agency that decided; for a mirror of an older block, the one in the brackets."""
    name = clean(raw[:_LONGEST])
    if not name:
        return Agency(None, "hidden")
    earlier = _EARLIER.search(name)
    if earlier is not None:
        return read_agency(earlier[1])
    known = _BY_KEY.get(match_key(name))
    if known is not None:
        return known
    return Agency(name, "court" if _COURT.search(name) else "unknown")
