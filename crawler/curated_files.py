"""`import curated`: an analyst's table with its attachments, by the path of every other source.

The table is checked before a run begins, so that a file that cannot be taken changes nothing.
"""

import getpass
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crawler.attachments import MISSING, Attachment, Attachments, NoEvidence
from crawler.errors import SourceError
from crawler.importing import Given, file_time, state_time
from crawler.page import Page
from crawler.session import Session
from crawler.spiders.curated.curated import Curated
from crawler.spiders.curated.table import Entry, Fault, read_table
from pipelines.curated import ATTACHMENTS
from pipelines.curated_person import hidden_name, is_private
from pipelines.intake import canonical_key
from pipelines.spec import fold
from storage.errors import Refused
from storage.evidence import sha256
from storage.fetch_facts import FetchFacts
from storage.models import Record, Revision
from storage.staged_row import Issue
from storage.store import Store

NAME = Curated.name
TABLE, ATTACHMENT = 0, 1  # the endpoints of `curated.toml`
OTHER_AUTHOR = "other-author"
SHOWN_FAULTS = 20
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proven:
    """A row that can be taken, with the files that prove it."""

    entry: Entry
    files: tuple[Attachment, ...]


def import_curated(
    store: Store, files: Sequence[Path], url: str | None = None, folder: Path | None = None
) -> list[dict[str, Any]]:
    """Read a table and its attachments as one state; returns the runs (a replay may come first).

    The first file is the table, further ones are attachments; `folder` has others, else the
    folder of the table. Raises Refused, with nothing changed, where no row can be taken."""
    given = _given(files, url, folder)
    attachments = Attachments(folder or files[0].parent, files[1:], max_size=Curated.spec.max_size)
    entries, extra = _entries(given)
    proven, faults = _sort(store, entries, attachments, sha256(given.body))
    if not proven:
        told = "".join(f"\n  {_words(given, *pair)}" for pair in faults[:SHOWN_FAULTS])
        raise Refused(f"{given.name} has no row that can be taken. Nothing was imported.{told}")
    session = Session(store, NAME, Curated, "curated")
    try:
        _read(session, given, proven)
        _tell(session, given, faults, _left(given, extra, attachments))
        _log(session, given, proven)
        result = session.finish(state_time(session, [given.at]))
    except Exception as error:
        session.run.fail(f"{type(error).__name__}: {error}")
        raise
    return [*session.before, result]


def _given(files: Sequence[Path], url: str | None, folder: Path | None) -> Given:
    for path in files:
        if not path.is_file():
            raise Refused(f"There is no file {path}. Nothing was imported.")
    if folder is not None and not folder.is_dir():
        raise Refused(f"There is no folder {folder}. Nothing was imported.")
    path = files[0]
    if path.stat().st_size > Curated.spec.max_size:
        raise Refused(f"{path.name} is larger than a table may be. Nothing was imported.")
    return Given(path.name, path.read_bytes(), file_time(path), url or f"file:{path.name}")


def _entries(given: Given) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    try:
        table = read_table(given.body, Curated.spec.encoding)
    except SourceError as error:
        raise Refused(f"{given.name}: {error}. Nothing was imported.") from error
    return table.entries, table.extra


def _sort(
    store: Store, entries: Sequence[Entry], attachments: Attachments, table: str
) -> tuple[list[Proven], list[tuple[Entry, Fault]]]:
    """The rows that can be taken, and the others with what is wrong with them."""
    authors = _authors(store)
    proven, faults = [], []
    for entry in entries:
        fault = entry.fault or _stranger(entry, authors)
        try:
            if fault is None:
                found = tuple(attachments.get(name) for name in entry.names())
                _refuse_itself(found, table)
                proven.append(Proven(entry, found))
                authors.setdefault(canonical_key((entry.id,)), fold(entry.cells["author"]))
        except NoEvidence as error:
            fault = Fault(MISSING, "evidence", str(error))
        if fault is not None:
            faults.append((entry, fault))
    return proven, faults


def _refuse_itself(found: Sequence[Attachment], table: str) -> None:
    if table in (file.digest for file in found):
        raise NoEvidence("a table cannot prove itself.")


def _authors(store: Store) -> dict[str, str]:
    """Key of every act that is known -> who entered it."""
    with store.read() as connection:
        rows = connection.execute(
            select(Record.key, Revision.fields)
            .join(Revision, Revision.id == Record.revision_id)
            .where(Record.source == NAME)
        ).all()
    return {key: fold(json.loads(fields)["author"] or "") for key, fields in rows}


def _stranger(entry: Entry, authors: dict[str, str]) -> Fault | None:
    """An id belongs to whoever used it first: two analysts may both begin with 1."""
    known = authors.get(canonical_key((entry.id,)))
    if known is None or known == fold(entry.cells["author"]):
        return None
    words = "another author has entered an act under this id; theirs is kept. Choose another id."
    return Fault(OTHER_AUTHOR, "id", words)


def _read(session: Session, given: Given, proven: Sequence[Proven]) -> None:
    """Keep all bytes as evidence, then read the table once for every row that it proves."""
    _keep_attachments(session, proven)
    spider = Curated()
    parts: dict[str, Page] = {}
    for one in proven:
        if one.entry.id not in parts:
            parts[one.entry.id] = _note_row(session, given, one)
    for part, page in parts.items():
        report = session.intake.report(part, TABLE)
        report.same_bytes = session.is_same(report)
        if not report.same_bytes:
            session.intake.take(page, spider.read(page))


def _keep_attachments(session: Session, proven: Sequence[Proven]) -> None:
    kept: set[str] = set()
    for one in proven:
        for said, file in zip(_attached(one), one.files, strict=True):
            if file.digest not in kept:
                kept.add(file.digest)
                url = said["url"] or f"file:{said['name']}"
                _add_fetch(session, url, file.body, part=one.entry.id, endpoint=ATTACHMENT)


def _note_row(session: Session, given: Given, one: Proven) -> Page:
    """The table as the evidence of one row."""
    part, digest = one.entry.id, sha256(given.body)
    context: dict[str, object] = {"id": part, ATTACHMENTS: _attached(one)}
    fetch_id = _add_fetch(
        session, given.url, given.body, part=part, endpoint=TABLE, context=context
    )
    report = session.intake.report(part, TABLE, url=given.url)
    report.pages[f"0:{given.name}"] = digest
    for file in one.files:
        report.pages[f"{len(report.pages)}:{file.name}"] = file.digest
    return Page(
        url=given.url, body=given.body, form="table", fetch_id=fetch_id, digest=digest,
        at=given.at, part=part, endpoint=TABLE, encoding=Curated.spec.encoding, context=context,
    )  # fmt: skip


def _attached(one: Proven) -> list[dict[str, str | None]]:
    """What a row tells of its attachments; files about private persons lose their names."""
    private = is_private(one.entry.cells)
    url = one.entry.cells.get("source_url") or None
    return [
        {"name": hidden_name(f.name, n) if private else f.name, "digest": f.digest, "url": url}
        for n, f in enumerate(one.files, start=1)
    ]


def _add_fetch(session: Session, url: str, body: bytes, *, endpoint: int, **more: Any) -> str:
    return session.run.add_fetch(
        FetchFacts(
            url=url, final_url=url, method="FILE", fetched_at=session.store.clock.now(), wire=body,
            body=body, endpoint=endpoint, form=Curated.spec.endpoint[endpoint].form, origin="file",
            **more,
        )
    )  # fmt: skip


def _tell(
    session: Session, given: Given, faults: Sequence[tuple[Entry, Fault]], left: Sequence[Issue]
) -> None:
    """Rows that were not taken, and columns and files that nobody reads, become issues."""
    for entry, fault in faults:
        words = _words(given, entry, fault)
        logger.warning("%s", words)
        part = entry.id or "register"
        digest = sha256(given.body)
        session.run.issue(Issue(fault.kind, fault.column, words, entry.locator, digest, part))
    for issue in left:
        logger.warning("%s: %s", given.name, issue.text)
        session.run.issue(issue)


def _left(given: Given, extra: Sequence[str], attachments: Attachments) -> list[Issue]:
    """Columns that nobody reads, and files that no row names: they were not kept."""
    digest = sha256(given.body)
    columns = [
        Issue("unknown-column", name, f"Nobody reads the column «{name}».", "", digest)
        for name in extra
    ]
    # The name of a file may be that of a person: it stands where releases do not look.
    return columns + [
        Issue("unused-attachment", "evidence", f"No row names {name}.", f"file:{name}", digest)
        for name in attachments.unused()
    ]


def _words(given: Given, entry: Entry, fault: Fault) -> str:
    return f"{given.name}, line {entry.line}, column {fault.column}: {fault.words}"


def _log(session: Session, given: Given, proven: Sequence[Proven]) -> None:
    """The audit names the file, who ran the import, and whose rows it brought."""
    authors: dict[str, list[str]] = {}
    for one in proven:
        authors.setdefault(one.entry.cells["author"], []).append(one.entry.id)
    payload = {
        "table": sha256(given.body), "authors": authors,
        "attachments": sorted({file.digest for one in proven for file in one.files}),
    }  # fmt: skip
    with session.store.write() as connection:
        subject = f"run {session.run.id}"
        session.store.log(connection, "curated-file", subject, payload, getpass.getuser())
