"""Sorted entries of one width in one string of bytes: a million take a few megabytes, no objects.

Two states of a register differ in a few rows of a million. So what differs is found by comparing
stretches, and what changes is cut out of the bytes and put into them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

STRETCH = 64  # entries compared at once


def entries(packed: bytes | bytearray, width: int) -> Iterator[bytes]:
    """Each entry by itself."""
    return (bytes(packed[at : at + width]) for at in range(0, len(packed), width))


def place(packed: bytes, width: int, wanted: bytes) -> int:
    """Where the first entry stands that is not before `wanted`; in bytes."""
    places = range(0, len(packed), width)
    return width * bisect_left(places, wanted, key=lambda at: packed[at : at + width])


def without(packed: bytes, width: int, beginnings: Iterable[bytes]) -> bytes:
    """The packed entries but for those with these beginnings, each of which is there; a beginning
    that is given twice takes two entries away."""
    pieces, at, before = [], 0, b""
    for beginning in sorted(beginnings):
        cut = at if beginning == before else place(packed, width, beginning)
        pieces.append(packed[at:cut])
        at, before = cut + width, beginning
    return b"".join([*pieces, packed[at:]])


def with_more(packed: bytes, width: int, more: Sequence[bytes]) -> bytes:
    """The packed entries and `more`, which are sorted."""
    if not packed:
        return b"".join(more)
    pieces, at = [], 0
    for entry in more:
        cut = place(packed, width, entry)
        pieces += [packed[at:cut], entry]
        at = cut
    return b"".join([*pieces, packed[at:]])


def only_in(first: bytes, second: bytes, width: int) -> set[bytes]:
    """Entries of the first that the second lacks; equal stretches are passed in one step."""
    found: set[bytes] = set()
    step, i, j = width * STRETCH, 0, 0
    same = b""
    while i < len(first):
        if first[i : i + step] == second[j : j + step] and i + step <= len(first):
            i, j = i + step, j + step
            same = first[i - width : i]
            continue
        one, other = first[i : i + width], second[j : j + width]
        if one == other:
            i, j, same = i + width, j + width, one
        elif other and other < one:
            j += width
        else:
            i += width
            if one != same:
                found.add(one)
    return found
