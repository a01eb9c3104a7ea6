"""What a document of HUDOC means: the fields of a ruling of the European Court of Human Rights.

Whether a violation was found is read from the fields `violation` and `nonviolation` alone: the
text of the conclusion says "No violation of Article 10" and so contains its own opposite.
"""

import re
from collections.abc import Mapping
from typing import Any

from pipelines.applicants import read_applicants, without_applicants
from pipelines.articles import read_echr_articles
from pipelines.dates import Unread, read_date
from pipelines.observation import Observation
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec
from pipelines.taxonomy import kind_of
from pipelines.text import clean

CARD = "https://hudoc.echr.coe.int/eng?i={item}"
REMEDY = "remedy"
# Of several conclusions the one that decides what becomes of the case.
DECISIVE = ("admissible", "inadmissible", "struck_out", "revision", "just_satisfaction")


def normalise_strasbourg(seen: Observation, spec: Spec, source: str, secret: bytes) -> Normalised:
    """The contract's fields of one document; what is not understood becomes a trouble."""
    raw = {name: value for name, value in seen.fields.items() if isinstance(value, str)}
    troubles: list[Trouble] = []
    day = _day(raw, troubles)
    outcome = _outcome(raw, spec, troubles)
    numbers = _items(raw.get("appno", ""))
    conclusion = clean(raw.get("conclusion", ""))
    articles = [article._asdict() for article in read_echr_articles(raw.get("article", ""))]
    fields: dict[str, Any] = {
        "court": spec.look_up("body", raw.get("originatingbody", "")) or spec.settings["court"],
        "court_code": spec.settings["court_code"],
        "judge": None,
        "case_number": numbers[0] if numbers else None,
        "case_numbers": numbers,
        "uid": clean(raw.get("ecli", "")) or None,
        "instance": _instance(raw, spec),
        "proceeding": spec.settings["proceeding"],
        "articles": articles,
        "received_on": None,
        "decided_on": None if outcome == "pending" else day,  # the day of a communication
        "in_force_on": None,
        "outcome": outcome,
        "outcome_raw": without_applicants(conclusion, raw.get("docname", ""), spec) or None,
        "direction": REMEDY if outcome == "violation" else None,
        "sanction": {},
        "parties": _parties(raw, spec, secret, troubles),
        "protocol_by": None,
        "restricted_urls": [],
        "act_url": CARD.format(item=raw["itemid"].strip()) if raw.get("itemid") else None,
        "act_text_digest": None,
    }
    return Normalised(fields, _measure(fields, source, day), tuple(troubles))


def _day(raw: Mapping[str, str], troubles: list[Trouble]) -> str | None:
    """`2022-06-14T00:00:00`, the same with `.0Z`, or `14/06/2022 00:00:00`."""
    for name in ("kpdate", "judgementdate"):
        if not clean(raw.get(name, "")):
            continue
        try:
            return read_date(raw[name]).isoformat()
        except Unread as error:
            troubles.append(Trouble("unread-date", name, f"Not a date: {error.reason}."))
    troubles.append(Trouble("no-date", "kpdate", "The document states no date that can be read."))
    return None


def _outcome(raw: Mapping[str, str], spec: Spec, troubles: list[Trouble]) -> str | None:
    """A code; `violation` where at least one was found, whatever else was not."""
    if _items(raw.get("violation", "")):
        return "violation"
    if _items(raw.get("nonviolation", "")):
        return "no_violation"
    if raw.get("document") == "communicated":
        return "pending"
    stated = conclusions(raw.get("conclusion", ""))
    known = {spec.look_up("conclusion", item) for item in stated}
    for outcome in DECISIVE:
        if outcome in known:
            return outcome
    words = "No item of the conclusion is known." if stated else "No conclusion is stated."
    troubles.append(Trouble("unknown-value", "conclusion", words))
    return None


def conclusions(text: str) -> list[str]:
    """Items of a conclusion without what stands in brackets, where semicolons separate too."""
    plain = clean(text)
    while (shorter := re.sub(r"\([^()]*\)", "", plain)) != plain:
        plain = shorter
    return [item for part in plain.split(";") if (item := " ".join(part.split()).strip(" .-"))]


def _instance(raw: Mapping[str, str], spec: Spec) -> str | None:
    branch = spec.look_up("instance", raw.get("doctypebranch", ""))
    return branch or spec.look_up("instance", raw.get("originatingbody", ""))


def _parties(
    raw: Mapping[str, str], spec: Spec, secret: bytes, troubles: list[Trouble]
) -> list[dict[str, Any]]:
    parties = read_applicants(raw.get("docname", ""), spec, secret)
    if not parties:
        troubles.append(Trouble("no-name", "docname", "The title names no applicant."))
    for code in _items(raw.get("respondent", "")) or ["RUS"]:
        name = spec.look_up("state", code) or code
        parties.append({"role": "respondent", "name": name, "hash": None, "kind": "state"})
    return parties


def _items(text: str) -> list[str]:
    """Values of a list that HUDOC joins by semicolons, without repeats."""
    return list(dict.fromkeys(item for part in text.split(";") if (item := clean(part))))


def _measure(fields: Mapping[str, Any], source: str, day: str | None) -> dict[str, Any]:
    kind = kind_of(source, "ruling")
    first = next((p for p in fields["parties"] if p["role"] == "applicant"), None)
    numbers = dict.fromkeys(f"{a['code']} {a['article']}" for a in fields["articles"])
    return {
        "code": kind.code, "direction": kind.direction,
        "target": first.get("name") if first else None,
        "target_type": first["kind"] if first else "unknown", "acted_on": day,
        "authority": fields["court"], "articles": list(numbers),
    }  # fmt: skip
