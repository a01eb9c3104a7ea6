"""A source as its TOML declares it: read with unknown keys refused, by file and line."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import field_validator

from pipelines.involved import READING
from storage.config import Strict, read_table, validated
from storage.evidence import sha256
from storage.source_facts import SourceFacts

# Folders whose code turns bytes into fields.
ROOMS_OF_PARSERS = (
    "pipelines", "crawler/spiders", "crawler/documents", "crawler/portal", "crawler/moscow",
    "crawler/supreme", "crawler/sudact",
)  # fmt: skip
DAY_S, HOUR_S = 86_400, 3_600
DURATION = re.compile(r"^(\d+)([dh])$")  # "3d", "36h"


def seconds(text: str) -> int:
    """A duration such as `3d` or `36h` in seconds. Raises ValueError."""
    found = DURATION.match(text)
    if found is None:
        raise ValueError(f"'{text}' is not a duration such as 3d or 36h")
    return int(found[1]) * (DAY_S if found[2] == "d" else HOUR_S)


class Endpoint(Strict):
    """One way to read a source. Several addresses of one state are read together.

    form names the reader; `state_for` overrides the source's where a mirror has its own pace.
    Of the role `archive` the url is that of the page, and `archive` keeps the copies of it."""

    url: str
    form: str
    role: Literal["official", "mirror", "archive"] = "official"
    part: str = "register"
    state_for: str | None = None
    known_alive: str = ""
    crawled: bool = True  # false: a form that only `import` reads
    archive: str = "https://web.archive.org"  # of an endpoint of that role: who keeps the copies
    instead_of: str | None = None  # a part of its own, read where this other part could not be
    counted: bool = False  # a second form of the list: its rows are counted, never read


class Lookup(Strict):
    """A known odd spelling and what it means."""

    match: tuple[str, ...]
    value: str


class Expect(Strict):
    """Bounds of a healthy count; a violation is a question about the run."""

    at_least: int | None = None
    at_most: int | None = None


class Tls(Strict):
    """An intermediate certificate that the server forgets to send, pinned by its digest."""

    intermediate_url: str
    intermediate_sha256: str


class Robots(Strict):
    """What the site's robots.txt means for us, decided by a person."""

    obey: bool
    reason: str


class Git(Strict):
    """Where a public mirror's git history has the register: a path within its clone.

    parts: how the files are called, with their number from 0 on, where it was cut later."""

    path: str
    parts: str = ""


class Spec(Strict):
    """Everything that is known of a source before it is read."""

    title: str
    publisher: str
    family: Literal[
        "designation", "blocking", "ruling", "reachability", "reference", "announcement", "curated"
    ]  # fmt: skip
    country: str
    every: str
    covers: Literal["everything", "window", "growing", "single"]
    fresh_for: str
    state_for: str | None = None
    encoding: str = "utf-8"
    dates: tuple[str, ...] = ()
    about: str
    limits: str
    licence: str
    legal_basis: str = ""
    status_in_country: str
    exit: str | None = None
    delay_s: float = 2.0
    cool_down_s: float = 0.0  # after a 429 of such a platform
    platform_gap_s: float = 0.0  # all hosts are one platform: seconds between any two requests
    timeout_s: float = 60.0
    time_limit_s: float = 1_800.0
    max_size: int = 32 * 1024 * 1024
    max_pages: int = 2_000
    max_rows: int = 100_000
    evidence: Literal["whole", "kept-lines"] = "whole"
    number_field: str | None = None
    gaps: tuple[int, ...] = ()
    exclusion_field: str | None = None
    volatile: tuple[str, ...] = ()
    alarm_field: str | None = None  # one whose change under the same key is an issue
    noise: tuple[str, ...] = ()
    noise_patterns: tuple[str, ...] = ()  # searched in folded headings that nobody reads
    headings: dict[str, tuple[str, ...]] = {}
    heading_patterns: dict[str, tuple[str, ...]] = {}  # where the exact titles are not known
    optional_headings: tuple[str, ...] = ()  # of those patterns: fields that may have no column
    default_headings: dict[str, str] = {}
    fullest: str | None = None  # form that states a row most fully: others never replace it
    settings: dict[str, str] = {}
    retired: str = ""
    off: str = ""  # why it is left out of --all and the schedule until the operator enables it
    robots: Robots
    endpoint: tuple[Endpoint, ...]
    expect: Expect = Expect()
    git: Git | None = None
    tls: Tls | None = None
    lookup: dict[str, tuple[Lookup, ...]] = {}
    hosts: tuple[str, ...] = ()

    @field_validator("fresh_for", "state_for")
    @classmethod
    def _duration(cls, value: str | None) -> str | None:
        if value is not None:
            seconds(value)
        return value

    def only_mirrors(self, part: str) -> bool:
        """Is a part of this register told by others alone? Its rows then state no act: the
        register's own row does, and an act must not be counted twice."""
        roles = [one.role for one in self.endpoint if one.part == part]
        return self.family == "designation" and bool(roles) and "official" not in roles

    def look_up(self, table: str, raw: str) -> str | None:
        """The meaning of a spelling in one of the source's lookups, None where it is unknown."""
        folded = fold(raw)
        for entry in self.lookup.get(table, ()):
            if folded in (fold(spelling) for spelling in entry.match):
                return entry.value
        return None


def fold(text: str) -> str:
    """Spelling without blanks at the ends, double blanks, letter case and ё."""
    return " ".join(text.split()).casefold().replace("ё", "е")


@cache
def parser_version() -> str:
    """Digest over everything that turns bytes into fields: a change of it is a new parser."""
    root = Path(__file__).parent.parent
    files = [
        path
        for room in ROOMS_OF_PARSERS
        for path in sorted((root / room).rglob("*"))
        if path.suffix in (".py", ".toml", ".csv")
    ]
    files += [root / "crawler" / "charset.py"]
    return sha256(b"".join(path.read_bytes() for path in files))[:12]


def load_spec(path: Path) -> Spec:
    """The spec in a TOML file. Raises Refused with file and line."""
    return validated(Spec, read_table(path), path)


def facts_of(name: str, spec: Spec, path: Path) -> SourceFacts:
    """What storage must know of this source."""
    return SourceFacts(
        name=name, family=spec.family, country=spec.country, title=spec.title,
        publisher=spec.publisher, covers=spec.covers, every=spec.every,
        fresh_for_s=seconds(spec.fresh_for),
        state_for_s=seconds(spec.state_for) if spec.state_for else None,
        licence=spec.licence, status_in_country=spec.status_in_country,
        spec_sha256=sha256(path.read_bytes()), parser=parser_version(),
        at_least=spec.expect.at_least, at_most=spec.expect.at_most,
        number_field=spec.number_field, approved_gaps=frozenset(spec.gaps),
        exclusion_field=spec.exclusion_field, fullest=spec.fullest,
        volatile=frozenset(spec.volatile), alarm_field=spec.alarm_field, reading=READING,
    )  # fmt: skip
