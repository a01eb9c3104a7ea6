"""OONI's interface played on this machine: it counts and pages the measurements that it is given.

It behaves as the operator's code does (20.08.2026): `until` is left out in counts and included in
lists, `since` the other way round; ranges over 180 days get 400; lists go by offset.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from tests.chaos.server import LyingServer, Reply, Request

JSON = [("Content-Type", "application/json")]
OK, ANOMALY, CONFIRMED, FAILURE = "ok", "anomaly", "confirmed", "failure"
NETWORKS = (8402, 12389, 25513, 31133)


@dataclass(frozen=True)
class Measurement:
    """One measurement of a fictional site."""

    number: int
    host: str
    at: str
    network: int
    state: str = OK
    kind: str = "http-failure"
    prints: tuple[tuple[str, str], ...] = ()

    def row(self) -> dict[str, Any]:
        """As a list shows it."""
        scores: dict[str, Any] = {"blocking_general": float(self.state != OK)}
        if self.state == ANOMALY:
            scores["analysis"] = {"blocking_type": self.kind}
        if self.prints:
            scores["fingerprints"] = [
                {"name": name, "scope": scope, "location_found": "body",
                 "confidence_no_fp": 5, "expected_countries": ["RU"]}
                for name, scope in self.prints
            ]  # fmt: skip
        return {
            "measurement_uid": f"20261110000000.{self.number:06}_RU_webconnectivity_00",
            "measurement_start_time": self.at, "probe_cc": "RU",
            "probe_asn": f"AS{self.network}", "test_name": "web_connectivity",
            "input": f"https://{self.host}/", "report_id": f"report-{self.number}",
            "anomaly": self.state in (ANOMALY, CONFIRMED), "confirmed": self.state == CONFIRMED,
            "failure": self.state == FAILURE, "scores": scores,
            "verification_status": "unverified",
        }  # fmt: skip


def measured(
    host: str, states: Iterable[str], *, first: date, days: int, networks: int = 4, **more: Any
) -> list[Measurement]:
    """Measurements spread evenly over days and networks, in the order of the states."""
    found = []
    for number, state in enumerate(states):
        day = first + timedelta(days=number % days)
        second = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
        at, network = f"{day}T{second}.000000Z", NETWORKS[number % networks]
        name = sum(map(ord, host)) * 10_000 + number
        found.append(Measurement(name, host, at, network, state, **more))
    return found


@dataclass
class Ooni:
    """The server's state; `lost` measurements are counted and stand in no list."""

    measurements: list[Measurement] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    asked: list[Request] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)

    def serve(self, server: LyingServer) -> "Ooni":
        """Answer on this server."""
        server.route("/api/v1/aggregation", self.counts)
        server.route("/api/v1/measurements", self.list)
        server.route("/api/v1/incidents/search", self.reports)
        return self

    def counts(self, request: Request) -> Reply:
        """`/api/v1/aggregation` with two axes."""
        self.asked.append(request)
        query = request.query
        first, until = date.fromisoformat(query["since"]), date.fromisoformat(query["until"])
        if until - first > timedelta(days=180):
            return self._reply({"error": "Time range must not exceed 6 months", "v": 0}, 400)
        sums: dict[tuple[Any, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(KINDS, 0))
        for one in self._of(query["domain"]):
            if not first <= date.fromisoformat(one.at[:10]) < until:
                continue
            name = one.at[:10] if query["axis_x"] == "measurement_start_day" else one.network
            sums[(name, one.host)][f"{one.state}_count"] += 1
        result = [
            counts | {"measurement_count": sum(counts.values()), query["axis_x"]: name,
                      "domain": host}
            for (name, host), counts in sorted(sums.items(), key=lambda item: str(item[0]))
        ]  # fmt: skip
        return self._reply({"v": 0, "dimension_count": 2, "db_stats": {}, "result": result})

    def list(self, request: Request) -> Reply:
        """`/api/v1/measurements`, oldest first."""
        self.asked.append(request)
        query = request.query
        since, until = (datetime.fromisoformat(query[name]) for name in ("since", "until"))
        assert (query["order"], query["order_by"]) == ("asc", "measurement_start_time")
        fit = [
            one for one in sorted(self._of(query["domain"]), key=lambda one: (one.at, one.number))
            if since < datetime.fromisoformat(one.at[:19]) <= until
            and one.state != FAILURE and one.number not in self.lost
        ]  # fmt: skip
        offset, limit = int(query["offset"]), int(query["limit"])
        page = fit[offset : offset + limit]
        following = f"https://api.ooni.io/api/v1/measurements?offset={offset + limit}"
        meta = {
            "offset": offset, "limit": limit, "count": -1, "pages": -1, "current_page": 1,
            "next_url": following if len(page) == limit else None, "query_time": 0.1,
        }  # fmt: skip
        return self._reply({"metadata": meta, "results": [one.row() for one in page]})

    def reports(self, request: Request) -> Reply:
        """`/api/v1/incidents/search`."""
        assert request.query == {"country_code": "RU"}
        return self._reply({"incidents": self.incidents})

    def relabel(self, host: str, state: str) -> None:
        """All measurements of a host end otherwise."""
        self.measurements = [
            replace(one, state=state) if one.host == host else one for one in self.measurements
        ]

    def _of(self, domains: str) -> Iterator[Measurement]:
        names = domains.split(",")
        return (one for one in self.measurements if one.host in names)

    def _reply(self, body: Any, status: int = 200) -> Reply:
        return Reply(status=status, body=json.dumps(body).encode(), headers=[*JSON, *self.headers])


KINDS = ("anomaly_count", "confirmed_count", "failure_count", "ok_count")


def incident(number: int, title: str, domains: list[str], **more: Any) -> dict[str, Any]:
    """A report in the form of OONI's published description."""
    return {
        "id": str(number), "slug": f"2026-{number}", "title": title, "short_description": "",
        "start_time": "2026-11-10T00:00:00Z", "end_time": None,
        "create_time": "2026-11-11T00:00:00Z", "update_time": "2026-11-11T00:00:00Z",
        "reported_by": "Vymyshlennaya Marina", "email_address": "marina@example.org",
        "creator_account_id": "account-1", "event_type": "incident", "published": True,
        "CCs": ["RU"], "ASNs": [8402], "themes": ["news_media"], "tags": [], "domains": domains,
        "test_names": ["web_connectivity"], "links": [], "mine": 0,
    } | more  # fmt: skip
