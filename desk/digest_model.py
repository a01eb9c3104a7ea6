"""What a digest consists of: plain values, rendered by `digest_render`, printed by `--json`."""

from dataclasses import asdict, dataclass, field
from typing import Any

from desk.words import Lang

# Sections of acts in the order of the outline; figures, leads and subject keep it.
LINES = (
    "designations", "exclusions", "rulings", "remedies", "blockings", "unblockings", "curated",
)  # fmt: skip
# Acts that analysts enter: told where somebody enters some.
OPTIONAL_LINES = frozenset({"curated"})
FAMILY_OF = {
    "designations": "designation", "exclusions": "designation", "rulings": "ruling",
    "remedies": "ruling", "blockings": "blocking", "unblockings": "blocking",
    "curated": "curated",
}  # fmt: skip
COURT_LINES = ("rulings", "remedies")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an update: what it was, what it is."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing told, with what proves it. Of a masked person's case nothing leads to the case."""

    fact: str
    change: int
    record: int
    event: str
    headline: str
    subject: str
    acted_on: str | None
    seen_on: str
    source: str
    source_title: str
    masked: bool
    late: bool = False
    details: tuple[tuple[str, str], ...] = ()
    differences: tuple[Difference, ...] = ()
    quote: str | None = None
    digest: str | None = None
    locator: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One heading. `note` says why there is nothing, or what is not among the items."""

    key: str
    title: str
    items: tuple[Item, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """One number three times: acts, people and outlets, cases (courts only)."""

    acts: int
    subjects: int
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the box of figures; None is no data, which is not zero.

    courts  of a line of courts: how many were read whole in the week, and how many are known
    """

    line: str
    title: str
    this_week: Count | None
    last_week: Count | None
    median: float | None
    year: Count | None
    sources_read: int
    sources_known: int
    courts: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How one source was read in the week. `state`: never, unread, stale, current."""

    source: str
    title: str
    publisher: str
    state: str
    state_words: str
    last_whole_at: str | None
    parts_read: int
    parts_known: int
    verdict: str | None
    reasons: tuple[str, ...]
    words: str
    status_in_country: str


@dataclass(frozen=True, slots=True)
class Held:
    """A read that was whole and is not believed: no event, a sentence only."""

    source: str
    run: int
    part: str
    reasons: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One week as the record tells it at one data version."""

    week: str
    first_day: str
    last_day: str
    lang: Lang
    subject: str
    preheader: str
    leads: tuple[str, ...]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    held: tuple[Held, ...]
    health: tuple[Health, ...]
    reparsed: dict[str, int] = field(default_factory=dict)
    other_news: int = 0
    open_issues: int = 0
    data_version: str = ""
    checkpoint: str = ""
    synthetic: bool = False

    def section(self, key: str) -> Section:
        """The section of this key."""
        return next(section for section in self.sections if section.key == key)


def as_json(digest: Digest) -> dict[str, Any]:
    """A digest as `digest --json` prints it: one object, texts unchanged."""
    return asdict(digest)
