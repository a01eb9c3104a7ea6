"""`verify --replay`: stored pages read again and compared with what the record says of them.

Writes nothing. Facts of an older parser are counted, not judged: `replay` is for those.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from crawler.catalogue import places, spec_of, spider_of
from crawler.errors import SourceError
from crawler.replay import pages
from pipelines.families import normaliser
from pipelines.intake import Intake
from pipelines.spec import parser_version
from storage.delta import OURS
from storage.evidence import sha256
from storage.known_lines import Known
from storage.models import Part, Record, Revision
from storage.queries import fact_name
from storage.sightings import Stored, stored
from storage.source_facts import GROWING
from storage.staged_row import UNREAD, Issue, StagedRow
from storage.store import Store
from storage.unread import loses


@dataclass
class Rows:
    """Staged rows that go nowhere."""

    rows: list[StagedRow] = field(default_factory=list)
    by_part: dict[str, list[StagedRow]] = field(default_factory=dict)

    def stage(self, part: str, endpoint: int, rows: Iterable[StagedRow]) -> None:
        """Remember them."""
        some = list(rows)
        self.rows += some
        self.by_part.setdefault(part, []).extend(some)

    def stage_hashes(
        self, part: str, endpoint: int, packed: bytes, tally: dict[tuple[str, str], int]
    ) -> None:
        """Hashed rows have no facts to compare."""

    def stage_lines(self, part: str, endpoint: int, known: Known) -> None:
        """Nobody reads a next state."""

    def keep_lines(self, fetch_id: str, kept: bytes) -> str:
        """The digest that the kept lines have in the evidence."""
        return sha256(kept)

    def page_done(self) -> None:
        """Nothing is written."""

    def issue(self, issue: Issue) -> None:
        """Issues were noted when the page was read first."""


def recheck(store: Store) -> dict[str, Any]:
    """Read the evidence of every source's present state again; says which facts differ."""
    checked, older = 0, 0
    faults: list[str] = []
    for name in places():
        with store.read() as connection:
            parts = stored(connection, name)
        for part in parts:
            for home, rows in _read(store, name, part).by_part.items():
                same, old, wrong = _compare(store, name, home, part.role, rows)
                checked, older, faults = checked + same, older + old, faults + wrong
    notes = [f"{older} facts are of an older parser: `replay` reads them again"] if older else []
    return {"checked": checked, "faults": faults, "notes": notes}


def read_rows(store: Store, name: str) -> int:
    """Read a source's evidence again, through reader and normaliser alone; how many rows."""
    with store.read() as connection:
        parts = stored(connection, name)
    return sum(len(_read(store, name, part).rows) for part in parts)


def _read(store: Store, name: str, part: Stored) -> Rows:
    kind = spider_of(name)
    sink = Rows()
    intake = Intake(sink, kind.spec, normaliser(store, name, kind.spec), store.keys.hashing())
    spider = kind()
    spider.settings_of = store.config.of(name)
    for page in pages(store, part, kind.spec):
        try:
            intake.take(page, spider.read(page))
        except SourceError:
            continue  # what of the part was believed did not come of this page
    return sink


def _compare(
    store: Store, name: str, part: str, role: str, rows: list[StagedRow]
) -> tuple[int, int, list[str]]:
    """How many facts are as read, how many are of an older parser, and which differ."""
    with store.read() as connection:
        found = connection.execute(
            select(Record.key, Revision)
            .join(Revision, Revision.id == Record.revision_id)
            .join(Part, Part.id == Record.part_id)
            .where(Part.source == name, Part.key == part, Revision.role == role)
        )
        current = {row.key: row for row in found}
    checked, older = 0, 0
    faults: list[str] = []
    for row in rows:
        fact = current.get(row.key)
        if (
            fact is None
            or row.content_hash == UNREAD
            or _stands(fact, row)
            or (spec_of(name).covers == GROWING and fact.fetch_id != row.fetch_id)
        ):  # an older page of the same case says what was true then
            continue
        if fact.parser != parser_version():
            older += 1
        elif not _says_the_same(fact, row) or not _same_place(fact, row):
            faults.append(f"fact {fact_name(fact.id)} is not what its bytes say when read again")
        else:
            checked += 1
    return checked, older, faults


def _stands(fact: Any, row: StagedRow) -> bool:
    """A fact of earlier bytes stands where today's row shows a value that does not read; one that
    was taken from these very bytes has no such excuse."""
    if fact.fetch_id == row.fetch_id:
        return False
    return loses(json.loads(fact.fields), json.loads(row.fields))


def _says_the_same(fact: Any, row: StagedRow) -> bool:
    """Equal but for verdicts that lean on a reference list, which may have grown since."""
    if row.content_hash == fact.content_hash:
        return True
    return bool(fact.measure == row.measure) and _stated(fact.fields) == _stated(row.fields)


def _stated(fields: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(fields).items() if name not in OURS}


def _same_place(fact: Any, row: StagedRow) -> bool:
    """A fact taken from these very bytes has its fields, quote and locator from them too."""
    if fact.fetch_id != row.fetch_id:
        return True
    same = fact.fields == row.fields or _stated(fact.fields) == _stated(row.fields)
    return bool(same and fact.quote == row.quote and fact.locator == row.locator)
