"""A window of HUDOC put together from its pages: count closure, and one row for each ruling.

A ruling has one document for each language. Its English row is said at once; rows in other
languages wait until the whole window is seen, because their English twin may stand on any page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crawler.page import Page
from pipelines.observation import Observation
from pipelines.reading import OnPage

# HUDOC's code of French is FRE; FRA, the ISO code, stands in files that others made of it.
PREFERRED = ("ENG", "FRE", "FRA")


@dataclass
class Chain:
    """The pages of one query: how many documents it declares, and which were seen."""

    declared: int | None = None
    seen: set[str] = field(default_factory=set)

    @property
    def missing(self) -> int:
        """Documents not seen; an unanswered query lacks at least one."""
        return 1 if self.declared is None else max(0, self.declared - len(self.seen))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row in another language than English, or a placeholder for a text that is not there."""

    page: Page
    seen: Observation
    rank: int


@dataclass
class Window:
    """What is known of one part while its pages are read, in whatever order they come."""

    chains: dict[str, Chain] = field(default_factory=dict)
    keys: set[tuple[str, ...]] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)
    said: int = 0

    def expect(self, names: Iterable[str]) -> None:
        """These queries will be asked too."""
        for name in names:
            self.chains.setdefault(name, Chain())

    def chain(self, name: str | None, total: int, ids: set[str]) -> Chain:
        """The query that a page answers; a file names none, so files of one query are told by
        their common count of results, as long as documents are missing."""
        label = name or f"file {total}"
        while name is None and self._is_full(label) and not ids <= self.chains[label].seen:
            label += "+"
        chain = self.chains.setdefault(label, Chain())
        chain.declared = total
        return chain

    def _is_full(self, label: str) -> bool:
        return label in self.chains and not self.chains[label].missing

    def say(self, seen: Observation) -> Observation:
        """A row that is told now."""
        self.said += 1
        self.keys.add(seen.key)
        return seen

    def wait(self, page: Page, seen: Observation, language: str, placeholder: bool) -> None:
        """A row that is told only if no better one of its ruling is in the window."""
        rank = PREFERRED.index(language) if language in PREFERRED else len(PREFERRED)
        self.waiting.append(Waiting(page, seen, rank + 10 * placeholder))

    @property
    def missing(self) -> int:
        """Documents that the source declares and that no page has shown."""
        return sum(chain.missing for chain in self.chains.values())

    def settle(self) -> Iterator[OnPage]:
        """Once everything is seen: the rulings that have no English row."""
        if self.missing:
            return
        for one in sorted(self.waiting, key=lambda one: one.rank):
            if one.seen.key not in self.keys:
                yield OnPage(one.page, self.say(one.seen))
        self.waiting.clear()
