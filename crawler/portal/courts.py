"""The table of courts of the portal, as data: `courts.csv`.

Origin: two public lists, of November 2023 (servers) and April 2024 (layout, captcha), joined by the
code of the court. Layout and captcha change within months: they are where a court was last seen,
not what it is, and every page is recognised anew.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from storage.errors import Refused


@dataclass(frozen=True, slots=True)
class Court:
    """One court of the portal."""

    code: str  # `43RS0001`, the Judicial Department's classification code
    name: str
    level: str  # district, garrison, regional, appeal, cassation
    region: str  # number of the region, `43`
    host: str  # with the double dash: the dot form redirects the module away
    servers: tuple[str, ...]  # `srv_num` of each database or building
    layout: str  # primary, vnkod, or "" where nobody has looked
    captcha: str  # of the search form: yes, no or ""


@cache
def courts() -> dict[str, Court]:
    """All courts by code, in the order of their codes."""
    text = files("crawler.portal").joinpath("courts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: Court(**{**row, "servers": tuple(row["servers"].split())}) for row in rows}  # type: ignore[arg-type]


@cache
def court_of_host(host: str) -> Court | None:
    """The court that a link names, whether its host has the dot or the double dash."""
    wanted = _folded(host)
    return next((court for court in courts().values() if _folded(court.host) == wanted), None)


def _folded(host: str) -> str:
    return host.casefold().removeprefix("www.").replace("--", ".")


def chosen(codes: list[str]) -> list[Court]:
    """The courts that an operator names, or all. Refused: a code that the table lacks."""
    unknown = [code for code in codes if code not in courts()]
    if unknown:
        raise Refused(
            f"No court of the portal has the code {', '.join(unknown)}. "
            "The codes stand in crawler/portal/courts.csv, for example 43RS0001; "
            "the district courts of Moscow are read by rulings_mosgorsud."
        )
    return [courts()[code] for code in codes] if codes else list(courts().values())
