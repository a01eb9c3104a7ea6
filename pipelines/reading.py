"""What a reader may say besides observations: facts about the part, and what it did not grasp."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from pipelines.observation import Observation


@dataclass(frozen=True, slots=True)
class Declared:
    """The source says how many rows this part has."""

    rows: int
    part: str = "register"


@dataclass(frozen=True, slots=True)
class StateAt:
    """The source says of what moment its state is; the locator where it says so."""

    at: datetime
    part: str = "register"
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something of the page that nobody reads, or that changed: an issue, never a value."""

    kind: str
    heading: str
    text: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: it still counts as present, by its key where there is one."""

    key: tuple[str, ...] | None
    heading: str
    text: str
    locator: str


class RawRow(NamedTuple):
    """A row of which so far only key and bytes are known: `read` takes it apart. Where the very
    bytes were read before, nobody needs to. (A million are made: a dataclass costs thrice.)"""

    key: tuple[str, ...]
    raw: bytes
    locator: str
    read: "Callable[[RawRow], Observation | BadRow]"
    part: str = "register"


class SourcePage(Protocol):
    """What intake must know of the bytes that a reader reads."""

    @property
    def fetch_id(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def endpoint(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def url(self) -> str: ...
    @property
    def start(self) -> int: ...


@dataclass(frozen=True, slots=True)
class OnPage:
    """A row that another page states, or that belongs to another part than the page read now:
    its evidence is that page, its place that page's part."""

    page: SourcePage
    seen: "Observation | Absent"


@dataclass(frozen=True, slots=True)
class Found:
    """A page that leads to rows of other parts, and to how many. It proves that the source
    answered for this window even where it leads to none."""

    rows: int


@dataclass(frozen=True, slots=True)
class Absent:
    """The page of a row's own address says that the row is there no more. Only a source whose
    parts grow says so; two such looks, 20 hours apart, end the row."""

    key: tuple[str, ...]
    locator: str


Said = Observation | Declared | StateAt | Oddity | BadRow | OnPage | Found | RawRow | Absent


@dataclass(frozen=True, slots=True)
class Trouble:
    """A value that was not understood while normalising: heading and plain words."""

    kind: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """An observation after look-up, normalisation and validation.

    kept=False: the row is neither political nor media and is kept only as a keyed hash, counted
    under (kind of agency, day of decision)."""

    fields: Mapping[str, Any]
    measure: Mapping[str, Any]
    troubles: tuple[Trouble, ...] = ()
    kept: bool = True
    tally: tuple[str, str] = ("", "")
