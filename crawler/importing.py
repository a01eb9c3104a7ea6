"""`import`: the same path as a crawl, from files in the source's own form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.catalogue import spider_of
from crawler.errors import SourceError
from crawler.page import Page
from crawler.session import Session, choose
from crawler.spider import SourceSpider, end_part
from pipelines.reading import Said, StateAt
from pipelines.row_memory import RowMemory
from storage.clock import moment
from storage.errors import Refused
from storage.evidence import sha256
from storage.fetch_facts import FetchFacts
from storage.report import PartReport
from storage.store import Store

# `dump_2014-03-13T1405Z.csv`, `registry_2023-09-29.json`: a date that the file's name states
NAME_DATE = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?:T(\d{2}):?(\d{2})(?::?(\d{2}))?Z?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Given:
    """Bytes that somebody hands us: their name, their address, the moment that they stand for."""

    name: str
    body: bytes
    at: datetime
    url: str


def import_files(
    store: Store, name: str, files: Sequence[Path], url: str | None = None
) -> list[dict[str, Any]]:
    """Read files as one state of a source; returns the runs (a replay may come first)."""
    for path in files:
        if not path.is_file():
            raise Refused(f"There is no file {path}. Nothing was imported.")
    given = (  # read one by one: nobody holds a file longer than its reader does
        Given(path.name, path.read_bytes(), file_time(path), url or f"file:{path.name}")
        for path in files
    )
    return import_state(store, name, given)


def import_state(
    store: Store, name: str, given: Iterable[Given], memory: RowMemory | None = None
) -> list[dict[str, Any]]:
    """Read what is given as one state of a source; returns the runs (a replay may come first).

    memory: the rows of the state before, where one process reads many states."""
    session = Session(store, name, spider_of(name), "import")
    session.intake.memory = memory
    try:
        spider = session.reader()
        pages, moments = [], []
        for one in given:
            pages += _note(session, spider, one)
            moments.append(one.at)
            del one
        for report in session.intake.reports.values():
            report.same_bytes = session.is_same(report)
        while pages:  # each body is let go once it is read: a register has 140 MB of them
            _read(session, spider, pages.pop(0))
        for report in session.intake.reports.values():
            if not report.same_bytes:
                end_part(spider, report)
        result = session.finish(state_time(session, moments))
    except Exception as error:
        session.run.fail(f"{type(error).__name__}: {error}")
        raise
    return [*session.before, result]


def _note(session: Session, spider: SourceSpider, given: Given) -> list[Page]:
    """Keep a file's bytes as evidence and find out which reader and which parts it is for."""
    bare = Page(
        url=given.url, body=given.body, form="", fetch_id="", digest=sha256(given.body),
        at=given.at, encoding=session.kind.spec.encoding,
    )  # fmt: skip
    try:
        form = spider.sniff(bare)
        trouble = None
    except SourceError as error:
        form, trouble = session.kind.spec.endpoint[0].form, error
    parts = spider.parts_of(bare)
    return [_note_part(session, bare, given, form, part, trouble) for part in parts]


def _note_part(
    session: Session, bare: Page, given: Given, form: str, part: str, trouble: SourceError | None
) -> Page:
    """Note a file as the fetch of one part."""
    body = bare.body
    index, role = _endpoint(session.kind, form, part)
    page = replace(bare, form=form, part=part, endpoint=index, role=role)
    fetch_id = session.run.add_fetch(
        FetchFacts(
            url=page.url, final_url=page.url, method="FILE", fetched_at=session.store.clock.now(),
            wire=body, body=body, part=part, endpoint=index, form=form, origin="file",
        ),
        keep_body=session.kind.spec.evidence == "whole",
    )  # fmt: skip
    report = session.intake.report(part, index, url=page.url, role=role)
    report.pages[f"{len(report.pages)}:{given.name}"] = page.digest
    if trouble is not None:
        report.fail(trouble.reason, f"{trouble} ({given.name})")
    return replace(page, fetch_id=fetch_id)


def _read(session: Session, spider: SourceSpider, page: Page) -> None:
    report = session.intake.report(page.part, page.endpoint)
    if report.reasons:
        return
    page = spider.join(page)
    if report.same_bytes:
        _read_date(report, spider.read(page))
        return
    try:
        session.intake.take(page, spider.read(page))
    except SourceError as error:
        report.fail(error.reason, f"{error} ({page.url})")


def _read_date(report: PartReport, said: Iterable[Said]) -> None:
    """A copy of the same file has a new modification time, but is no newer look: its own date
    stands. Without it a copy imported a day later would end every row that is absent."""
    dates = [one.at for one in said if isinstance(one, StateAt)]
    if dates:
        report.state_at = max([*dates, *([report.state_at] if report.state_at else [])])


def _endpoint(kind: type[SourceSpider], form: str, part: str) -> tuple[int, str]:
    """The endpoint whose form a file has: it says which reader, and whose word it is."""
    for index, endpoint in enumerate(kind.spec.endpoint):
        if endpoint.form == form and endpoint.part in (part, "*"):
            return index, endpoint.role
    return 0, kind.spec.endpoint[0].role


def file_time(path: Path) -> datetime:
    """The date in a file's name, else its modification time."""
    found = NAME_DATE.search(path.name)
    if found:
        try:
            day = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
            hours, minutes, seconds = (int(found[i] or 0) for i in (2, 3, 4))
            return day.replace(hour=hours, minute=minutes, second=seconds)
        except ValueError:
            pass
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def state_time(session: Session, moments: Sequence[datetime]) -> str:
    """The moment that the imported state stands for: its own date, else the files'."""
    reports = choose(session.intake.reports.values())
    own = [report.state_at for report in reports if report.state_at is not None]
    when = max(own) if own else max(moments)
    for report in reports:
        report.state_at = report.state_at or when
    return moment(min(when, session.store.clock.now()))
