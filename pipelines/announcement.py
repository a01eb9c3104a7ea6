"""What a state announces before its registers show it: who, when, and the reasons it states.

An announcement never makes a measure: the register does. Until a row of it is found the state is
`announced`, which `storage` derives from the match when it is read.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.countries import country_of
from pipelines.dates import Unread, read_date, read_moment
from pipelines.names import read_name
from pipelines.observation import Observation
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec
from pipelines.stated_reasons import OTHER, read_reasons
from pipelines.text import clean

MOSCOW = ZoneInfo("Europe/Moscow")
LOOKED_AT = "looked_at"  # the one field of an entry of a list of news, which is only counted
# `13 февраля 2026` inside another text
_DAY = re.compile(r"\d{1,2}\s[а-яё]{3,8}\s\d{4}|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d\d-\d\d")


def normalise_announcement(seen: Observation, spec: Spec) -> Normalised:
    """The fields of one subject of one item; an entry of a list is counted and not kept."""
    raw = seen.fields
    if LOOKED_AT in raw:
        day = read_day(_text(raw, "published_on"))
        return Normalised({}, {}, kept=False, tally=("news", day.isoformat() if day else ""))
    troubles: list[Trouble] = []
    kind = _text(raw, "kind")
    reasons = read_reasons(_sentences(raw), _words_of(kind, spec))
    _tell_gaps(reasons, troubles)
    fields: dict[str, Any] = {
        "title": clean(_text(raw, "title")) or None,
        "published_on": _iso(raw, "published_on", troubles),
        "acted_on": _iso(raw, "acted_on", troubles),
        "kind": kind,
        "reasons": reasons,
        "text": clean(_text(raw, "text")) or None,
        "url": clean(_text(raw, "url")) or None,
        "authority": spec.settings.get("authority"),
    }
    fields |= _subject(raw, spec) | _country(raw, troubles)
    return Normalised(fields, {}, tuple(troubles))


def read_day(text: str) -> date | None:
    """The day that a list, a feed or a text states: in Moscow, None where none can be read."""
    try:
        return read_moment(text, MOSCOW).astimezone(MOSCOW).date()
    except Unread:
        pass
    found = _DAY.search(clean(text))
    try:
        return read_date(found[0]) if found else None
    except Unread:
        return None


def _words_of(kind: str, spec: Spec) -> str:
    """In whose words the reasons stand."""
    return spec.settings.get("reasons_of") or kind


def _tell_gaps(reasons: list[dict[str, str]], troubles: list[Trouble]) -> None:
    if not reasons:
        words = "The announcement states no reason for this subject."
        troubles.append(Trouble("no-reason", "reasons", words))
    elif any(reason["code"] == OTHER for reason in reasons):
        words = "A reason is worded in a way not known yet; it is kept as `other`."
        troubles.append(Trouble("unknown-reason", "reasons", words))


def _subject(raw: Mapping[str, Any], spec: Spec) -> dict[str, Any]:
    stated = clean(_text(raw, "subject"))
    if _text(raw, "subject_kind") != "organisation":
        kind = "person" if _text(raw, "subject_kind") == "person" else "unknown"
        return {"subject": stated or None, "names": [], "subject_kind": kind}
    read = read_name(stated, "organisation")
    return {"subject": read.name, "names": list(read.names), "subject_kind": "organisation"}


def _country(raw: Mapping[str, Any], troubles: list[Trouble]) -> dict[str, Any]:
    stated = clean(_text(raw, "country"))
    if not stated:
        return {"country": None}
    code = country_of(stated)
    if code is None:
        words = "The state in the bracket is not in the list of states."
        troubles.append(Trouble("unknown-value", "country", words))
        return {"country": None, "country_raw": stated}
    return {"country": code}


def _iso(raw: Mapping[str, Any], name: str, troubles: list[Trouble]) -> str | None:
    stated = _text(raw, name)
    if not clean(stated):
        return None
    day = read_day(stated)
    if day is None:
        troubles.append(Trouble("unread-date", name, "Not a date that can be read."))
        return None
    return day.isoformat()


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _sentences(raw: Mapping[str, Any]) -> list[str]:
    value = raw.get("sentences")
    return [clean(one) for one in value] if isinstance(value, list) else []
