"""Rows of the state before, by what the source says: a row that says the same is not read again.

Two states of a register, a day apart, share all but a few rows. Used where states follow each other
in one process (a mirror's history); never across processes or parsers.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from pipelines.observation import Observation
from pipelines.reading import Normalised
from storage.staged_row import StagedRow

Read = tuple[Normalised, StagedRow]


@dataclass
class RowMemory:
    """Holds one state and the state being read: no more, however long the history is."""

    _before: dict[Hashable, Read] = field(default_factory=dict)
    _now: dict[Hashable, Read] = field(default_factory=dict)

    def next_state(self) -> None:
        """What was read becomes what was read before."""
        self._before, self._now = self._now, {}

    def get(self, seen: Observation) -> Read | None:
        """How this very row was read in the state before, None where it was not there."""
        name = _name(seen)
        known = self._before.get(name)
        if known is not None:
            self._now[name] = known
        return known

    def keep(self, seen: Observation, read: Read) -> None:
        """Remember a row of the state being read."""
        self._now[_name(seen)] = read


def _name(seen: Observation) -> Hashable:
    return (seen.key, seen.quote, tuple(seen.fields.items()))
