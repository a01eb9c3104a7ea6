"""Commands about subjects and actors: timeline, actor, match review."""

import getpass
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from desk import output
from desk.blocked_card import proof_words
from desk.cli import AsJson, Source, app, now, show
from storage import identities
from storage.actors import ACTORS, acts_of, counts_of
from storage.domain_history import MEASURED
from storage.errors import Refused
from storage.finding import Found, find
from storage.sites import same_site
from storage.store import Store
from storage.timeline import domains_of, linked, timeline

match_app = typer.Typer(help="Rows that may be about the same subject.")
app.add_typer(match_app, name="match")

Who = Annotated[str, typer.Argument(help="An entity's id, a record or fact, a domain or a name.")]
Limit = Annotated[int, typer.Option(min=1, help="In the table: at most so many acts.")]
KINDS = ("announcement", identities.AGAIN, identities.SAME, identities.MIRROR)
STATUSES = (identities.SUGGESTED, identities.CONFIRMED, identities.REJECTED)
NAMED_AT_MOST = 12


@app.command("timeline")
def timeline_of(entity: Who, as_json: AsJson = False) -> None:
    """Everything dated about a subject: acts, exclusions, blockings, rulings, announcements."""
    store = now.reader()
    if store is None:
        return
    with store.read() as connection:
        events = timeline(connection, _subject(connection, entity))
    columns = ("date", "act", "target", "source", "key", "fact", "authority", "note")
    show((event if as_json else event | {"note": _note(event)} for event in events),
         as_json, columns)  # fmt: skip


def _note(event: dict[str, Any]) -> str:
    """Why an event stands in a timeline, where it is not the subject's own row."""
    notes = []
    if event["through"]:
        notes.append(f"through its domain {event['through']}")
    if event["match"]:
        match = event["match"]
        notes.append(f"{match['kind']}, {match['status']} (match {match['match']})")
    if event["act"] == MEASURED:
        notes.append(event["code"] or "")
    if event["proof"]:
        notes.append(proof_words(event["proof"]))
    if event["fields"]:
        notes.append(f"now other: {', '.join(event['fields'])}")
    return "; ".join(notes)


@app.command()
def actor(
    entity: Who,
    since: Annotated[str | None, typer.Option(help="Acts from this day on.")] = None,
    until: Annotated[str | None, typer.Option(help="Acts up to this day.")] = None,
    counts: Annotated[bool, typer.Option("--counts", help="Only how many, by kind, year.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """What an agency, an authority, a court or a judge did: by kind and year, newest first."""
    store = now.reader()
    if store is None:
        return
    with store.read() as connection:
        one = _actor(connection, entity)
        numbers = counts_of(connection, one)
        acts = [] if counts else list(_between(acts_of(connection, one), since, until))
    if as_json:
        output.lines(numbers if counts else acts)
        return
    output.console.print(output.printable(one.words()), markup=False)
    show(numbers, False, ("year", "code", "act", "basis", "acts"))
    show(acts[:limit], False, ("date", "act", "code", "target", "source", "key", "fact", "basis"))
    if len(acts) > limit:
        output.console.print(f"... and {len(acts) - limit} more; `--limit` or `--json` shows them")


def _between(
    acts: Iterator[dict[str, Any]], since: str | None, until: str | None
) -> Iterator[dict[str, Any]]:
    """Acts between two days, both included; an undated one only where no day is asked for."""
    for act in acts:
        day = act["date"]
        if day is None and (since or until):
            continue
        if not (since and day < since) and not (until and day[: len(until)] > until):
            yield act


def _subject(connection: Any, text: str) -> list[Found]:
    """The one subject that a text names; rows linked to each other are one. Raises Refused."""
    found = find(connection, text)
    if not found:
        raise Refused(_nothing(text))
    rows = [one.record_id for one in found if one.record_id is not None]
    sites = domains_of(connection, rows).keys()
    found = [one for one in found if one.id not in sites]  # they are reached through their rows
    if found and {one.id for one in found} <= same_site(connection, [found[0].name]).keys():
        return found
    if len(rows) == len(found) and set(rows) <= linked(connection, rows[:1]).keys():
        return found
    if len(found) > 1:
        raise Refused(_several(text, found))
    return found


def _actor(connection: Any, text: str) -> Found:
    actors = find(connection, text, ACTORS)
    if not actors:
        found = find(connection, text)
        if not found:
            raise Refused(_nothing(text))
        raise Refused(
            f"{found[0].words()} is no agency, authority, court or judge. "
            f"`unsilenced timeline {found[0].id}` tells what was done to it."
        )
    if len(actors) > 1:
        raise Refused(_several(text, actors))
    return actors[0]


def _nothing(text: str) -> str:
    return (
        f"Nobody and nothing is known as '{text}'. `unsilenced search` looks into all fields; "
        "a database that was made by an older version learns its names by `unsilenced db rebuild`."
    )


def _several(text: str, found: list[Found]) -> str:
    lines = [f"    {one.words()}" for one in found[:NAMED_AT_MOST]]
    more = [f"    ... and {len(found) - NAMED_AT_MOST} more"] if len(found) > len(lines) else []
    head = f"'{text}' may be one of {len(found)}. Say which by its id:"
    return "\n".join([output.printable(line) for line in (head, *lines, *more)])


@match_app.command("review")
def review(
    kind: Annotated[str | None, typer.Option(help=f"Only this kind: {', '.join(KINDS)}.")] = None,
    status: Annotated[
        str, typer.Option(help="suggested, confirmed, rejected or all.")
    ] = identities.SUGGESTED,
    source: Source = None,
    least: Annotated[float, typer.Option("--min-score", help="Only from this certainty on.")] = 0.0,
    confirm: Annotated[int | None, typer.Option(help="Decide that this match is right.")] = None,
    reject: Annotated[int | None, typer.Option(help="Decide that this match is wrong.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; it is written into the audit.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rows that may be about the same subject: list them, or decide about one of them.

    What you decide stays, whatever is read later; a match can be decided anew."""
    if confirm is not None or reject is not None:
        _decide(confirm, reject, reason, as_json)
        return
    if kind not in (None, *KINDS):
        raise Refused(f"There is no kind {kind} of matches: it is {', '.join(KINDS)}.")
    if status not in (*STATUSES, "all"):
        raise Refused(f"There is no status {status}: it is {', '.join(STATUSES)} or all.")
    store = now.reader()
    if store is None:
        return
    with store.read() as connection:
        chosen = None if status == "all" else status
        rows = identities.review(connection, kind, chosen, source, least)
        columns = ("match", "kind", "score", "rule", "status", "evidence", "left", "right")
        show(rows, as_json, columns)


def _decide(confirm: int | None, reject: int | None, reason: str | None, as_json: bool) -> None:
    if confirm is not None and reject is not None:
        raise Refused("Confirm one match or reject one, not both at once.")
    if not (reason and reason.strip()):
        raise Refused("Say why with --reason: it is written into the audit.")
    match = confirm if confirm is not None else reject
    status = identities.CONFIRMED if confirm is not None else identities.REJECTED
    store = now.writer()
    told = _decided(store, match or 0, status, reason.strip())
    if as_json:
        output.one(told)
    else:
        output.console.print(f"match {told['match']} is {status}; it was {told['from']}")


def _decided(store: Store, match: int, status: str, reason: str) -> dict[str, Any]:
    """Write a decision and its audit entry in one transaction, then the checkpoint."""
    actor = getpass.getuser()
    with store.write() as connection:
        told = identities.decide(connection, match, status, reason, actor, store.now())
        store.log(connection, "match-decided", f"match {match}", told, actor=actor)
    store.checkpoint()
    return told
