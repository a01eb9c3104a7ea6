"""A row of a register of blocked sites: political or not, and what of it may be kept.

The register also lists pages of drugs, suicide and abuse. A row that is neither political nor about
a known medium leaves here as `kept=False`: only its keyed hash and a count stay (design, rule 9).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from pipelines.agencies import Agency, read_agency
from pipelines.block_dates import read_day, read_inclusion
from pipelines.designation import text_of
from pipelines.domains import canonical_domain, host_of, is_platform, read_ips
from pipelines.entry_types import KNOWN, article_of
from pipelines.observation import Observation
from pipelines.off_register import OFF_REGISTER, normalise_off_register
from pipelines.plain_blocking import HARMFUL, is_plain, tally_of
from pipelines.political import WAR_DECISION_ON, Verdict, judge, reference_category
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec
from pipelines.taxonomy import kind_of
from pipelines.text import clean, unescape
from pipelines.url_misprints import repaired, repaired_host

Reference = Callable[[str], str | None]
Raws = Mapping[str, str]

BETWEEN_DOMAINS = " | "  # a domain has no blank
BETWEEN_URLS = re.compile(r"\s\|\s")  # `http://a/1 | http://a/2`; inside a URL it is %7C
# Article 15.1-1 of law 149-ФЗ, the other ground of the Prosecutor General's decisions, is in force
# since this day (law 30-ФЗ of 18.03.2019); before it his decisions have one ground, 15.3.
SECOND_GROUND_FROM = "2019-03-29"
WAR_DECISION = "27-31-2020/Ид2145-22"  # on reports of the war, of 24.02.2022: by article 15.3
OF_PROSECUTOR = frozenset({"prosecutor_general", "hidden"})
BY_URL = "default"  # a block type of test data (u2ckdump): the same as none, by the addresses


def normalise_blocking(seen: Observation, spec: Spec, reference: Reference) -> Normalised:
    """The contract's fields of a blocking. `reference` gives the category of a domain, or None."""
    if OFF_REGISTER in seen.fields:
        return normalise_off_register(seen, reference)
    raw = {
        name: value if type(value) is str else text_of(value) for name, value in seen.fields.items()
    }
    agency = read_agency(raw.get("agency", ""))
    decided_on = read_day(raw.get("decided_on", ""), spec.dates)
    tally = tally_of(raw.get("agency", ""), raw.get("decided_on", ""), spec.dates)
    if is_plain(agency.kind, raw, reference):
        return _only_counted(tally)
    domains = _domains(raw)
    lookup = reference if agency.kind == "hidden" else _own_site(reference, raw)
    verdict = judge(
        agency, raw.get("decision_number", ""), decided_on, domains, raw.get("entry_type") or None,
        lookup, split_urls(raw.get("urls", "")) if agency.kind == "court" else (),
    )  # fmt: skip
    if not _is_kept(verdict, agency, raw, domains, lookup):
        return _only_counted(tally, _unknown(agency))
    fields = _addresses(raw, domains) | _decision(raw, agency, decided_on)
    fields["article"] = _article(raw, agency, decided_on)
    fields["political"], fields["political_rule"] = verdict.political, verdict.rule
    fields["agency_inferred"] = verdict.agency_inferred
    troubles = (*_unknown(agency), *_troubles(raw, fields))
    return Normalised(fields, _measure(fields), troubles, tally=tally)


@lru_cache(maxsize=65536)
def _only_counted(tally: tuple[str, str], troubles: tuple[Trouble, ...] = ()) -> Normalised:
    """A row that is not kept, one object for all of an agency and a day."""
    return Normalised({}, {}, troubles, kept=False, tally=tally)


def split_urls(cell: str) -> list[str]:
    """The URLs of a cell, as written and in its order."""
    return [url for one in BETWEEN_URLS.split(cell) if (url := one.strip())]


def _domains(raw: Raws) -> list[str]:
    """The domain that the row names; where it names none, the hosts of its URLs."""
    stated = _stated_domains(raw)
    if stated:
        found = (_domain(clean(one)) for one in stated)
        return list(dict.fromkeys(one for one in found if one is not None))
    hosts = (host_of(repaired(url)) for url in split_urls(raw.get("urls", "")))
    return list(dict.fromkeys(host for host in hosts if host is not None))


def _domain(stated: str) -> str | None:
    return canonical_domain(stated) or canonical_domain(repaired_host(stated))


def _stated_domains(raw: Raws) -> list[str]:
    """The domain cell of a row; a record of the JSON form may state several."""
    return [one for one in raw.get("domain", "").split(BETWEEN_DOMAINS) if one.strip()]


def _own_site(reference: Reference, raw: Raws) -> Reference:
    """The reference list, where a page on a platform does not count as the platform itself."""
    if not clean(raw.get("urls", "")):
        return reference
    return lambda name: None if (found := reference(name)) is None or is_platform(name) else found


def _is_kept(
    verdict: Verdict, agency: Agency, raw: Raws, domains: Iterable[str], lookup: Reference
) -> bool:
    """Political, or a known medium. Of agencies that list harm, and of spellings that nobody knows
    yet, whole sites of the reference list only: never the address of a page."""
    if verdict.political != "no" and agency.kind != "unknown":
        return True
    if agency.kind in HARMFUL and clean(raw.get("urls", "")):
        return False
    return reference_category(domains, lookup) is not None


def _unknown(agency: Agency) -> tuple[Trouble, ...]:
    if agency.kind != "unknown":
        return ()
    words = "Rows name an agency that the table of agencies lacks: they are only counted."
    return (Trouble("unknown-value", "agency", words),)


def _addresses(raw: Raws, domains: list[str]) -> dict[str, Any]:
    stated = [one.strip() for one in _stated_domains(raw)]
    urls = split_urls(raw.get("urls", ""))
    found: dict[str, Any] = {"domains": domains}
    if stated and stated != domains:
        found["domains_raw"] = stated
    found["urls"] = [repaired(unescape(clean(url))) for url in urls]
    if found["urls"] != urls:
        found["urls_raw"] = urls
    ips = read_ips(raw.get("ips", ""))
    found["ips"] = ips.ips
    if ips.unread:
        found["ips_raw"] = ips.unread
    given = raw.get("block_type", "")
    shown = _block_type("".join(stated[:1]), urls, ips.ips)
    found["block_type"] = shown if given in ("", BY_URL) else given
    return found


def _block_type(domain: str, urls: list[str], ips: list[str]) -> str | None:
    if urls:
        return "url"
    if domain:
        return "domain-mask" if domain.startswith("*.") else "domain"
    return "ip" if ips else None


def _decision(raw: Raws, agency: Agency, decided_on: date | None) -> dict[str, Any]:
    stated, number = raw.get("agency", ""), raw.get("decision_number", "")
    day = raw.get("decided_on", "")
    found: dict[str, Any] = {
        "agency": agency.name,
        "decision_number": clean(number) or None,
        "decided_on": decided_on.isoformat() if decided_on else None,
        "included_at": read_inclusion(raw.get("included_at", "")),
        "entry_type": raw.get("entry_type") or None,
    }
    if stated != agency.name:  # the empty cell of a hidden agency too: it is what the row states
        found["agency_raw"] = stated
    if clean(raw.get("included_at", "")) and found["included_at"] is None:
        found["included_at_raw"] = clean(raw["included_at"])
    if number and number != found["decision_number"]:
        found["decision_number_raw"] = number
    if day and day != found["decided_on"]:
        found["decided_on_raw"] = day
    return found


def _article(raw: Raws, agency: Agency, decided_on: date | None) -> str | None:
    """The article of law 149-ФЗ where the row leaves no doubt of it (dossier, sections 2 and 9),
    whatever lists know of the domain."""
    entry_type = raw.get("entry_type")
    if entry_type:
        return article_of(entry_type, agency, raw.get("decision_number", ""))
    if agency.kind not in OF_PROSECUTOR:
        return None
    hidden_war = agency.kind == "hidden" and decided_on == WAR_DECISION_ON
    if hidden_war or clean(raw.get("decision_number", "")) == WAR_DECISION:
        return "15.3"
    before = decided_on is not None and decided_on.isoformat() < SECOND_GROUND_FROM
    return "15.3" if before else None


def _troubles(raw: Raws, fields: Mapping[str, Any]) -> list[Trouble]:
    found = []
    if fields["decided_on"] is None:
        kind = "unread-date" if clean(raw.get("decided_on", "")) else "no-date"
        found.append(Trouble(kind, "decided_on", "The row states no date of decision that reads."))
    unread = [one for one in _stated_domains(raw) if not read_ips(one).ips]  # 2018: 104.210.1.42
    if unread and not fields["domains"]:
        found.append(Trouble("unread-domain", "domain", "What the row names is no domain."))
    if "included_at_raw" in fields:
        words = "The moment of entry in the register does not read."
        found.append(Trouble("unread-date", "included_at", words))
    if raw.get("entry_type") and raw["entry_type"] not in KNOWN:
        words = "Records have an entry type whose article nobody knows."
        found.append(Trouble("unknown-value", "entry_type", words))
    if "ips_raw" in fields:
        found.append(Trouble("unread-address", "ips", "An address of the row is no IP address."))
    if fields["block_type"] is None:
        found.append(Trouble("no-target", "domain", "The row names no domain, URL or address."))
    return found


def _measure(fields: Mapping[str, Any]) -> dict[str, Any]:
    kind = kind_of("", "blocking")
    target = next(iter(fields["domains"] or fields.get("domains_raw") or fields["ips"]), None)
    return {
        "code": kind.code, "direction": kind.direction, "target": target,
        "target_type": "domain" if fields["domains"] else "address",
        "acted_on": fields["decided_on"],
        "authority": fields["agency"] or fields["agency_inferred"],
        "articles": [fields["article"]] if fields["article"] else [],
    }  # fmt: skip
