"""What a reader may say besides observations: facts about the part, and what it did not grasp."""

from collections.abc import Callable, Mapping, Sequence
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


class RawRows(NamedTuple):
    """Rows that follow each other, of which so far only the bytes are known. Those that were read
    in the state before are not taken apart: of a million rows of a register a few thousand are.

    rows   their bytes, without the `gap` bytes that end each
    start  place of the first in the whole
    locate the locator of a row that stands at a place
    read   takes one apart that stands at a place: what it says, and whether those bytes say the
           same wherever they stand (else they are read anew in every state)
    plain  the strings of a row that can be only counted, and its key, where a quick look tells
    """

    rows: list[bytes]
    start: int
    gap: int
    locate: "Callable[[bytes, int], str]"
    read: "Callable[[bytes, int], tuple[Sequence[Observation | BadRow | Oddity], bool]]"
    plain: "Callable[[bytes], tuple[Mapping[str, str], tuple[str, ...]] | None] | None" = None
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


Said = (
    Observation | Declared | StateAt | Oddity | BadRow | OnPage | Found | RawRow | RawRows | Absent
)


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
