"""Kind of proceeding and instance of a case, by what its page says (`court_kinds.toml`)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.court_numbers import prefix_of
from pipelines.spec import fold
from pipelines.text import clean


class Kind(NamedTuple):
    """proceeding: administrative, criminal, civil, cas; instance: first, appeal, cassation,
    supervisory; None where the page does not say."""

    proceeding: str | None = None
    instance: str | None = None


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    with (Path(__file__).parent / "court_kinds.toml").open("rb") as file:
        return tomllib.load(file)


def read_kind(stated: str, instance: str = "", number: str = "") -> Kind:
    """The kind by the portal's own word, else by words of headings, else by the number.

    A number that begins with 2а, 33а, 88а is of КАС even in a list of civil cases, which holds
    both (Samara, captured 2026)."""
    said = _coded(stated) or _worded(stated)
    own = _by_prefix(prefix_of(number))
    proceeding = said.proceeding or own.proceeding
    if own.proceeding == "cas" and said.proceeding in ("civil", None):
        proceeding = "cas"
    return Kind(proceeding, _word("instance", instance) or said.instance or own.instance)


def _coded(stated: str) -> Kind | None:
    """`1500001`, `1540005/5`, `first-admin`; of `1500001/0` the first part decides."""
    word = clean(stated)
    for spelling in (word, word.partition("/")[0]):
        for row in _table()["kind"]:
            if spelling in row["match"]:
                return Kind(row["proceeding"], row["instance"])
    return None


def _worded(stated: str) -> Kind:
    return Kind(_word("proceeding", stated), _word("instance", stated))


def _word(table: str, text: str) -> str | None:
    folded = fold(clean(text))
    for row in _table()[table]:
        if any(word in folded for word in row["match"]):
            return str(row["value"])
    return None


def _by_prefix(prefix: str) -> Kind:
    for row in _table()["prefix"]:
        if prefix and prefix.casefold() in (word.casefold() for word in row["match"]):
            return Kind(row["proceeding"] or None, row["instance"])
    return Kind()
