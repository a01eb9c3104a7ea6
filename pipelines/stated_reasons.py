"""Reasons that a state gives, as codes: `reasons.toml` tells them by stems, one sentence each."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pipelines.spec import fold

OTHER = "other"
LONGEST = 3_000  # signs; no sentence is longer, and a page without full stops is not searched


def codes_of(sentence: str, of: str | None = None) -> list[str]:
    """The reasons that a sentence states, in the order of the table; empty where it has none.

    of: inclusion, exclusion or undesirable; None looks for the reasons of all of them."""
    text = fold(sentence[:LONGEST])
    return [
        code
        for code, kind, patterns in _table()
        if of in (None, kind) and any(pattern.search(text) for pattern in patterns)
    ]


def is_silent(sentence: str) -> bool:
    """Does a sentence say something else than a reason, in words that we know?"""
    text = fold(sentence[:LONGEST])
    return any(pattern.search(text) for pattern in _silent())


def read_reasons(sentences: Sequence[str], of: str) -> list[dict[str, str]]:
    """`{code, text}` for each reason; a sentence of none that is known is `other`."""
    found = []
    for sentence in dict.fromkeys(sentences):
        codes = codes_of(sentence, of)
        if not codes and is_silent(sentence):
            continue
        found += [{"code": code, "text": sentence} for code in codes or [OTHER]]
    return found


def codes() -> list[str]:
    """Every code, for the words of the desk."""
    return [*dict.fromkeys(code for code, _kind, _patterns in _table()), OTHER]


Rule = tuple[str, str, tuple[re.Pattern[str], ...]]


@cache
def _data() -> dict[str, list[dict[str, str | list[str]]]]:
    return tomllib.loads(files("pipelines").joinpath("reasons.toml").read_text("utf-8"))


@cache
def _table() -> tuple[Rule, ...]:
    return tuple(
        (str(row["code"]), str(row["of"]), tuple(re.compile(text) for text in row["patterns"]))
        for row in _data()["reason"]
    )


@cache
def _silent() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text) for row in _data()["silent"] for text in row["patterns"])
