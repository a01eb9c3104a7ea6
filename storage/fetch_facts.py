"""What is known of one try to get one URL, whether it worked or not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FetchFacts:
    """One try: a page, a redirect hop, an error page or a failure.

    url               what was asked for first; `chain` holds it when redirects came between
    final_url         the URL of this very try
    chain             the URLs that led here by redirects, oldest first
    request_headers   as sent, secrets masked; like `response_headers` pairs of printable ASCII
    status            None when no status line was received
    peer              the numeric address that answered
    tls_cert_sha256   of the server's certificate (DER); None without TLS
    tls_root          `webpki` or `extra`: which set of roots vouched for it
    fetched_at        UTC, the moment of sending
    clock_skew_s      the server's Date minus our clock, in seconds
    wire              the body as received, still content-coded; of a cut body, what came
    body              the decoded bytes that the parser sees; None when there are none to see
    failure           the machine word of the reason; None when the try worked
    failure_text      the same in plain words
    """

    url: str
    final_url: str
    method: str
    fetched_at: datetime
    elapsed_ms: int
    chain: Sequence[str] = ()
    request_headers: Sequence[tuple[str, str]] = ()
    request_body_sha256: str | None = None
    status: int | None = None
    response_headers: Sequence[tuple[str, str]] = ()
    peer: str | None = None
    tls_cert_sha256: str | None = None
    tls_root: str | None = None
    server_date: datetime | None = None
    clock_skew_s: float | None = None
    wire: bytes = field(default=b"", repr=False)
    body: bytes | None = field(default=None, repr=False)
    content_type: str | None = None
    charset_declared: str | None = None
    flags: Sequence[str] = ()
    failure: str | None = None
    failure_text: str | None = None
