"""A domain in a window of measurements, or in reports of incidents, as the contract's fields."""

from typing import Any

from pipelines.observation import Observation
from pipelines.reachability_rule import Numbers, Rule, read_counts, read_probe
from pipelines.reading import Normalised
from pipelines.spec import Spec

REPORTED = "reported"  # people of the source wrote a report: nothing was counted or judged here
INCIDENT_RULE = "incident-report"


def normalise_reachability(seen: Observation, spec: Spec) -> Normalised:
    """The contract's fields of a domain in a window; no measure, for nothing here is an act."""
    if seen.part == "incidents":
        return Normalised(_reported(seen), {})
    numbers = Numbers(
        dict(map(read_counts, _lines(seen, "days"))),
        dict(map(read_counts, _lines(seen, "networks"))),
        tuple(map(read_probe, _lines(seen, "probes"))),
    )
    return Normalised(_window(seen) | _told(numbers, Rule(spec)), {})


def _lines(seen: Observation, name: str) -> list[str]:
    value = seen.fields.get(name)
    return value if isinstance(value, list) else []


def _window(seen: Observation) -> dict[str, Any]:
    names = ("domain", "window_from", "window_to", "evidence")
    return {name: seen.fields.get(name) for name in names}


def _told(numbers: Numbers, rule: Rule) -> dict[str, Any]:
    total = numbers.all
    return {
        "measurements": total.total, "networks": len(numbers.known_networks),
        "confirmed": total.confirmed, "anomaly": total.anomaly, "failure": total.failure,
        "ok": total.ok, "days": sum(1 for day in numbers.days.values() if day.counted),
        "days_with_signs": rule.with_signs(numbers.days.values()),
        "networks_with_signs": rule.with_signs(numbers.known_networks.values()),
        "confirmed_networks": numbers.confirmed_networks, "read": len(numbers.probes),
        "kinds": [{"kind": k, "measurements": n} for k, n in sorted(numbers.kinds.items())],
        "fingerprints": sorted({f for probe in numbers.probes for f in probe.fingerprints}),
        "verdict": rule.verdict(numbers), "rule": rule.spec.settings["rule"],
    }  # fmt: skip


def _reported(seen: Observation) -> dict[str, Any]:
    """What OONI's people reported of a domain: nothing is counted, nothing is judged."""
    incidents = [_incident(line) for line in _lines(seen, "incidents")]
    ends = [one["ended_on"] for one in incidents]
    return {
        "domain": seen.fields.get("domain"), "verdict": REPORTED, "rule": INCIDENT_RULE,
        "window_from": min(one["started_on"] for one in incidents),
        "window_to": None if None in ends else max(ends), "incidents": incidents,
    }  # fmt: skip


def _incident(line: str) -> dict[str, Any]:
    """One report: parts parted by tabs, as the spider states them."""
    number, started_on, ended_on, url, networks, title = line.split("\t")
    return {
        "id": number, "started_on": started_on, "ended_on": ended_on or None, "url": url,
        "networks": networks.split(), "title": title,
    }  # fmt: skip
