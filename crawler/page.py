"""One answer of a source, whole and decoded, with what a reader must know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from scrapy.http import Response

from crawler.ask import Ask
from crawler.capture import FETCH_ID
from crawler.charset import decode_text
from crawler.headers import charset_of, header_text
from pipelines.spec import Spec
from storage.evidence import sha256


@dataclass(frozen=True)
class Page:
    """The decoded body of one fetch.

    form      which reader it is for             context  what the reader must know beside the bytes
    encoding  charset that the source's spec declares     charset  what the header declares
    at        when it was fetched, or the date of an imported file
    start     where the body begins in the whole, where a source's pages are stretches of one file
    """

    url: str
    body: bytes
    form: str
    fetch_id: str
    digest: str
    at: datetime
    part: str = "register"
    endpoint: int = 0
    role: str = "official"
    encoding: str = "utf-8"
    charset: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    start: int = 0

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        head = self.body[:512].lstrip().lower()
        is_html = head.startswith((b"<!doctype", b"<html", b"<"))
        return decode_text(self.body, self.encoding, self.charset, is_html=is_html)

    @property
    def is_text(self) -> bool:
        """Neither a spreadsheet nor too large to be a notice in place of a page."""
        binary = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")  # zip forms, PDF, old Office files
        return len(self.body) < 3_000_000 and not self.body.startswith(binary)

    @property
    def text(self) -> str:
        """The body as text, by the one rule of charsets. Raises CorruptBody."""
        return self._decoded[0]

    @property
    def charset_used(self) -> str:
        """The charset that the rule chose."""
        return self._decoded[1]


def page_of(response: Response, ask: Ask, spec: Spec, role: str) -> Page:
    """The page in a response that capture has recorded."""
    meta = response.meta
    return Page(
        url=response.url, body=response.body, form=ask.form, fetch_id=meta[FETCH_ID],
        digest=sha256(response.body), at=datetime.now(UTC), part=ask.part,
        endpoint=ask.endpoint, role=role, encoding=spec.encoding,
        charset=charset_of(header_text(response.headers, "Content-Type")), context=ask.context,
    )  # fmt: skip
