"""The demo's words: a table of what was read each week, and what was new."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desk.demo.news_lines import change_lines
from desk.demo.story import CURATED, FAMILIES, Week, family_of
from desk.digest_model import Digest
from desk.output import printable
from desk.words import date_words, reason
from storage import queries
from storage.report import WHOLE
from storage.store import Store
from storage.verify import Findings

LONGEST = 90
WIDTHS = (27, 9, 5)  # source, verdict, rows
INDENT = " " * 6
WHAT = {
    "reference": "which sites are media", "designation": "who is put on a list",
    "blocking": "what is blocked", "ruling": "what courts decide",
    "announcement": "what is announced", "curated": "what an analyst enters",
}  # fmt: skip
COUNTS = {"appeared": "new", "changed": "changed", "gone": "gone", "returned": "back again"}


def opening(folder: Path) -> Iterator[str]:
    """What this is."""
    yield "Three fictional weeks, served on this machine only, read by the real spiders over HTTP."
    yield "The institutions are real; every person, medium, case and address is invented."
    yield "In the second week a download is cut; in the third one source changes its layout and one"
    yield "is dead. Watch that nothing is concluded from what could not be read."
    yield f"Everything is written into {folder}/ and can be deleted."
    yield ""
    for family, words in WHAT.items():
        sources = FAMILIES.get(family, (CURATED,))
        for place in range(0, len(sources), 3):
            yield f"  {'' if place else words:24} {', '.join(sources[place : place + 3])}"


def heading(week: Week) -> Iterator[str]:
    """The lines above a week."""
    yield f"Week {week.number}: Friday, {date_words(week.at[:10], 'en')}"
    yield _line("source", "read", "rows", "what is new")


def _line(source: str, verdict: str, rows: object, news: str) -> str:
    name, read, count = WIDTHS
    return f"  {source:{name}} {verdict:{read}} {rows:>{count}}  {news}".rstrip()


def outcome(store: Store, run: dict[str, Any]) -> Iterator[str]:
    """One run as a line of the table; under it why it failed, or the first of its changes."""
    if run["verdict"] not in WHOLE:
        words = "nothing is concluded from it"
        yield _line(run["source"], run["verdict"].upper(), "-", words)
        yield from (INDENT + line for line in _failure(store, run))
        return
    first = run["baseline"] and run["source"] != CURATED  # every act entered is news
    news = "the first look is the baseline, no news" if first else _counts(run)
    yield _line(run["source"], run["verdict"], run["observed"], news)
    if not first:
        yield from (INDENT + line for line in change_lines(store, run, family_of(run["source"])))
    if run["absent"]:
        words = "gone only if the next whole look says so too"
        yield f"{INDENT}rows not seen: {run['absent']}; {words}"


def _failure(store: Store, run: dict[str, Any]) -> Iterator[str]:
    """Why nothing was concluded: the reason, and what exactly was met at the first part."""
    with store.read() as connection:
        parts = list(queries.part_states(connection, run["source"]))
    for word in run["reasons"]:
        details = [part["reasons"][word] for part in parts if word in part["reasons"]]
        yield reason(word) + "".join(f" ({_short(detail)})" for detail in details[:1])


def _short(detail: str) -> str:
    """What was met, without the address and the list of what was found instead."""
    return printable(detail.split(" (http")[0].split("; found")[0])[:LONGEST]


def _counts(run: dict[str, Any]) -> str:
    told = [f"{run['changes'][kind]} {words}" for kind, words in COUNTS.items()
            if run["changes"][kind]]  # fmt: skip
    return ", ".join(told) or "nothing"


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
