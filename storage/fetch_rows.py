"""A fetch as a row of its table."""

import json
from typing import Any

from storage.audit import canonical
from storage.clock import moment
from storage.fetch_facts import FetchFacts


def fetch_row(
    run_id: int, fetch_id: str, facts: FetchFacts, wire: str | None, body: str | None, kept: bool
) -> dict[str, Any]:
    """The columns of `fetch`; a body that is not kept leaves only the digest of the whole."""
    return {
        "id": fetch_id, "run_id": run_id,         "part": facts.part, "endpoint": facts.endpoint,
        "form": facts.form, "context": canonical(facts.context), "origin": facts.origin,
        "url": facts.url, "final_url": facts.final_url, "chain": canonical(list(facts.chain)),
        "method": facts.method, "request_headers": json.dumps(facts.request_headers),
        "request_sha256": facts.request_body_sha256, "status": facts.status,
        "response_headers": json.dumps(facts.response_headers, ensure_ascii=False),
        "peer": facts.peer, "tls_sha256": facts.tls_cert_sha256, "tls_root": facts.tls_root,
        "fetched_at": moment(facts.fetched_at), "elapsed_ms": facts.elapsed_ms,
        "server_date": facts.server_date, "clock_skew_s": _whole(facts.clock_skew_s),
        "wire_sha256": wire, "body_sha256": body if kept else None,
        "whole_sha256": None if kept else body,
        "length": None if facts.body is None else len(facts.body),
        "content_type": facts.content_type, "charset": None, "flags": canonical(facts.flags),
        "failure": facts.failure, "failure_text": facts.failure_text,
    }  # fmt: skip


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
