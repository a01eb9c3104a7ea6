"""What `show` prints of a domain before its rows: is it blocked, by whom, since when, who says so.

A decision's date is not the date of the block: both are told, each by its own name.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from desk import output, words
from desk.measured import sentence
from desk.zone import ZONE
from storage.blocked import joined, only_counted
from storage.clock import read_moment
from storage.domain_history import GONE, MEASURED, history
from storage.finding import find
from storage.identities import MIRROR
from storage.sites import one_outlet

DOMAIN = "domain"
ADDRESS = re.compile(r"[^\s/]+\.[^\s/.]{2,}/?")


def hosts_of(connection: Connection, what: str) -> list[str]:
    """The hosts of the one site that a text names; none where it names something else."""
    found = [one for one in find(connection, what) if one.kind == DOMAIN]
    if not found:
        return []
    hosts = one_outlet(connection, [found[0].name])
    return sorted(hosts.values()) if {one.id for one in found} <= hosts.keys() else []


def with_joined(rows: list[dict[str, Any]], blockings: Sequence[dict[str, Any]]) -> None:
    """Give each row of `show` the joined blockings in which it stands."""
    for row in rows:
        mine = [
            one for one in blockings if row["id"] in {stated["record"] for stated in one["rows"]}
        ]
        if mine:
            row["joined"] = mine


def blockings_of(connection: Connection, hosts: Sequence[str]) -> list[dict[str, Any]]:
    """The joined blockings of hosts, each with the history of its domain."""
    found = joined(connection, hosts)
    lines = {host: history(connection, host) for host in {one["domain"] for one in found}}
    return [one | {"history": lines[one["domain"]]} for one in found]


def tell(blockings: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> None:
    """Print the answer, one block a blocking, the newest decision of a domain last."""
    for one in blockings:
        for line in _lines(one):
            output.console.print(output.printable(line), markup=False)
    told: dict[str, None] = {}
    for row in rows:
        for measure in row.get("reachability", ()):
            told[f"measured   {measure['domain']}: {sentence(measure)}"] = None
        for link in row["links"]:
            if link["kind"] == MIRROR:
                sides = f"{link['evidence']['left']} of {link['evidence']['right']}"
                told[f"mirror?    {sides} (match {link['match']}, {link['status']})"] = None
    if not any(row.get("reachability") for row in rows):
        told["measured   nothing: we hold no measurement of it"] = None
    for host in dict.fromkeys(one["domain"] for one in blockings):
        events = next(one["history"] for one in blockings if one["domain"] == host)
        told[f"history    {host}: {'; '.join(map(_event, events))}"] = None
    for line in told:
        output.console.print(output.printable(line), markup=False)


def tell_unknown(connection: Connection, what: str) -> None:
    """What can honestly be said of a site that no kept row names, on standard error."""
    if not ADDRESS.fullmatch(what.strip()):
        return
    counted = only_counted(connection)
    told = "; ".join(f"{source} {rows}" for source, rows in counted.items())
    line = "No row that we keep names it."
    if told:
        line += (
            f" Rows that are only counted, by kind of agency and day: {told}. Whether it is one of "
            "them is not known: what is kept of them are hashes of whole rows, not of names. "
            "Put it in a list of your own (`reference` in unsilenced.toml) and read the source "
            "again, and its rows are kept."
        )
    output.errors.print(line, markup=False)


def _lines(one: dict[str, Any]) -> Iterator[str]:
    yield f"{one['domain']}  {_state(one)}"
    number = f", decision {one['decision_number']}" if one["decision_number"] else ""
    day = f" of {one['decided_on']}" if one["decided_on"] else ""
    inferred = " (inferred; the register hides it)" if one["authority_basis"] == "inferred" else ""
    who = one["authority"] or "not stated"
    yield f"  by       {who}{inferred}{number}{day or ', no date stated'}"
    ground = f"article {one['article']} of law 149-FZ" if one["article"] else "not stated"
    verdict = f"; political: {one['political']} (rule {one['political_rule']})"
    yield f"  ground   {ground}{verdict if one['political'] else ''}"
    yield f"  since    {_since(one)}"
    for row in one["rows"]:
        yield f"  source   {row['source']} {row['fact']}: {_row_state(row)}"


def _state(one: dict[str, Any]) -> str:
    return {
        "blocked": f"BLOCKED in the newest state that we hold, of {_newest(one)}",
        "unseen": "not listed when last looked; not yet proven gone",
        "ended": f"no longer listed, since {one['ended_on']}",
    }[one["status"]]


def _newest(one: dict[str, Any]) -> str:
    seen = [row["last_seen_at"] for row in one["rows"] if row["status"] == "listed"]
    return local(max(filter(None, seen), default=None))


def _since(one: dict[str, Any]) -> str:
    at = local(one["since"])
    return {
        "register": f"{at}, as a register states it",
        "seen": f"{at}, when we saw it appear",
        "first-look": f"{at} or before: it stood there when we looked first",
    }[one["since_basis"]]


def _row_state(row: dict[str, Any]) -> str:
    state = {"listed": "listed", "absent": "not there now", GONE: f"gone on {row['ended_on']}"}
    first, last = local(row["first_seen_at"]), local(row["last_seen_at"])
    return f"{state[row['status']]}; seen {first} to {last}"


def local(moment: str | None) -> str:
    """A moment in the zone of the country, as analysts write it."""
    if moment is None:
        return "?"
    if len(moment) == len("2026-11-25"):
        return moment
    return f"{read_moment(moment).astimezone(ZONE):%Y-%m-%d %H:%M} {ZONE.key.rpartition('/')[2]}"


def _event(event: dict[str, Any]) -> str:
    what = event["what"]
    if what == MEASURED:
        verdict = words.say("measured", event["measurement"]["verdict"], "en")
        return f"{event['date'] or 'undated'} measured: {verdict}"
    told = {
        "decision": "decision", "register": "in the register", "seen": "first seen",
        "first-look": "there at our first look", GONE: f"gone from {event['source']}",
    }[what]  # fmt: skip
    proof = f" ({proof_words(event['proof'])})" if "proof" in event else ""
    return f"{local(event['date'])} {told}{proof}"


def proof_words(proof: dict[str, Any]) -> str:
    """The two looks that prove an end: `not there at 2026-11-01 ... (run 4), 2026-11-02 ...`."""
    looks = [f"{local(look['at'])} (run {look['run']})" for look in proof["looks"]]
    return f"{proof['fact']} last seen {local(proof['last_seen_at'])}, not there {', '.join(looks)}"
