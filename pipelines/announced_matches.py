"""Which row of a register shows what was announced: by name and date, as a suggestion.

A state announces a person as `И.О. Фамилия` and lists the full name, announces `проект «X»` and
lists `Информационный ресурс «X»`. Comparing knows Russian, so it stands here; `storage` keeps what
comes of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipelines.countries import country_of
from pipelines.persons import name_key
from pipelines.spec import Spec, seconds
from pipelines.subjects import own_name
from pipelines.text import match_key
from storage import announcements
from storage.announcements import Row, Suggestion
from storage.store import Store

EXCLUSION, UNDESIRABLE = "exclusion", "undesirable"
# Days from the announcement to the date in the register. A decision may be a few days older than
# its publication; the Ministry lists an undesirable organisation two or three weeks later.
AFTER = {"inclusion": 7, EXCLUSION: 7, UNDESIRABLE: 42}
BEFORE = 3
AMBIGUOUS = 0.3
_STATE_END = re.compile(r"(?:,\s*|\s*\()([^(),«»]{2,70})\)?$")
_QUOTED = re.compile(r"«([^«»]+)»")


@dataclass(frozen=True, slots=True)
class Pair:
    """A source of announcements, its spec and the register in which they appear."""

    source: str
    spec: Spec

    @property
    def register(self) -> str:
        """The register's source."""
        return self.spec.settings["register"]

    @property
    def overdue_after(self) -> timedelta:
        """How long a row of the register may be awaited."""
        return timedelta(seconds=seconds(self.spec.settings["overdue_after"]))


def settle(store: Store, pair: Pair, run_id: int) -> None:
    """After a run of either side: suggest matches, tell what is overdue, close what is not."""
    with store.read() as connection:
        if not announcements.has_any(connection, pair.source):
            return
    with store.write() as connection:
        waiting = announcements.open_rows(connection, pair.source)
        made = announcements.suggest(connection, _suggestions(connection, pair, waiting))
        if made:
            waiting = announcements.open_rows(connection, pair.source)
        read_at = announcements.last_whole_read(connection, pair.register)
        late = [(row, _words(row, pair)) for row in waiting if _is_late(row, pair, read_at)]
        now = store.now()
        opened, closed = announcements.tell_overdue(connection, pair.source, run_id, now, late)
        if not (made or opened or closed):
            return
        told = {"suggested": made, "overdue": opened, "closed": closed}
        store.log(connection, "announcements-matched", f"run {run_id}", told)
    store.checkpoint()


def _suggestions(connection: Any, pair: Pair, waiting: Sequence[Row]) -> list[Suggestion]:
    days = [day for row in waiting if (day := announced_on(row.fields))]
    if not days:
        return []
    first, last = (
        min(days) - timedelta(days=BEFORE),
        max(days) + timedelta(days=max(AFTER.values())),
    )
    rows = announcements.register_rows(
        connection, pair.register, first.isoformat(), last.isoformat()
    )
    return [one for row in waiting for one in best(row, rows)]


def best(row: Row, candidates: Sequence[Row]) -> list[Suggestion]:
    """The most certain suggestion for an announcement; several equal ones with a lower score."""
    found = [one for other in candidates if (one := compare(row, other)) is not None]
    top = max((one.score for one in found), default=0.0)
    chosen = [one for one in found if one.score == top]
    if len(chosen) < 2:
        return chosen
    score = round(top - AMBIGUOUS, 2)
    return [Suggestion(s.left, s.right, score, s.rule, s.evidence) for s in chosen]


def compare(row: Row, other: Row) -> Suggestion | None:
    """Do an announcement and a row of a register name the same, within the time allowed?"""
    rule = _same_name(row.fields, other.fields)
    if rule is None or _contradict(row.fields, other.fields):
        return None
    apart = _days_apart(row.fields, other.fields)
    if apart is None:
        return None
    evidence = {
        "announced": row.fields.get("subject"), "listed": other.fields.get("name"),
        "days": apart,
    }  # fmt: skip
    # Initials fit others too; each day between the two acts makes a chance meeting likelier.
    score = (0.9 if rule == "initials-and-date" else 1.0) - abs(apart) / 100
    return Suggestion(row.record_id, other.record_id, round(score, 2), rule, evidence)


def announced_on(fields: dict[str, Any]) -> date | None:
    """The day of the decision, else that of its publication."""
    return _day(fields.get("acted_on")) or _day(fields.get("published_on"))


def _days_apart(announced: dict[str, Any], listed: dict[str, Any]) -> int | None:
    """Days from the announcement to the row's own date; None where they are too far apart."""
    day, kind = announced_on(announced), announced.get("kind") or ""
    if day is None or kind not in AFTER:
        return None
    if kind == UNDESIRABLE and day in _recognitions(listed):
        return 0
    stated = _day(listed.get("delisted_on" if kind == EXCLUSION else "listed_on"))
    if stated is None:
        return None
    apart = (stated - day).days
    before = 0 if announced.get("acted_on") else BEFORE
    return apart if -before <= apart <= AFTER[kind] else None


def _recognitions(listed: dict[str, Any]) -> list[date]:
    """Days of the prosecutor's decision behind a row."""
    acts = listed.get("decisions") or []
    days = (_day(act.get("date")) for act in acts if act.get("kind") == "recognition")
    return [day for day in days if day is not None]


def _contradict(announced: dict[str, Any], listed: dict[str, Any]) -> bool:
    countries = announced.get("country"), listed.get("country")
    return all(countries) and countries[0] != countries[1]


def _same_name(announced: dict[str, Any], listed: dict[str, Any]) -> str | None:
    """The rule by which two names are one, None where they are not."""
    subject, name = announced.get("subject") or "", listed.get("name") or ""
    if announced.get("subject_kind") == "person":
        one, other = name_key(subject), name_key(name)
        if one is None or other is None or listed.get("target_type") not in (None, "person"):
            return None
        return "initials-and-date" if other == one or _shorter(one, other) else None
    mine = set(_keys([subject, *announced.get("names", [])]))
    theirs = set(_keys([name, *listed.get("names", [])]))
    return "title-and-date" if mine & theirs else None


def _shorter(one: str, other: str) -> bool:
    """`иванов ю` beside `иванов юа`: one initial was announced."""
    return len(one.rpartition(" ")[2]) == 1 and other.startswith(one)


def _keys(names: Sequence[str]) -> Iterator[str]:
    """What a title is compared by: whole, without its state, and what stands in its quotes."""
    for name in names:
        tail = _STATE_END.search(name)
        plain = name[: tail.start()] if tail and country_of(tail[1]) else name
        keys = [match_key(plain), own_name(plain), *map(match_key, _QUOTED.findall(plain))]
        yield from (key for key in keys if key)


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None


def _is_late(row: Row, pair: Pair, read_at: str) -> bool:
    """The register was read whole after the time allowed and did not show it: silence of ours is
    no silence of the register."""
    day = announced_on(row.fields)
    if day is None or row.fields.get("kind") not in AFTER:
        return False
    return read_at[:10] > (day + pair.overdue_after).isoformat()


def _words(row: Row, pair: Pair) -> str:
    day = announced_on(row.fields)
    return (
        f"Announced on {day}, and {pair.register} has no row of it that we can tell: "
        f"{row.fields.get('url') or row.part}"
    )
