"""The box of figures: this week, last week, median of four, year to date, or no data."""

import sqlite3
from statistics import median

from desk.digest_model import COURT_LINES, FAMILY_OF, Count, Figure
from desk.digest_reads import Reads
from desk.words import Lang, say

MEDIAN_WEEKS = 4
_COUNTS = (
    "SELECT count(*) AS acts, count(DISTINCT subject) AS subjects, "
    "count(DISTINCT case_of) AS cases FROM news WHERE line = ? AND week >= ? AND week <= ?"
)


def figures(connection: sqlite3.Connection, reads: Reads, lang: Lang) -> tuple[Figure, ...]:
    """One row for each kind of act. A week in which no source was read has no number."""
    return tuple(_figure(connection, reads, line, lang) for line in reads.lines())


def _figure(connection: sqlite3.Connection, reads: Reads, line: str, lang: Lang) -> Figure:
    family, before = FAMILY_OF[line], reads.weeks_before(MEDIAN_WEEKS)
    earlier = [_week(connection, reads, line, week) for week in before]
    acts = [count.acts for count in earlier if count is not None]
    return Figure(
        line=line,
        title=say("text", line, lang),
        this_week=_week(connection, reads, line, reads.week),
        last_week=earlier[0],
        median=float(median(acts)) if len(acts) == MEDIAN_WEEKS else None,
        year=_year(connection, reads, line),
        sources_read=len(reads.read(family)),
        sources_known=len(reads.known[family]),
        courts=_courts(connection, reads.week) if line in COURT_LINES else None,
    )


def _courts(connection: sqlite3.Connection, week: str) -> tuple[int, int] | None:
    """Courts whose hearings of the week were read whole, and all that are known; None where the
    week of no court was asked for."""
    row = connection.execute(
        "SELECT sum(whole) AS whole, sum(known) AS known FROM courts_read WHERE week = ?", (week,)
    ).fetchone()
    return (row["whole"], row["known"]) if row["known"] else None


def _week(connection: sqlite3.Connection, reads: Reads, line: str, week: str) -> Count | None:
    if not reads.read(FAMILY_OF[line], week):
        return None
    return _count(connection, line, week, week)


def _year(connection: sqlite3.Connection, reads: Reads, line: str) -> Count | None:
    """From week 1, or from the first week that was read: what came before is not known."""
    first = reads.first_week(FAMILY_OF[line])
    if first is None:
        return None
    return _count(connection, line, max(first, f"{reads.week[:4]}-W01"), reads.week)


def _count(connection: sqlite3.Connection, line: str, first: str, last: str) -> Count:
    row = connection.execute(_COUNTS, (line, first, last)).fetchone()
    cases = row["cases"] if line in COURT_LINES else None
    return Count(row["acts"], row["subjects"], cases)
