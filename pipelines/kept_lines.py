"""Evidence of a harmful list: only the lines that are kept, with their places in the whole.

Form: a first line that names the whole (`# unsilenced kept lines of sha256:<digest> <url>`), then
for each kept stretch `@<start>-<end>` and its own bytes. Offsets are those of the decoded body,
whose SHA-256 stands in the `fetch`; where a list comes as one file cut in parts, those of the
parts put together, and a row that is cut in two stands with the part in which it ends.
"""

import re
from collections.abc import Iterable, Iterator

from pipelines.reading import SourcePage

MARK = b"# unsilenced kept lines of sha256:"
SPAN = re.compile(r"^bytes=(\d+)-(\d+)")  # bytes=120-245
PLACE = re.compile(rb"@(\d+)-(\d+)\n")


def locate(start: int, end: int) -> str:
    """The locator of a stretch of bytes of the whole body."""
    return f"bytes={start}-{end}"


def pack(page: SourcePage, locators: Iterable[str]) -> bytes:
    """The kept stretches of a page, in order, each once."""
    body = page.body
    if body.startswith(MARK):  # a replay reads what was kept already
        return body
    spans = {(int(m[1]), int(m[2])) for one in locators if (m := SPAN.match(one))}
    parts = [MARK + page.digest.encode() + b" " + page.url.encode() + b"\n"]
    for start, end in sorted(spans):
        parts += [b"@%d-%d\n" % (start, end), body[start - page.start : end - page.start]]
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
