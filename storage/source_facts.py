"""What storage must know of a source to judge and keep what was read of it."""

from dataclasses import dataclass, field

from storage.entity_reading import EntityReading

OFFICIAL, MIRROR, ARCHIVE = "official", "mirror", "archive"
# A part that is read page by page over many runs: each row stands on its own page, and its absence
# is proven by that page alone.
GROWING = "growing"


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source as its TOML declares it, reduced to what decides about rows.

    Durations are seconds. `number_field` names a field of contiguous numbers, `exclusion_field`
    the source's own date of an end, `volatile` the fields whose change is no news, `alarm_field`
    one whose change under the same key somebody must look at. `reading` tells who stands in a row.
    """

    name: str
    family: str
    country: str
    title: str
    publisher: str
    covers: str
    every: str
    fresh_for_s: int
    state_for_s: int | None
    licence: str
    status_in_country: str
    spec_sha256: str
    parser: str
    at_least: int | None = None
    at_most: int | None = None
    number_field: str | None = None
    approved_gaps: frozenset[int] = field(default_factory=frozenset)
    exclusion_field: str | None = None
    fullest: str | None = None  # form whose rows no row of another form replaces
    volatile: frozenset[str] = field(default_factory=frozenset)
    alarm_field: str | None = None
    reading: EntityReading | None = field(default=None, compare=False, repr=False)
