"""The acts and changes of a week as items: sentence, evidence, source."""

import json
import sqlite3
from dataclasses import replace
from typing import Any

from desk.digest_model import FAMILY_OF, Difference, Item, Section
from desk.digest_reads import Reads
from desk.digest_sentences import sentence
from desk.words import Lang, say
from desk.zone import local_day, monday
from storage.queries import fact_name

_ROWS = """
SELECT c.id, c.week, c.event, c.family, c.record, c.to_fact, c.at, c.acted_on, c.fields AS changed,
  c.source, s.title, coalesce(n.line, c.event) AS line, m.target, m.code, m.acted_on AS dated,
  m.authority, m.articles,
  v.masked, v.fields, v.quote, v.digest, v.locator, f.fields AS before,
  coalesce(x.final_url, x.url) AS url
FROM changes c JOIN sources s ON s.name = c.source JOIN measures m ON m.record = c.record
  JOIN news n ON n.id = c.id JOIN revisions v ON v.fact = c.to_fact
  LEFT JOIN revisions f ON f.fact = c.from_fact LEFT JOIN fetches x ON x.id = v.fetch
WHERE c.week = ? AND c.event IN
  ('added', 'excluded', 'updated', 'reinstated', 'gone', 'returned', 'corrected')
ORDER BY c.source, c.acted_on, c.id
"""
SECTION_OF = {
    "updated": "updates", "reinstated": "updates",
    "gone": "removals", "returned": "removals", "corrected": "removals",
}  # fmt: skip
COPIES = "copies"  # blockings that another source told before
NAME_LENGTH = 160
DETAILS = ("number", "legal_basis", "judge", "case_number", "domains")


def sections(connection: sqlite3.Connection, reads: Reads, lang: Lang) -> tuple[Section, ...]:
    """All sections of a week, empty ones with the reason why they are empty."""
    keys = (*reads.lines(), "updates", "removals")
    found: dict[str, list[Item]] = {key: [] for key in keys}
    review = 0
    copies: dict[str, list[sqlite3.Row]] = {}
    for row in connection.execute(_ROWS, (reads.week,)):
        key = SECTION_OF.get(row["line"], row["line"])
        if key in found:
            found[key].append(_item(row, lang))
        elif key == COPIES:
            copies.setdefault(row["target"], []).append(row)
        elif row["family"] == "blocking":
            review += 1
    found["blockings"] = [_with_copies(item, copies, lang) for item in found["blockings"]]
    return tuple(
        Section(key, say("text", key, lang), tuple(items), _note(key, items, reads, review, lang))
        for key, items in found.items()
    )


def _with_copies(item: Item, copies: dict[str, list[sqlite3.Row]], lang: Lang) -> Item:
    """The same blocking in another source is told with the first, and counted once."""
    told = tuple(
        (say("text", "also_in", lang), f"{row['title']}, {fact_name(row['to_fact'])}")
        for row in copies.get(item.subject, ())
        if row["acted_on"] == item.acted_on
    )
    return replace(item, details=item.details + told) if told else item


def _note(key: str, items: list[Item], reads: Reads, review: int, lang: Lang) -> str | None:
    """Silence is not zero: say which of the two an empty section is."""
    if key == "blockings" and review:
        return say("text", "review", lang, n=review)
    if items:
        return None
    family = FAMILY_OF.get(key)
    if family is None:
        known, read = sum(map(len, reads.known.values())), len(reads.all_read())
    else:
        known, read = len(reads.known[family]), len(reads.read(family))
        if not known:
            return say("text", "not_collected", lang)
    if not read:
        return say("text", "no_source", lang)
    some = say("text", "read_some", lang, n=read, total=known)
    return f"{say('text', 'empty_section', lang)} ({some})"


def _item(row: sqlite3.Row, lang: Lang) -> Item:
    fields = json.loads(row["fields"])
    masked = bool(row["masked"])
    subject = _former_name(row) or row["target"] or say("say", "no_target", lang)
    if masked:
        place = fields.get("court") or fields.get("authority") or "?"
        subject = f"{say('text', 'masked', lang)} ({place})"
    return Item(
        fact=fact_name(row["to_fact"]), change=row["id"], record=row["record"], event=row["event"],
        headline=sentence(row, fields, short(subject), lang), subject=subject,
        acted_on=row["acted_on"], seen_on=local_day(row["at"]).isoformat(), source=row["source"],
        source_title=row["title"],
        masked=masked, late=_late(row), details=() if masked else _details(fields, lang),
        differences=_differences(row, fields, lang), quote=row["quote"] or None,
        digest=row["digest"], locator=row["locator"],
        url=None if masked else fields.get("act_url") or fields.get("source_url") or row["url"],
    )  # fmt: skip


def _former_name(row: sqlite3.Row) -> str | None:
    """What stood in the place of a text that an exclusion has replaced."""
    if row["event"] != "excluded" or row["before"] is None:
        return None
    name = json.loads(row["before"]).get("name")
    return name if json.loads(row["fields"]).get("name") is None else None


def short(name: str) -> str:
    """A name as a sentence can hold it; the whole of it stands in the JSON form."""
    name = " ".join(name.split())
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"


def _late(row: sqlite3.Row) -> bool:
    """Told in this week, but dated before it: both dates are shown."""
    day = row["acted_on"]
    if day is None or len(day) != 10 or row["event"] not in ("added", "excluded"):
        return False
    return monday(row["week"]).isoformat() > str(day)


def _details(fields: dict[str, Any], lang: Lang) -> tuple[tuple[str, str], ...]:
    return tuple(
        (say("text", name, lang), _shown(fields[name], lang))
        for name in DETAILS
        if fields.get(name)
    )


def _differences(row: sqlite3.Row, after: dict[str, Any], lang: Lang) -> tuple[Difference, ...]:
    if row["event"] not in ("updated", "reinstated") or row["before"] is None:
        return ()
    before = json.loads(row["before"])
    return tuple(
        Difference(name, _shown(before.get(name), lang), _shown(after.get(name), lang))
        for name in json.loads(row["changed"])
        if name in before or name in after
    )


def _shown(value: Any, lang: Lang) -> str:
    if value is None or value in ("", []):
        return say("text", "nothing", lang)
    if isinstance(value, list):
        return ", ".join(_shown(one, lang) for one in value)
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values() if one is not None)
    return str(value)
