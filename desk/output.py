"""How commands speak: JSON on standard output alone, words for people, errors on standard error."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from desk.words import VERDICTS, reason

# Columns of words that somebody copies into the next command.
WHOLE_WORDS = frozenset({"fact", "source", "verdict", "change", "status", "run", "kind"})
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def printable(text: str) -> str:
    """Source text for a terminal: no control, no bidi sign gets through."""
    return "".join(
        sign if sign.isprintable() or sign == " " else f"\\u{ord(sign):04x}" for sign in text
    )


def one(value: Any) -> None:
    """One JSON object."""
    print(json.dumps(value, ensure_ascii=False))


def lines(values: Iterable[dict[str, Any]]) -> None:
    """JSON lines, written as they come."""
    for value in values:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def table(rows: Iterable[Sequence[Any]], *headings: str) -> None:
    """A table for a person; source text cannot move the cursor or change colours."""
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        shown.add_column(heading, overflow="fold", no_wrap=heading in WHOLE_WORDS)
    count = 0
    for row in rows:
        shown.add_row(*[printable("" if v is None else str(v)).replace("[", r"\[") for v in row])
        count += 1
    if count:
        console.print(shown)


def cards(rows: Iterable[Sequence[tuple[str, str]]]) -> None:
    """Records one below the other, a line for each thing that is known of one."""
    for row in rows:
        head, *rest = [(label, printable(text)) for label, text in row if text]
        console.print(head[1], markup=False)
        for label, text in rest:
            console.print(f"  {label}: {text}", markup=False)


def runs(found: list[dict[str, Any]]) -> None:
    """Runs in words: what was read, what changed, what to do next."""
    for run in found:
        console.print(
            f"run {run['run']}  {run['source']}: [bold]{run['verdict']}[/bold] "
            f"({VERDICTS[run['verdict']]})"
        )
        for word in run["reasons"]:
            console.print(f"    {word}: {reason(word)}")
        changes = ", ".join(f"{n} {kind}" for kind, n in run["changes"].items() if n)
        kind = " (baseline: no news)" if run["baseline"] else ""
        console.print(
            f"    {run['observed']} rows observed; {changes or 'nothing changed'}{kind}; "
            f"{run['absent']} absent; {run['issues']} issues"
        )
        if run.get("dry_run"):
            _tell_diff(run["diff"])
        else:
            _advise(run)


def compared(copies: list[dict[str, Any]]) -> None:
    """Copies of an archive beside the bytes that we hold of the same day."""
    for copy in copies:
        same = "the same bytes as" if copy["equal"] else "other bytes than"
        console.print(
            f"    archive: its copy of {copy['captured_at']} has {same} our fetch {copy['fetch']}"
        )


def _tell_diff(found: list[dict[str, Any]]) -> None:
    """What a dry run would have changed, one line a change."""
    console.print("    dry run: nothing was written. It would have made these changes:")
    for change in found:
        before, after = (json.dumps(change[k], ensure_ascii=False) for k in ("before", "after"))
        sides = f"{before} -> {after}" if change["before"] else after
        key = " / ".join(change["key"])
        console.print(printable(f"    {change['change']} {key}: {sides}"), markup=False)


def _advise(run: dict[str, Any]) -> None:
    if run["verdict"] == "held":
        console.print(
            f"    look at it with `unsilenced status`, then "
            f"`unsilenced approve {run['run']} --reason '...'` or wait for the next read"
        )
    elif run["issues"]:
        console.print(f"    `unsilenced issues --source {run['source']}` names them")
