"""What a `Reply` is and how it becomes bytes on the wire, lies included."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Ending = Literal["content-length", "matching", "chunked", "close", "rst"]


@dataclass(frozen=True)
class Reply:
    """What goes on the wire.

    body    bytes, or pieces of bytes made while they are sent (then no length is known)
    cut_at  where the body is cut: a count of bytes (int) or a share of it (float below 1)
    ending  content-length: announces the WHOLE length, sends up to the cut
            matching: announces the length of what is really sent
            chunked: one chunk, and the final one only where nothing was cut
            close, rst: no length; a clean close, or one that sends RST (SO_LINGER 0)
    delay   seconds before the first byte; `pause` seconds between pieces
    piece   bytes a piece, where a whole body is to be dripped
    raw     pieces sent as they are in place of status line, headers and body
    hang    never answer, keep the connection open
    """

    status: int = 200
    headers: Iterable[tuple[str, str]] = ()
    body: bytes | Iterable[bytes] = b""
    cut_at: int | float | None = None
    ending: Ending = "content-length"
    delay: float = 0
    pause: float = 0
    piece: int | None = None
    raw: Iterable[bytes] | None = None
    hang: bool = False


def cut(body: bytes, cut_at: int | float | None) -> bytes:
    """The body up to its cut: a count of bytes, or a share of them where `cut_at` is a float."""
    if cut_at is None:
        return body
    return body[: int(len(body) * cut_at) if isinstance(cut_at, float) else cut_at]


def head(reply: Reply, length: int | None, *, chunked: bool) -> bytes:
    """Status line and headers; a Content-Type and `Connection: close` where none was given."""
    headers = list(reply.headers)
    names = {name.lower() for name, _ in headers}
    if "content-type" not in names:
        headers.append(("Content-Type", "text/html; charset=utf-8"))
    if length is not None and "content-length" not in names:
        headers.append(("Content-Length", str(length)))
    if chunked:
        headers.append(("Transfer-Encoding", "chunked"))
    headers.append(("Connection", "close"))
    lines = [f"HTTP/1.1 {reply.status} LS", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("utf-8")


def pieces_of(data: bytes, size: int | None) -> Iterator[bytes]:
    """The bytes in pieces of `size`, or in one."""
    step = size or max(len(data), 1)
    for start in range(0, len(data), step):
        yield data[start : start + step]


def wire(reply: Reply, *, head_only: bool = False) -> Iterator[bytes]:
    """Everything that goes on the wire for one reply, in the pieces in which it goes."""
    if reply.raw is not None:
        yield from reply.raw
        return
    chunked = reply.ending == "chunked"
    if not isinstance(reply.body, bytes):
        yield head(reply, None, chunked=chunked)
        body: Iterable[bytes] = reply.body
    else:
        sent = cut(reply.body, reply.cut_at)
        lengths = {"content-length": len(reply.body), "matching": len(sent)}
        bodiless = reply.status in (204, 304) and not reply.body
        yield head(reply, None if bodiless else lengths.get(reply.ending), chunked=chunked)
        body = pieces_of(sent, reply.piece)
    if head_only:
        return
    for piece in body:
        yield b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    if chunked and reply.cut_at is None:
        yield b"0\r\n\r\n"
