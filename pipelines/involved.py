"""Who and what stands in a record: subjects, their domains, courts, judges, agencies.

What makes two mentions one entity is certain by rule: the same row of a register, domain, code of
a court, official name of a body. A person who stands only by initials or a hash is no entity: a
name enters these tables only where it is public as a target already.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pipelines.agencies import read_agency
from pipelines.domains import site_of
from pipelines.spellings import body_spellings, domain_spellings, spellings
from storage.entity_reading import OWN, EntityReading, Involved, Seen
from storage.folding import fold
from storage.masking import is_masked

OUTLET = "outlet"
KIND_OF = {"person": "person", "information_resource": OUTLET, "unknown": "unknown"}
ROLES = {"applicant": "plaintiff", "defendant": "target"}  # else the role that the card states
INFERRED_SCORE = 0.8
HITS_SITES = frozenset({"throttling"})  # acts against a site that only an analyst can enter


def read_involved(seen: Seen) -> list[Involved]:
    """All entities of a record in their order, each role one item."""
    reader = READERS.get(seen.family)
    return list(reader(seen)) if reader else []


def _designated(seen: Seen) -> Iterator[Involved]:
    fields = seen.fields
    target_type = fields.get("target_type") or "unknown"
    if target_type == "material":  # a text, in which people may be named
        return
    listed_on, delisted_on = fields.get("listed_on"), fields.get("delisted_on")
    if fields.get("name"):
        if target_type != "person" and fields.get("subject_kind") == OUTLET:
            target_type = "information_resource"
        one = _own(seen, target_type, fields["name"], *_other_names(fields))
        yield one("target", "inclusion", listed_on)
        if delisted_on:
            yield one("target", "exclusion", delisted_on)
    for domain in fields.get("domains") or ():
        yield _domain(domain, "named", "inclusion", listed_on)
    yield from _deciders(fields, seen.measure)


def _other_names(fields: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names stated beside the name, and those of them that are former; as texts, or as objects with
    `name` and `kind`. The own name of a body, without its legal form, is one of them."""
    told = [*(fields.get("names") or ()), *(fields.get("other_names") or ())]
    pairs = [(one.get("name"), one.get("kind")) if isinstance(one, dict) else (one, None)
             for one in (*told, fields.get("own_name"))]  # fmt: skip
    known = [(name, kind) for name, kind in pairs if isinstance(name, str) and name]
    former = tuple(dict.fromkeys(name for name, kind in known if kind == "former"))
    others = dict.fromkeys(name for name, _kind in known if name != fields["name"])
    return tuple(others), former


def _deciders(fields: Mapping[str, Any], measure: Mapping[str, Any]) -> Iterator[Involved]:
    decisions = [one for one in fields.get("decisions") or () if one.get("authority")]
    for one in decisions:
        act = one.get("kind") or "ruling"
        # A word that is not the machine's is the court's own for its decision.
        yield _body(one["authority"], "ordered", act if act.isascii() else "ruling", one["date"])
    if not decisions and measure.get("authority"):
        yield _body(measure["authority"], "ordered", "inclusion", measure.get("acted_on"))


def _blocked(seen: Seen) -> Iterator[Involved]:
    fields = seen.fields
    if not seen.measure:  # a service that refuses by itself: no act of the state
        return
    day = fields.get("decided_on") or (fields.get("included_at") or "")[:10] or None
    for domain in dict.fromkeys(fields.get("domains") or ()):
        yield _domain(domain, "target", "blocking", day)
    if fields.get("agency"):
        yield _body(fields["agency"], "ordered", "blocking", fields.get("decided_on"))
    elif fields.get("agency_inferred"):
        yield _body(
            fields["agency_inferred"], "ordered", "blocking", fields.get("decided_on"),
            ("inferred", INFERRED_SCORE, fields.get("political_rule")),
        )  # fmt: skip


def _ruled(seen: Seen) -> Iterator[Involved]:
    fields = seen.fields
    day = fields.get("decided_on") or seen.measure.get("acted_on")
    court, code = fields.get("court"), fields.get("court_code")
    key = ("court", code) if code else ("body", fold(court or ""))
    if court:
        yield Involved("court", key, court, "ordered", "ruling", day)
    if court and fields.get("judge"):
        judge = ("judge", *key, fold(fields["judge"]))
        yield Involved("judge", judge, fields["judge"], "judge", "ruling", day)
    for party in fields.get("parties") or ():
        yield from _party(seen, party, day)


def _party(seen: Seen, party: Mapping[str, Any], day: str | None) -> Iterator[Involved]:
    """A party by its name, unless it is a private person."""
    name, role = party.get("name"), party.get("role") or "party"
    if not name or is_masked(party):
        return
    role = ROLES.get(role, role)
    if party.get("kind") == "state":
        yield _body(name, role, "ruling", day)
        return
    kind = "person" if party.get("kind") in ("person", "official") else "organisation"
    key = (OWN, seen.source, *seen.key, "party", name)
    yield Involved(kind, key, name, role, "ruling", day)


def _entered(seen: Seen) -> Iterator[Involved]:
    """An act that an analyst entered; a private target has no name there."""
    fields = seen.fields
    day, act = fields.get("acted_on"), fields.get("code") or "act"
    target_type = fields.get("target_type") or "unknown"
    if fields.get("target") and fields.get("target_initials") is None and target_type != "material":
        yield _own(seen, target_type, fields["target"])("target", act, day)
        # `site.ru of the channel` is no site: an address has no blank
        is_address = act in HITS_SITES and not fields["target"].split()[1:]
        site = site_of(fields["target"]) if is_address else None
        if site:  # the same site, whichever source names it
            yield _domain(site, "target", "blocking", day)
    if fields.get("authority"):
        yield _body(fields["authority"], "ordered", act, day)


def _announced(seen: Seen) -> Iterator[Involved]:
    """Who announced it; its subject is an entity once a register lists it."""
    fields = seen.fields
    if fields.get("authority"):
        day = fields.get("acted_on") or fields.get("published_on")
        yield _body(fields["authority"], "announced", fields.get("kind") or "other", day)


def _referred(seen: Seen) -> Iterator[Involved]:
    fields = seen.fields
    if fields.get("domain"):
        yield _domain(fields["domain"], "listed", "reference", fields.get("listed_on"))
    elif fields.get("name"):  # a list of persons that the operator trusts: public by rule 8
        yield _own(seen, "person", fields["name"])("listed", "reference", None)


def _own(
    seen: Seen,
    target_type: str,
    name: str,
    names: tuple[str, ...] = (),
    former: tuple[str, ...] = (),
) -> Callable[[str, str, str | None], Involved]:
    """The entity that this row is, waiting for its role, act and day."""
    kind = KIND_OF.get(target_type, "organisation")
    key = (OWN, seen.source, *seen.key)
    return lambda role, act, day: Involved(
        kind, key, name, role, act, day, names=names, former=former
    )


def _domain(domain: str, role: str, act: str, day: str | None) -> Involved:
    return Involved("domain", ("domain", domain), domain, role, act, day)


def _body(
    name: str, role: str, act: str, day: str | None,
    inferred: tuple[str, float, str | None] = ("stated", 1.0, None),
) -> Involved:  # fmt: skip
    official, kind, key = _known_body(name)
    return Involved(kind, key, official, role, act, day, *inferred)


@lru_cache(maxsize=4096)  # hundreds of thousands of rows name a few hundred bodies
def _known_body(name: str) -> tuple[str, str, tuple[str, str]]:
    """Official name, kind of entity and key of a body. One body is one entity in all registers."""
    agency = read_agency(name)
    kind = {"court": "court", "unknown": "authority"}.get(agency.kind, "agency")
    official = agency.name or name
    return official, kind, ("body", fold(official))


READERS: Mapping[str, Callable[[Seen], Iterator[Involved]]] = {
    "designation": _designated,
    "blocking": _blocked,
    "ruling": _ruled,
    "curated": _entered,
    "announcement": _announced,
    "reference": _referred,
}


def _spellings(kind: str, name: str) -> Sequence[tuple[str, str]]:
    if kind == "domain":
        return domain_spellings(name)
    return body_spellings(name) if kind in ("agency", "authority", "court") else spellings(name)


READING = EntityReading(involved=read_involved, spellings=_spellings)
