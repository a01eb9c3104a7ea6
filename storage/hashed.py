"""Rows of which only a keyed hash is kept: they stand in the source, and nobody is told of them.

Which rows are kept is our choice (reference lists, rules of relevance). A row that goes from one
side to the other because our choice changed has neither appeared in the source nor left it.
"""

import hashlib
from collections.abc import Iterable
from itertools import chain

from sqlalchemy import Connection, select

from storage.models import HashedRows
from storage.packed import entries, only_in, place

WIDTH = 8  # bytes of one hash; a part's are stored one after the other, sorted
HELD_NOW = 0  # in place of a run: the state held


def row_hash(secret: bytes, key: str) -> bytes:
    """A keyed hash of a canonical key: tells whether the row is there, never what it is."""
    return hashlib.blake2b(key.encode(), digest_size=WIDTH, key=secret).digest()


def packed(connection: Connection, part_id: int, run_id: int) -> list[bytes]:
    """The hashes of a part: those of a run, or with HELD_NOW those of the state held."""
    rows = connection.execute(
        select(HashedRows.hashes).where(
            HashedRows.part_id == part_id, HashedRows.run_id == run_id, HashedRows.rows > 0
        )
    )
    return list(rows.scalars())


def among(hashes: Iterable[bytes], secret: bytes, keys: Iterable[str]) -> frozenset[str]:
    """Those keys of which a hash is there; the sorted hashes are searched as they are packed."""
    some = list(hashes)
    if not some:
        return frozenset()
    return frozenset(key for key in keys if any(_holds(one, row_hash(secret, key)) for one in some))


def lost(before: Iterable[bytes], now: Iterable[bytes]) -> set[bytes]:
    """The packed hashes that were there before and are not now."""
    states = [list(before), list(now)]
    if any(len(one) != 1 for one in states):  # of several endpoints, or of none
        states = [
            [b"".join(sorted(chain(*(entries(one, WIDTH) for one in some))))] for some in states
        ]
    return only_in(states[0][0], states[1][0], WIDTH)


def _holds(one: bytes, wanted: bytes) -> bool:
    return one.startswith(wanted, place(one, WIDTH, wanted))
