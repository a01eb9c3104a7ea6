"""Addresses of the Moscow portal, as its own forms send them (UTF-8, empty fields and all)."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode, urlsplit

from crawler.moscow.courts import MoscowCourt, courts

SITE = "https://mos-gorsud.ru"
PAGE_ROWS = 15  # rows of a full page of a list
# Our name of a kind of proceeding -> the portal's `processType`.
PROCESS = {"adm": "3", "crim": "6", "cas": "1"}
DETAILS = re.compile(
    r"^/(?:rs/)?(?P<alias>[a-z]+)/(?:services/)?cases/(?P<section>[a-z-]+)/details/"
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A case as a link names it."""

    court: MoscowCourt
    section: str
    uuid: str

    @property
    def url(self) -> str:
        """The address of its card, without the search that led to it."""
        return f"{SITE}/{self.court.folder}/services/cases/{self.section}/details/{self.uuid}"


def case_link(href: str) -> CaseLink | None:
    """The case that a link leads to; None where it is none of a court that we know."""
    found = DETAILS.match(urlsplit(href.strip()).path)
    court = courts().get(found["alias"].casefold()) if found else None
    if found is None or court is None:
        return None
    return CaseLink(court, found["section"].casefold(), found["uuid"].casefold())


def search(
    kind: str, first: date, last: date, page: int, *, codex: str = "", category: str = "",
    alias: str = "",
) -> str:  # fmt: skip
    """Cases of one kind that came in between two days; an empty alias means all courts."""
    asked = {
        "page": str(page), "formType": "fullForm", "courtAlias": alias, "uid": "", "instance": "",
        "processType": PROCESS[kind], "category": category, "letterNumber": "", "caseNumber": "",
        "participant": "", "codex": codex, "judge": "", "publishingState": "", "baseDecision": "",
        "documentType": "", "documentText": "", "year": "", "caseDateFrom": day_text(first),
        "caseDateTo": day_text(last), "caseFinalDateFrom": "", "caseFinalDateTo": "",
        "caseLegalForceDateFrom": "", "caseLegalForceDateTo": "", "docsDateFrom": "",
        "docsDateTo": "", "documentStatus": "",
    }  # fmt: skip
    return f"{SITE}/search?{urlencode(asked)}"


def hearing(court: MoscowCourt, first: date, last: date, page: int) -> str:
    """Hearings of one court between two days; without the second one a court has 377 pages."""
    asked = {
        "hearingRangeDateFrom": day_text(first), "hearingRangeDateTo": day_text(last),
        "page": str(page),
    }  # fmt: skip
    return f"{SITE}/{court.folder}/hearing?{urlencode(asked)}"


def day_text(day: date) -> str:
    """A day as the portal writes it: `15.06.2026`."""
    return f"{day:%d.%m.%Y}"
