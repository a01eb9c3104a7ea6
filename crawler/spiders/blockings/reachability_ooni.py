"""OONI: is a site reachable from inside the country? Counts, measurements, reports of incidents.

A window of whole days that are over is asked, so that no late row shifts its pages. For each batch
of domains come the counts by day and by network; where they raise a suspicion, all measurements of
that domain are listed, oldest first. Without a list of domains in the store nothing is asked.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import idna
from scrapy.http import Response

from crawler.errors import PageChanged, SourceError
from crawler.headers import header_text
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from crawler.spiders.blockings.ooni_answers import DAYS, NETWORKS, answer
from crawler.spiders.blockings.ooni_incidents import read_incidents
from crawler.spiders.blockings.ooni_window import AXES, Window, end_of
from pipelines.domains import canonical_domain, is_platform
from pipelines.reachability_rule import Rule
from pipelines.reading import Declared, Said, StateAt
from pipelines.spec import Endpoint
from storage.audit import canonical
from storage.evidence import sha256
from storage.watched_domains import watched_domains

INCIDENTS = "incidents"


class ReachabilityOoni(SourceSpider):
    """Parts: `aggregation`, one row for each domain asked, and `incidents`."""

    name = "reachability_ooni"
    handle_httpstatus_list: ClassVar = [400]  # its body says why, in the server's words
    # There is a quota by the minute, the day and the week: without a Retry-After five waits, each
    # twice the one before, outlast the minute; with one a wait may be longer than elsewhere.
    custom_settings: ClassVar = {"RETRY_WAIT_CAP_S": 900.0, "RETRY_TIMES": 5}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._windows: dict[tuple[str, int], Window] = {}
        self._asked: set[tuple[str, int]] = set()
        self._quota_is_spent = False

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        if part == INCIDENTS:
            asked = {"country_code": self.spec.settings["country"]}
            yield Ask(f"{endpoint.url}?{urlencode(asked)}", INCIDENTS, part, index)
            return
        trouble, first, last = self._days()
        domains = [] if trouble else self._domains()
        if not trouble and not domains:
            trouble = "no-domains"
        report = self.intake.report(part, index)
        if trouble:
            report.fail(trouble, WHY_NOTHING_IS_ASKED[trouble])
        context = {"first": first.isoformat(), "last": last.isoformat(), "total": len(domains)}
        # Silence has the same bytes whatever was asked: another question is no unchanged answer.
        report.pages["what was asked"] = sha256(canonical([context, domains]).encode())
        size = int(self.spec.settings["batch"])
        for start in range(0, len(domains), size):
            for form in AXES:
                some = {"domains": domains[start : start + size]}
                yield self._counts(part, index, form, context | some)

    def _days(self) -> tuple[str, date, date]:
        """Trouble, first and last day of the window; both days are over."""
        settings = self.spec.settings
        newest = self.today - timedelta(days=int(settings["closed_days"]))
        since, until = getattr(self, "since", None), getattr(self, "until", None)
        last = min(until or newest, newest)
        first = since or last - timedelta(days=int(settings["window_days"]) - 1)
        if first > last:
            return "window-not-closed", first, last
        if (last - first).days + 1 > int(settings["longest_days"]):
            return "window-too-long", first, last
        return "", first, last

    def _domains(self) -> list[str]:
        """Those of our lists that name a site of its own, in stable order."""
        settings = self.spec.settings
        with self.session.store.read() as connection:
            found = watched_domains(connection, self.name, settings["categories"].split(","))
        known = [name for name in found.known if is_askable(name)]
        fresh = [name for name in found.fresh if is_askable(name) and not is_platform(name)]
        most = int(settings["most_domains"])
        room = most - len(known)
        if known:  # a first read is a baseline; later more at once would be held
            room = min(room, int(settings["most_new"]))
        return sorted(known[:most] + fresh[: max(room, 0)])

    def _counts(self, part: str, index: int, form: str, context: dict[str, Any]) -> Ask:
        settings = self.spec.settings
        asked = {
            "axis_x": AXES[form], "axis_y": "domain", "probe_cc": settings["country"],
            "test_name": settings["test"], "since": context["first"],
            "until": _after(context["last"]),  # this interface leaves the day of `until` out
            "domain": ",".join(host for name in context["domains"] for host in hosts(name)),
        }  # fmt: skip
        if form == "days":
            asked["time_grain"] = "day"
        url = f"{self.spec.endpoint[index].url}?{urlencode(asked, safe=',')}"
        return Ask(url, form, part, index, headers=JSON, context=context)

    def _list(self, page: Page, name: str, offset: int) -> Ask:
        settings, first, last = self.spec.settings, page.context["first"], page.context["last"]
        before = date.fromisoformat(first) - timedelta(days=1)
        asked = {
            "domain": ",".join(hosts(name)), "probe_cc": settings["country"],
            "test_name": settings["test"], "failure": "false",
            # Here `since` is left out and `until` is not (server code of 20.08.2026).
            "since": f"{before.isoformat()}T23:59:59", "until": f"{_after(last)}T00:00:00",
            "order_by": "measurement_start_time", "order": "asc",
            "limit": settings["rows"], "offset": str(offset),
        }  # fmt: skip
        url = f"{settings['measurements']}?{urlencode(asked, safe=',:')}"
        context = {"first": first, "last": last, "domain": name, "offset": offset}
        context["total"] = page.context["total"]
        return Ask(url, "measurements", page.part, page.endpoint, headers=JSON, context=context)

    def parse(self, response: Response) -> Iterator[Any]:
        """Notice when the server says that nothing is left of our quota."""
        left = header_text(response.headers, "X-RateLimit-Remaining")
        if left is not None and left.strip().lstrip("-").isdecimal():
            self._quota_is_spent = int(left) <= 0
        yield from super().parse(response)

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form == INCIDENTS:
            return
        window = self._window(page)
        window.add(page)
        names = page.context.get("domains") or [page.context["domain"]]
        for wanted in window.wanted(names):
            if wanted in self._asked:
                continue
            if self._quota_is_spent:
                raise SourceError(WHY_NOTHING_IS_ASKED["quota"], reason="quota")
            self._asked.add(wanted)
            yield self._list(page, *wanted)

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == INCIDENTS:
            yield from read_incidents(page, self.spec)
            return
        window = self._window(page)
        window.add(page)
        yield from window.tell(wait=bool(page.context))
        yield Declared(window.total, page.part)
        if window.last:
            yield StateAt(end_of(window.last), page.part)

    def _window(self, page: Page) -> Window:
        return self._windows.setdefault((page.part, page.endpoint), Window(Rule(self.spec)))

    def sniff(self, page: Page) -> str:
        body = answer(page)
        if INCIDENTS in body:
            return INCIDENTS
        if "results" in body:
            return "measurements"
        rows = body.get("result")
        for form, axis in (("days", DAYS), ("networks", NETWORKS)):
            if isinstance(rows, list) and rows and isinstance(rows[0], dict) and axis in rows[0]:
                return form
        raise PageChanged("This is none of the answers that are read: counts, list, incidents.")

    def part_of(self, page: Page) -> str:
        try:
            return INCIDENTS if self.sniff(page) == INCIDENTS else "aggregation"
        except SourceError:
            return "aggregation"


JSON = {"Accept": "application/json"}
WHY_NOTHING_IS_ASKED = {
    "no-domains": "No list of domains is known yet: read media_citizenlab or a register first.",
    "window-not-closed": "No day of the window that was asked for is over and closed.",
    "window-too-long": "The server refuses windows of more than 180 days; ask for a shorter one.",
    "quota": "The server says that nothing is left of our quota; the next run begins anew.",
}


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def ascii_name(domain: str) -> str | None:
    """A domain as the network writes it; None for what no server can be called."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def is_askable(domain: str) -> bool:
    """Does an answer about this domain lead back to it, once it was written for the network?"""
    name = ascii_name(domain)
    return name is not None and canonical_domain(name) == domain


def hosts(domain: str) -> tuple[str, ...]:
    """The names under which a site is tested: OONI keeps `www.` apart, our lists do not."""
    name = ascii_name(domain) or domain
    return name, f"www.{name}"
