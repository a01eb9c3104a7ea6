"""Which text the bytes of a page are, by one rule, strictly: the right text or CorruptBody.

The rule: BOM; strict UTF-8 if multi-byte sequences occur; the encoding that the source's spec
declares; the header; the page's own meta; any U+FFFD refuses. No replacement character is ever
made here. Since every single-byte charset "succeeds" on nearly any bytes, a text that was not
proved by BOM or UTF-8 must also read as Russian (measured on the captured pages, 2026): mostly
Cyrillic letters, of which the ten commonest make up at least 45% (they make 67% of prose and less
than 35% of KOI8-R or ISO 8859-5 read as windows-1251).
"""

import codecs
import re
from collections.abc import Iterator

from crawler.errors import CorruptBody

BOMS = (  # UTF-32 little-endian begins as UTF-16 does, so it stands first
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
READABLE = {  # nothing else is taken from a header: utf-7 or hex would be a way to smuggle
    "utf-8": "utf-8",
    "utf-16": "utf-16-le",  # only asked without a BOM; RFC 2781 says big, servers say little
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1251": "cp1251",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "cp866": "cp866",
    "iso8859-5": "iso8859-5",
    "mac-cyrillic": "mac-cyrillic",
    "iso8859-1": "cp1252",  # as browsers read it
    "cp1252": "cp1252",
    "ascii": "ascii",
}
META_WITHIN_BYTES = 4096  # browsers look at 1024; some court pages have it after a long comment
# <meta charset="windows-1251">, <meta http-equiv=... content="text/html; charset=utf-8">
META = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# <?xml version="1.0" encoding="windows-1251"?>
XML_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
# text/html; charset="windows-1251"
HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
CYRILLIC = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґЎў]")
COMMON = re.compile(r"[оеаинтсрвл]", re.IGNORECASE)
TYPOGRAPHIC = re.compile("[«»№—–…“”„\u00a0]")
READABLE_SHARE = 0.6
COMMON_SHARE = 0.45
COMMON_FROM_LETTERS = 40  # fewer letters than that prove nothing by their frequency


def _continuations(charset: str) -> str:
    """What the bytes 80-BF, the second ones of UTF-8, look like when read as a charset."""
    return re.escape(bytes(range(0x80, 0xC0)).decode(charset, "ignore")) + "\x80-\x9f"


# "РџСЂ" and "ÐŸÑ€": the two bytes of one Cyrillic letter of UTF-8, read as two letters
TWICE_ENCODED = re.compile(
    f"[РС][{_continuations('cp1251')}]|[ÐÑ][{_continuations('cp1252')}\u00a0-\u00bf]"
)


def decode_text(
    body: bytes, declared: str | None, header: str | None, *, is_html: bool
) -> tuple[str, str]:
    """The text of a body and the charset that gave it.

    `declared` is the source's own setting, `header` the Content-Type or its charset as it came;
    the page's meta is read where `is_html`. Raises CorruptBody where no candidate gives a text
    that reads, and ValueError for a `declared` that is no charset.
    """
    text, charset = _decoded(body, declared, header, is_html=is_html)
    if "\ufffd" in text:
        raise CorruptBody(f"the page itself holds U+FFFD, its text was lost upstream ({charset})")
    if _is_twice_encoded(text):
        raise CorruptBody(f"the text is UTF-8 that was encoded twice ({charset})")
    return text, charset


def _decoded(
    body: bytes, declared: str | None, header: str | None, *, is_html: bool
) -> tuple[str, str]:
    for bom, charset in BOMS:
        if body.startswith(bom):
            return _strict(body[len(bom) :], charset, "byte order mark"), charset
    unmarked = _unmarked_utf16(body)
    if unmarked is not None:
        return _strict(body, unmarked, "zeros of UTF-16"), unmarked
    if body.isascii():
        return body.decode("ascii"), "ascii"
    tried = ["utf-8"]
    text = _attempt(body, "utf-8")
    if text is not None:
        return text, "utf-8"
    for charset in _candidates(body, declared, header, is_html=is_html):
        if charset in tried:
            continue
        tried.append(charset)
        text = _attempt(body, charset)
        if text is not None and _reads_as_russian(text):
            return text, charset
    raise CorruptBody(f"no charset gives a text that reads; tried {', '.join(tried)}")


def _attempt(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def _strict(body: bytes, charset: str, why: str) -> str:
    try:
        return body.decode(charset)
    except UnicodeDecodeError as error:
        message = f"{charset} by its {why}, but byte {error.start} is none: {error.reason}"
        raise CorruptBody(message) from error


def _unmarked_utf16(body: bytes) -> str | None:
    """UTF-16 without a mark: nearly every other byte is 00 (ASCII) or 04 (Cyrillic)."""
    sample = body[: len(body) // 2 * 2][:4096]
    half = len(sample) // 2
    for start, charset in ((1, "utf-16-le"), (0, "utf-16-be")):
        highs = sample[start::2]
        if half >= 2 and (highs.count(0) + highs.count(4)) / half >= 0.7:
            return charset
    return None


def _candidates(
    body: bytes, declared: str | None, header: str | None, *, is_html: bool
) -> Iterator[str]:
    """The charsets claimed for a body, by our own setting, the header and the page."""
    if declared is not None:
        name = _canonical(declared)
        if name is None:
            raise ValueError(f"a source declares {declared!r}, which is no charset that we read")
        yield name
    found = HEADER_CHARSET.search(header or "")
    claims = [found[1] if found else header or ""]
    claims += [
        match[1].decode("ascii", "replace")
        for pattern, applies in ((META, is_html), (XML_DECLARATION, True))
        if applies and (match := pattern.search(body, 0, META_WITHIN_BYTES))
    ]
    for claim in claims:
        name = _canonical(claim)
        if name is not None:
            yield name


def _canonical(label: str) -> str | None:
    """Our name of a charset label; None for what is unknown or not read here."""
    try:
        return READABLE.get(codecs.lookup(label.strip()).name)
    except (LookupError, ValueError):
        return None


def _reads_as_russian(text: str) -> bool:
    """Whether what is not ASCII is mostly Cyrillic, with letters as frequent as in Russian."""
    foreign = len(NOT_ASCII.findall(text))
    letters = CYRILLIC.findall(text)
    known = len(letters) + len(TYPOGRAPHIC.findall(text))
    if foreign == 0 or known / foreign < READABLE_SHARE:
        return False
    if len(letters) < COMMON_FROM_LETTERS:
        return True
    return len(COMMON.findall("".join(letters))) / len(letters) >= COMMON_SHARE


def _is_twice_encoded(text: str) -> bool:
    """Whether most of what is not ASCII is pairs that stand for one letter of UTF-8."""
    pairs = len(TWICE_ENCODED.findall(text))
    return pairs > 0 and 2 * pairs >= 0.75 * len(NOT_ASCII.findall(text))
