"""Commands for those who write or check a source: source sample, source new."""

import getpass
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from desk import output
from desk.cli import AsJson, app, now
from schedules.supervisor import collect

source_app = typer.Typer(help="Write a source, and check by eye what is read from it.")
app.add_typer(source_app, name="source")

WIDTH = 100  # columns; a narrower terminal is asked for its own
NAMES_WIDTH = 23  # of `minjust_exclusion_order`
SAME, NOTHING = "=", "-"


@source_app.command()
def sample(
    name: Annotated[str, typer.Argument(help="The source.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files in its form; without them, stored pages are read."),
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many rows.")] = 50,
    seed: Annotated[
        int | None, typer.Option(help="The same seed draws the same rows; else one is chosen.")
    ] = None,
    only_issues: Annotated[
        bool, typer.Option("--only-issues", help="Draw among rows that made an issue.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rows drawn at random: the page's own cells beside the fields that were read from them.

    What is not kept is not shown. That stored pages were looked at is written into the audit."""
    drawn = secrets.randbelow(1_000_000) if seed is None else seed
    before = ["--as-of", now.as_of] if now.as_of else []
    wanted = ["--count", str(count), "--seed", str(drawn), "--actor", getpass.getuser()]
    chosen = [*wanted, *(["--only-issues"] if only_issues else [])]
    outcome = collect(
        [*before, "sample", name, *map(str, files or []), *chosen], config=now.config_file
    )
    if outcome.code:
        raise typer.Exit(outcome.code if outcome.code > 1 else 4)
    if as_json:
        output.one(outcome.answer)
    else:
        _tell(outcome.answer)


@source_app.command()
def new(
    name: Annotated[str, typer.Argument(help="subject_publisher, such as blocked_example.")],
    family: Annotated[
        str, typer.Option(help="designation, blocking, ruling or reference.")
    ] = "designation",
    as_json: AsJson = False,
) -> None:
    """Write the files of a new source into this checkout, to be filled in; overwrites nothing."""
    outcome = collect(["new", name, "--family", family], config=now.config_file)
    if outcome.code:
        raise typer.Exit(outcome.code if outcome.code > 1 else 4)
    if as_json:
        output.one(outcome.answer)
        return
    for path in outcome.answer["written"]:
        output.console.print(f"wrote {output.printable(path)}", markup=False)
    output.console.print("fill in what says FILL IN; docs/add-a-source.md tells how")


def _tell(answer: Mapping[str, Any]) -> None:
    wide = output.console.width if output.console.is_terminal else WIDTH
    console = Console(highlight=False, width=min(WIDTH, wide))
    rows = answer["sample"]
    console.print(
        f"{answer['source']}: {len(rows)} of {answer['rows']} rows, seed {answer['seed']}"
    )
    for note in answer["notes"]:
        console.print(output.printable(f"not read: {note}"), markup=False)
    if answer["columns_not_kept"]:
        columns = ", ".join(answer["columns_not_kept"])
        console.print(output.printable(f"columns not kept: {columns}"), markup=False)
    console.print(f"«{SAME}»: the field is the cell as it stands; «{NOTHING}»: nothing")
    for place, row in enumerate(rows, 1):
        console.print()
        head = f"{place}. {' / '.join(row['key'])}   {row['locator']}"
        console.print(output.printable(head), markup=False, style="bold")
        _tell_row(console, row)


def _tell_row(console: Console, row: Mapping[str, Any]) -> None:
    """One row: name of the field, the page's cell, what was read; then what was not understood."""
    shown = Table(box=None, header_style="dim", pad_edge=False, expand=True)
    shown.add_column("", width=NAMES_WIDTH, overflow="fold")
    shown.add_column("the page", ratio=1, overflow="fold")
    shown.add_column("read as", ratio=1, overflow="fold")
    empty = []
    for name, cell, read in _lines(row):
        if cell in ("", NOTHING) and read in ("", NOTHING):
            empty.append(name)
        else:
            shown.add_row(*(_plain(text) for text in (name, cell, read)))
    if shown.row_count:
        console.print(shown)
    if empty:
        console.print(f"empty: {', '.join(empty)}", markup=False, style="dim")
    for issue in row["issues"]:
        console.print(output.printable(f"issue: {issue}"), markup=False)


def _plain(text: str) -> str:
    """Text without a sign that moves the cursor, and without a mark of colours."""
    return "\n".join(output.printable(line).replace("[", r"\[") for line in text.split("\n"))


def _lines(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Cells with their fields, then fields that no cell of the same name states, then the act."""
    cells, fields = row["cells"], row["fields"]
    for name, cell in cells.items():
        value = _words(fields.get(name)) if name in fields else ""
        same = SAME if value and value == cell.strip() else value
        yield name, cell.strip() or NOTHING, same
    for name, value in fields.items():
        if name not in cells and name.removesuffix("_raw") not in cells:
            yield name, "", _words(value)
    act = row["measure"]
    if act:
        told = (act.get("code"), act.get("acted_on"), act.get("authority"))
        yield "measure", "", " · ".join(str(part) for part in told if part)


def _words(value: Any) -> str:
    if value is None or value == []:
        return NOTHING
    if isinstance(value, list):
        return "\n".join(_words(one) for one in value)
    if isinstance(value, dict):
        return " · ".join(str(inner) for inner in value.values() if inner is not None)
    return str(value)
