"""Roskomsvoboda's copy of the register of blocked sites, and its list of blockings outside it.

Two parts: `register`, the snapshot of today (about a million records in one JSON document), and
`dpi`, some tens of services that are blocked by the operators' filters and stand in no register.
No whole record was ever captured (2026-11): fields that programs use live are read, others told.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from crawler.documents.json_form import load_json
from crawler.documents.json_stream import Element, JsonReader
from crawler.errors import PageChanged, TruncatedBody
from crawler.page import Page
from crawler.spider import SourceSpider
from crawler.spiders.blockings.register_json import DpiRows, RecordRows
from pipelines import kept_lines
from pipelines.reading import Said, StateAt

DAY = re.compile(r"\d{4}-\d\d-\d\d")  # the keys of a snapshot
HEAD = 200  # bytes that tell the two lists apart


class BlockedRoskomsvoboda(SourceSpider):
    """Forms: `snapshot` the register, `dpi` the list of what is blocked without it."""

    name = "blocked_roskomsvoboda"

    def sniff(self, page: Page) -> str:
        return {"{": "snapshot", "[": "dpi"}.get(_first_sign(page.body), "snapshot")

    def part_of(self, page: Page) -> str:
        return "dpi" if _first_sign(page.body) == "[" else "register"

    def read(self, page: Page) -> Iterator[Said]:
        if page.body.startswith(kept_lines.MARK):
            yield from _read_kept(page)
        elif page.form == "dpi":
            yield from _read_dpi(page)
        else:
            yield from _read_snapshot(page)


def _first_sign(body: bytes) -> str:
    return body[:HEAD].decode("latin-1").lstrip("\xef\xbb\xbf \r\n\t")[:1]


def _read_snapshot(page: Page) -> Iterator[Said]:
    """`{"2026-11-22": [record, ...]}`: the key is the day of the snapshot."""
    reader = JsonReader(page.body)
    if reader.sign() != b"{":
        raise PageChanged("The snapshot is no JSON object whose key is its day.")
    yield from _told(reader, RecordRows(page.part), _records(reader, page.part))


def _records(reader: JsonReader, part: str) -> Iterator[Element | StateAt]:
    for key in reader.members():
        yield _state(key, part)
        reader.take(b":")
        if reader.sign() != b"[":
            raise PageChanged("Under the day of the snapshot stands no list of records.")
        yield from reader.elements()


def _read_dpi(page: Page) -> Iterator[Said]:
    reader = JsonReader(page.body)
    yield from _told(reader, DpiRows(page.part), reader.elements())


def _told(
    reader: JsonReader, rows: RecordRows | DpiRows, found: Iterable[Element | StateAt]
) -> Iterator[Said]:
    """What the elements of a document say, read to its end. An empty list is an error."""
    read = 0
    for one in found:
        if isinstance(one, StateAt):
            yield one
            continue
        read += 1
        yield from rows.said(one)
    reader.finish()
    if not read:
        raise TruncatedBody(f"The {rows.of} has no record.", reason="empty")


def _read_kept(page: Page) -> Iterator[Said]:
    """A replay: the records that were kept, at the places that they had in the whole."""
    rows = DpiRows(page.part) if page.part == "dpi" else RecordRows(page.part)
    for start, end, stretch in kept_lines.unpack(page.body):
        text = stretch.decode("utf-8")
        if text.startswith('"'):
            yield _state(Element(start, end, text.strip().strip('"')), page.part)
        else:
            yield from rows.said(Element(start, end, load_json(text)))


def _state(key: Element, part: str) -> StateAt:
    if not isinstance(key.value, str) or DAY.fullmatch(key.value) is None:
        raise PageChanged("A key of the snapshot is not a day: its form has changed.")
    try:
        at = datetime.fromisoformat(key.value).replace(tzinfo=UTC)
    except ValueError as error:
        raise PageChanged("The day of the snapshot does not exist.") from error
    return StateAt(at, part, kept_lines.locate(key.start, key.end))
