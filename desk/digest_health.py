"""How each source was read in a week, and what was seen but is not believed yet."""

import json
import sqlite3
from datetime import timedelta

from desk import words
from desk.digest_model import Health, Held
from desk.words import Lang, say
from desk.zone import bounds, local_day
from storage.clock import moment, read_moment
from storage.report import HELD, ORDER, WHOLE

STATES = ("never", "unread", "stale", "current")  # the worst first


def health(connection: sqlite3.Connection, week: str, lang: Lang) -> tuple[Health, ...]:
    """Every source, the worst first. Ages are counted at the newest look of the data version."""
    start, end = bounds(week)
    newest = connection.execute("SELECT max(seen_at) FROM part_runs").fetchone()[0] or start
    at = min(max(newest, start), end)
    sources = connection.execute("SELECT * FROM sources ORDER BY name").fetchall()
    rows = [_health(connection, source, (start, end, at), lang) for source in sources]
    return tuple(sorted(rows, key=lambda row: (STATES.index(row.state), row.source)))


def _health(
    connection: sqlite3.Connection, source: sqlite3.Row, times: tuple[str, str, str], lang: Lang
) -> Health:
    start, end, at = times
    whole = _whole(connection, source["name"], end)
    verdict, reasons = _latest(connection, source["name"], start, end)
    oldest, newest = min(whole.values(), default=None), max(whole.values(), default=None)
    limit = moment(read_moment(at) - timedelta(seconds=source["fresh_for_s"]))
    # A window or a single page is read once: only the newest of them can be late.
    judged = oldest if source["covers"] == "everything" else newest
    if newest is None:
        state = "never"
    elif newest < start:
        state = "unread"
    else:
        state = "stale" if "stale" in reasons or (judged or "") < limit else "current"
    told = "; ".join(words.reason_words(word, lang) for word in reasons)
    return Health(
        source=source["name"], title=source["title"], publisher=source["publisher"], state=state,
        state_words=say("health", state, lang), last_whole_at=newest,
        parts_read=sum(seen >= start for seen in whole.values()),
        parts_known=_parts(connection, source["name"], end), verdict=verdict, reasons=reasons,
        words=words.verdict(verdict, lang) + (f": {told}" if told else ""),
        status_in_country=source["status_in_country"],
    )  # fmt: skip


def _whole(connection: sqlite3.Connection, source: str, end: str) -> dict[int, str]:
    """Part -> its newest whole read before the end of the week; a mirror that stands in for a
    register is none of them once the register itself is held."""
    rows = connection.execute(
        "SELECT part, max(seen_at) FROM part_runs WHERE source = ? AND seen_at < ? "
        "AND verdict IN (?, ?) AND part NOT IN (SELECT m.id FROM parts m WHERE m.source = ? "
        "AND m.key LIKE 'mirror%' AND EXISTS (SELECT 1 FROM parts o WHERE o.source = m.source "
        "AND o.official = 1)) GROUP BY part",
        (source, end, *WHOLE, source),
    )
    return dict(rows.fetchall())


def _parts(connection: sqlite3.Connection, source: str, end: str) -> int:
    row = connection.execute(
        "SELECT count(DISTINCT part) FROM part_runs WHERE source = ? AND seen_at < ?", (source, end)
    ).fetchone()
    return int(row[0])


def _latest(
    connection: sqlite3.Connection, source: str, start: str, end: str
) -> tuple[str | None, tuple[str, ...]]:
    """The worst verdict among the newest attempts at each part in the week, with reasons."""
    window = (source, start, end)
    rows = connection.execute(
        "SELECT verdict, reasons FROM part_runs WHERE id IN (SELECT max(id) FROM part_runs "
        "WHERE source = ? AND seen_at >= ? AND seen_at < ? GROUP BY part)",
        window,
    ).fetchall()
    rows += connection.execute(  # a run that broke off before it saw any part
        "SELECT verdict, reasons FROM runs WHERE id = (SELECT max(id) FROM runs WHERE source = ? "
        "AND started_at >= ? AND started_at < ?) AND id NOT IN (SELECT run FROM part_runs)",
        window,
    ).fetchall()
    if not rows:
        return None, ()
    verdict = max((row["verdict"] for row in rows), key=ORDER.index)
    reasons = {word for row in rows for word in json.loads(row["reasons"])}
    return verdict, tuple(sorted(reasons))


def held(connection: sqlite3.Connection, week: str, lang: Lang) -> tuple[Held, ...]:
    """Reads that still wait: the newest held one of each part, unless a whole one came after."""
    rows = connection.execute(
        "SELECT max(p.id), p.source, p.run, t.key, p.reasons, p.observed, p.seen_at, s.title "
        "FROM part_runs p JOIN parts t ON t.id = p.part JOIN sources s ON s.name = p.source "
        "WHERE p.verdict = ? AND p.week <= ? AND NOT EXISTS (SELECT 1 FROM part_runs l "
        "WHERE l.part = p.part AND l.id > p.id AND l.verdict IN (?, ?)) "
        "GROUP BY p.part ORDER BY p.source, p.part",
        (HELD, week, *WHOLE),
    )
    return tuple(_held(row, lang) for row in rows)


def _held(row: sqlite3.Row, lang: Lang) -> Held:
    reasons = tuple(json.loads(row["reasons"]))
    told = "; ".join(words.reason_words(word, lang) for word in reasons)
    sentence = say(
        "held", "sentence", lang, source=row["title"], n=row["observed"],
        date=words.date_words(local_day(row["seen_at"]).isoformat(), lang),
        reasons=told[:1].upper() + told[1:],
    )  # fmt: skip
    return Held(row["source"], row["run"], row["key"], reasons, sentence)


def reparsed(connection: sqlite3.Connection, week: str) -> dict[str, int]:
    """Source -> rows that only our reading made different."""
    rows = connection.execute(
        "SELECT source, count(*) FROM changes WHERE week = ? AND event = 'reparsed' "
        "GROUP BY source ORDER BY source",
        (week,),
    )
    return dict(rows.fetchall())


def open_issues(connection: sqlite3.Connection, week: str) -> int:
    """Things not understood that were open when the week ended."""
    _start, end = bounds(week)
    row = connection.execute(
        "SELECT count(*) FROM issues WHERE opened_at < ? AND (closed_at IS NULL OR closed_at >= ?)",
        (end, end),
    ).fetchone()
    return int(row[0])
