"""What a claim asks a court for, by the category of the case (`court_claims.toml`)."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipelines.spec import fold
from pipelines.text import clean

LONGEST = 2_000  # signs of a category


class Claim(NamedTuple):
    """measure: kind of act that granting it is; challenge: it fights an act of the state."""

    measure: str | None = None
    challenge: bool = False


@cache
def _table() -> tuple[tuple[tuple[re.Pattern[str], ...], Claim], ...]:
    with (Path(__file__).parent / "court_claims.toml").open("rb") as file:
        rows = tomllib.load(file)["claim"]
    return tuple(
        (
            tuple(re.compile(pattern) for pattern in row["match"]),
            Claim(row.get("measure"), row.get("challenge", False)),
        )
        for row in rows
    )


def read_claim(*texts: str) -> Claim:
    """The first kind of claim whose words stand in a category; Claim() for all others."""
    plain = fold(clean(" ".join(texts)[:LONGEST]))
    for patterns, claim in _table():
        if any(pattern.search(plain) for pattern in patterns):
            return claim
    return Claim()
