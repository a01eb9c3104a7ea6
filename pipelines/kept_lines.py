"""Evidence of a harmful list: only the lines that are kept, with their places in the whole.

Form: a first line that names the whole (`# unsilenced kept lines of sha256:<digest> <url>`), then
for each kept stretch `@<start>-<end>` and its own bytes. Offsets are those of the decoded body,
whose SHA-256 stands in the `fetch`.
"""

import re
from collections.abc import Iterable, Iterator

from storage.evidence import sha256

MARK = b"# unsilenced kept lines of sha256:"
SPAN = re.compile(r"^bytes=(\d+)-(\d+)")  # bytes=120-245
PLACE = re.compile(rb"@(\d+)-(\d+)\n")


def locate(start: int, end: int) -> str:
    """The locator of a stretch of bytes of the whole body."""
    return f"bytes={start}-{end}"


def pack(body: bytes, locators: Iterable[str], url: str) -> bytes:
    """The kept stretches of a body, in order, each once."""
    if body.startswith(MARK):  # a replay reads what was kept already
        return body
    spans = {(int(m[1]), int(m[2])) for one in locators if (m := SPAN.match(one))}
    parts = [MARK + sha256(body).encode() + b" " + url.encode() + b"\n"]
    for start, end in sorted(spans):
        parts += [b"@%d-%d\n" % (start, end), body[start:end]]
        if not parts[-1].endswith(b"\n"):
            parts.append(b"\n")
    return b"".join(parts)


def unpack(kept: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The stretches of packed bytes: start and end in the whole, and the bytes themselves."""
    place = kept.index(b"\n") + 1
    while place < len(kept):
        found = PLACE.match(kept, place)
        if found is None:
            raise ValueError("not the form of kept lines")
        start, end = int(found[1]), int(found[2])
        begin = found.end()
        stretch = kept[begin : begin + end - start]
        yield start, end, stretch
        place = begin + len(stretch) + (0 if stretch.endswith(b"\n") else 1)
