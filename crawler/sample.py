"""`source sample`: rows drawn at random, the page's own cells beside what became of them.

For a person who reads by eye whether a parser is right. Nothing is written but the audit of the
bytes that were read. The cells leave this process only after the rules that hold for tables: a cell
that is not kept is not shown, and every text is scrubbed.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crawler.catalogue import spider_of
from crawler.errors import SourceError
from crawler.importing import file_time
from crawler.page import Page
from crawler.replay import pages
from crawler.spider import SourceSpider
from pipelines.families import normaliser
from pipelines.intake import Normaliser, protect
from pipelines.observation import Observation
from pipelines.protect import keep_allowed, show_cell
from pipelines.reading import BadRow, Normalised, OnPage, RawRow, SourcePage
from pipelines.spec import Spec
from storage.errors import NoRecord, Refused
from storage.evidence import sha256
from storage.sightings import stored
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of a page, and what was made of it; None where the row could not be read."""

    place: int
    page: SourcePage
    seen: Observation | BadRow
    read: Normalised | None


@dataclass
class Draw:
    """A fair draw of `count` rows out of a stream of unknown length (Vitter's algorithm R)."""

    count: int
    seed: int
    rows: list[Drawn] = field(default_factory=list)
    passed: int = 0
    left_out: int = 0
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def take(self, row: Drawn) -> None:
        """One more row of the stream."""
        self.passed += 1
        if len(self.rows) < self.count:
            self.rows.append(row)
            return
        place = self.chance.randrange(self.passed)
        if place < self.count:
            self.rows[place] = row


def sample(
    store: Store, name: str, *, count: int, seed: int, only_issues: bool, files: Sequence[Path] = ()
) -> dict[str, Any]:
    """Draw rows of a source from its newest complete state, or from files of its form.

    The same bytes, count and seed give the same rows. Raises NoRecord where nothing is stored."""
    kind = spider_of(name)
    draw = Draw(count, seed)
    normalise = normaliser(store, name, kind.spec)
    spider = kind()
    for page in _given(spider, files, draw) if files else _stored(store, kind):
        try:
            _read(spider, spider.join(page), normalise, draw, only_issues=only_issues)
        except SourceError as error:
            draw.notes.append(f"{error.reason}: {error} ({page.url})")
    shown = sorted(draw.rows, key=lambda row: row.place)
    return {
        "source": name, "seed": seed, "rows": draw.passed, "not_shown": draw.left_out,
        "columns_not_kept": [*kind.spec.noise, *kind.spec.noise_patterns], "notes": draw.notes,
        "digests": sorted({row.page.digest for row in shown}),
        "sample": [_shown(row, kind.spec) for row in shown],
    }  # fmt: skip


def _stored(store: Store, kind: type[SourceSpider]) -> Iterator[Page]:
    with store.read() as connection:
        parts = stored(connection, kind.name)
    if not parts:
        words = f"No page of {kind.name} is stored. Crawl or import it, or name files to sample."
        raise NoRecord(words)
    for part in parts:
        yield from pages(store, part, kind.spec)


def _given(spider: SourceSpider, files: Sequence[Path], draw: Draw) -> Iterator[Page]:
    """Files as `import` takes them: form and parts are told by their content and their names."""
    for path in files:
        if not path.is_file():
            raise Refused(f"There is no file {path}.")
        body = path.read_bytes()
        bare = Page(
            url=f"file:{path.name}", body=body, form="", fetch_id="", digest=sha256(body),
            at=file_time(path), encoding=spider.spec.encoding,
        )  # fmt: skip
        try:
            form = spider.sniff(bare)
        except SourceError as error:
            draw.notes.append(f"{error.reason}: {error} ({path.name})")
            continue
        for part in spider.parts_of(bare):
            yield replace(bare, form=form, part=part)


def _read(
    spider: SourceSpider, page: Page, normalise: Normaliser, draw: Draw, *, only_issues: bool
) -> None:
    for said in spider.read(page):
        origin, one = (said.page, said.seen) if isinstance(said, OnPage) else (page, said)
        if isinstance(one, RawRow):
            one = one.read(one)
        if not isinstance(one, Observation | BadRow):
            continue
        read = normalise(one, spider.spec) if isinstance(one, Observation) else None
        if read is not None and not read.kept:
            draw.left_out += 1  # kept as a keyed hash only: it is shown to nobody
        elif not only_issues or read is None or read.troubles:
            draw.take(Drawn(draw.passed, origin, one, read))


def _shown(row: Drawn, spec: Spec) -> dict[str, Any]:
    seen, read = row.seen, row.read
    found: dict[str, Any] = {
        "key": protect(list(seen.key or ())), "part": row.page.part, "locator": seen.locator,
        "cells": {}, "fields": {}, "measure": {}, "issues": [],
    }  # fmt: skip
    if isinstance(seen, BadRow) or read is None:
        words = seen.text if isinstance(seen, BadRow) else ""
        return found | {"issues": [f"unread-row: {words}"]}
    family = spec.family
    return found | {
        "cells": {name: show_cell(family, name, value) for name, value in seen.fields.items()},
        "fields": keep_allowed(family, protect(read.fields))[0],
        "measure": protect(read.measure),
        "issues": [f"{one.kind} ({one.heading}): {one.text}" for one in read.troubles],
    }
