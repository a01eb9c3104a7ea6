"""Measurements of one domain in one window -> a verdict by a documented rule, with its numbers.

The rule, step by step (thresholds are data: `[settings]` of the source's TOML):

1. no measurement: `unknown`. Silence is never "reachable";
2. too few measurements, networks or days: `insufficient`, whatever they say;
3. few signs and none confirmed: `reachable`;
4. most measurements have signs, on several days and in several networks, and
   block pages were recognised in several networks: `confirmed_blocked`;
   else the anomalies fail in one and the same way: `likely_blocked`;
5. everything else: `unclear`.

A sign is an anomaly or a confirmed blocking; failed measurements (a broken control) count for
nothing. A verdict is a finding of measurement, no act of a state: it makes no measure.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from pipelines.spec import Spec

UNKNOWN, INSUFFICIENT, REACHABLE, UNCLEAR = "unknown", "insufficient", "reachable", "unclear"
LIKELY, CONFIRMED = "likely_blocked", "confirmed_blocked"
VERDICTS = (UNKNOWN, INSUFFICIENT, REACHABLE, UNCLEAR, LIKELY, CONFIRMED)
UNTOLD_NETWORK = "0"  # AS0: the probe did not know its network


@dataclass(frozen=True, slots=True)
class Counts:
    """Measurements of one day or one network; `total` is the source's own sum."""

    total: int = 0
    anomaly: int = 0
    confirmed: int = 0
    failure: int = 0
    ok: int = 0

    @property
    def counted(self) -> int:
        """Measurements that tell something."""
        return self.total - self.failure

    @property
    def signs(self) -> int:
        """Measurements with a sign of blocking."""
        return self.anomaly + self.confirmed

    @property
    def adds_up(self) -> bool:
        """Do the four kinds make up the total? In every captured row they do (March 2022)."""
        return self.anomaly + self.confirmed + self.failure + self.ok == self.total

    @property
    def share(self) -> Fraction:
        """Share of signs among what counts; 0 where nothing does."""
        return Fraction(self.signs, self.counted) if self.counted else Fraction(0)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.total + other.total, self.anomaly + other.anomaly,
            self.confirmed + other.confirmed, self.failure + other.failure, self.ok + other.ok,
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.total} {self.anomaly} {self.confirmed} {self.failure} {self.ok}"


def add_up(counts: Iterable[Counts]) -> Counts:
    """The sum of counts."""
    return sum(counts, Counts())


def read_counts(text: str) -> tuple[str, Counts]:
    """`2026-11-10 12 9 0 1 2` or `8402 12 9 0 1 2`: name and its counts."""
    name, *numbers = text.split()
    return name, Counts(*map(int, numbers))


@dataclass(frozen=True, slots=True)
class Probe:
    """One measurement behind a suspicion.

    kind          how it failed: dns, tcp_ip, http-failure, http-diff; empty where nothing is told
    fingerprints  names of the block pages that were recognised, doubtful ones left out
    """

    network: str
    anomaly: bool
    confirmed: bool
    kind: str = ""
    fingerprints: tuple[str, ...] = ()

    def __str__(self) -> str:
        state = "confirmed" if self.confirmed else "anomaly" if self.anomaly else "ok"
        return " ".join([self.network, state, self.kind or "-", *self.fingerprints])


def read_probe(text: str) -> Probe:
    """`8402 anomaly http-failure`, `12389 confirmed dns nat.ru_1`."""
    network, state, kind, *names = text.split()
    anomaly, kind = state == "anomaly", "" if kind == "-" else kind
    return Probe(network, anomaly, state == "confirmed", kind, tuple(names))


@dataclass(frozen=True)
class Numbers:
    """What was measured of one domain in one window."""

    days: dict[str, Counts] = field(default_factory=dict)
    networks: dict[str, Counts] = field(default_factory=dict)
    probes: Sequence[Probe] = ()

    @property
    def all(self) -> Counts:
        """Counts of the whole window."""
        return add_up(self.days.values())

    @property
    def known_networks(self) -> dict[str, Counts]:
        """Networks with a number of their own and a measurement that counts."""
        return {n: c for n, c in self.networks.items() if n != UNTOLD_NETWORK and c.counted}

    @property
    def kinds(self) -> Counter[str]:
        """How the anomalies failed that were read one by one."""
        return Counter(p.kind for p in self.probes if p.anomaly and p.kind)

    @property
    def confirmed_networks(self) -> int:
        """Networks in which a blocking was confirmed, as far as measurements were read."""
        return len({p.network for p in self.probes if p.confirmed} - {UNTOLD_NETWORK})


@dataclass(frozen=True)
class Rule:
    """The thresholds of a source's TOML, by their names there."""

    spec: Spec
    NUMBERS: ClassVar = (
        "window_days", "closed_days", "min_measurements", "min_networks", "min_days",
        "reachable_share", "suspicious_share", "blocked_share", "sign_share", "sign_days",
        "sign_networks", "same_kind_share", "proof_kinds", "confirmed_count",
        "confirmed_networks", "doubtful_scopes", "closure_missing",
    )  # fmt: skip

    def number(self, name: str) -> int:
        """A count."""
        return int(self.spec.settings[name])

    def share(self, name: str) -> Fraction:
        """A share between 0 and 1, exact."""
        return Fraction(self.spec.settings[name])

    def words(self, name: str) -> frozenset[str]:
        """A list of words."""
        return frozenset(self.spec.settings[name].split(","))

    def is_enough(self, numbers: Numbers) -> bool:
        """May these measurements say anything at all?"""
        return (
            numbers.all.counted >= self.number("min_measurements")
            and len(numbers.known_networks) >= self.number("min_networks")
            and sum(1 for day in numbers.days.values() if day.counted) >= self.number("min_days")
        )

    def is_suspicious(self, numbers: Numbers) -> bool:
        """Must the measurements behind these counts be read before they are judged?"""
        seen = numbers.all
        return self.is_enough(numbers) and (
            seen.share >= self.share("suspicious_share") or seen.confirmed > 0
        )

    def with_signs(self, some: Iterable[Counts]) -> int:
        """Days or networks in which at least this share of what counts has signs."""
        least = self.share("sign_share")
        return sum(1 for one in some if one.counted and one.share >= least)

    def verdict(self, numbers: Numbers) -> str:
        """The verdict on one domain in one window."""
        seen = numbers.all
        if not seen.total:
            return UNKNOWN
        if not self.is_enough(numbers):
            return INSUFFICIENT
        if seen.share <= self.share("reachable_share"):
            return UNCLEAR if seen.confirmed else REACHABLE
        if not self._is_persistent(numbers):
            return UNCLEAR
        if self._is_confirmed(numbers):
            return CONFIRMED
        return LIKELY if self._is_of_one_kind(numbers) else UNCLEAR

    def _is_persistent(self, numbers: Numbers) -> bool:
        return (
            numbers.all.share >= self.share("blocked_share")
            and self.with_signs(numbers.days.values()) >= self.number("sign_days")
            and self.with_signs(numbers.known_networks.values()) >= self.number("sign_networks")
        )

    def _is_confirmed(self, numbers: Numbers) -> bool:
        confirmed = sum(1 for probe in numbers.probes if probe.confirmed)
        return confirmed >= self.number(
            "confirmed_count"
        ) and numbers.confirmed_networks >= self.number("confirmed_networks")

    def _is_of_one_kind(self, numbers: Numbers) -> bool:
        """The anomalies fail alike, and not only by showing another page."""
        anomalies = sum(1 for probe in numbers.probes if probe.anomaly)
        kinds = {k: n for k, n in numbers.kinds.items() if k in self.words("proof_kinds")}
        return bool(kinds) and Fraction(max(kinds.values()), anomalies) >= self.share(
            "same_kind_share"
        )
