"""Commands about evidence: verify, evidence cat."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from desk import output
from desk.cli import AsJson, app, now
from schedules.supervisor import collect
from storage.errors import BlobError, NoRecord
from storage.store import Store
from storage.verify import Findings, custody, sheet_lines
from storage.verify import verify as check

SHOWN_FAULTS = 20

bytes_app = typer.Typer(help="Stored bytes, for those who run the machine.")
app.add_typer(bytes_app, name="evidence")


@app.command()
def verify(
    blobs: Annotated[bool, typer.Option("--blobs", help="Hash every blob again.")] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Parse every stored page again.")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(help="A checkpoint or digest that somebody else holds.")
    ] = None,
    fact: Annotated[str | None, typer.Option(help="Show the custody sheet of a fact.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check that the record still says what it said. Writes and repairs nothing."""
    store = now.reader()
    if store is None:
        raise NoRecord("There is no database yet, so there is nothing to verify.")
    if fact is not None:
        _show_fact(store, fact, as_json)
        return
    findings = check(store, blobs=blobs, against=against)
    if replay:
        answer = collect(["verify-replay"], config=now.config_file).answer
        findings.checked["facts read again"] = answer["checked"]
        findings.faults += answer["faults"]
        findings.notes += answer["notes"]
    if as_json:
        output.one(findings.as_json())
    else:
        _tell(findings)
    raise typer.Exit(1 if findings.faults else 0)


def _tell(findings: Findings) -> None:
    for name, count in findings.checked.items():
        output.console.print(f"checked {count} {name}")
    for note in findings.notes:
        output.console.print(f"note: {note}", markup=False)
    for fault in findings.faults[:SHOWN_FAULTS]:
        output.console.print(f"[bold red]wrong[/bold red]: {output.printable(fault)}")
    if len(findings.faults) > SHOWN_FAULTS:
        more = len(findings.faults) - SHOWN_FAULTS
        output.console.print(f"... and {more} more; `--json` names them all")
    if findings.facts:
        output.console.print("facts that rest on damaged bytes: " + ", ".join(findings.facts))
    ok = not findings.faults
    output.console.print("all well" if ok else "restore a backup, or keep this as evidence itself")


def _show_fact(store: Store, fact: str, as_json: bool) -> None:
    sheet = custody(store, fact)
    if sheet is None:
        raise NoRecord(f"There is no fact '{fact}'. `unsilenced records` and `changes` name them.")
    if as_json:
        output.one(sheet)
    else:
        for line in sheet_lines(sheet):
            print(output.printable(line))
    raise typer.Exit(0 if sheet["blob_state"] == "intact" else 1)


@bytes_app.command("cat")
def cat(digest: Annotated[str, typer.Argument(help="SHA-256 of the bytes.")]) -> None:
    """Write a blob to standard output; that you did is written into the audit."""
    store = now.writer()
    try:
        data = store.blobs.get(digest)
    except BlobError as error:
        raise NoRecord(str(error)) from error
    with store.write() as connection:
        store.log(connection, "evidence-read", digest, {}, actor=getpass.getuser())
    store.checkpoint()
    sys.stdout.buffer.write(data)
