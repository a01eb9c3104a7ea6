"""Sources and parts are made known to the record on first use."""

from dataclasses import asdict

from sqlalchemy import Connection, insert, select, update

from storage.models import Part, Source
from storage.source_facts import SourceFacts


def note_source(connection: Connection, facts: SourceFacts) -> None:
    """Keep what a source's TOML declares, as it was when it was read last."""
    columns = {c.name for c in Source.__table__.columns}
    values = {k: v for k, v in asdict(facts).items() if k in columns}
    found = connection.execute(select(Source.spec_sha256).where(Source.name == facts.name)).scalar()
    if found is None:
        connection.execute(insert(Source).values(**values))
    elif found != facts.spec_sha256:
        connection.execute(update(Source).where(Source.name == facts.name).values(**values))


def ensure_part(connection: Connection, source: str, key: str) -> int:
    """Id of a part of a source, made known where it is new."""
    where = (Part.source == source) & (Part.key == key)
    found = connection.execute(select(Part.id).where(where)).scalar()
    if found is None:
        connection.execute(insert(Part).values(source=source, key=key))
        found = connection.execute(select(Part.id).where(where)).scalar_one()
    return found
