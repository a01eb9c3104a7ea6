"""The rule of verdicts on reachability, at its thresholds, and what captured answers say."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import spec_of
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spiders.blockings.ooni_answers import DAYS, read_cells, read_list
from crawler.spiders.blockings.ooni_window import Seen
from desk.words import LANGS, say
from pipelines.reachability import REPORTED
from pipelines.reachability_rule import (
    CONFIRMED,
    INSUFFICIENT,
    LIKELY,
    REACHABLE,
    UNCLEAR,
    UNKNOWN,
    VERDICTS,
    Counts,
    Numbers,
    Probe,
    Rule,
    read_counts,
    read_probe,
)
from tests.captured import real
from tests.page_reading import PAGES, read_pages

SPEC = spec_of("reachability_ooni")
RULE = Rule(SPEC)
DOUBTFUL = RULE.words("doubtful_scopes")
HERE = PAGES / "reachability_ooni"


def counts(total: int, anomaly: int = 0, confirmed: int = 0, failure: int = 0) -> Counts:
    """Counts that add up."""
    return Counts(total, anomaly, confirmed, failure, total - anomaly - confirmed - failure)


def numbers(
    anomaly: int, total: int, *, days: int = 4, networks: int = 4, kind: str = "dns", **more: Any
) -> Numbers:
    """`anomaly` of `total` measurements on each of some days and in as many networks."""
    each = counts(total, anomaly, more.get("confirmed", 0), more.get("failure", 0))
    probes = [Probe(str(n % networks + 1), True, False, kind) for n in range(anomaly * days)]
    probes += [Probe(str(n % networks + 1), False, True) for n in range(each.confirmed * days)]
    by_day = {f"2026-11-{10 + n}": each for n in range(days)}
    whole = [each] * days  # the same measurements, told by network
    by_network = {str(n + 1): Counts() for n in range(networks)}
    for place, one in enumerate(whole):
        by_network[str(place % networks + 1)] += one
    return Numbers(by_day, by_network, tuple(probes))


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        (Numbers(), UNKNOWN),
        (numbers(0, 1, days=1), INSUFFICIENT),
        (numbers(3, 3, days=3), INSUFFICIENT),  # nine of nine, and one too few
        (numbers(0, 3), REACHABLE),  # twelve
        (numbers(3, 3), LIKELY),
        (numbers(3, 3, networks=2), INSUFFICIENT),
        (numbers(12, 12, days=1, networks=1), INSUFFICIENT),
        (numbers(4, 5), LIKELY),  # a share of 0.8
        (numbers(79, 100), UNCLEAR),
        (numbers(20, 100), REACHABLE),  # a share of 0.2
        (numbers(21, 100), UNCLEAR),
        (numbers(5, 5, kind="http-diff"), UNCLEAR),
        (numbers(5, 5, kind=""), UNCLEAR),
        (numbers(0, 5, confirmed=5), CONFIRMED),
        (numbers(0, 100, confirmed=1), UNCLEAR),
        (numbers(0, 10, failure=8), INSUFFICIENT),  # 40 of which 8 count
        (numbers(8, 10, failure=2), LIKELY),  # all that count have signs
    ],
)
def test_the_verdict_at_the_thresholds(case: Numbers, verdict: str) -> None:
    assert RULE.verdict(case) == verdict


def test_measurements_that_were_not_read_prove_no_kind_of_failure() -> None:
    assert RULE.verdict(replace(numbers(5, 5), probes=())) == UNCLEAR


def test_a_probe_that_does_not_know_its_network_is_no_network() -> None:
    case = numbers(5, 5, networks=3)
    unknown = {"0" if name == "3" else name: one for name, one in case.networks.items()}
    assert RULE.verdict(replace(case, networks=unknown)) == INSUFFICIENT


@given(st.integers(0, 9), st.integers(1, 5), st.integers(1, 9), st.sampled_from(["dns", "tcp_ip"]))
def test_a_handful_of_probes_never_makes_a_blocking(
    signs: int, days: int, networks: int, kind: str
) -> None:
    probes = [Probe(str(n % networks + 1), True, False, kind) for n in range(signs)]
    by_day: dict[str, Counts] = {}
    by_network: dict[str, Counts] = {}
    for n, probe in enumerate(probes):
        day = f"2026-11-{10 + n % days}"
        by_day[day] = by_day.get(day, Counts()) + counts(1, 1)
        by_network[probe.network] = by_network.get(probe.network, Counts()) + counts(1, 1)
    found = RULE.verdict(Numbers(by_day, by_network, probes))
    assert found == (INSUFFICIENT if signs else UNKNOWN)


@given(st.lists(st.integers(0, 10**6), min_size=5, max_size=5))
def test_counts_and_probes_are_read_as_they_are_written(parts: list[int]) -> None:
    one = Counts(*parts)
    assert read_counts(f"8402 {one}") == ("8402", one)
    for probe in (Probe("1", True, False, "dns"), Probe("2", False, True, "", ("a.b", "c"))):
        assert read_probe(str(probe)) == probe


@pytest.mark.parametrize("lang", LANGS)
def test_every_verdict_has_words(lang: Any) -> None:
    assert all(say("measured", verdict, lang) for verdict in (*VERDICTS, REPORTED))


def test_files_of_one_state_are_read_together_the_list_before_the_counts() -> None:
    files = [HERE / f"{name}.json" for name in ("measurements", "days", "networks")]
    found = read_pages("reachability_ooni", files).expected()
    assert (found["observed"], found["declared"], found["errors"]) == (3, 3, [])
    told = {row["key"][0]: row["fields"] for row in found["rows"]}
    closed = told["zakrytaya-gazeta.example"]
    assert (closed["measurements"], closed["anomaly"], closed["read"]) == (16, 15, 16)
    assert (closed["verdict"], closed["days"], closed["networks"]) == ("likely_blocked", 5, 4)
    assert told["otkrytoe-radio.example"]["verdict"] == "reachable"
    assert told["redkiy-blog.example"]["verdict"] == "insufficient"
    assert len(closed["evidence"]) == 3
    row = next(r for r in found["rows"] if r["key"] == ["zakrytaya-gazeta.example"])
    assert "measurement_count=16 anomaly_count=15" in row["quote"]


def page(path: Path, **context: Any) -> Page:
    """A captured file as a crawl would have brought it."""
    from datetime import UTC, datetime

    return Page(
        url="https://api.ooni.io/", body=path.read_bytes(), form="measurements", fetch_id="1-1",
        digest="0" * 64, at=datetime(2026, 11, 22, tzinfo=UTC), context=context,
    )  # fmt: skip


@pytest.mark.real
def test_captured_counts_of_the_world_are_refused_for_they_name_no_domain() -> None:
    path = real("ooni", "aggregation_2022-03-01_03_world.json")
    with pytest.raises(PageChanged, match="by two axes"):
        read_cells(page(path), DAYS)
    rows = json.loads(path.read_text("utf-8"))["result"]
    names = ("measurement", "anomaly", "confirmed", "failure", "ok")
    assert all(Counts(*[row[f"{n}_count"] for n in names]).adds_up for row in rows)


@pytest.mark.real
@pytest.mark.fault(25)
def test_captured_pages_that_shifted_hold_each_measurement_once(tmp_path: Path) -> None:
    seen = Seen()
    for place, name in enumerate(("desc_offset50", "desc_offset0")):
        path = real("ooni", f"measurements_2026-07-11_{name}.json")
        with pytest.raises(PageChanged, match="oldest to the newest"):
            read_list(page(path), DOUBTFUL)
        body = json.loads(path.read_text("utf-8"))
        ascending = tmp_path / name
        ascending.write_text(json.dumps(body | {"results": body["results"][::-1]}), "utf-8")
        seen.lists[place * 50] = read_list(page(ascending), DOUBTFUL)
    assert sum(len(one.rows) for one in seen.lists.values()) == 100
    assert len(seen.measured()) == 87  # 13 stand on both pages
    assert seen.next_offset() == 100
    assert any(one.domain is None for one in seen.measured().values())  # a test without a site
    assert any(one.probe.kind == "dns" for one in seen.measured().values())


@pytest.mark.real
def test_a_fingerprint_of_a_captured_measurement_confirms_nothing_by_itself(
    tmp_path: Path,
) -> None:
    body = json.loads(real("ooni", "measurements_2026-07-11_desc_offset0.json").read_text("utf-8"))
    marked = [row for row in body["results"] if row["scores"].get("fingerprints")]
    assert marked
    claimed = [row | {"confirmed": True, "anomaly": True} for row in marked]
    path = tmp_path / "list.json"
    for rows in (marked, claimed):
        path.write_text(json.dumps(body | {"results": rows[::-1]}), "utf-8")
        for one, row in zip(read_list(page(path), DOUBTFUL).rows, rows[::-1], strict=True):
            scopes = {f["scope"] for f in row["scores"]["fingerprints"]}
            assert one.probe.confirmed == (row["confirmed"] and not scopes <= DOUBTFUL)
