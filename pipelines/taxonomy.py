"""Kinds of measure: which code a row gets, by the rules in `taxonomy.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

REVIEW = "review"
ACT = "act"


@dataclass(frozen=True, slots=True)
class Kind:
    """A measure's code and its direction: act, remedy or reversal."""

    code: str
    direction: str


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    with (Path(__file__).parent / "taxonomy.toml").open("rb") as file:
        return tomllib.load(file)


def titles(language: str = "en") -> dict[str, str]:
    """Code -> its name in English or Russian."""
    return {row["code"]: row[f"title_{language}"] for row in _table()["code"]}


def collected() -> dict[str, str]:
    """Code -> how it is collected: automatic, imported, curated, none."""
    return {row["code"]: row["collected"] for row in _table()["code"]}


def by_hand() -> dict[str, str]:
    """Code -> its direction, of the kinds whose acts an analyst may enter."""
    return {
        row["code"]: row.get("direction", ACT)
        for row in _table()["code"]
        if row.get("by_hand", row["collected"] == "curated")
    }


def kind_of(source: str, family: str, target_type: str | None = None, basis: str = "") -> Kind:
    """The kind of act that a row of this source states; `review` where no rule decides."""
    for rule in _table()["rule"]:
        if rule.get("source", source) != source or rule.get("family", family) != family:
            continue
        if "target_type" in rule and rule["target_type"] != target_type:
            continue
        if "basis" in rule and not re.search(rule["basis"], basis, re.IGNORECASE):
            continue
        return Kind(rule["code"], rule.get("direction", "act"))
    return Kind(REVIEW, "act")
