"""The schema: created and upgraded in one transaction, guarded by triggers."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.database import APPLICATION_ID
from storage.errors import NoRecord
from storage.models import APPEND_ONLY

# Head of `migrations/versions`; a test compares it. Kept here so that opening a database that
# is up to date does not import alembic.
NEWEST = "0001"


def version(connection: Connection) -> str | None:
    """Revision of the schema in this database, None where there is none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check(connection: Connection) -> bool:
    """True when the schema is the newest. Raises NoRecord on one that we do not know."""
    found = version(connection)
    if found is not None and found > NEWEST:
        raise NoRecord(
            f"The database has schema {found}, which is newer than this program ({NEWEST}). "
            "Install the newer unsilenced; nothing was changed."
        )
    return found == NEWEST


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest revision inside the transaction of this connection."""
    if check(connection):
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA application_id={APPLICATION_ID}"))
        forbid_edits(connection)


def forbid_edits(connection: Connection) -> None:
    """Triggers that keep history as it was written: no UPDATE, no DELETE."""
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} "
                    f"BEFORE {verb} ON {table} BEGIN "
                    f"SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            )
