"""Blockings by the operators' filters (TSPU, "DPI") that stand in no register.

Their list is kept by hand by a rights group: a domain, the name of its service and a code of the
restriction. It states neither who decided nor when; a service without a restriction refuses Russian
users itself, which is no act of the state. Source: dossier of blockings, addendum A1.
"""

from collections.abc import Callable
from typing import Any

from pipelines.domains import canonical_domain
from pipelines.observation import Observation
from pipelines.political import reference_category
from pipelines.reading import Normalised, Trouble
from pipelines.taxonomy import kind_of
from pipelines.text import clean

OFF_REGISTER = "restriction"  # the field that only this list has
BLOCKED = "ban"  # the one code that was seen (2024)
BY_SERVICE = "none"


def normalise_off_register(seen: Observation, reference: Callable[[str], str | None]) -> Normalised:
    """The contract's fields of a blocking; a service that refuses by itself is no measure."""
    stated, code = str(seen.fields["domain"]), clean(str(seen.fields[OFF_REGISTER] or ""))
    domain = canonical_domain(clean(stated))
    troubles = []
    if domain is None:
        troubles.append(Trouble("unread-domain", "domain", "What the entry names is no domain."))
    if code not in (BLOCKED, BY_SERVICE):
        words = "This code of a restriction is not known yet; it is taken as a blocking."
        troubles.append(Trouble("unknown-value", OFF_REGISTER, words))
    by_service = code == BY_SERVICE
    domains = [] if domain is None else [domain]
    known = reference_category(domains, reference) is not None
    rule = "off-register-in-reference" if known else "off-register"
    fields: dict[str, Any] = {
        "domains": domains, "urls": [], "ips": [],
        "block_type": "by-service" if by_service else "off-register",
        "political": "no" if by_service else "yes" if known else "review",
        "political_rule": "refused-by-service" if by_service else rule,
    }  # fmt: skip
    if [stated] != domains:
        fields["domains_raw"] = [stated]
    measure = {} if by_service else _measure(domain or stated)
    return Normalised(fields, measure, tuple(troubles))


def _measure(target: str) -> dict[str, Any]:
    kind = kind_of("", "blocking", basis="off-register")
    return {
        "code": kind.code, "direction": kind.direction, "target": target, "target_type": "domain",
        "acted_on": None, "authority": None, "articles": [],
    }  # fmt: skip
