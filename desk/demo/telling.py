"""The demo's words: what each look found, in lines that a stranger understands."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from desk.demo.story import Week
from desk.output import printable
from desk.words import date_words, reason, verdict
from storage import queries
from storage.queries import Filters
from storage.store import Store
from storage.verify import Findings

SHOWN = 5
WIDTH = 19  # of the longest name of a source
INDENT = " " * (WIDTH + 4)
WHAT = {
    "media_citizenlab": "Citizen Lab's test lists: which sites are media or rights groups",
    "agents_minjust": 'the Ministry of Justice\'s register of "foreign agents"',
    "blocked_zapretinfo": "Roskomnadzor's list of blocked sites, in its public mirror",
    "rulings_hudoc": "judgments of the European Court of Human Rights",
}
FIELDS = {
    "delisted_on": "excluded from the register on", "name": "name", "urls": "addresses",
    "name_raw": "name as written", "domains": "domains",
}  # fmt: skip


def opening(folder: Path) -> Iterator[str]:
    """What this is."""
    yield "Three fictional weeks, served on this machine only, read by the real spiders over HTTP."
    yield "The institutions are real; every person, medium, case and address is invented."
    yield f"Everything is written into {folder}/ and can be deleted."
    yield ""
    yield from (f"  {name:{WIDTH}} {words}" for name, words in WHAT.items())


def heading(week: Week) -> str:
    """The line above a week."""
    day = date_words(week.at[:10], "en")
    return f"Week {week.number}: Friday, {day}"


def outcome(store: Store, run: dict[str, Any]) -> Iterator[str]:
    """One run in words, with the first of its changes."""
    yield f"  {run['source']:{WIDTH}} {run['verdict'].upper()}: {_verdict(run)}"
    for word in run["reasons"]:
        yield f"{INDENT}{reason(word)}"
    if run["verdict"] in ("complete", "unchanged", "partial"):
        yield f"{INDENT}{_counts(run)}"
    if not run["baseline"]:
        yield from _changes(store, run)
    if run["absent"] and run["verdict"] == "complete":
        yield f"{INDENT}{run['absent']} row not seen this time: counts only if missing again"


def _verdict(run: dict[str, Any]) -> str:
    return verdict(run["verdict"])


def _counts(run: dict[str, Any]) -> str:
    if run["baseline"]:
        return f"{run['observed']} rows; the first look is the baseline, no news"
    told = ", ".join(f"{count} {kind}" for kind, count in run["changes"].items() if count)
    return f"{run['observed']} rows; {told or 'nothing changed'}"


def _changes(store: Store, run: dict[str, Any]) -> Iterator[str]:
    with store.read() as connection:
        found = list(queries.changes(connection, Filters(run=run["run"])))
        for change in found[:SHOWN]:
            record = next(queries.about(connection, change["fact"]))
            yield INDENT + printable(f"{_sign(change)} {_subject(record)}{_details(change)}")
    if len(found) > SHOWN:
        yield f"{INDENT}... and {len(found) - SHOWN} more"


def _sign(change: dict[str, Any]) -> str:
    return {"appeared": "+", "gone": "-"}.get(change["change"], "~")


def _subject(record: dict[str, Any]) -> str:
    """Whom or what a record is about, by the fields of its family."""
    fields = record["fields"]
    if record["source"] == "rulings_hudoc":
        parties = [one.get("name") or one.get("initials") for one in fields["parties"]]
        return f"{', '.join(filter(None, parties))} v. Russia"
    if fields.get("name"):
        return f"№ {record['key'][0]} {fields['name']}"
    domains = fields.get("domains") or [fields.get("domain")]
    return ", ".join(filter(None, domains))


def _details(change: dict[str, Any]) -> str:
    if change["change"] != "changed":
        return ""
    after = change["after"]
    told = [f"{FIELDS[name]} {_value(after[name])}" for name in FIELDS if name in after]
    return f": {'; '.join(told)}" if told else ""


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    day = str(value)
    try:
        return date_words(date.fromisoformat(day).isoformat(), "en")
    except ValueError:
        return day


def verified(findings: Findings) -> Iterator[str]:
    """What `verify --blobs` found."""
    told = ", ".join(f"{count} {name}" for name, count in findings.checked.items())
    yield f"Evidence: checked {told}: {'all well' if not findings.faults else 'NOT well'}"
    yield from (f"  wrong: {printable(fault)}" for fault in findings.faults)


def first_lines(path: Path, count: int) -> Iterator[str]:
    """The beginning of a digest, as it stands in its file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    yield f"The digest of the last week begins so ({path}):"
    yield ""
    yield from (f"  | {line}" for line in lines[:count])
    if len(lines) > count:
        yield f"  | ... and {len(lines) - count} more lines"
