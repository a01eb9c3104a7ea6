"""The list by article: a cross-check of the schedule, at courts whose form is open.

A case decided without a hearing is met only here. Each query is closed against the portal's own
counter; a list that shifts between two pages (a new case moves all others down) shows a case twice
and hides another, and is asked once more.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.portal.courts import Court
from crawler.portal.listing import ListedCase, Listing
from crawler.portal.query import BY_NAME, CardFile, listing, parameters
from crawler.portal.wanted import Wanted

# Card files of each level that are asked: where a case begins. Later instances hold hearings, so
# the schedule shows them; asking for them too would double a round of five hours.
FILES = {
    "district": ("adm", "u1"),
    "garrison": ("adm", "u1"),
    "regional": ("adm2", "u1"),
    "appeal": ("u2",),
    "cassation": ("adm33",),
}
MAX_PAGES = 200  # 5,000 cases of one article in one week at one court: no list is that long


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a court's form: an article in one card file at one server."""

    server: str
    file: CardFile
    article: str

    def url(self, court: Court, first: date, page: int) -> str:
        """The address of a page of its answer, for the week that begins on `first`."""
        last = first + timedelta(days=6)
        return listing(court, self.server, self.file, self.article, first, last, page)


def queries(court: Court, wanted: Wanted) -> list[Query]:
    """All questions to one court."""
    return [
        Query(server, BY_NAME[name], article)
        for server in court.servers
        for name in FILES[court.level]
        for article in wanted.searched(BY_NAME[name])
    ]


@dataclass(slots=True)
class Answer:
    """What has been read of the answer to one query, at one attempt."""

    place: int  # of the query among the court's
    attempt: int = 0
    total: int | None = None
    rows: int = 0
    pages: int = 0
    shifted: bool = False
    cases: set[tuple[str, str]] = field(default_factory=set)

    def add(self, page: Listing) -> None:
        """Count a page in. The counter may not change while the list is read."""
        self.shifted |= self.total is not None and page.total != self.total
        self.total = page.total
        self.rows += len(page.cases)
        self.pages += 1
        self.cases |= {identity(case) for case in page.cases}

    def has_more(self, page: Listing) -> bool:
        """Does the counter say that there are rows beyond this page? An empty page ends it."""
        return bool(page.cases) and self.rows < page.total and self.pages < MAX_PAGES

    @property
    def is_whole(self) -> bool:
        """Every case of the counter was shown, and each once."""
        return not self.shifted and len(self.cases) == self.total == self.rows


def identity(case: ListedCase) -> tuple[str, str]:
    """A row of a list as the portal names it."""
    named = parameters(case.href)
    return (
        named.get("delo_id", ""),
        named.get("case_uid", "").casefold() or named.get("case_id", ""),
    )


def monday_of(week: str) -> date:
    """The first day of an ISO week: `2026-W24`."""
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)
