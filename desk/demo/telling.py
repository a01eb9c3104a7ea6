"""The demo's words: what each look found, in lines that a stranger understands."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from desk.demo.story import Week
from desk.digest_model import Digest
from desk.output import printable
from desk.words import authority, date_words, reason, verdict
from storage import queries
from storage.masking import public_view
from storage.queries import Filters
from storage.report import WHOLE
from storage.store import Store
from storage.verify import Findings

SHOWN = 5
LONGEST = 90
WIDTH = 19  # of the longest name of a source
INDENT = " " * (WIDTH + 3)
WHAT = {
    "media_citizenlab": "Citizen Lab's test lists: which sites are media or rights groups",
    "agents_minjust": 'the Ministry of Justice\'s register of "foreign agents"',
    "blocked_zapretinfo": "Roskomnadzor's list of blocked sites, in its public mirror",
    "rulings_hudoc": "judgments of the European Court of Human Rights",
}
# What is told of a row that is new, or of the fields that changed.
FIELDS = {
    "listed_on": "listed on {}", "delisted_on": "excluded on {}", 
    "agency": "blocked by {}", "agency_inferred": "blocked, it seems, by {}",
    "outcome": "{}", "decided_on": "decided on {}", "category": "listed as {}",
}  # fmt: skip
CHANGED = {"name": "now «{}»", "urls": "now at {}"}


def opening(folder: Path) -> Iterator[str]:
    """What this is."""
    yield "Three fictional weeks, served on this machine only, read by the real spiders over HTTP."
    yield "The institutions are real; every person, medium, case and address is invented."
    yield "In the second week a download is cut; in the third one source changes its layout and one"
    yield "is dead. Watch that nothing is concluded from what could not be read."
    yield f"Everything is written into {folder}/ and can be deleted."
    yield ""
    yield from (f"  {name:{WIDTH}} {words}" for name, words in WHAT.items())


def heading(week: Week) -> str:
    """The line above a week."""
    day = date_words(week.at[:10], "en")
    return f"Week {week.number}: Friday, {day}"


def outcome(store: Store, run: dict[str, Any]) -> Iterator[str]:
    """One run in words, with the first of its changes."""
    yield f"  {run['source']:{WIDTH}} {run['verdict'].upper()}: {verdict(run['verdict'])}"
    if run["verdict"] not in WHOLE:
        yield from _failure(store, run)
        return
    yield f"{INDENT}{_counts(run)}"
    if not run["baseline"]:
        yield from _changes(store, run)
    if run["absent"]:
        words = "gone only if the next whole look says so too"
        yield f"{INDENT}rows not seen: {run['absent']}; {words}"


def _failure(store: Store, run: dict[str, Any]) -> Iterator[str]:
    """Why nothing was concluded: the reason, and what exactly was met at the first part."""
    with store.read() as connection:
        parts = list(queries.part_states(connection, run["source"]))
    for word in run["reasons"]:
        yield INDENT + reason(word)
        details = [part["reasons"][word] for part in parts if word in part["reasons"]]
        yield from (f"{INDENT}({_short(detail)})" for detail in details[:1])
    yield f"{INDENT}Nothing was concluded from it: what was known stays as it was."


def _short(detail: str) -> str:
    """What was met, without the address and the list of what was found instead."""
    return printable(detail.split(" (http")[0].split("; found")[0])[:LONGEST]


def _counts(run: dict[str, Any]) -> str:
    if run["baseline"]:
        return f"{run['observed']} rows; the first look is the baseline, no news"
    told = [f"{count} {kind}" for kind, count in run["changes"].items() if count]
    return f"{run['observed']} rows; {', '.join(told) or 'nothing changed'}"


def _changes(store: Store, run: dict[str, Any]) -> Iterator[str]:
    with store.read() as connection:
        found = list(queries.changes(connection, Filters(run=run["run"])))
        for change in found[:SHOWN]:
            record = next(queries.about(connection, change["fact"]))
            yield INDENT + printable(
                f"{_sign(change)} {_subject(change, record)}{_details(change, record)}"
            )
    if len(found) > SHOWN:
        yield f"{INDENT}... and {len(found) - SHOWN} more"


def _sign(change: dict[str, Any]) -> str:
    return {"appeared": "+", "gone": "-"}.get(change["change"], "~")


def _subject(change: dict[str, Any], record: dict[str, Any]) -> str:
    """Whom or what a record is about, by the fields of its family, under its name until now."""
    fields = record["fields"] | change["before"]
    if "parties" in fields:
        parties = [p.get("name") or p.get("initials") for p in fields["parties"]]
        applicants = [party for party in parties if party and party != "Russia"]
        return f"{', '.join(applicants)} v. Russia"
    if fields.get("name"):
        return f"№ {record['key'][0]} {fields['name']}"
    domains = fields.get("domains") or [fields.get("domain")]
    return ", ".join(filter(None, domains))


def _details(change: dict[str, Any], record: dict[str, Any]) -> str:
    changed = change["change"] == "changed"
    shown = change["after"] if changed else record["fields"]
    public, masked = public_view("ruling", record["fields"])
    if masked:  # of a masked person the month alone
        shown = public
    words = FIELDS | (CHANGED if changed else {})
    told = [text.format(_value(shown[name])) for name, text in words.items() if shown.get(name)]
    return f": {'; '.join(told)}" if told else ""


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    try:
        return date_words(date.fromisoformat(str(value)).isoformat(), "en")
    except ValueError:
        return authority(str(value), "en")


def verified(findings: Findings) -> Iterator[str]:
    """What `verify --blobs` found."""
    told = ", ".join(f"{count} {name}" for name, count in findings.checked.items())
    yield f"Evidence: checked {told}: {'all well' if not findings.faults else 'NOT well'}"
    yield from (f"  wrong: {printable(fault)}" for fault in findings.faults)


def first_lines(path: Path, count: int) -> Iterator[str]:
    """The beginning of a digest, as it stands in its file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    yield f"The digest of the last week, {path}:"
    yield ""
    yield from (f"  | {line}" for line in lines[:count])
    if len(lines) > count:
        yield f"  | ... {len(lines) - count} more lines: each act with its quote and its evidence"


def unread(digest: Digest) -> Iterator[str]:
    """What a digest says that it does not know."""
    yield ""
    yield "It also says what could not be read, so that silence is not taken for zero:"
    for source in digest.health:
        if source.state != "current":
            yield f"  | {source.source}: {source.words}"
