"""Hosts of one site are one outlet, with certainty; mirrors under other names only perhaps.

Certain: a host under the domain that somebody registered (`m.site.ru`, `www2.site.ru`), which is
kept as an alias of the host. A mirror is suggested as a match between the row that blocks it and a
row of a register or a reference list that names the site, for a person to decide:

`numbered-name`    the same name but for digits, under the same suffix (`site2.ru`)
`written-out`      the site's address in a label (`site-ru.example.net`)
`other-suffix`     the same name under another suffix, digits aside (`site.info`)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from storage.audit import canonical
from storage.entity_names import chunks
from storage.entity_reading import SITE
from storage.identities import CONFIRMED, MIRROR, SUGGESTED
from storage.models import Entity, EntityName, Involvement, Match, Record

DOMAIN, BLOCKING, TARGET = "domain", "blocking", "target"
KNOWN = ("named", "listed")  # roles in rows that say whose site it is
NUMBERED, WRITTEN, SUFFIX = "numbered-name", "written-out", "other-suffix"
SCORE = {NUMBERED: 0.7, WRITTEN: 0.7, SUFFIX: 0.5}
SHORTEST = 5  # signs of a name that two outlets may share without being one
MOST = 10  # sites of one name: beyond it the name tells nothing
_DIGITS = re.compile(r"[-_]?[0-9]+[-_]?")


class _Host(NamedTuple):
    record: int
    role: str
    name: str
    site: str


def same_site(connection: Connection, names: Sequence[str]) -> dict[str, str]:
    """Entity -> host, of all hosts of the sites to which these hosts belong, these included."""
    sites = set(names)
    for some in chunks(sorted(names)):
        own = select(EntityName.name).join(Entity, Entity.id == EntityName.entity_id)
        own = own.where(Entity.name.in_(some), EntityName.scheme == SITE)
        sites |= set(connection.execute(own).scalars())
    found: dict[str, str] = {}
    for some in chunks(sorted(sites)):
        rows = (
            select(Entity.id, Entity.name)
            .join(EntityName, EntityName.entity_id == Entity.id)
            .where(Entity.kind == DOMAIN, EntityName.name.in_(some))
            .where((EntityName.kind != "alias") | (EntityName.scheme == SITE))
        )
        found |= {row.id: row.name for row in connection.execute(rows)}
    return found


def one_outlet(connection: Connection, names: Sequence[str]) -> dict[str, str]:
    """Entity -> host: the hosts of these sites, and of the mirrors that a person confirmed."""
    found = same_site(connection, names)
    beside: set[str] = set()
    for mine, mine_role, other, other_role in (
        (Match.right_record_id, KNOWN, Match.left_record_id, (TARGET,)),
        (Match.left_record_id, (TARGET,), Match.right_record_id, KNOWN),
    ):
        for some in chunks(sorted(found)):
            own = select(Involvement.record_id).where(
                Involvement.entity_id.in_(some), Involvement.role.in_(mine_role)
            )
            linked = select(other).where(
                Match.kind == MIRROR, Match.status == CONFIRMED, mine.in_(own)
            )
            rows = (
                select(Entity.name)
                .join(Involvement, Involvement.entity_id == Entity.id)
                .where(
                    Entity.kind == DOMAIN, Involvement.record_id.in_(linked),
                    Involvement.role.in_(other_role),
                )
            )  # fmt: skip
            beside |= set(connection.execute(rows).scalars())
    return found | same_site(connection, sorted(beside)) if beside else found


def suggest_mirrors(connection: Connection, touched: Sequence[int]) -> int:
    """Suggest mirrors anew where rows with domains were read; withdraw what no longer holds. What a
    person decided stays. Returns how many suggestions are new."""
    if not any(_hosts(connection, some) for some in chunks(touched)):
        return 0
    found = {(one["left_record_id"], one["right_record_id"]): one
             for one in _mirrors(_hosts(connection))}  # fmt: skip
    rows = connection.execute(
        select(Match.id, Match.left_record_id, Match.right_record_id, Match.status)
        .where(Match.kind == MIRROR)
    ).all()  # fmt: skip
    known = {(row.left_record_id, row.right_record_id) for row in rows}
    gone = [row.id for row in rows if row.status == SUGGESTED and row[1:3] not in found]
    for some in chunks(gone):
        connection.execute(delete(Match).where(Match.id.in_(some)))
    fresh = [found[pair] for pair in sorted(found.keys() - known)]
    for some in chunks(fresh):
        connection.execute(insert(Match), list(some))
    return len(fresh)


def _hosts(connection: Connection, ids: Sequence[int] | None = None) -> list[_Host]:
    site = EntityName.__table__.alias("site")
    statement = (
        select(Involvement.record_id, Involvement.role, Entity.name, site.c.name)
        .join(Entity, Entity.id == Involvement.entity_id)
        .join(Record, Record.id == Involvement.record_id)
        .outerjoin(site, (site.c.entity_id == Entity.id) & (site.c.scheme == SITE))
        .where(Entity.kind == DOMAIN, Involvement.role.in_((TARGET, *KNOWN)))
        .order_by(Involvement.record_id, Involvement.place)
    )
    if ids is not None:
        statement = statement.where(Involvement.record_id.in_(ids))
    rows = connection.execute(statement)
    return [_Host(record, role, name, own or name) for record, role, name, own in rows]


def _mirrors(hosts: Sequence[_Host]) -> Iterator[dict[str, Any]]:
    """One match a pair of rows, by the surest rule."""
    by_site: dict[str, list[_Host]] = {}
    stems: dict[str, set[str]] = {}
    for host in hosts:
        if host.role in KNOWN:
            by_site.setdefault(host.site, []).append(host)
            stems.setdefault(_stem(host.site), set()).add(host.site)
    best: dict[tuple[int, int], dict[str, Any]] = {}
    for host in hosts:
        if host.role != TARGET or host.site in by_site:
            continue
        for site, rule in _like(host, by_site, stems):
            for other in by_site[site]:
                if other.record == host.record:
                    continue
                pair = host.record, other.record
                if pair not in best or best[pair]["score"] < SCORE[rule]:
                    best[pair] = _match(host, other, rule)
    yield from (best[pair] for pair in sorted(best))


def _like(
    host: _Host, by_site: Mapping[str, Any], stems: Mapping[str, set[str]]
) -> Iterator[tuple[str, str]]:
    """Known sites that a host may be a mirror of, and by which rule."""
    words = host.name.partition(".")[0].split("-")
    for end in range(2, len(words) + 1):
        written = ".".join(words[:end])
        if written in by_site:
            yield written, WRITTEN
    stem = _stem(host.site)
    alike = stems.get(stem, set())
    if len(stem) < SHORTEST or len(alike) > MOST:
        return
    for site in sorted(alike):
        same_suffix = site.partition(".")[2] == host.site.partition(".")[2]
        yield site, NUMBERED if same_suffix else SUFFIX


def _stem(site: str) -> str:
    """The name of a site without its suffix and digits."""
    return _DIGITS.sub("", site.partition(".")[0])


def _match(host: _Host, other: _Host, rule: str) -> dict[str, Any]:
    return {
        "kind": MIRROR, "left_record_id": host.record, "right_record_id": other.record,
        "score": SCORE[rule], "rule": rule, "status": SUGGESTED,
        "evidence": canonical({"left": host.name, "right": other.name}),
    }  # fmt: skip
