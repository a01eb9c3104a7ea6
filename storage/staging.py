"""What is staged is thrown away once it is decided, or can no longer be."""

from sqlalchemy import Connection, delete

from storage.models import HashedRows, KnownLines, Stage, Tally


def clear_staging(connection: Connection, run_id: int, part_id: int | None = None) -> None:
    """Throw away what a run had staged, of one part or of all."""
    for table in (Stage, HashedRows, Tally, KnownLines):
        statement = delete(table).where(table.run_id == run_id)
        if part_id is not None:
            statement = statement.where(table.part_id == part_id)
        connection.execute(statement)


def clear_part(connection: Connection, part_id: int) -> None:
    """A part is decided: what its held runs had staged is of no more use."""
    for table in (Stage, HashedRows, Tally, KnownLines):
        kept = (table.part_id == part_id) & (table.run_id != 0)
        connection.execute(delete(table).where(kept))
