"""What is known of one request or one imported file, before it is written down."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FetchFacts:
    """One attempt to get bytes, and what came of it.

    `wire` is the entity body as received, still content-coded; `body` the decoded bytes that a
    reader sees, None where there are none. Request headers carry no secrets.
    """

    url: str
    final_url: str
    method: str
    fetched_at: datetime
    status: int | None = None
    chain: tuple[str, ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body_sha256: str | None = None
    response_headers: tuple[tuple[str, str], ...] = ()
    peer: str | None = None
    tls_cert_sha256: str | None = None
    tls_root: str | None = None
    elapsed_ms: int | None = None
    server_date: str | None = None
    clock_skew_s: float | None = None
    wire: bytes | None = None
    body: bytes | None = None
    content_type: str | None = None
    charset_declared: str | None = None
    flags: tuple[str, ...] = ()
    failure: str | None = None
    failure_text: str | None = None
    part: str = "register"
    endpoint: int = 0
    form: str = ""
    context: dict[str, object] = field(default_factory=dict)
    origin: str = "http"
