"""dump.xml, the register of blocked sites as operators get it, read record by record.

    <?xml version="1.0" encoding="windows-1251"?><reg:register formatVersion="2.2"
    updateTime="2015-08-20T15:00:00+03:00" xmlns:reg="http://rsoc.ru"><content ...>...</content>
    ...</reg:register>

Mirrors cut it in parts of about 100 MB, wherever a byte happens to stand: a part begins and ends
inside a record. The parts are read in their order as one document. What is left of one is put in
front of the next, so no more than a part and a record is held. The frame is found in the bytes, and
a record whose bytes were read before is not taken apart; each other one goes through the XML
parser by itself. Between records nothing may stand. Source: dossier of blockings, section 2.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import takewhile

from crawler.charset import decode_text
from crawler.documents.xml_form import check_prolog, declared_encoding, element_of
from crawler.errors import CorruptBody, PageChanged, SourceError, TruncatedBody
from crawler.page import Page
from crawler.spiders.blockings.dump_record import BLANK, LAST, Records, locate
from pipelines import kept_lines
from pipelines.block_dates import MOSCOW
from pipelines.dates import Unread, read_moment
from pipelines.reading import Oddity, RawRow, RawRows, Said, StateAt

ROOT = re.compile(rb"<((?:[\w.-]{1,20}:)?register)\b[^<>]{0,2000}>")
HEAD_BYTES = 2**16
FIRST = b"<content"
NOT_ASCII = re.compile(rb"[\x80-\xff]")
SAMPLE_BYTES = 2**20
STRETCH_BYTES = 2**20
SPACE = re.compile(rb"\s*")
OPENED, CLOSED = b"<![CDATA[", b"]]>"
MOST_RECORD_BYTES = 16 * 2**20  # one record of 2018 lists thousands of addresses
VERSIONS = frozenset({"2.0", "2.1", "2.2", "2.3", "2.4"})
NUMBERED = re.compile(r"\.xml\.(\d\d)$")  # dump.xml.03
BETWEEN_RECORDS = "Between two records stands something that is neither blank nor a record."


class DumpReader:
    """Reads the parts of one dump, each behind the one before it."""

    def __init__(self, part: str, encoding: str) -> None:
        self.part = part
        self.records = Records(part, encoding)
        self._left = b""  # bytes of the parts so far that belong to an unfinished record
        self._start = 0  # their place in the whole
        self._closing = b""  # the closing tag of the root, once the root is open
        self._whole = False
        self._number: int | None = None

    def join(self, page: Page) -> Page:
        """The page with what the part before it left unread in front."""
        body = self._left + page.body if self._left else page.body
        return replace(page, body=body, start=self._start)

    def read(self, page: Page) -> Iterator[Said]:
        """The records of a joined page. Raises TruncatedBody, CorruptBody, PageChanged."""
        self._check_order(page)
        body, place = page.body, 0
        if not self._closing:
            place = yield from self._open(page)
        place = yield from self._records(body, place)
        self._left, self._start = body[place:], page.start + place
        if len(self._left) > MOST_RECORD_BYTES:
            raise CorruptBody(f"A record has more than {MOST_RECORD_BYTES} bytes.")

    def finish(self) -> None:
        """All parts were read. Raises TruncatedBody where the root element is still open."""
        if self._closing and not self._whole:
            words = "The dump ends before its root element does: a part is missing or was cut."
            raise TruncatedBody(words)

    def _open(self, page: Page) -> Generator[Said, None, int]:
        """The root element: the state's own date, the encoding. Returns where records begin."""
        found = root_of(page.body[:HEAD_BYTES])
        self.records.encoding = charset_of(page, self.records.encoding)
        self._closing = b"</" + found[1] + b">"
        yield from root_says(found[0], self.part, found.start())
        return found.end()

    def _records(self, body: bytes, place: int) -> Generator[Said, None, int]:
        """Each whole record; returns where the first unfinished one begins."""
        base = self._start
        while True:
            stretch = stretch_of(body, place)
            if stretch and not self._whole:
                yield RawRows(
                    stretch, base + place, len(LAST), locate, self.records.take, None, self.part
                )
                place += sum(map(len, stretch)) + len(LAST) * len(stretch)
                continue
            begin = SPACE.match(body, place).end()  # type: ignore[union-attr]
            if self._whole and begin < len(body):
                raise CorruptBody("Something stands behind the end of the root element.")
            if not body.startswith(FIRST, begin):
                return self._between(body, begin)
            end = record_end(body, begin)
            if end is None:
                return begin
            yield self.records.row(body[begin:end], base + begin)
            if self.records.odd:
                yield from self.records.told()
            place = end

    def _between(self, body: bytes, begin: int) -> int:
        """No record begins here: the end of the root, or of the part. Returns what was read."""
        if not self._whole and body.startswith(self._closing, begin):
            self._whole = True
            end = begin + len(self._closing)
            if body[end:].strip(BLANK):
                raise CorruptBody("Something stands behind the end of the root element.")
            return len(body)
        rest = body[begin : begin + len(self._closing) + len(FIRST)]
        if FIRST.startswith(rest) or self._closing.startswith(rest):
            return begin
        raise PageChanged(BETWEEN_RECORDS)

    def _check_order(self, page: Page) -> None:
        """Parts that carry their numbers follow each other without a gap."""
        found = NUMBERED.search(page.url)
        if found is None:
            return
        number, expected = int(found[1]), 0 if self._number is None else self._number + 1
        if number != expected:
            words = f"Part {number:02} of the dump came where part {expected:02} belongs."
            raise SourceError(words, reason="page-missing")
        self._number = number


def root_of(head: bytes) -> "re.Match[bytes]":
    """The root element's tag. Raises SourceError `page-missing` for a later part, whose beginning
    is not here, and what `check_prolog` raises for anything that is no XML."""
    found = ROOT.search(head)
    before = head.find(FIRST)
    if (found is None or -1 < before < found.start()) and (before > -1 or LAST in head):
        words = "The file begins inside the register: give all its parts at once, the first first."
        raise SourceError(words, reason="page-missing")
    check_prolog(head)
    if found is None:
        raise PageChanged("The root element is not that of the register.")
    if head[: found.start()].count(b"<") > 1 + head[: found.start()].count(b"<!--"):
        raise PageChanged("Something stands in front of the root element.")
    return found


def charset_of(page: Page, spelled: str) -> str:
    """The charset by the one rule, found on a stretch that has letters; a declaration of the file
    stands for what the source's spec says."""
    declared = declared_encoding(page.body[:HEAD_BYTES]) or spelled
    found = NOT_ASCII.search(page.body)
    if found is None:
        return declared
    sample = page.body[page.body.rfind(b"<", 0, found.start()) :][:SAMPLE_BYTES]
    whole = sample[: sample.rfind(b">") + 1] or sample
    return decode_text(whole, declared, page.charset, is_html=False)[1]


def record_end(body: bytes, begin: int) -> int | None:
    """Where a record ends, None where it is not whole. A closing tag inside a CDATA is text."""
    end = body.find(LAST, begin)
    while end >= 0:
        end += len(LAST)
        if body.rfind(OPENED, begin, end) <= body.rfind(CLOSED, begin, end):
            return end
        if end - begin > MOST_RECORD_BYTES:
            raise CorruptBody(f"A record has more than {MOST_RECORD_BYTES} bytes.")
        end = body.find(LAST, end)
    return None


def stretch_of(body: bytes, place: int) -> list[bytes]:
    """Records that follow each other, without their closing tags, up to one that is not plainly a
    record: that one is looked at by itself."""
    end = body.rfind(LAST, place, place + STRETCH_BYTES)
    if end < 0:
        return []
    return list(takewhile(is_record, body[place:end].split(LAST)))


def is_record(raw: bytes) -> bool:
    """Is it one record but for its closing tag? A closing tag inside a CDATA is text."""
    if not raw.startswith((FIRST, b"\n" + FIRST)) and not raw.lstrip(BLANK).startswith(FIRST):
        return False
    return raw.rfind(OPENED) <= raw.rfind(CLOSED)


def root_says(tag: bytes, part: str, start: int) -> Iterator[Said]:
    """The moment of the state, by the root's own attribute; a version that nobody has read."""
    said = dict(element_of(tag[:-1].rstrip(b"/") + b"/>", "utf-8").attrib)
    version = said.get("formatVersion")
    if version is not None and version not in VERSIONS:
        words = "The dump has a format version that nobody has read yet."
        yield Oddity("unknown-value", "formatVersion", words)
    stated = said.get("updateTime")
    if stated is None:
        return
    try:
        at = read_moment(stated, MOSCOW)
    except Unread as error:
        raise PageChanged("The dump states no moment that reads in `updateTime`.") from error
    yield StateAt(at, part, kept_lines.locate(start, start + len(tag)))


def read_kept(page: Page) -> Iterator[Said]:
    """A replay: the root and the records that were kept, at the places they had in the whole."""
    records = Records(page.part, page.encoding)
    for start, _end, stretch in kept_lines.unpack(page.body):
        if ROOT.match(stretch):
            yield from root_says(stretch, page.part, start)
            continue
        row = records.row(stretch, start)
        yield records.read(row) if isinstance(row, RawRow) else row
        yield from records.told()


def is_later_part(url: str) -> bool:
    """Is it numbered as a part behind the first? The last one may have a few bytes only."""
    found = NUMBERED.search(url)
    return found is not None and int(found[1]) > 0


def looks_like_dump(body: bytes) -> bool:
    """Is it a dump, or a stretch of one?"""
    head = body[:HEAD_BYTES]
    return ROOT.search(head) is not None or FIRST in head or LAST in head
