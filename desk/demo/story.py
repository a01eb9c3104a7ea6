"""The tables of the archive: what was where in which week."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from storage.clock import read_moment

Table = Mapping[str, Any]

FILES = ("archive.toml", "designations.toml", "announcements.toml", "acts.toml")
# By family, in the order in which their looks are told.
FAMILIES = {
    "reference": ("media_citizenlab",),
    "designation": (
        "agents_minjust", "undesirable_minjust", "restricted_minjust",
        "extremist_materials_minjust", "extremist_orgs_minjust", "terrorist_orgs_fsb",
    ),
    "blocking": ("blocked_zapretinfo", "blocked_roskomsvoboda"),
    "ruling": ("rulings_hudoc",),
    "announcement": ("news_minjust", "news_genproc"),
}  # fmt: skip
CURATED = "curated"  # read from a file, not from a server
SOURCES = tuple(source for group in FAMILIES.values() for source in group)


@dataclass(frozen=True, slots=True)
class Week:
    """One look at all sources; the names are of sources to which something happens, or empty."""

    number: int
    at: str
    cut: str = ""
    dead: str = ""
    renamed: str = ""

    @property
    def moment(self) -> datetime:
        """When the sources are read."""
        return read_moment(self.at)

    @property
    def renewed(self) -> datetime:
        """When the sources were renewed last: an hour before."""
        return self.moment - timedelta(hours=1)


@cache
def story() -> Table:
    """The events, out of all files of the archive."""
    return {name: table for file in FILES for name, table in _read(file).items()}


@cache
def names() -> Table:
    """Words that fill the lists: `names.toml`."""
    return _read("names.toml")


@cache
def weeks() -> tuple[Week, ...]:
    """The three weeks in order."""
    return tuple(Week(number, **row) for number, row in enumerate(story()["week"], 1))


def family_of(source: str) -> str:
    """The family of a source."""
    return next((name for name, group in FAMILIES.items() if source in group), CURATED)


def known_in(rows: Iterable[Table], week: Week) -> list[Table]:
    """The rows that stand in a week: from their `week` on, `until` theirs."""
    return [row for row in rows if row.get("week", 1) <= week.number <= row.get("until", 99)]


def friday(number: int) -> datetime:
    """The moment of a week's look; numbers below 1 are the Fridays before the archive begins."""
    first = read_moment(story()["week"][0]["at"])
    return first + timedelta(weeks=number - 1)


def day(at: date) -> str:
    """A day as Russian registers write it."""
    return f"{at:%d.%m.%Y}"


def pick(words: str, number: int) -> Any:
    """One of a list of words, always the same for a number."""
    chosen = names()[words]
    return chosen[number % len(chosen)]


def _read(name: str) -> Table:
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
