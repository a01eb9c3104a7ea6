"""Natural persons whose names are public as targets: of a state's register or a trusted list."""

from sqlalchemy import Connection, select

from storage.models import Designation, Record, Reference


def public_persons(connection: Connection) -> list[str]:
    """Names as listed, of rows that stand in their source now (an exclusion is still public)."""
    listed = (
        select(Designation.name)
        .join(Record, Record.id == Designation.record_id)
        .where(Designation.target_type == "person", Record.status != "gone")
    )
    trusted = (
        select(Reference.name)
        .join(Record, Record.id == Reference.record_id)
        .where(Record.status != "gone")
    )
    rows = [*connection.execute(listed).scalars(), *connection.execute(trusted).scalars()]
    return sorted({name for name in rows if name})
