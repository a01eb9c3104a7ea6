"""The courts of the Moscow portal, as data: `courts.csv`, one row an alias of its addresses.

Aliases: the portal's own form, as two public programs copied it (2020, 2023). Codes: a public list
of courts with their codes (November 2023).
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from storage.errors import Refused

CITY = "mgs"


@dataclass(frozen=True, slots=True)
class MoscowCourt:
    """One court: its alias in addresses, its code, its name."""

    alias: str
    code: str
    name: str

    @property
    def folder(self) -> str:
        """What stands before `/services` in the addresses of its pages."""
        return self.alias if self.alias == CITY else f"rs/{self.alias}"


@cache
def courts() -> dict[str, MoscowCourt]:
    """All courts by alias."""
    text = files("crawler.moscow").joinpath("courts.csv").read_text(encoding="utf-8")
    rows = (MoscowCourt(**row) for row in csv.DictReader(text.splitlines()))
    return {court.alias: court for court in rows}


@cache
def by_code() -> dict[str, MoscowCourt]:
    """All courts by code."""
    return {court.code: court for court in courts().values()}


def chosen(codes: list[str]) -> list[MoscowCourt]:
    """The courts that an operator names; none where all are meant. Refused: an unknown code."""
    unknown = [code for code in codes if code not in by_code()]
    if unknown:
        raise Refused(
            f"No court of Moscow has the code {', '.join(unknown)}. The codes stand in "
            "crawler/moscow/courts.csv, for example 77RS0027; other courts are read by "
            "rulings_sudrf."
        )
    return [by_code()[code] for code in codes]
