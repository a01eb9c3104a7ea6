"""Outcomes of cases before Russian courts: a closed list of codes, read from the words of cards.

The words and codes are data (`outcomes.toml`). A code `none` says that known words state no
outcome; words that nobody has read yet give None and become an issue.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.spec import fold
from pipelines.text import clean, unescape

ACT, REMEDY, REVERSAL = "act", "remedy", "reversal"
NONE, PENDING, SUSPENDED = "none", "pending", "suspended"
OPEN = frozenset({NONE, PENDING, SUSPENDED, "other"})  # a text may still say how it ended
LONGEST = 600  # signs; the longest words of a card have some 250
_BREAK = re.compile(r"<\s{0,3}br\s{0,3}/?\s{0,3}>", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*\)")
_MARKS = re.compile(r"[\s.;,…]+$")
# `Удовлетворено, 16.10.2020`: split at the last comma, before a date only
_STATE = re.compile(r"(?P<words>.*\S)\s?,\s?(?P<day>[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One code with what it does to the person or claim it is about."""

    code: str
    direction: str | None
    claim: bool


@cache
def outcomes() -> dict[str, Outcome]:
    """Every code with its meaning, in the order of the table."""
    return {outcome.code: outcome for outcome, _patterns in _table()}


@cache
def _table() -> tuple[tuple[Outcome, tuple[re.Pattern[str], ...]], ...]:
    with (Path(__file__).parent / "outcomes.toml").open("rb") as file:
        rows = tomllib.load(file)["outcome"]
    return tuple(
        (
            Outcome(row["code"], row["direction"] or None, row.get("claim", False)),
            tuple(re.compile(pattern) for pattern in row["match"]),
        )
        for row in rows
    )


def read_outcome(words: str) -> str | None:
    """The code that a card's words mean; None for empty or unknown words."""
    plain = _plain(words)
    if not plain or len(plain) > LONGEST:
        return None
    for outcome, patterns in _table():
        if any(pattern.fullmatch(plain) for pattern in patterns):
            return outcome.code
    return None


def split_state(text: str) -> tuple[str, str]:
    """Words and date of a state such as `Вступило в силу, 05.04.2023`; ("…", "") without a date."""
    found = _STATE.fullmatch(clean(text[:LONGEST]))
    return (found["words"], found["day"]) if found else (clean(text), "")


def direction_of(code: str | None, *, challenge: bool = False) -> str | None:
    """What an outcome does: act, remedy, reversal, or None where it settles nothing.

    challenge: the claimant asks the court to undo an act of the state, so that a claim granted is
    a remedy and a claim refused leaves the act as it is."""
    outcome = outcomes().get(code or "")
    if outcome is None:
        return None
    if outcome.claim and challenge:
        return ACT if outcome.direction == REVERSAL else REMEDY
    return outcome.direction


def _plain(words: str) -> str:
    """Small letters, one line, without what stands in brackets and without marks at the end."""
    line = fold(clean(_BREAK.sub(" ", unescape(words[:LONGEST]))))
    while (shorter := _BRACKETED.sub(" ", line)) != line:
        line = shorter
    return " ".join(_MARKS.sub("", line).split())
