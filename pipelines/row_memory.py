"""Rows of the state before, by what the source says: a row that says the same is not read again.

Two states of a register, a day apart, share all but a few rows. Used where states follow each other
in one process (a mirror's history); never across processes or parsers.
"""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field

from pipelines.observation import Observation
from pipelines.reading import Normalised, RawRow
from storage.staged_row import StagedRow

# How a row was read; no staged row where it is only counted.
Read = tuple[Normalised, StagedRow | None]
DIGEST_BYTES = 16


@dataclass
class RowMemory:
    """Holds one state and the state being read: no more, however long the history is."""

    _before: dict[bytes, Read] = field(default_factory=dict)
    _now: dict[bytes, Read] = field(default_factory=dict)
    _counted: dict[Hashable, Read] = field(default_factory=dict)

    def next_state(self) -> None:
        """What was read becomes what was read before."""
        self._before, self._now = self._now, {}

    def get(self, seen: Observation | RawRow) -> Read | None:
        """How this very row was read in the state before, None where it was not there."""
        name = _name(seen)
        known = self._before.get(name)
        if known is not None:
            self._now[name] = known
        return known

    def keep(self, seen: Observation | RawRow, result: Normalised, row: StagedRow | None) -> None:
        """Remember a row of the state being read."""
        self._now[_name(seen)] = (result, row) if row is not None else self._shared(result)

    def _shared(self, result: Normalised) -> Read:
        """Nine rows of ten are counted only, under a few thousand names: one object for each."""
        return self._counted.setdefault((result.tally, result.troubles), (result, None))


def _name(seen: Observation | RawRow) -> bytes:
    """A digest of all that a row says: a million rows are remembered, most not to be kept."""
    said = seen.raw if isinstance(seen, RawRow) else _said(seen)
    return hashlib.blake2b(said, digest_size=DIGEST_BYTES).digest()


def _said(seen: Observation) -> bytes:
    return repr((seen.key, seen.quote, tuple(seen.fields.items()))).encode("utf-8", "surrogatepass")
