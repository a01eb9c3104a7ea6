"""The index of a web archive that speaks CDX: which captures of a page there are.

Sources: internetarchive/wayback, wayback-cdx-server/README.md; edgi-govdata-archiving/wayback.
`id_` behind the moment in a capture's address asks for the bytes as they were captured.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from crawler.documents.json_form import load_json
from crawler.errors import PageChanged

INDEX_FORM = "cdx"
CAPTURED, ARCHIVE_DIGEST = "captured", "archive_digest"  # keys of a request's context
FIELDS = ("timestamp", "digest", "statuscode", "mimetype", "length")
ROWS_A_PAGE = 5_000
STAMP = re.compile(r"\d{14}")
SHA1 = re.compile(r"[A-Z2-7]{32}")


@dataclass(frozen=True, slots=True)
class Capture:
    """One copy that the archive keeps: moment (UTC) and SHA-1 of its bytes, in base 32."""

    stamp: str
    digest: str

    @property
    def at(self) -> datetime:
        """When the page was captured."""
        return datetime.strptime(self.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    def address(self, service: str, url: str) -> str:
        """Where the bytes are as they were captured, without the archive's own additions."""
        return f"{service}/web/{self.stamp}id_/{url}"


def index_address(service: str, url: str) -> str:
    """The beginning that all questions about one page share."""
    return f"{service}/cdx/search/cdx?url={quote(url, safe='')}&"


def question(service: str, url: str, since: datetime | None, resume: str | None = None) -> str:
    """The address that asks for the captures of a page since a moment, the oldest first."""
    asked: list[tuple[str, str | int]] = [
        ("output", "json"), ("fl", ",".join(FIELDS)), ("filter", "statuscode:200"),
        ("collapse", "digest"), ("limit", ROWS_A_PAGE), ("showResumeKey", "true"),
    ]  # fmt: skip
    if since is not None:
        asked.append(("from", stamp_of(since)))
    if resume is not None:
        asked.append(("resumeKey", resume))
    return index_address(service, url) + urlencode(asked)


def asked_since(address: str) -> str:
    """From which moment on a question asked; empty: from the first capture on."""
    return parse_qs(urlsplit(address).query).get("from", [""])[0]


def stamp_of(moment: datetime) -> str:
    """A moment as the archive writes it."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def read_index(text: str) -> tuple[list[Capture], str | None]:
    """The captures of an answer in order, and the key that asks for those after them.

    Raises SourceError where it is no answer of an index."""
    rows = load_json(text)
    if rows == []:
        return [], None
    if not isinstance(rows, list) or rows[0] != list(FIELDS):
        raise PageChanged("The archive's index does not begin with the fields that were asked for.")
    resume = None
    if len(rows) > 2 and rows[-2] == [] and len(rows[-1]) == 1:
        resume, rows = str(rows[-1][0]), rows[:-2]
    return [_capture(row) for row in rows[1:]], resume


def _capture(row: Any) -> Capture:
    texts = row if isinstance(row, list) and all(isinstance(cell, str) for cell in row) else []
    if len(texts) != len(FIELDS) or not STAMP.fullmatch(texts[0]) or not SHA1.fullmatch(texts[1]):
        raise PageChanged("A row of the archive's index is not a moment and a digest.")
    capture = Capture(texts[0], texts[1])
    try:
        _at = capture.at
    except ValueError as error:
        raise PageChanged("A row of the archive's index states no moment that there is.") from error
    return capture


def fresh(captures: Iterable[Capture], known: Iterable[str]) -> list[Capture]:
    """The first capture of each digest that is not known yet, the oldest first."""
    seen, found = set(known), []
    for capture in sorted(captures, key=lambda one: one.stamp):
        if capture.digest not in seen:
            seen.add(capture.digest)
            found.append(capture)
    return found
