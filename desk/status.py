"""The operator's view in words: what was read when, what is stale, what to do next."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from desk.words import reason
from storage.clock import read_moment
from storage.mirrors import MIRROR
from storage.queries import part_states
from storage.report import WHOLE

_ADDRESS = re.compile(r" \(https?://[^\s()]*\)")
STANDS_IN = "stands in"  # how fresh a part is that is read only where another cannot be


def status_rows(
    connection: Connection, now: datetime, source: str | None = None
) -> Iterator[dict[str, Any]]:
    """One row a part: its newest run, and whether its last whole read is fresh.

    Of single pages and growing windows, those that were read whole and that the newest run did
    not ask for are done."""
    states = list(part_states(connection, source))
    newest = {state["source"]: state["run"] for state in sorted(states, key=itemgetter("run"))}
    for state in states:
        left = state["covers"] in ("single", "growing") and state["run"] < newest[state["source"]]
        if left and state["verdict"] in WHOLE:
            continue
        fresh = STANDS_IN if _stands_in(state, states) else _fresh(state, now)
        yield state | {"fresh": fresh, "words": _words(state)}


def _stands_in(state: dict[str, Any], states: list[dict[str, Any]]) -> bool:
    """A mirror's part beside a register that we hold: read only where the register cannot be."""
    if not state["part"].startswith(MIRROR):
        return False
    return any(one["source"] == state["source"] and one["official"] for one in states)


def _fresh(state: dict[str, Any], now: datetime) -> str:
    if state["read_at"] is None:
        return "never read whole"
    age = now - read_moment(state["read_at"])
    if age > timedelta(seconds=state["fresh_for_s"]):
        return f"not fresh: last read whole {age.days} days ago"
    return "fresh"


def _words(state: dict[str, Any]) -> str:
    return " ".join(f"{reason(word)} {detail}" for word, detail in state["reasons"].items())


def without_addresses(words: str) -> str:
    """The words as a table can hold them: an address of HUDOC alone fills a screen."""
    return _ADDRESS.sub("", words)


def summary(rows: list[dict[str, Any]]) -> str:
    """One line: how many parts are well, and which command helps with the rest."""
    held = [row for row in rows if row["verdict"] == "held"]
    late = [row for row in rows if row["fresh"] not in ("fresh", STANDS_IN)]
    bad = [row for row in rows if row["verdict"] in ("failed", "partial", "interrupted")]
    words = (
        f"{len(rows)} parts; {len(late)} not fresh, {len(bad)} not read whole, {len(held)} held."
    )
    waiting = sum(row["open_issues"] for row in rows)
    if waiting:
        words += f" {waiting} open issues: `unsilenced issues`."
    if held:
        words += " `unsilenced approve RUN --reason '...'` lets a held run through."
    return words
