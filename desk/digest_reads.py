"""Which sources were read whole in which week: what makes a number a number and not silence."""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from desk.digest_model import FAMILY_OF, LINES, OPTIONAL_LINES
from desk.zone import earlier
from storage.report import WHOLE


@dataclass(frozen=True, slots=True)
class Reads:
    """`known`: family -> its sources; `whole`: week -> sources read whole in it."""

    week: str
    known: dict[str, frozenset[str]]
    whole: dict[str, frozenset[str]]

    def read(self, family: str, week: str | None = None) -> frozenset[str]:
        """Sources of a family that were read whole in a week."""
        return self.known[family] & self.all_read(week)

    def lines(self) -> list[str]:
        """The kinds of act that a digest has: entered ones only where some were ever entered."""
        return [n for n in LINES if n not in OPTIONAL_LINES or self.known.get(FAMILY_OF[n])]

    def all_read(self, week: str | None = None) -> frozenset[str]:
        """All sources that were read whole in a week."""
        return self.whole.get(week or self.week, frozenset())

    def first_week(self, family: str) -> str | None:
        """The first week in which a source of the family was read whole."""
        weeks = [week for week, sources in self.whole.items() if sources & self.known[family]]
        return min(weeks, default=None)

    def weeks_before(self, count: int) -> list[str]:
        """The weeks before this one, nearest first."""
        return [earlier(self.week, n) for n in range(1, count + 1)]


def reads(connection: sqlite3.Connection, week: str) -> Reads:
    """What is known of reads up to this week."""
    known: dict[str, set[str]] = defaultdict(set)
    for name, family in connection.execute("SELECT name, family FROM sources ORDER BY name"):
        known[family].add(name)
    whole: dict[str, set[str]] = defaultdict(set)
    rows = connection.execute(
        "SELECT DISTINCT week, source FROM part_runs WHERE verdict IN (?, ?) AND week <= ?",
        (*WHOLE, week),
    )
    for at, source in rows:
        whole[at].add(source)
    families = ("designation", "ruling", "blocking", *known)
    return Reads(
        week,
        {family: frozenset(known.get(family, ())) for family in families},
        {at: frozenset(sources) for at, sources in whole.items()},
    )
