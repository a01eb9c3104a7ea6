"""The tables of the archive: what was where in which week."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from storage.clock import read_moment

Table = Mapping[str, Any]

# In the order in which they are read: which sites are media is known before the blocklist comes.
SOURCES = ("media_citizenlab", "agents_minjust", "blocked_zapretinfo", "rulings_hudoc")


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
    """The events: `archive.toml`."""
    return _read("archive.toml")


@cache
def names() -> Table:
    """Words that fill the lists: `names.toml`."""
    return _read("names.toml")


@cache
def weeks() -> tuple[Week, ...]:
    """The three weeks in order."""
    return tuple(Week(number, **row) for number, row in enumerate(story()["week"], 1))


def known_in(rows: Iterable[Table], week: Week) -> list[Table]:
    """The rows that stand in a week: from their `week` on, `until` theirs."""
    return [row for row in rows if row.get("week", 1) <= week.number <= row.get("until", 99)]


def pick(words: str, number: int) -> Any:
    """One of a list of words, always the same for a number."""
    chosen = names()[words]
    return chosen[number % len(chosen)]


def _read(name: str) -> Table:
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
