"""Commands that read the record: records, changes, measures, runs, issues, status, sources."""

from typing import Annotated, Any

import typer

from desk import output
from desk.blocked_card import blockings_of, hosts_of, tell, tell_unknown, with_joined
from desk.cli import AsJson, Source, app, filters, now, show, shown
from desk.measured import with_words
from desk.status import status_rows, summary, without_addresses
from schedules.supervisor import sources as all_sources
from storage import queries
from storage.blocked import joined
from storage.difference import both_ways
from storage.errors import Refused
from storage.identities import AGAIN, MIRROR
from storage.reachability import with_measured

Day = Annotated[str | None, typer.Option(help="A day, such as 2026-11-20.")]
RunId = Annotated[int | None, typer.Option(help="Only of this run.")]
Status = Annotated[str | None, typer.Option(help="listed, absent or gone.")]
IssueStatus = Annotated[str, typer.Option("--status", help="open, closed or all.")]
Part = Annotated[str | None, typer.Option(help="Only this part of a source.")]


def _list(name: str, columns: tuple[str, ...], as_json: bool, **chosen: Any) -> None:
    store = now.reader()
    if store is None:
        return
    with store.read() as connection:
        rows = getattr(queries, name)(connection, filters(**chosen))
        show(rows, as_json, columns)


@app.command()
def records(
    source: Source = None,
    status: Status = None,
    since: Day = None,
    until: Day = None,
    run: RunId = None,
    part: Part = None,
    as_json: AsJson = False,
) -> None:
    """What sources list, each with the quote and the bytes that say so."""
    _list(
        "records", ("fact", "source", "key", "status", "ended_on", "quote"), as_json,
        source=source, status=status, since=since, until=until, run=run, part=part,
    )  # fmt: skip


@app.command()
def changes(
    source: Source = None,
    status: Status = None,
    since: Day = None,
    until: Day = None,
    run: RunId = None,
    part: Part = None,
    as_json: AsJson = False,
) -> None:
    """What became different, and how we know."""
    _list(
        "changes", ("fact", "at", "source", "key", "change", "fields", "quote"), as_json,
        source=source, status=status, since=since, until=until, run=run, part=part,
    )  # fmt: skip


@app.command()
def measures(
    source: Source = None, since: Day = None, until: Day = None, as_json: AsJson = False
) -> None:
    """The acts themselves: who did what to whom, when, on what ground."""
    columns = ("fact", "source", "code", "target", "acted_on", "ended_on", "authority", "status")
    _list("measures", columns, as_json, source=source, since=since, until=until)


@app.command()
def search(
    text: Annotated[
        str, typer.Argument(help="A name in any spelling, a domain, or words of a row.")
    ],
    as_json: AsJson = False,
) -> None:
    """Records of a subject by any spelling of its name, and those whose fields contain a text."""
    store = now.reader()
    if store is not None:
        with store.read() as connection:
            found = queries.search(connection, text)
            show(found, as_json, ("fact", "source", "key", "status", "quote"))


@app.command("show")
def show_one(
    what: Annotated[str, typer.Argument(help="A record's id, a fact, a domain or a name.")],
    as_json: AsJson = False,
) -> None:
    """One record, or everything about a domain or a name."""
    store = now.reader()
    if store is not None:
        with store.read() as connection:
            found = list(with_measured(connection, queries.about(connection, what)))
            hosts = hosts_of(connection, what)
            blockings = blockings_of(connection, hosts) if hosts else []
            with_joined(found, blockings)
            if not found:
                tell_unknown(connection, what)
            if blockings and not as_json:
                tell(blockings, found)
                found = [row for row in found if "joined" not in row]
            if as_json:
                output.lines(found)
            else:
                output.cards(_card(_told(row)) for row in found)


def _card(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What a person reads of a record: where it stands, what it says, what belongs to it."""
    head = f"{row['fact']}  {row['source']}  {shown(row['key'])}  {row['status']}"
    lines = [("", head), ("first seen", shown(row["first_seen_at"])), ("says", row["quote"])]
    for name in ("announced", "names", "links", "measured"):
        lines.append((name, shown(row.get(name))))
    return lines


@app.command()
def blocked(
    difference: Annotated[
        bool, typer.Option("--difference", help="Only where register and measurement disagree.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Blocked sites, one blocking a domain and ground, with every source that states it."""
    store = now.reader()
    if store is None:
        return
    with store.read() as connection:
        if difference:
            columns: tuple[str, ...] = ("kind", "domain", "sources", "since", "verdict", "rule")
            show(both_ways(connection), as_json, columns)
            return
        columns = ("domain", "status", "authority", "decision_number", "decided_on", "since",
                   "sources")  # fmt: skip
        show(joined(connection), as_json, columns)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """A record for the table: what was announced, its other names, its links to other rows."""
    names = [
        f"{one['name']} ({one['kind']})"
        for entity in row["entities"]
        if entity["entity"] == row["entities"][0]["entity"]
        for one in entity["names"]
    ]
    return with_words(_with_announced(row)) | {
        "names": names,
        "links": [link_words(one) for one in row["links"]],
    }


def link_words(link: dict[str, Any]) -> str:
    """`designated again; earlier № 273 of 2021-09-29, excluded 2022-10-05`, or what may be."""
    told = link["evidence"]
    if link["kind"] == AGAIN and link["earlier"]:
        words = f"designated again; earlier № {told['earlier_number']} of {told['listed_on']}, "
        words += f"excluded {told['delisted_on']}"
    elif link["kind"] == AGAIN:
        words = f"designated again on {told['again_on']}"
    elif link["kind"] == MIRROR:
        words = f"{told['left']} may be a mirror of {told['right']}"
    else:
        words = "may be the same subject"
    return f"{words} (record {link['record']}, match {link['match']}, {link['status']})"


def _with_announced(row: dict[str, Any]) -> dict[str, Any]:
    """For the table: the state of an announcement, or what was announced of a row and why."""
    told = [
        f"{one['authority']}: «{text}» ({one['url'] or one['published_on'] or one['acted_on']})"
        for one in row.get("announcements", ())
        for text in dict.fromkeys(reason["text"] for reason in one["reasons"] or ())
    ]
    return row | {"announced": told or row.get("state")}


@app.command()
def runs(source: Source = None, as_json: AsJson = False) -> None:
    """Every attempt to read a source."""
    columns = ("run", "source", "trigger", "started_at", "verdict", "reasons", "observed")
    _list("runs", columns, as_json, source=source)


@app.command()
def issues(source: Source = None, status: IssueStatus = "open", as_json: AsJson = False) -> None:
    """What was not understood. An issue closes when a later read no longer meets it."""
    if status not in ("open", "closed", "all"):
        raise Refused(f"There is no status {status} of issues: it is open, closed or all.")
    columns: tuple[str, ...] = (
        "id", "source", "part", "kind", "heading", "text", "locator", "times",
    )  # fmt: skip
    if status != "open":
        columns += ("closed_at", "closed_by", "closed_run")
    _list("issues", columns, as_json, source=source, status=status)


@app.command()
def sources(as_json: AsJson = False) -> None:
    """The sources that can be read, and which of them are known to be alive."""
    show(
        all_sources(now.config_file), as_json,
        ("source", "family", "every", "enabled", "exit", "title", "publisher"),
    )  # fmt: skip


@app.command()
def status(source: Source = None, as_json: AsJson = False) -> None:
    """How each source stands: last whole read, verdict, reasons in words, what is stale."""
    store = now.reader()
    if store is None:
        return
    with store.read() as connection:
        rows = list(status_rows(connection, store.clock.now(), source))
    if as_json:
        output.one({"parts": rows, "summary": summary(rows)})
        return
    columns = ("source", "part", "verdict", "read_at", "rows", "fresh", "words")
    rows_shown = (row | {"words": without_addresses(row["words"])} for row in rows)
    output.table(([shown(row[c]) for c in columns] for row in rows_shown), *columns)
    output.console.print(summary(rows))
