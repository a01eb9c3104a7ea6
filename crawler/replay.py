"""Stored evidence read again with today's parser: the world stands still, only we have changed."""

import heapq
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crawler.archive_index import CAPTURED, INDEX_FORM, Capture
from crawler.errors import SourceError
from crawler.page import Page
from crawler.session import Session
from pipelines.spec import Spec, parser_version
from storage.clock import moment, read_moment
from storage.sightings import Stored, parsers, stored
from storage.source_facts import GROWING
from storage.store import Store

if TYPE_CHECKING:
    from crawler.spider import SourceSpider


def replay(
    store: Store, kind: "type[SourceSpider]", since: str | None = None
) -> dict[str, Any] | None:
    """Read the evidence of a source's present state again; None where there is none.

    since: only parts whose state was read on or after this day (ISO)."""
    with store.read() as connection:
        parts = [p for p in stored(connection, kind.name) if p.complete_at[:10] >= (since or "")]
    # A part whose rows stand on pages of other parts has none of its own.
    parts = [part for part in parts if part.fetches]
    if not parts:
        return None
    session = Session(store, kind.name, kind, "replay")
    try:
        if session.facts.covers == GROWING:
            _read_grown(session, parts)
        else:
            for part in parts:
                _read_part(session, part)
    except Exception as error:
        session.run.fail(f"{type(error).__name__}: {error}")
        raise
    return session.finish()


def replay_if_parser_changed(store: Store, kind: "type[SourceSpider]") -> dict[str, Any] | None:
    """Before new bytes are judged by a new parser, the old bytes are: then the differences that
    a crawl finds are the source's, and those that this finds are ours."""
    with store.read() as connection:
        known = parsers(connection, kind.name)
    if not known or known == {parser_version()}:
        return None
    return replay(store, kind)


def _read_part(session: Session, part: Stored) -> None:
    spider = session.reader()
    report = session.intake.report(part.part, part.endpoint, role=part.role)
    for page in pages(session.store, part, session.kind.spec):
        report.pages[page.fetch_id] = page.digest
        try:
            session.intake.take(page, spider.read(page))
        except SourceError as error:
            report.fail(error.reason, str(error))


def _read_grown(session: Session, parts: list[Stored]) -> None:
    """All pages of all parts, the newest first: of two that show one case the newer one counts.
    A page that today's parser refuses does not take the others of its part with it."""
    spider = session.reader()
    ordered = heapq.merge(
        *(pages(session.store, part, session.kind.spec) for part in parts),
        key=lambda page: page.at, reverse=True,
    )  # fmt: skip
    for page in ordered:
        report = session.intake.report(page.part, page.endpoint, role=page.role)
        report.pages[page.fetch_id] = page.digest
        try:
            session.intake.take(page, spider.read(page))
        except SourceError as error:
            report.fail(error.reason, str(error))
    for report in session.intake.reports.values():
        if not report.observed:  # its pages led to rows that a newer page states
            report.may_be_empty, report.declared = True, 0


def pages(store: Store, part: Stored, spec: Spec) -> Iterator[Page]:
    """The stored pages of a part, in the order in which they were fetched."""
    for fetch in part.fetches:
        if not is_of_state(fetch, part):
            continue
        yield Page(
            url=fetch.url, body=store.blobs.get(fetch.body_sha256), form=fetch.form,
            fetch_id=fetch.id, digest=fetch.body_sha256, at=read_moment(fetch.fetched_at),
            part=part.part, endpoint=part.endpoint, role=part.role, encoding=spec.encoding,
            charset=None, context=json.loads(fetch.context),
        )  # fmt: skip


def is_of_state(fetch: Any, part: Stored) -> bool:
    """Was the state read from this answer? Of an archive also its index was asked, and copies
    that could not be read."""
    if fetch.form == INDEX_FORM:
        return False
    captured = json.loads(fetch.context).get(CAPTURED)
    return captured is None or moment(Capture(captured, "").at) == part.state_at
