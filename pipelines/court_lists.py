"""Lists that rest on courts' decisions: extremist materials and organisations, terrorist ones.

They state the decision inside the text. An exclusion replaces the text and keeps the number, often
without a date: then it is told by a decision of the kind `exclusion` and `name` is null, while the
text that stood there remains in the record's earlier revision.
"""

import re
from collections.abc import Mapping
from typing import Any

from pipelines.court_decisions import (
    Decision,
    names_decision,
    names_no_day,
    read_decisions,
    read_terse,
)
from pipelines.dates import Unread, read_date
from pipelines.designated import read_names, read_subject
from pipelines.designation import text_of
from pipelines.observation import Observation
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec
from pipelines.subject_kinds import Lookup
from pipelines.taxonomy import kind_of
from pipelines.text import clean, unescape

# `Исключен;`, `Материал исключен из списка.`, `Организация исключена в связи с ликвидацией ...`;
# only at the start: «за исключением сур» stands in the middle of true texts
_EXCLUDED = re.compile(
    r"\W*(?:(?:материал|запись|организаци|объединени|пункт)[а-я]*\s)?исключ[её]н[аоы]?(?![а-яё])",
    re.IGNORECASE,
)
# `(дата размещения сведений: 10.09.2026)`; it stands after the decision since 2014
_PLACED = re.compile(r"\(\s*дата размещения[^():]{0,40}:?\s*(?P<day>[^()]{8,20})\)", re.IGNORECASE)
# the bracket of a decision, with one level of brackets inside
_DECISION = re.compile(
    r"\s*\((?=[^()]{0,60}(?:решени|определени|приговор|постановлени)[а-яёe]{0,4}\s)"
    r"(?:[^()]|\([^()]{0,200}\))*\)",
    re.IGNORECASE,
)
_SUSPENDED = re.compile(r"приостановлен", re.IGNORECASE)
_ENDS = " ;.,:–-"


def normalise_court_list(
    seen: Observation, spec: Spec, source: str, reference: Lookup = lambda _domain: None
) -> Normalised:
    """The contract's fields of one item of such a list; `reference` as for a designation."""
    raw = {name: text_of(value) for name, value in seen.fields.items()}
    troubles: list[Trouble] = []
    whole = clean(raw.get("name", ""))
    excluded = _EXCLUDED.match(whole) is not None
    fields: dict[str, Any] = {"number": clean(raw.get("number", "")).rstrip(".") or None}
    fields |= _name(whole, raw["name"], spec, excluded=excluded)
    fields |= _listed(raw, whole, spec, troubles)
    fields |= read_subject(fields, source, fields["target_type"], reference)
    stated = decisions_of(raw, whole, spec, excluded=excluded)
    if stated or "decisions" in raw or spec.settings["decisions"] == "text":
        fields["decisions"] = stated
    if clean(raw.get("decisions", "")):
        fields["decisions_raw"] = clean(raw["decisions"])
    fields["delisted_on"] = _delisted(stated, spec)
    told = raw.get("decisions") or whole
    if (not stated and names_decision(told)) or names_no_day(told):
        words = "The row names a decision of a court that could not be read."
        troubles.append(Trouble("unread-decision", "decisions", words))
    if fields["name"] is None and not excluded:
        troubles.append(Trouble("no-name", "name", "The row states no name."))
    return Normalised(fields, _measure(fields, source), tuple(troubles))


def split_paragraph(text: str) -> tuple[str, str, str]:
    """Name, decision brackets and date of placement of an item that is one paragraph.

    What follows the decision is no part of the name: № 71 describes an emblem and a flag there."""
    placed = _PLACED.search(text)
    bare = _PLACED.sub(" ", text)
    found = list(_DECISION.finditer(bare))
    decided = " ".join(one[0].strip() for one in found)
    before = bare[: found[0].start()] if found else ""
    name = clean(before if before.strip(_ENDS) else _DECISION.sub("", bare)).strip(_ENDS)
    return name, decided, placed["day"].strip() if placed else ""


def decisions_of(
    raw: Mapping[str, str], whole: str, spec: Spec, *, excluded: bool
) -> list[dict[str, str | None]]:
    """The decisions of a row; an exclusion without any is one of its own, without a date."""
    if spec.settings.get("decisions") == "cell":
        return _terse(raw.get("decisions", ""))
    found = read_decisions(raw.get("decisions") or whole)
    if not excluded:
        return [one.stated() for one in found]
    bare = {"authority": None, "date": None, "number": None, "kind": "exclusion"}
    return [one.stated(None if one.undone else "exclusion") for one in found] or [bare]


def _terse(cell: str) -> list[dict[str, str | None]]:
    """Decisions of a cell; those after the word "suspended" suspend the ban."""
    line = clean(cell)
    word = _SUSPENDED.search(line)
    before = line[: word.start()] if word else line
    found = [one.stated() for one in _either(before)]
    if word is None:
        return found
    later = [one.stated("suspension") for one in _either(line[word.end() :])]
    bare = {"authority": None, "date": None, "number": None, "kind": "suspension"}
    return [*found, *(later or [bare])]


def _either(text: str) -> list[Decision]:
    return read_terse(text) or read_decisions(text)


def _name(whole: str, raw: str, spec: Spec, *, excluded: bool) -> dict[str, Any]:
    kind = spec.settings["target_type"]
    found: dict[str, Any] = {"target_type": kind, "name": None, "names": []}
    if excluded:
        return found | {"name_raw": whole}
    text = whole
    if spec.settings.get("decisions") == "paragraph":
        text = split_paragraph(whole)[0]
    found |= read_names(clean(unescape(text)).strip(" ;"), kind)
    if found["name"] != clean(raw):
        found["name_raw"] = whole
    return found


def _listed(
    raw: Mapping[str, str], whole: str, spec: Spec, troubles: list[Trouble]
) -> dict[str, Any]:
    """The list's own date of entry, where it states one: it does only since 2014 or 2017."""
    stated = clean(raw.get("listed_on", ""))
    if not stated and spec.settings["decisions"] == "paragraph":
        stated = split_paragraph(whole)[2]
    if not stated:
        return {"listed_on": None} if "listed_on" in raw else {}
    try:
        return {"listed_on": read_date(stated, spec.dates).isoformat()}
    except Unread as error:
        troubles.append(Trouble("unread-date", "listed_on", f"Not a date: {error.reason}."))
        return {"listed_on": None, "listed_on_raw": stated}


def _delisted(stated: list[dict[str, str | None]], spec: Spec) -> str | None:
    """The last decision that struck out a material. An organisation's placeholder names the
    decision that was its ground instead (a ban on other articles), which may be years older."""
    if spec.settings["decisions"] != "text":
        return None
    dates = [one["date"] for one in stated if one["kind"] == "exclusion" and one["date"]]
    return max(dates, default=None)


def _measure(fields: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The act is the first decision; a row that names none is known by its date of entry."""
    kind = kind_of(source, "designation", fields["target_type"])
    stated = fields.get("decisions") or []
    first: dict[str, Any] = next((one for one in stated if one["kind"] != "exclusion"), {})
    number = fields["number"]
    return {
        "code": kind.code, "direction": kind.direction,
        "target": fields["name"] or (f"№ {number}" if number else None),
        "target_type": fields["target_type"],
        "acted_on": first.get("date") or fields.get("listed_on"),
        "authority": first.get("authority"), "articles": [],
    }  # fmt: skip
