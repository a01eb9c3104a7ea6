"""What was announced and stands in no register yet, and why a state says that it acted.

The wording is the state's: shown as a quotation with its source, never as ours.
"""

import json
import sqlite3
from dataclasses import replace
from datetime import date, timedelta

from desk import words
from desk.digest_items import short
from desk.digest_model import Item, Section
from desk.digest_reads import Reads
from desk.words import Lang, say
from desk.zone import bounds, local_day, monday
from storage.queries import fact_name
from storage.report import WHOLE

KEY, FAMILY = "announced", "announcement"
WAITING = timedelta(days=45)  # the slowest register follows within six weeks
REASONED = {"designations": "exclusion", "exclusions": "inclusion"}  # and the kind that it is not
_OPEN = """
SELECT a.*, r.source, r.first_seen_at, r.fact, s.title AS source_title, v.quote, v.digest,
  v.locator, (SELECT min(c.id) FROM changes c WHERE c.record = a.record) AS change
FROM announcements a JOIN records r ON r.id = a.record JOIN sources s ON s.name = r.source
  JOIN revisions v ON v.fact = r.fact
WHERE a.state = 'announced' AND coalesce(a.acted_on, a.published_on) BETWEEN ? AND ?
  AND r.first_seen_at < ?
ORDER BY coalesce(a.acted_on, a.published_on) DESC, a.record
"""
_LOOKED_AT = """
SELECT coalesce(sum(observed), 0) FROM part_runs WHERE id IN (
  SELECT max(p.id) FROM part_runs p JOIN parts t ON t.id = p.part JOIN sources s
  ON s.name = p.source WHERE s.family = ? AND p.week = ? AND p.verdict IN (?, ?)
  AND t.key NOT LIKE '/%' GROUP BY p.part)
"""


def section(connection: sqlite3.Connection, reads: Reads, lang: Lang) -> Section:
    """Announcements up to the end of the week of which no register shows a row."""
    first = monday(reads.week)
    last = first + timedelta(days=6)
    _start, end = bounds(reads.week)
    between = ((first - WAITING).isoformat(), last.isoformat(), end)
    rows = connection.execute(_OPEN, between).fetchall()
    items = tuple(_item(row, first, lang) for row in rows)
    note = say("text", "announced_note", lang) if items else _silence(connection, reads, lang)
    return Section(KEY, say("text", KEY, lang), items, note)


def with_reasons(
    connection: sqlite3.Connection, sections: tuple[Section, ...], lang: Lang
) -> tuple[Section, ...]:
    """The sections, with the reasons that were announced beside the acts they belong to."""
    stated: dict[int, list[sqlite3.Row]] = {}
    for row in connection.execute("SELECT * FROM announcements WHERE register_record IS NOT NULL"):
        stated.setdefault(row["register_record"], []).append(row)
    return tuple(
        replace(one, items=tuple(_reasoned(item, one.key, stated, lang) for item in one.items))
        if one.key in REASONED
        else one
        for one in sections
    )


def _reasoned(item: Item, key: str, stated: dict[int, list[sqlite3.Row]], lang: Lang) -> Item:
    rows = [row for row in stated.get(item.record, []) if row["kind"] != REASONED[key]]
    details = tuple(detail for row in rows for detail in _details(row, lang))
    return replace(item, details=item.details + details) if details else item


def _details(row: sqlite3.Row, lang: Lang) -> list[tuple[str, str]]:
    """`the Ministry of Justice states: «...»`, and where it does."""
    texts = dict.fromkeys(reason["text"] for reason in json.loads(row["reasons"]))
    if not texts:
        return []
    authority = words.authority(row["authority"] or "", lang) or say("say", "no_authority", lang)
    label = say("text", "states", lang, authority=authority)
    found = [(label, f"«{' '.join(texts)}»")]
    return [*found, (say("text", "stated_at", lang), row["url"])] if row["url"] else found


def _item(row: sqlite3.Row, first: date, lang: Lang) -> Item:
    day = row["acted_on"] or row["published_on"]
    subject = row["subject"] or say("say", "no_target", lang)
    codes = dict.fromkeys(reason["code"] for reason in json.loads(row["reasons"]))
    titles = "; ".join(words.stated_reason(code, lang) for code in codes)
    headline = say(
        "announced", row["kind"], lang, target=short(subject),
        authority=words.authority(row["authority"] or "", lang), date=words.date_words(day, lang),
    )  # fmt: skip
    return Item(
        fact=fact_name(row["fact"]), change=row["change"], record=row["record"], event=KEY,
        headline=headline, subject=subject, acted_on=day,
        seen_on=local_day(row["first_seen_at"]).isoformat(), source=row["source"],
        source_title=row["source_title"], masked=False, late=first.isoformat() > day,
        details=((say("text", "reasons", lang), titles),) if titles else (),
        quote=row["quote"] or None, digest=row["digest"], locator=row["locator"], url=row["url"],
    )  # fmt: skip


def _silence(connection: sqlite3.Connection, reads: Reads, lang: Lang) -> str:
    """No announcement waits: of how many items of news that is true."""
    known = reads.known.get(FAMILY, frozenset())
    if not known:
        return say("text", "not_collected", lang)
    if not known & reads.all_read():
        return say("text", "no_source", lang)
    count = connection.execute(_LOOKED_AT, (FAMILY, reads.week, *WHOLE)).fetchone()[0]
    return say("text", "nothing_announced", lang, n=count)
