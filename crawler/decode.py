"""Content codings, strictly: a cut or corrupt body is a failure, never half a page.

Scrapy's own middleware gives half of a cut gzip stream with status 200 and no flag; here each
coding must show its own end (gzip trailer and CRC, zlib Adler-32, brotli's last block, zstd's
frame end and checksum). Size and ratio are capped while decoding, so memory stays bounded.

Rules for servers that lie about the coding (`content_type` says whether the body is text):

- declared gzip or zstd, no magic number, and a text body that begins with `<`, `{` or `[`: plain
  (a proxy took the coding off and left the header); any other body without magic: CorruptBody;
- nothing declared, but gzip magic on a text body: decoded, since no text begins with it;
- gzip magic again after decoding a text body: decoded once more; after two codings: CorruptBody;
- an empty body stays empty under any header: that it is empty is judged elsewhere.
"""

import zlib
from collections.abc import Callable, Generator, Iterable

import brotli
import zstandard

from crawler.errors import BodyTooLarge, CorruptBody, TruncatedBody

DEFAULT_MAX_RATIO = 200  # HTML tables of registers reach about 20:1, gzip's own limit is 1030:1
RATIO_FREE_BYTES = 64 << 10  # a small page of blanks may pass any ratio
PIECE_BYTES = 64 << 10
ZSTD_FEED_BYTES = 256  # zstd bounds no output: 4 bytes make 128 KiB, so 256 make at most 8 MiB
ZSTD_WINDOW_BYTES = 8 << 20  # RFC 9659: what a content coding may ask for
MEMBER_LIMIT = 1000  # each gzip member or zstd frame costs a copy; real bodies have one
CODING_LIMIT = 2
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGICS = (b"\x28\xb5\x2f\xfd", *(bytes([n]) + b"\x2a\x4d\x18" for n in range(0x50, 0x60)))
TEXT_TYPES = ("text/", "html", "json", "xml", "javascript")
TEXT_STARTS = (b"<", b"{", b"[")

Pieces = Generator[bytes, None, None]


def decode(
    body: bytes,
    content_encoding: str | None,
    *,
    max_size: int,
    max_ratio: int = DEFAULT_MAX_RATIO,
    content_type: str | None = None,
) -> bytes:
    """The body without its content codings.

    `content_encoding` is the header as it came; `max_size` is in bytes of the decoded body and
    `max_ratio` decoded to coded bytes, free below 64 KiB. Raises TruncatedBody, CorruptBody,
    BodyTooLarge.
    """
    codings = _codings(content_encoding)
    is_text = _is_text(content_type)
    if not body:
        return body
    limit = min(max_size, max(RATIO_FREE_BYTES, max_ratio * len(body)))
    for coding in reversed(codings):
        body = _without(coding, body, limit=limit, is_text=is_text)
    undeclared = 0
    while is_text and body.startswith(GZIP_MAGIC):
        undeclared += 1
        if len(codings) + undeclared > CODING_LIMIT:
            raise CorruptBody("the body is still gzip after two codings were taken off")
        body = _collected(_gzip(body), limit)
    if len(body) > max_size:
        raise BodyTooLarge(f"the body has {len(body)} bytes, the cap is {max_size}")
    return body


def _codings(header: str | None) -> list[str]:
    """The codings of a header in the order in which they were applied, `identity` left out."""
    names = [name.strip().lower() for name in (header or "").split(",")]
    codings = [name for name in names if name not in ("", "identity")]
    for name in codings:
        if name not in READERS:
            raise CorruptBody(f"unknown content coding {name[:40]!r}")
    if len(codings) > CODING_LIMIT:
        raise CorruptBody(
            f"{len(codings)} content codings declared, at most {CODING_LIMIT} are read"
        )
    return codings


def _is_text(content_type: str | None) -> bool:
    """Whether a Content-Type names text, JSON, HTML or XML (a zipped XLSX is none of them)."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if "officedocument" in kind:
        return False  # application/vnd.openxmlformats-... has "xml" in its name and is a ZIP
    return any(mark in kind for mark in TEXT_TYPES)


def _without(coding: str, body: bytes, *, limit: int, is_text: bool) -> bytes:
    """The body without one coding, or the body itself where the header lied by the rule."""
    magics = MAGICS.get(coding)
    if magics is not None and not _begins_as(body, magics):
        if is_text and body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(TEXT_STARTS):
            return body
        raise CorruptBody(f"declared {coding}, but the body does not begin as one")
    return _collected(READERS[coding](body), limit)


def _begins_as(body: bytes, magics: Iterable[bytes]) -> bool:
    """Whether a body begins with one of the magic numbers, or is a cut beginning of one."""
    return any(body.startswith(magic) or magic.startswith(body) for magic in magics)


def _collected(pieces: Iterable[bytes], limit: int) -> bytes:
    """All pieces joined; BodyTooLarge as soon as they pass the limit in bytes."""
    parts: list[bytes] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise BodyTooLarge(f"the decoded body passes the cap of {limit} bytes")
        parts.append(piece)
    return b"".join(parts)


def _inflated(body: memoryview, wbits: int) -> Generator[bytes, None, int]:
    """One zlib, gzip or raw deflate stream in pieces; returns how many bytes of input it took."""
    decoder = zlib.decompressobj(wbits)
    position, piece = 0, b""
    while not decoder.eof:
        pending: bytes | memoryview = decoder.unconsumed_tail
        if not pending and len(piece) < PIECE_BYTES:
            pending = body[position : position + PIECE_BYTES]
            position += len(pending)
            if not pending:
                raise TruncatedBody(f"the stream ends after {len(body)} bytes without its end mark")
        try:
            piece = decoder.decompress(pending, PIECE_BYTES)
        except zlib.error as error:
            raise CorruptBody(f"the stream does not decode: {error}") from error
        yield piece
    return position - len(decoder.unused_data)


def _gzip(body: bytes) -> Pieces:
    """All members of a gzip body; what follows the last one must be nothing."""
    rest = memoryview(body)
    for _ in range(MEMBER_LIMIT):
        taken = yield from _inflated(rest, 31)
        rest = rest[taken:]
        if not rest:
            return
        if not _begins_as(bytes(rest[:2]), [GZIP_MAGIC]):
            raise CorruptBody(f"{len(rest)} bytes of something else follow the gzip stream")
    raise CorruptBody(f"more than {MEMBER_LIMIT} gzip members")


def _deflate(body: bytes) -> Pieces:
    """A deflate body: in the zlib wrapping of RFC 9110, or raw as some servers send it.

    The zlib header is told by its check (RFC 1950, 2.2); a raw stream never has low bits 8 with
    it, since that would be a stored block with padding that no encoder writes.
    """
    wrapped = len(body) < 2 or (body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0)
    taken = yield from _inflated(memoryview(body), 15 if wrapped else -15)
    if taken != len(body):
        raise CorruptBody(f"{len(body) - taken} bytes of something else follow the deflate stream")


def _brotli(body: bytes) -> Pieces:
    """A brotli body. The format has no checksum: only its structure and its end can be proved."""
    decoder = brotli.Decompressor()
    position = 0
    while not decoder.is_finished():
        pending = b""
        if decoder.can_accept_more_data():
            pending = body[position : position + PIECE_BYTES]
            position += len(pending)
        try:
            piece = decoder.process(pending, output_buffer_limit=PIECE_BYTES)
        except brotli.error as error:
            raise CorruptBody(f"the stream does not decode: {error}") from error
        if not piece and not pending and not decoder.is_finished():
            raise TruncatedBody(f"brotli ends after {len(body)} bytes without its last block")
        yield piece
    if position != len(body):
        raise CorruptBody(f"{len(body) - position} bytes follow the brotli stream")


def _zstd(body: bytes) -> Pieces:
    """All frames of a zstd body; `stream_reader` would give half of a cut frame without a word."""
    rest = body
    for _ in range(MEMBER_LIMIT):
        taken = yield from _zstd_frame(rest)
        rest = rest[taken:]
        if not rest:
            return
    raise CorruptBody(f"more than {MEMBER_LIMIT} zstd frames")


def _zstd_frame(body: bytes) -> Generator[bytes, None, int]:
    """One frame in pieces; returns how many bytes of input it took."""
    decoder = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES).decompressobj()
    position = 0
    while not decoder.eof:
        pending = body[position : position + ZSTD_FEED_BYTES]
        if not pending:
            raise TruncatedBody(f"zstd ends after {len(body)} bytes without the end of its frame")
        position += len(pending)
        try:
            yield decoder.decompress(pending)
        except zstandard.ZstdError as error:
            raise CorruptBody(f"the stream does not decode: {error}") from error
    return position - len(decoder.unused_data)


READERS: dict[str, Callable[[bytes], Pieces]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
MAGICS: dict[str, tuple[bytes, ...]] = {
    "gzip": (GZIP_MAGIC,),
    "x-gzip": (GZIP_MAGIC,),
    "zstd": ZSTD_MAGICS,
}
