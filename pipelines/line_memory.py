"""What the lines of a register led to in the state before, across processes.

Two states of a register, a day apart, share all but a few thousand of a million lines. A line that
was there before is known by a keyed hash of its bytes: it is not split, decoded or normalised, only
counted again, or staged again as the record holds it. Lines that led to an issue are never
remembered, so every issue is met again; nor is a line that stands twice in a state.

The hash is SipHash, which Python has for its own caches (`_imp.source_hash`): a tenth of the time
of others, with which a million lines take a second (measured 2026-11-25). A Python that has another
one, other parsers and other reference lists make another `reader`; then every line is read.
"""

import _imp
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import repeat

from pipelines.spec import parser_version
from storage.evidence import sha256
from storage.hashed import WIDTH as HASH
from storage.hashed import row_hash
from storage.known_lines import IS_ROW, WIDTH, Known
from storage.packed import entries, place, with_more, without
from storage.staged_row import StagedRow

Tally = tuple[str, str]
PROBE = b"the same line"


def reader_of(secret: bytes, references: Mapping[str, str]) -> str:
    """Names everything on which it depends what a line leads to, beside its bytes."""
    lists = json.dumps(sorted(references.items()), ensure_ascii=False)
    probe = _imp.source_hash(_key(secret), PROBE)
    return sha256(b" ".join((parser_version().encode(), lists.encode(), probe)))


def _key(secret: bytes) -> int:
    """The key of the hash, made of the home's own; a hash that is kept does not give it away."""
    return int.from_bytes(row_hash(secret, "key of the lines"), signed=True)


class LineMemory:
    """The lines of one part: those of the state held, and those of the state being read."""

    def __init__(self, secret: bytes, known: Known) -> None:
        self._key = _key(secret)
        self._known = known
        self._counted: set[bytes] = set()  # of the state held, not met in this one yet
        self._rows: dict[bytes, bytes] = {}  # the same of rows; what each led to
        self._load()
        self.held: dict[bytes, int] = {}  # current revisions by the name of what they say
        self._numbers = {(agency, day): n for n, (agency, day, _rows) in enumerate(known.counts)}
        self._added = bytearray()

    def _load(self) -> None:
        packed = self._known.entries
        self._counted = {packed[at : at + HASH] for at in range(0, len(packed), WIDTH)}
        at = packed.find(IS_ROW)
        while at >= 0:
            if at % WIDTH == 2 * HASH:
                one = packed[at - 2 * HASH : at - HASH]
                self._rows[one] = packed[at - HASH : at]
                self._counted.remove(one)
            at = packed.find(IS_ROW, at + 1)

    def has_rows(self) -> bool:
        """Is any of the lines held a row?"""
        return bool(self._rows)

    def hashes(self, rows: Iterable[bytes]) -> list[bytes]:
        """The hashes of some lines."""
        return list(map(_imp.source_hash, repeat(self._key), rows))

    def pass_counted(self, hashes: list[bytes]) -> list[int]:
        """Pass the lines that were only counted before; returns the places of the others."""
        each = set(hashes)
        new = each - self._counted
        if len(each) < len(hashes):  # the second of two is not passed: it is read
            rest = []
            for n, one in enumerate(hashes):
                if one in new or one not in each:
                    rest.append(n)
                each.discard(one)
        else:
            rest = [n for n, one in enumerate(hashes) if one in new]
        self._counted.difference_update(hashes)
        return rest

    def revision(self, one: bytes) -> int | None:
        """The revision that says what a line says; None where the line has to be read."""
        value = self._rows.get(one)
        return None if value is None else self.held.get(value)

    def meet(self, one: bytes) -> None:
        """A line was staged as the record holds it."""
        del self._rows[one]

    def count(self, one: bytes, key_hash: bytes, tally: Tally) -> None:
        """Remember a line that is only counted."""
        number = self._numbers.setdefault(tally, len(self._numbers))
        self._added += one + key_hash + number.to_bytes(4)

    def keep(self, one: bytes, row: StagedRow) -> None:
        """Remember a line that is a row."""
        self._added += one + self.name(row) + IS_ROW

    def name(self, row: StagedRow) -> bytes:
        """A hash of all that a row says; not of where it says so."""
        said = (row.key, row.fields, row.measure, row.content_hash, row.judged_hash, row.quote)
        return _imp.source_hash(self._key, "\0".join(said).encode())

    def state(self) -> tuple[Known, list[bytes], Counter[Tally]]:
        """The lines of the state that was read; and of those that stand in it twice, and so are
        not among them, the hashes of their keys and their counts."""
        counts = [rows for _agency, _day, rows in self._known.counts]
        counts += [0] * (len(self._numbers) - len(counts))
        left, lost = self._left(counts)
        new, twice = self._new(left)
        found = []
        for entry in new:
            if not entry.endswith(IS_ROW):
                found.append(entry[HASH : 2 * HASH])
                counts[_number(entry)] += 1
        hashes = with_more(without(self._known.hashes, HASH, lost), HASH, sorted(found))
        names = list(self._numbers)
        known = Known(
            self._known.reader, with_more(left, WIDTH, new), hashes,
            tuple((*name, rows) for name, rows in zip(names, counts, strict=True)),
        )  # fmt: skip
        again = [entry for entry in twice if not entry.endswith(IS_ROW)]
        tally = Counter(names[_number(entry)] for entry in again)
        return known, [entry[HASH : 2 * HASH] for entry in again], tally

    def _left(self, counts: list[int]) -> tuple[bytes, list[bytes]]:
        """The entries of lines that stand here too; and the hashes of keys that do not."""
        packed, lost = self._known.entries, []
        for one in self._counted:
            at = place(packed, WIDTH, one)
            entry = packed[at : at + WIDTH]
            lost.append(entry[HASH : 2 * HASH])
            counts[_number(entry)] -= 1
        return without(packed, WIDTH, [*self._counted, *self._rows]), lost

    def _new(self, left: bytes) -> tuple[list[bytes], list[bytes]]:
        """The entries of lines that were read, each line once; and the rest of them."""
        new: list[bytes] = []
        twice: list[bytes] = []
        before = b""
        for entry in sorted(entries(self._added, WIDTH)):
            one = entry[:HASH]
            known = one == before or left.startswith(one, place(left, WIDTH, one))
            (twice if known else new).append(entry)
            before = one
        return new, twice


def tally_of(known: Known) -> Counter[Tally]:
    """How many of the lines are only counted, under which agency and day."""
    return Counter({(agency, day): rows for agency, day, rows in known.counts if rows})


def _number(entry: bytes) -> int:
    return int.from_bytes(entry[2 * HASH :])
