"""What a look found, change by change, in lines that a stranger understands."""

import re
from collections.abc import Iterator
from typing import Any

from desk.output import printable
from desk.words import authority, date_words, outcome
from storage import queries
from storage.masking import public_view
from storage.queries import Filters
from storage.store import Store

SHOWN = 4
LONGEST = 64  # of a name; materials are described in whole sentences
# What is told of a row that is new, or of the fields that changed.
FIELDS = {
    "listed_on": "listed on {}", "delisted_on": "excluded on {}",
    "agency": "blocked by {}", "agency_inferred": "blocked, it seems, by {}",
    "outcome": "{}", "decided_on": "decided on {}", "category": "listed as {}",
}  # fmt: skip
CHANGED = {"name": "now «{}»", "urls": "now at {}"}
ANNOUNCED = {
    "inclusion": "to be listed", "exclusion": "to be excluded", "undesirable": "“undesirable”",
}  # fmt: skip
STATES = {"announced": "no register shows it yet", "in-register": "the register shows it"}
DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")  # of a masked person the month alone
OFF_REGISTER = "off-register"
HIDDEN = "a private person"


def change_lines(store: Store, run: dict[str, Any], family: str) -> Iterator[str]:
    """The first changes of a run, one line each."""
    with store.read() as connection:
        found = list(queries.changes(connection, Filters(run=run["run"])))
        for change in found[:SHOWN]:
            record = next(queries.about(connection, change["fact"]))
            told = _details(change, record, family)
            subject = _subject(change, record, family)
            line = f"{_sign(change)} {_cut(subject)}" + (f": {told}" if told else "")
            yield printable(line)
    if len(found) > SHOWN:
        yield f"... and {len(found) - SHOWN} more"


def _cut(subject: str) -> str:
    return subject if len(subject) <= LONGEST else f"{subject[: LONGEST - 1].rstrip()}…"


def _sign(change: dict[str, Any]) -> str:
    return {"appeared": "+", "baseline": "+", "gone": "-"}.get(change["change"], "~")


def _subject(change: dict[str, Any], record: dict[str, Any], family: str) -> str:
    """Whom or what a record is about, by the fields of its family, under its name until now."""
    fields = record["fields"] | change["before"]
    if family == "curated":
        masked = public_view(family, fields)[1]
        return HIDDEN if masked else str(fields["target"])
    if family == "announcement":
        return str(fields["subject"])
    if family == "ruling":
        parties = [p.get("name") or p.get("initials") for p in fields["parties"]]
        applicants = [party for party in parties if party and party != "Russia"]
        return f"{', '.join(applicants)} v. Russia"
    if family == "designation":
        return f"№ {record['key'][0]} {fields['name']}"
    domains = fields.get("domains") or [fields.get("domain")]
    return ", ".join(filter(None, domains))


def _details(change: dict[str, Any], record: dict[str, Any], family: str) -> str:
    if family == "announcement":
        return _announced(record)
    shown, masked = public_view(family, record["fields"])
    if family == "curated":
        day = _value(shown["acted_on"])
        return f"{shown['code']}, {day}; entered by {shown['author']}"
    changed = change["change"] == "changed"
    if changed and not masked:  # of a masked person the month alone
        shown = change["after"]
    if shown.get("block_type") == OFF_REGISTER:
        return "blocked without any entry in a register"
    if changed and change["before"].get("name") and not shown.get("name"):
        return "excluded: a note stands in place of the text; the record keeps both"
    words = FIELDS | (CHANGED if changed else {})
    shown |= {"outcome": outcome(shown["outcome"], "en")} if shown.get("outcome") else {}
    told = [text.format(_value(shown[name])) for name, text in words.items() if shown.get(name)]
    told = [text.replace(" on ", " in ") if masked else text for text in told]
    return "; ".join(told + ([] if changed else _earlier(record)))


def _announced(record: dict[str, Any]) -> str:
    """An announcement, and whether a register shows what it says."""
    fields = record["fields"]
    kind = ANNOUNCED.get(fields["kind"], fields["kind"])
    day = _value(fields["acted_on"] or fields["published_on"])
    return f"{kind}, decided on {day}; {STATES[record['state']]}"


def _earlier(record: dict[str, Any]) -> list[str]:
    """That a row was announced before the day of its entry."""
    listed = record["fields"].get("listed_on") or ""
    days = {one["acted_on"] or one["published_on"] for one in record.get("announcements", ())}
    return [f"announced before, on {_value(day)}" for day in sorted(days) if day < listed]


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return date_words(text, "en") if DAY.fullmatch(text) else authority(text, "en")
