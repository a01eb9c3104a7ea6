"""XML without entities, doctypes or anything from outside; whole or as a stream of elements."""

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO

from lxml import etree

from crawler.documents.limits import parser_limit
from crawler.errors import CorruptBody, PageChanged, SourceError, TruncatedBody

BLOCK_BYTES = 2**16
PROLOG_BYTES = 2**16  # of comments and instructions before the root element
PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
ENCODING = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.-]+)[\"']")
HTML = re.compile(rb"<html\b|<!doctype\s+html\b", re.IGNORECASE)
ROOT_START = re.compile(rb"<[^\s!?/<>]")
# Others, such as UTF-7 or UTF-16, can spell a doctype that the check of the prolog does not see.
ENCODINGS = {b"utf-8", b"windows-1251", b"koi8-r", b"us-ascii", b"iso-8859-1", b"iso-8859-5"}
LIMITS = {
    etree.ErrorTypes.ERR_RESOURCE_LIMIT,
    etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED,
    etree.ErrorTypes.ERR_ENTITY_LOOP,
}
LIMIT_WORDS = ("huge input lookup", "too big", "Excessive depth", "too long")
SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "recover": False,
}


def parse_xml(body: bytes) -> Any:
    """The root element of `body`; errors as those of `iter_xml`."""
    parser = etree.XMLPullParser(events=(), **SAFE)
    for _ in _fed(parser, io.BytesIO(body)):
        pass
    return _closed(parser)


def iter_xml(source: bytes | BinaryIO, tag: str) -> Iterator[Any]:
    """Each element `tag` of `source` when it is whole; it is emptied when the next is asked for.

    TruncatedBody: the document ends inside an element; elements before were already given.
    CorruptBody: not well formed, or an encoding that no source uses. PageChanged: an HTML page or
    no XML. SourceError `parser-limit`: a doctype, or text, comment or depth past libxml2's limits.
    """
    parser = etree.XMLPullParser(events=("end",), tag=tag, **SAFE)
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    for _ in _fed(parser, stream):
        for _, element in parser.read_events():
            yield element
            _forget(element)
    _closed(parser)


def check_prolog(head: bytes) -> None:
    """Refuse a doctype, foreign encodings and what is no XML, before the parser sees a byte."""
    if head.strip() == b"":
        raise TruncatedBody("the body is empty where XML was expected")
    declared = ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared.group(1).lower() not in ENCODINGS:
        raise CorruptBody(f"an XML encoding that no source uses: {declared.group(1)[:20]!r}")
    prolog = PROLOG.match(head)
    rest = head[prolog.end() if prolog else 0 :]
    if HTML.match(rest):
        raise PageChanged("an HTML page stands where XML was expected")
    if rest.startswith(b"<!D"):
        raise parser_limit("the XML has a doctype, which may declare entities: refused")
    if len(head) == PROLOG_BYTES and (rest == b"" or rest.startswith((b"<!-", b"<?"))):
        raise parser_limit(f"the root element does not start within {PROLOG_BYTES} bytes")
    if len(rest) >= 2 and not ROOT_START.match(rest) and not rest.startswith((b"<!-", b"<?")):
        raise PageChanged("the body is no XML: no element stands at its start")


def declared_encoding(head: bytes) -> str | None:
    """The encoding that an XML declaration names, None where there is no declaration of one."""
    found = ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    return None if found is None else found[1].decode("ascii").lower()


def element_of(raw: bytes, encoding: str) -> Any:
    """One element out of a larger document; errors as those of `iter_xml`.

    raw: its very bytes, from `<` to the end of its closing tag. No namespace can be used in it."""
    parser = _parsers(encoding)
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise _fault(error, CorruptBody) from error


@cache
def _parsers(encoding: str) -> Any:
    return etree.XMLParser(encoding=encoding, **SAFE)


def _forget(element: Any) -> None:
    """Free the element and what stands before it, or the whole document stays in memory."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _fed(parser: Any, stream: BinaryIO) -> Iterator[None]:
    """Feed `stream` to `parser`, pausing after each block; every fault typed."""
    block = stream.read(PROLOG_BYTES)
    check_prolog(block)
    while block:
        try:
            parser.feed(block)
        except etree.XMLSyntaxError as error:
            raise _fault(error, CorruptBody) from error
        _check_entities(parser)
        yield
        block = stream.read(BLOCK_BYTES)


def _check_entities(parser: Any) -> None:
    """lxml loses the document at an undeclared entity and says so one block later, unclearly."""
    for entry in parser.feed_error_log:
        if entry.type == etree.ErrorTypes.ERR_UNDECLARED_ENTITY:
            raise CorruptBody(f"XML not well formed: {entry.message}, line {entry.line}")


def _closed(parser: Any) -> Any:
    """The root element; a document that is still open here was cut."""
    try:
        return parser.close()
    except etree.XMLSyntaxError as error:
        raise _fault(error, TruncatedBody) from error


def _fault(error: Any, kind: type[SourceError]) -> SourceError:
    """The typed error: a limit of the parser, else `kind`."""
    message = str(error)
    if error.code in LIMITS or any(word in message for word in LIMIT_WORDS):
        return parser_limit(f"XML past a limit of the parser: {message}")
    return kind(f"XML {'cut' if kind is TruncatedBody else 'not well formed'}: {message}")
