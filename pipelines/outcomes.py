"""Outcomes of cases before Russian courts: a closed list of codes, read from the words of cards.

The words and codes are data (`outcomes.toml`). A code `none` says that known words state no
outcome; words that nobody has read yet give None and become an issue.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.spec import fold
from pipelines.text import clean, unescape

ACT, REMEDY, REVERSAL = "act", "remedy", "reversal"
NONE, PENDING, SUSPENDED = "none", "pending", "suspended"
OPEN = frozenset({NONE, PENDING, SUSPENDED, "other"})  # a text may still say how it ended
LONGEST = 600  # signs; the longest words of a card have some 250
DECISION = 6_000  # signs of an operative part within which it says what it decides
# What follows the decision: how to appeal, where to pay, what threatens.
_APPEAL = re.compile(
    r"(?:\n|\.\s?)(?=(?:Настоящ\w+ )?(?:Постановление|Определение|Решение|Приговор) "
    r"(?:суда )?(?:мо[жг]|вступает)|Неуплата|Реквизиты|Разъяснить|Копию "
    r"|Административный штраф должен|Штраф подлежит|Мотивированн)"
)
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
def _read() -> dict[str, list[dict[str, Any]]]:
    with (Path(__file__).parent / "outcomes.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _table() -> tuple[tuple[Outcome, tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (
            Outcome(row["code"], row["direction"] or None, row.get("claim", False)),
            tuple(re.compile(pattern) for pattern in row["match"]),
        )
        for row in _read()["outcome"]
    )


@cache
def _rules() -> tuple[tuple[str, tuple[re.Pattern[str], ...], tuple[str, ...]], ...]:
    return tuple(
        (
            row["code"],
            tuple(re.compile(pattern) for pattern in row["all"]),
            tuple(row.get("instances", ())),
        )
        for row in _read()["operative"]
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


def read_decision(operative: str, instance: str | None) -> str | None:
    """The code of what an operative part decides; None where no rule knows its words."""
    plain = fold(_APPEAL.split(operative[:DECISION], maxsplit=1)[0])
    for code, patterns, instances in _rules():
        if instances and instance not in instances:
            continue
        if all(pattern.search(plain) for pattern in patterns):
            return code
    return None


def split_state(text: str) -> tuple[str, str]:
    """Words and date of a state such as `Вступило в силу, 05.04.2023`; ("…", "") without a date."""
    found = _STATE.fullmatch(clean(text[:LONGEST]))
    return (found["words"], found["day"]) if found else (clean(text), "")


def direction_of(
    code: str | None, *, challenge: bool = False, complaint: bool = False
) -> str | None:
    """What an outcome does: act, remedy, reversal, or None where it settles nothing.

    challenge: the claimant asks the court to undo an act of the state, so that a claim granted is
    a remedy and a claim refused leaves the act as it is. complaint: the same of a complaint
    against a ruling, which a higher court grants by a reversal."""
    outcome = outcomes().get(code or "")
    if outcome is None:
        return None
    if outcome.claim and (challenge or complaint):
        undone = REMEDY if challenge else REVERSAL
        return ACT if outcome.direction == REVERSAL else undone
    return outcome.direction


def _plain(words: str) -> str:
    """Small letters, one line, without what stands in brackets and without marks at the end."""
    line = fold(clean(_BREAK.sub(" ", unescape(words[:LONGEST]))))
    while (shorter := _BRACKETED.sub(" ", line)) != line:
        line = shorter
    return " ".join(_MARKS.sub("", line).split())
