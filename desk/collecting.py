"""Commands that bring data in: crawl, import, replay, approve."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from desk import output
from desk.cli import AsJson, Reason, app, now
from schedules.supervisor import Outcome, collect

Names = Annotated[list[str] | None, typer.Argument(help="Sources; all enabled ones with --all.")]


@app.command()
def crawl(
    names: Names = None,
    family: Annotated[str | None, typer.Option(help="All sources of this family.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All enabled sources.")] = False,
    since: Annotated[str | None, typer.Option(help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many rows.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Show what would change, write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read sources now."""
    chosen = _chosen(names or [], family, all_)
    arguments = [
        *(["--since", since] if since else []),
        *(["--until", until] if until else []),
        *(["--limit", str(limit)] if limit else []),
        *(["--dry-run"] if dry_run else []),
    ]
    outcomes = [_collect("crawl", [name, *arguments]) for name in chosen]
    _tell(outcomes, as_json)


def _chosen(names: list[str], family: str | None, everything: bool) -> list[str]:
    """The sources that a command line means; the collector refuses unknown ones in words."""
    asked = [*(["--family", family] if family else []), *(["--all"] if everything else [])]
    outcome = collect(["choose", *names, *asked], config=now.config_file)
    if outcome.code:
        raise typer.Exit(outcome.code)
    return list(outcome.answer["chosen"])


@app.command("import")
def import_(
    name: Annotated[str, typer.Argument(help="The source that the files are of.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Its files, in order: one state.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where they were published.")] = None,
    git: Annotated[Path | None, typer.Option(help="Clone of a public mirror: its history.")] = None,
    daily: Annotated[bool, typer.Option(help="With --git: the last state of each day.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="With --git: states imported before as well.")
    ] = False,
    attachments: Annotated[
        Path | None, typer.Option(help="Of curated: where its attachments lie.")
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Of curated: print a file to fill in.")
    ] = False,
    archive: Annotated[
        bool, typer.Option("--archive", help="The copies that a web archive keeps.")
    ] = False,
    since: Annotated[str | None, typer.Option(help="With --archive: from this day on.")] = None,
    until: Annotated[str | None, typer.Option(help="With --archive: up to this day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read files in the source's own form, by the same path as a crawl."""
    arguments = [
        *[str(path) for path in files or []],
        *(["--url", url] if url else []),
        *(["--git", str(git)] if git else []),
        *(["--daily"] if daily else []),
        *(["--again"] if again else []),
        *(["--attachments", str(attachments)] if attachments else []),
        *(["--template"] if template else []),
        *(["--archive"] if archive else []),
        *(["--since", since] if since else []),
        *(["--until", until] if until else []),
    ]
    outcome = _collect("import", [name, *arguments])
    if "template" in outcome.answer:
        _print_template(outcome.answer["template"], as_json)
    else:
        _tell([outcome], as_json)


def _print_template(text: str, as_json: bool) -> None:
    if as_json:
        output.one({"template": text})
    else:
        print(text, end="")


@app.command()
def replay(
    name: Annotated[str, typer.Argument(help="The source.")],
    since: Annotated[str | None, typer.Option(help="Only what was read from this day on.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read stored evidence again with today's parser."""
    _tell([_collect("replay", [name, *(["--since", since] if since else [])])], as_json)


def _collect(verb: str, arguments: list[str]) -> Outcome:
    before = ["--as-of", now.as_of] if now.as_of else []
    return collect([*before, verb, *arguments], config=now.config_file)


def _tell(outcomes: list[Outcome], as_json: bool) -> None:
    found = [run for outcome in outcomes for run in outcome.runs]
    if not found and any(o.code for o in outcomes):
        raise typer.Exit(max(o.code if o.code > 1 else 4 for o in outcomes if o.code))
    compared = [one for outcome in outcomes for one in outcome.answer.get("compared", ())]
    if as_json:
        output.one({"runs": found} | ({"compared": compared} if compared else {}))
    else:
        output.runs(found)
        output.compared(compared)
    # A child that was killed says nothing: that is our failure.
    codes = [4 if o.code < 0 or o.code == 1 else o.code for o in outcomes]
    raise typer.Exit(max(codes, default=0))


@app.command()
def approve(
    run: Annotated[int, typer.Argument(help="The held run.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Let a held run through: it is reconciled as complete, and audited."""
    actor = getpass.getuser()
    outcome = _collect("approve", [str(run), "--reason", reason, "--actor", actor])
    _tell([outcome], as_json)
