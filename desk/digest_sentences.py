"""One act as one sentence: what is stated is told, what is not stated is told as such."""

import json
import sqlite3
from typing import Any

from desk import words
from desk.words import Lang, say
from desk.zone import local_day

Fields = dict[str, Any]
OFF_REGISTER = "off-register"
RECOGNITION, EXCLUSION = "recognition", "exclusion"


def sentence(row: sqlite3.Row, fields: Fields, subject: str, lang: Lang) -> str:
    """The sentence of a change; `subject` is its name as a sentence can hold it."""
    event, family = row["event"], row["family"]
    if family == "curated":
        return _entered(row, fields, subject, lang)
    if event == "added" and family == "designation":
        return _designated(row, fields, subject, lang)
    if event == "excluded":
        return _excluded(row, fields, subject, lang)
    if event == "added" and family == "ruling":
        return _ruled(row, fields, subject, lang)
    if event == "added" and family == "blocking":
        return _blocked(fields, subject, lang)
    if event == "gone" and family == "blocking":
        date = words.date_words(local_day(row["at"]).isoformat(), lang)
        return say("say", "unblocked", lang, target=subject, date=date)
    return say("say", event, lang, target=subject, source=row["title"])


def _designated(row: sqlite3.Row, fields: Fields, subject: str, lang: Lang) -> str:
    """An act of a state: "designated by", never "is". Where one authority decides and another
    keeps the list, both days are told."""
    listed, dated = fields.get("listed_on"), row["dated"]
    decided = _decision(fields, RECOGNITION)
    if decided.get("authority") == row["authority"] and decided.get("date"):
        dated = decided["date"]
    told = say(
        "say", "designated", lang, target=subject, authority=_authority(row, lang),
        date=words.date_words(dated, lang), kind=words.code_title(row["code"], lang),
    )  # fmt: skip
    if not listed or listed == dated:
        return told
    return told + say("say", "listed_on", lang, date=words.date_words(listed, lang))


def _excluded(row: sqlite3.Row, fields: Fields, subject: str, lang: Lang) -> str:
    """A list may strike somebody out without saying who decided, or when."""
    decided = _decision(fields, EXCLUSION)
    authority = decided.get("authority")
    date = fields.get("delisted_on") or decided.get("date")
    before = json.loads(row["before"]) if row["before"] else {}
    listed = fields.get("listed_on") or before.get("listed_on")
    if date:
        told = say(
            "say", "excluded", lang, target=subject, date=words.date_words(date, lang),
            authority=words.authority(authority, lang) if authority else _authority(row, lang),
        )  # fmt: skip
    else:
        told = say("say", "struck_out", lang, target=subject)
    if not listed:
        return told
    return told + say("say", "was_listed", lang, date=words.date_words(listed, lang))


def _decision(fields: Fields, kind: str) -> Fields:
    """The first decision of a kind that a row states; empty where it states none."""
    found = (one for one in fields.get("decisions") or () if one.get("kind") == kind)
    return next(found, {})


def _blocked(fields: Fields, subject: str, lang: Lang) -> str:
    if fields.get("block_type") == OFF_REGISTER:
        return say("say", "blocked_off_register", lang, target=subject)
    date = words.date_words(fields.get("decided_on"), lang)
    return say("say", "blocked", lang, target=subject, agency=_agency(fields, lang), date=date)


def _ruled(row: sqlite3.Row, fields: Fields, subject: str, lang: Lang) -> str:
    articles = words.article_text(row["articles"]) or words.article_text(
        json.dumps(fields.get("articles") or [])
    )
    return say(
        "say", "masked" if row["masked"] else "ruled", lang, target=subject,
        court=words.authority(fields["court"], lang) if fields.get("court")
        else say("say", "no_authority", lang),
        articles=articles or say("say", "no_articles", lang),
        outcome=words.outcome(fields.get("outcome"), lang),
        date=words.date_words(fields.get("decided_on"), lang),
    )  # fmt: skip


def _entered(row: sqlite3.Row, fields: Fields, subject: str, lang: Lang) -> str:
    """An act that no register states: who says so stands in the sentence."""
    word = {"added": "entered", "corrected": "withdrawn"}.get(row["event"], "edited")
    if row["masked"]:
        subject = subject[:1].upper() + subject[1:]
    return say(
        "say", word, lang, target=subject, kind=words.code_title(row["code"], lang),
        authority=_authority(row, lang), date=words.date_words(row["dated"], lang),
        author=fields.get("author") or "?",
        reason=fields.get("withdrawn_reason") or say("text", "nothing", lang),
    )  # fmt: skip


def _authority(row: sqlite3.Row, lang: Lang) -> str:
    if not row["authority"]:
        return say("say", "no_authority", lang)
    return words.authority(row["authority"], lang)


def _agency(fields: Fields, lang: Lang) -> str:
    """Who decided, as stated; an inferred agency is marked as such, with its rule."""
    if fields.get("agency"):
        return words.authority(fields["agency"], lang)
    if not fields.get("agency_inferred"):
        return say("say", "hidden", lang)
    agency = words.authority(fields["agency_inferred"], lang)
    return say("say", "inferred", lang, agency=agency, rule=fields.get("political_rule") or "?")
