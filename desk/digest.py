"""The week as the record tells it: a function of data version and week, not of the clock."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from desk import digest_again, digest_announced, digest_figures, digest_health, digest_items, words
from desk.digest_model import LINES, Digest, Section
from desk.digest_reads import Reads, reads
from desk.release import current
from desk.release_build import meta
from desk.words import Lang
from desk.zone import monday, week_of
from storage.store import Store

LEADS, NAMES = 3, 3
SUBJECT_LENGTH, PREHEADER_LENGTH = 60, 90


def make_digest(source: Store | Path, week: str | None = None, lang: Lang = "en") -> Digest:
    """The digest of a week out of the record, or out of a release (its folder or its database).

    Without a week: of a record the one that contains now, of a release the one of its newest look.
    Raises Refused on what is not a week, StorageError on what is not a release."""
    if week is not None:
        monday(week)
    with current(source) as connection:
        if week is None:
            now = source.now() if isinstance(source, Store) else meta(connection)["newest_look_at"]
            week = week_of(now)
        return _digest(connection, week, lang)


def _digest(connection: sqlite3.Connection, week: str, lang: Lang) -> Digest:
    facts, seen = meta(connection), reads(connection, week)
    acts = digest_items.sections(connection, seen, lang)
    sections = (
        *digest_announced.with_reasons(connection, digest_again.told(connection, acts, lang), lang),
        digest_announced.section(connection, seen, lang),
    )
    leads = _leads(sections, seen, lang)
    return Digest(
        week=week,
        first_day=monday(week).isoformat(),
        last_day=(monday(week) + timedelta(days=6)).isoformat(),
        lang=lang,
        subject=_subject(week, sections, seen, lang),
        preheader=_cut(" ".join(leads), PREHEADER_LENGTH),
        leads=leads,
        figures=digest_figures.figures(connection, seen, lang),
        sections=sections,
        held=digest_health.held(connection, week, lang),
        health=digest_health.health(connection, week, lang),
        reparsed=digest_health.reparsed(connection, week),
        other_news=_other_news(connection, week),
        open_issues=digest_health.open_issues(connection, week),
        data_version=facts["data_version"],
        checkpoint=facts["checkpoint"],
        synthetic=facts["synthetic"] == "1",
    )


def _told(sections: tuple[Section, ...]) -> list[Section]:
    return [section for section in sections if section.key in LINES and section.items]


def _leads(sections: tuple[Section, ...], seen: Reads, lang: Lang) -> tuple[str, ...]:
    """One sentence for each of the first kinds of act; an editor may choose others."""
    told = _told(sections)[:LEADS]
    if told:
        return tuple(_lead(section, lang) for section in told)
    read = len(seen.all_read())
    return (words.count("lead", "nothing" if read else "no_data", lang, read),)


def _lead(section: Section, lang: Lang) -> str:
    subjects = dict.fromkeys(digest_items.short(item.subject) for item in section.items)
    names = ", ".join(list(subjects)[:NAMES])
    return words.count("lead", section.key, lang, len(section.items), names=names)


def _subject(week: str, sections: tuple[Section, ...], seen: Reads, lang: Lang) -> str:
    """At most 60 characters: what a reader sees in a list of mails."""
    prefix = week[5:] + ": "
    read, told = len(seen.all_read()), _told(sections)
    if not told:
        return prefix + words.count("subject", "nothing" if read else "no_data", lang, read)
    line = ""
    for section in told:
        part = words.count("subject", section.key, lang, len(section.items))
        longer = f"{line}, {part}" if line else prefix + part
        if len(longer) > SUBJECT_LENGTH:
            break
        line = longer
    return line


def _other_news(connection: sqlite3.Connection, week: str) -> int:
    row = connection.execute(
        "SELECT count(*) FROM changes WHERE week = ? AND event = 'added' "
        "AND family NOT IN ('designation', 'ruling', 'blocking', 'announcement', 'curated')",
        (week,),
    ).fetchone()
    return int(row[0])


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
