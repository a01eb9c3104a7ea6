"""The command line: `unsilenced COMMAND`. Names, options and exit codes are promised."""

import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from desk import output
from storage.config import Config, load
from storage.errors import NoRecord, Refused, StorageError
from storage.queries import Filters
from storage.store import Store, at_moment, open_reader, open_writer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Collects what a state does to its media into an evidence-backed record.",
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Source = Annotated[str | None, typer.Option(help="Only this source.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is written into the audit.")]


class Invocation:
    """What the options before the command said."""

    config_file: Path | None = None
    as_of: str | None = None

    def config(self) -> Config:
        """The configuration. Raises Refused."""
        return load(self.config_file)

    def reader(self) -> Store | None:
        """The record for reading, None where there is none yet."""
        store = open_reader(self.config())
        if store is not None:
            at_moment(store, self.as_of)
        return store

    def writer(self) -> Store:
        """The record for writing."""
        store = open_writer(self.config())
        at_moment(store, self.as_of)
        return store


now = Invocation()


@app.callback()
def options(
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Pretend that it is this moment (synthetic homes only).")
    ] = None,
) -> None:
    """Options before the command hold for all commands."""
    now.config_file = config
    now.as_of = as_of


def main() -> None:
    """Entry of the `unsilenced` command: every error ends here in plain words."""
    os.umask(0o077)
    try:
        app(args=options_first(sys.argv[1:]), standalone_mode=True)
    except (Refused, NoRecord) as error:
        output.errors.print(f"unsilenced: {error}", markup=False)
        sys.exit(2)
    except StorageError as error:
        output.errors.print(f"unsilenced: {error}", markup=False)
        sys.exit(4)


def options_first(arguments: list[str]) -> list[str]:
    """`--config` and `--as-of` may stand behind the command as well."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        name = word.split("=")[0]
        if name not in ("--config", "--as-of"):
            rest.append(word)
        else:
            front.append(word)
            if "=" not in word and waiting:
                front.append(waiting.pop(0))
    return front + rest


def filters(
    source: str | None = None,
    status: str | None = None,
    since: str | None = None,
    until: str | None = None,
    run: int | None = None,
    part: str | None = None,
) -> Filters:
    """The shared filters of lists."""
    return Filters(source, status, since, until, run, part)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def show(rows: Any, as_json: bool, columns: tuple[str, ...]) -> None:
    """A list as JSON lines, or as a table of some of its columns."""
    if as_json:
        output.lines(rows)
    else:
        output.table(([shown(row.get(c)) for c in columns] for row in rows), *columns)


def shown(value: Any) -> str:
    """A value as a table has it; JSON has it whole."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return f"{value[:10]} {value[11:16]}Z"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {inner}" for key, inner in value.items())
    return "" if value is None else str(value)


# The commands register themselves on `app`.
from desk import (  # noqa: E402
    authoring,  # noqa: F401
    collecting,  # noqa: F401
    coverage,  # noqa: F401
    daemon,  # noqa: F401
    demonstration,  # noqa: F401
    entities,  # noqa: F401
    evidence,  # noqa: F401
    housekeeping,  # noqa: F401
    lists,  # noqa: F401
    publishing,  # noqa: F401
)
