"""Answers of OONI's interface: counts on two axes, pages of measurements, what it refuses.

Errors come with HTTP 400, and with 200 as well: `{"error": "...", "v": 0}`, `{"msg": "..."}`.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crawler.documents.json_form import load_json
from crawler.errors import PageChanged, SourceError
from crawler.page import Page
from pipelines.domains import canonical_domain, host_of
from pipelines.reachability_rule import Counts, Probe

COUNTS = ("measurement_count", "anomaly_count", "confirmed_count", "failure_count", "ok_count")
DAYS, NETWORKS = "measurement_start_day", "probe_asn"
DAY = re.compile(r"\d{4}-\d\d-\d\d(?=T|$)")  # `2026-11-10`, `2021-07-09T00:00:00Z`
NETWORK = re.compile(r"(?:AS)?(\d{1,10})")  # `AS8402` in lists, 8402 in counts
SHOWN = 200  # signs of the server's own words


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of counts: of which domain, on which day or in which network, and where it stands."""

    domain: str
    host: str
    name: str
    counts: Counts
    locator: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement of a list."""

    uid: str
    day: str
    at: str
    domain: str | None
    failed: bool
    probe: Probe


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of measurements. `is_last`: the server says that nothing follows."""

    offset: int
    rows: tuple[Measured, ...]
    is_last: bool


def answer(page: Page) -> dict[str, Any]:
    """The object in a page. Raises SourceError `question-refused` with the server's own words."""
    body = load_json(page.text)
    if not isinstance(body, dict):
        raise PageChanged("The answer is a list where an object was expected.")
    words = body.get("error") or body.get("msg")
    if words is not None:
        told = " ".join(str(words).split())[:SHOWN]
        raise SourceError(f"The server refuses the question: {told}", reason="question-refused")
    return body


def read_cells(page: Page, axis: str) -> list[Cell]:
    """Counts by this axis and by domain. Raises PageChanged for any other form."""
    body = answer(page)
    rows = body.get("result")
    if not isinstance(rows, list) or body.get("dimension_count") != 2:
        raise PageChanged("The counts are not by two axes.")
    return [_cell(row, axis, place) for place, row in enumerate(rows)]


def _cell(row: Any, axis: str, place: int) -> Cell:
    if not isinstance(row, dict) or not {axis, "domain", *COUNTS} <= row.keys():
        raise PageChanged(f"Row {place} of the counts lacks `{axis}`, `domain` or a count.")
    numbers = [row[name] for name in COUNTS]
    if any(type(number) is not int or number < 0 for number in numbers):
        raise PageChanged(f"A count of row {place} is no whole number.")
    host = str(row["domain"])
    domain = canonical_domain(host)
    if domain is None:
        raise PageChanged(f"Row {place} of the counts names no domain.")
    return Cell(domain, host, _name(row[axis], axis), Counts(*numbers), f"/result/{place}")


def _name(value: Any, axis: str) -> str:
    """A day in ISO form, or the number of a network without `AS`."""
    if axis == DAYS:
        day = DAY.match(str(value))
        if day is not None:
            return day[0]
    elif (network := NETWORK.fullmatch(str(value))) is not None:
        return network[1]
    raise PageChanged(f"A value of `{axis}` does not read.")


def read_list(page: Page, doubtful: frozenset[str]) -> Listed:
    """A page of measurements, oldest first. Raises PageChanged for any other form or order."""
    body = answer(page)
    meta, rows = body.get("metadata"), body.get("results")
    if not isinstance(meta, dict) or not isinstance(rows, list) or "next_url" not in meta:
        raise PageChanged("The list of measurements has no `results`, `metadata` or `next_url`.")
    if type(meta.get("offset")) is not int:
        raise PageChanged("The list of measurements does not say at which offset it begins.")
    read = tuple(_measured(row, place, doubtful) for place, row in enumerate(rows))
    if any(one.at > two.at for one, two in pairwise(read)):
        raise PageChanged("The measurements are not sorted from the oldest to the newest.")
    is_last = meta["next_url"] is None
    if not read and not is_last:
        raise PageChanged("A page of measurements is empty, and more are said to follow.")
    return Listed(meta["offset"], read, is_last)


def _measured(row: Any, place: int, doubtful: frozenset[str]) -> Measured:
    try:
        at, network = str(row["measurement_start_time"]), NETWORK.fullmatch(str(row["probe_asn"]))
        uid, scores = str(row["measurement_uid"]), row.get("scores") or {}
        day = DAY.match(at)
        if day is None or network is None or not uid:
            raise PageChanged(f"Measurement {place} has no day, network or id.")
        probe = _probe(row, network[1], scores, doubtful)
        domain, failed = host_of(str(row["input"] or "")), row["failure"] is True
    except (KeyError, TypeError, AttributeError) as error:
        raise PageChanged(f"Measurement {place} does not have the form we know.") from error
    return Measured(uid, day[0], at, domain, failed, probe)


def _probe(row: Any, network: str, scores: Any, doubtful: frozenset[str]) -> Probe:
    """A block page of a doubtful scope confirms nothing, whatever the row says."""
    prints = [(str(one["name"]), str(one["scope"])) for one in scores.get("fingerprints") or ()]
    good = tuple(sorted({name for name, scope in prints if scope not in doubtful}))
    confirmed = row["confirmed"] is True and (bool(good) or not prints)
    anomaly = (row["anomaly"] is True or row["confirmed"] is True) and not confirmed
    kind = str((scores.get("analysis") or {}).get("blocking_type") or "")
    names = tuple(re.sub(r"\s+", "_", name) for name in good) if confirmed else ()
    return Probe(network, anomaly, confirmed, re.sub(r"\s+", "_", kind), names)
