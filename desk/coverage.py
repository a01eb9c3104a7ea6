"""`coverage`: how much of what courts publish was read, and what is never read."""

from typing import Annotated

import typer

from desk import output
from desk.cli import AsJson, app, now
from desk.words import courts_not_read
from storage import coverage as held
from storage.errors import Refused

By = Annotated[list[str] | None, typer.Option("--by", help="Split by level, region or both.")]
COLUMNS = ("week", "courts", "read_whole", "read_partly", "captcha", "failed", "never")


@app.command()
def coverage(
    week: Annotated[str | None, typer.Option(help="One ISO week: 2026-W24.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Courts that were read whole, week by week, beside those that were not, and why."""
    split = tuple(by or ())
    if set(split) - {"level", "region"}:
        raise Refused("--by takes level or region.")
    store = now.reader()
    rows = []
    if store is not None:
        with store.read() as connection:
            rows = [_named(row) for row in held.read(connection, week, split)]
    if as_json:
        output.one({"weeks": rows, "not_read": courts_not_read("en")})
        return
    if rows:
        columns = ("source", *split, *COLUMNS)
        output.table(([row[name] for name in columns] for row in rows), *columns)
    for line in courts_not_read("en"):
        typer.echo(f"Not read: {line}")


def _named(row: dict[str, object]) -> dict[str, object]:
    """The counts by the words of the table."""
    names = {"known": "courts", "whole": "read_whole", "partly": "read_partly"}
    return {names.get(name, name): value for name, value in row.items()}
