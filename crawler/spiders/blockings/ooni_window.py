"""One window of days put together from its answers: counts by day, by network, measurements.

The pages may come in any order, and twice. A domain is told once everything about it is here and
its numbers agree; where they do not agree it counts as present and is not judged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spiders.blockings.ooni_answers import (
    DAYS,
    NETWORKS,
    Cell,
    Listed,
    Measured,
    read_cells,
    read_list,
)
from pipelines.observation import Observation
from pipelines.reachability_rule import Counts, Numbers, Rule, add_up
from pipelines.reading import BadRow, OnPage

AXES = {"days": DAYS, "networks": NETWORKS}
Told = OnPage | BadRow


@dataclass
class Seen:
    """What is known of one domain so far; `cells` by form, `pages` by form and offset."""

    cells: dict[str, list[Cell]] = field(default_factory=dict)
    lists: dict[int, Listed] = field(default_factory=dict)
    pages: dict[tuple[str, int], Page] = field(default_factory=dict)

    def counts(self, form: str) -> dict[str, Counts]:
        """Sums by day or network: a site with and without `www.` is one domain."""
        found: dict[str, Counts] = {}
        for cell in self.cells[form]:
            found[cell.name] = found.get(cell.name, Counts()) + cell.counts
        return dict(sorted(found.items()))

    def next_offset(self) -> int | None:
        """Where the list of measurements goes on after what is here; None at its end."""
        offset = 0
        while offset in self.lists:
            page = self.lists[offset]
            if page.is_last:
                return None
            offset += len(page.rows)
        return offset

    def uids(self, before: int) -> set[str]:
        """Ids of the measurements on the pages before an offset."""
        return {one.uid for at, page in self.lists.items() if at < before for one in page.rows}

    def measured(self) -> dict[str, Measured]:
        """Each measurement once: offset paging shows some twice when rows shift."""
        return {one.uid: one for _at, page in sorted(self.lists.items()) for one in page.rows}


@dataclass
class Window:
    """A part while it is read. `first` and `last` are days in ISO form, both included."""

    rule: Rule
    first: str = ""
    last: str = ""
    asked: dict[str, Seen] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    total: int = 0

    def add(self, page: Page) -> None:
        """Take a page in. Raises PageChanged where it answers another question."""
        if page.form in AXES:
            self._add_counts(page)
        else:
            self._add_list(page)

    def _add_counts(self, page: Page) -> None:
        cells = read_cells(page, AXES[page.form])
        names = page.context.get("domains") or sorted({cell.domain for cell in cells})
        self._set_window(page, cells)
        self.total = page.context.get("total") or len({*self.asked, *names})
        for name in names:
            seen = self.asked.setdefault(name, Seen())
            seen.cells[page.form] = []
            seen.pages[(page.form, 0)] = page
        for cell in cells:
            if cell.domain not in names:
                raise PageChanged("The counts name a domain that was not asked for.")
            if page.form == "days" and not self.first <= cell.name <= self.last:
                raise PageChanged("The counts name a day outside the window that was asked for.")
            self.asked[cell.domain].cells[page.form].append(cell)

    def _set_window(self, page: Page, cells: list[Cell]) -> None:
        """A crawl knows its window; of a file it is that of its days."""
        days = [cell.name for cell in cells] if page.form == "days" else []
        self.first = page.context.get("first") or min(
            [*days, *filter(None, [self.first])], default=""
        )
        self.last = page.context.get("last") or max([*days, self.last])

    def _add_list(self, page: Page) -> None:
        listed = read_list(page, self.rule.words("doubtful_scopes"))
        first, last = (page.context.get(name, "") for name in ("first", "last"))
        name, offset = page.context.get("domain"), page.context.get("offset", listed.offset)
        if listed.offset != offset:
            raise PageChanged("The list of measurements begins at another offset than asked.")
        for domain in [name] if name else sorted({m.domain for m in listed.rows if m.domain}):
            if any(m.domain != domain for m in listed.rows) and name:
                raise PageChanged("The list has a measurement of another site than asked.")
            rows = tuple(m for m in listed.rows if m.domain == domain)
            if first and not all(_near(m.day, first, last) for m in rows):
                raise PageChanged("The list has a measurement outside the window that was asked.")
            seen = self.asked.setdefault(domain, Seen())
            if not listed.is_last and {m.uid for m in rows} <= seen.uids(before=offset):
                raise PageChanged("A page shows only what pages before it had: paging has no end.")
            seen.lists[offset] = replace(listed, rows=rows)
            seen.pages[("measurements", offset)] = page

    def wanted(self, names: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Domains whose measurements must be read, and from which offset on."""
        for name in names:
            seen = self.asked[name]
            if seen.cells.keys() >= AXES.keys() and not bad_counts(seen):
                offset = seen.next_offset()
                if offset is not None and self.rule.is_suspicious(self._numbers(seen)):
                    yield name, offset

    def tell(self, wait: bool = True) -> Iterator[Told]:
        """Domains of which everything is here, each once; `wait`: a suspicion waits for its
        measurements, as in a crawl."""
        for name, seen in sorted(self.asked.items()):
            if name in self.told or not seen.cells.keys() >= AXES.keys():
                continue
            if wait and any(self.wanted([name])):
                continue
            self.told.add(name)
            yield self._one(name, seen)

    def _one(self, name: str, seen: Seen) -> Told:
        words = bad_counts(seen) or self._bad_list(seen)
        if words:
            return BadRow((name,), "measurements", words, _place(seen))
        return OnPage(seen.pages[("days", 0)], self._observed(name, seen))

    def _numbers(self, seen: Seen) -> Numbers:
        rows = [one for one in seen.measured().values() if self._inside(one)]
        return Numbers(
            seen.counts("days"), seen.counts("networks"), tuple(one.probe for one in rows)
        )

    def _inside(self, one: Measured) -> bool:
        """The list is asked from a second before to a second after the window."""
        return self.first <= one.day <= self.last and not one.failed

    def _bad_list(self, seen: Seen) -> str:
        """Is the list of measurements as long as the counts say? Not when rows were lost."""
        if not seen.lists:
            return ""
        numbers = self._numbers(seen)
        counted, listed = numbers.all.counted, len(numbers.probes)
        if counted - listed <= self.rule.share("closure_missing") * counted:
            return ""
        return f"{counted} measurements are counted, only {listed} of them are listed."

    def _observed(self, name: str, seen: Seen) -> Observation:
        numbers = self._numbers(seen)
        digests = [page.digest for _key, page in sorted(seen.pages.items())]
        fields: dict[str, str | list[str] | None] = {
            "domain": name, "window_from": self.first, "window_to": self.last,
            "days": [f"{day} {counts}" for day, counts in numbers.days.items()],
            "networks": [f"{asn} {counts}" for asn, counts in numbers.networks.items()],
            "probes": [str(probe) for probe in numbers.probes],
            "evidence": list(dict.fromkeys(digests)),
        }  # fmt: skip
        return Observation(
            (name,), fields, _place(seen), self._quote(name, numbers), seen.pages[("days", 0)].part
        )

    def _quote(self, name: str, numbers: Numbers) -> str:
        """The sums as the pages state them: measured, anomaly, confirmed, failure, ok."""
        seen = numbers.all
        networks = " ".join(f"AS{n}:{c.signs}/{c.counted}" for n, c in numbers.networks.items())
        return (
            f"{name} {self.first}..{self.last}: measurement_count={seen.total} "
            f"anomaly_count={seen.anomaly} confirmed_count={seen.confirmed} "
            f"failure_count={seen.failure} ok_count={seen.ok} | signs by network: {networks}"
        )


def bad_counts(seen: Seen) -> str:
    """What does not agree in the counts of a domain; empty where they do."""
    days, networks = (add_up(seen.counts(form).values()) for form in ("days", "networks"))
    for form in AXES:
        names = [(cell.host, cell.name) for cell in seen.cells[form]]
        if len(set(names)) < len(names):
            return "One day or network stands twice in the counts of this domain."
    if not all(c.counts.adds_up for form in AXES for c in seen.cells[form]):
        return "The kinds of measurements do not add up to their sum."
    if days != networks:
        return f"By days {days.total} measurements are counted, by networks {networks.total}."
    return ""


def _place(seen: Seen) -> str:
    cells = seen.cells["days"]
    return cells[0].locator if cells else "/result"


def _near(day: str, first: str, last: str) -> bool:
    """Within the window or on the day beside it."""
    edge = timedelta(days=1)
    low, high = date.fromisoformat(first) - edge, date.fromisoformat(last) + edge
    return low.isoformat() <= day <= high.isoformat()


def end_of(day: str) -> datetime:
    """The moment for which a window that ends with this day stands."""
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC)
