"""Commands that keep the house: init, config, db, doctor."""

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from desk import output
from desk.cli import AsJson, app, now
from schedules.supervisor import collect
from storage.config import NAME
from storage.database import integrity
from storage.errors import NoRecord, Refused

db_app = typer.Typer(help="The database itself.")
config_app = typer.Typer(help="The configuration.")
app.add_typer(db_app, name="db")
app.add_typer(config_app, name="config")

SQLITE_FIXED = (3, 51, 3)  # below it two connections may corrupt the WAL
COMMENTED = """# Configuration of unsilenced. Relative paths are meant against this file.
home = "data"                     # evidence, checkpoints, the SQLite file, releases, locks
# database = "sqlite:///data/unsilenced.sqlite"

[identity]
# identify = true                 # must be decided where an exit is used: say who you are, or not
# user_agent = "Mozilla/5.0 (compatible; unsilenced; +https://example.org/about)"

# [exit.ru]                       # the Ministry's registers answer Russian addresses only
# proxy = "http://user:secret@ru-exit.example:3128"

# [source.agents_minjust]         # one table a source; all keys optional
# enabled   = true
# every     = "fri 17:30 Europe/Moscow"
# delay_s   = 2.0
# ca_bundle = "certs/ru.pem"

# [source.blocked_zapretinfo]
# reference = "my-sites.txt"      # your own list of media: one domain or URL a line, # for remarks
"""


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(NAME),
) -> None:
    """Write a commented configuration."""
    if path.exists():
        raise Refused(f"{path} exists; it is left as it is.")
    path.write_text(COMMENTED, encoding="utf-8")
    path.chmod(0o600)  # an exit's password may be written into it
    output.console.print(f"wrote {path}; next: `unsilenced crawl media_citizenlab`")


@config_app.command("check")
def config_check() -> None:
    """Read the configuration and say whether it is understood."""
    config = now.config()
    output.console.print(f"{config.file or 'no file: defaults'} is understood", markup=False)


@config_app.command("show")
def config_show() -> None:
    """The effective configuration, secrets masked."""
    shown = now.config().model_dump(mode="json")
    for table in shown["exit"].values():
        table["proxy"] = "***"
    shown["database"] = now.config().url.split("@")[-1]
    output.one(shown)


@db_app.command("upgrade")
def upgrade() -> None:
    """Create the database, or bring it to this program's schema."""
    store = now.writer()
    store.checkpoint()
    output.console.print("the database is of this program's schema")


@db_app.command("check")
def check(as_json: AsJson = False) -> None:
    """The database's own checks."""
    store = now.reader()
    if store is None:
        raise NoRecord("There is no database yet.")
    with store.read() as connection:
        faults = integrity(connection)
    if as_json:
        output.one({"ok": not faults, "faults": faults})
    else:
        for line in faults or ["all well"]:
            output.console.print(line, markup=False)
    raise typer.Exit(1 if faults else 0)


@db_app.command("rebuild")
def rebuild(as_json: AsJson = False) -> None:
    """Make `measure`, the typed tables, entities and their names again from the revisions."""
    before = ["--as-of", now.as_of] if now.as_of else []
    outcome = collect([*before, "rebuild"], config=now.config_file)
    if outcome.code:
        raise typer.Exit(outcome.code if outcome.code > 1 else 4)
    if as_json:
        output.one(outcome.answer)
    else:
        output.console.print(f"made the projections of {outcome.answer['records']} records again")


@app.command()
def doctor() -> None:
    """What of this machine may become trouble."""
    version = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
    if version < SQLITE_FIXED:
        output.console.print(
            f"warning: SQLite {sqlite3.sqlite_version} may corrupt its WAL when two programs write "
            "at once; unsilenced lets one write at a time, keep other writers away from the file"
        )
    config = now.config()
    output.console.print(f"configuration: {config.file or 'none, defaults'}", markup=False)
    output.console.print(f"home: {config.home}", markup=False)
    store = now.reader()
    words = "no database yet; the first crawl or import makes it"
    output.console.print(words if store is None else "the database can be read")
