"""`noncommercial/` of a release: data whose licence forbids commercial use, in files of its own.

Nothing of it stands in `release.sqlite`, `csv/` or `parquet/`, so that whoever takes those takes
no duty with them that they do not know of. The folder is there only where there is such data.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from desk.measured import sentence
from desk.release_build import FOLDER, public_url
from desk.release_files import safe_row
from storage.audit import canonical
from storage.difference import both_ways
from storage.family_fields import FIELDS
from storage.models import Change, Fetch, Part, Record, Revision, Source
from storage.store import Store

FAMILY = "reachability"
NAME = "noncommercial"
NUMBERS = FIELDS[FAMILY]
DIFFERENCE = (
    "kind", "domain", "sources", "fact", "since", "decided_on", "verdict", "rule", "window_from",
    "window_to", "measurements", "networks", "measured_fact",
)  # fmt: skip
PROOF = ("fact", "digest", "locator", "quote", "url", "fetched_at")


def write_noncommercial(store: Store, folder: Path) -> None:
    """Write the folder with its licences, README and three tables; nothing without a row."""
    with store.read() as connection:
        sources = connection.execute(
            select(Source).where(Source.family == FAMILY).order_by(Source.name)
        ).all()
        rows = list(_rows(connection))
        if not rows:
            return
        target = folder / NAME
        target.mkdir()
        _write(target / "reachability.csv", ("source", "part", "in_words", *NUMBERS, *PROOF), rows)
        heads = ("source", "domain", "at", "kind", "before", "after", *NUMBERS[1:3], "fact")
        _write(target / "verdicts.csv", heads, list(_verdicts(connection)))
        _write(target / "off_register.csv", DIFFERENCE, list(both_ways(connection)))
    readme = (FOLDER / "release_noncommercial.txt").read_text(encoding="utf-8")
    (target / "README.txt").write_text(readme, encoding="utf-8")
    texts = [f"{one.name}: {one.title}\n{one.publisher}\n{one.licence}\n" for one in sources]
    licence = (FOLDER / "release_noncommercial_licence.txt").read_text(encoding="utf-8")
    (target / "LICENCE.txt").write_text("\n".join([*texts, licence]), encoding="utf-8")


def _write(path: Path, heads: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(safe_row(tuple(_cell(row.get(name)) for name in heads)) for row in rows)


def _cell(value: Any) -> Any:
    return canonical(value) if isinstance(value, list | dict) else value


def _rows(connection: Connection) -> Iterator[dict[str, Any]]:
    """What is held of each domain now, with its proof."""
    found = connection.execute(
        select(
            Record.source, Part.key, Revision.id, Revision.fields, Revision.digest,
            Revision.locator, Revision.quote, Fetch.url, Fetch.fetched_at,
        )
        .join(Source, Source.name == Record.source)
        .join(Part, Part.id == Record.part_id)
        .join(Revision, Revision.id == Record.revision_id)
        .join(Fetch, Fetch.id == Revision.fetch_id)
        .where(Source.family == FAMILY, Record.status != "gone")
        .order_by(Record.id)
    )  # fmt: skip
    for row in found:
        fields = dict.fromkeys(NUMBERS) | json.loads(row.fields)
        yield fields | {
            "source": row.source, "part": row.key, "in_words": sentence(fields),
            "fact": row.id, "digest": row.digest, "locator": row.locator, "quote": row.quote,
            "url": public_url(row.url), "fetched_at": row.fetched_at,
        }  # fmt: skip


def _verdicts(connection: Connection) -> Iterator[dict[str, Any]]:
    """Every verdict that became another one, and the first of each domain."""
    before = Revision.__table__.alias("before")
    found = connection.execute(
        select(
            Change.source, Change.kind, Change.at, Revision.id, Revision.fields,
            before.c.fields.label("earlier"),
        )
        .join(Source, Source.name == Change.source)
        .join(Revision, Revision.id == Change.to_revision_id)
        .outerjoin(before, before.c.id == Change.from_revision_id)
        .where(Source.family == FAMILY, Change.volatile.is_(False))
        .order_by(Change.id)
    )  # fmt: skip
    for row in found:
        fields, earlier = json.loads(row.fields), json.loads(row.earlier or "{}")
        yield fields | {
            "source": row.source, "at": row.at, "kind": row.kind,
            "before": earlier.get("verdict"), "after": fields["verdict"], "fact": row.id,
        }  # fmt: skip
