"""Breakers: a run that was read whole, and is still not to be believed without a person.

The bounds are those of the contract; each reason comes with a sentence for `status`.
"""

from collections import Counter
from datetime import datetime, timedelta

from storage.delta import Delta
from storage.report import PartReport
from storage.source_facts import OFFICIAL, SourceFacts

ABSENCES_FLOOR, ABSENCES_SHARE = 3, 0.005
CHANGES_FLOOR, CHANGES_SHARE = 25, 0.05
NEW_EXCLUSIONS_A_WEEK = 5
LOST_EXCLUSIONS = 2
UNREAD_FLOOR, UNREAD_SHARE = 10, 0.05
MASS_ADDITION = "mass-addition"


def weeks_between(before: datetime | None, after: datetime | None) -> float:
    """Weeks between the two states' own dates, at least one."""
    if before is None or after is None:
        return 1.0
    return max(1.0, (after - before) / timedelta(weeks=1))


def doubts(
    delta: Delta, report: PartReport, facts: SourceFacts, weeks: float, old_numbers: set[int]
) -> dict[str, str]:
    """Why this delta must wait for a person: machine word -> plain words; empty when plausible."""
    base = max(report.observed, 1)
    allowed = max(CHANGES_FLOOR, CHANGES_SHARE * base) * weeks
    found: dict[str, str] = {}
    if report.role == OFFICIAL and facts.covers == "everything":
        found |= _absences(delta, base)
        found |= _gaps(report, facts, old_numbers)
    if delta.appeared > allowed:
        found[MASS_ADDITION] = (
            f"{delta.appeared} rows are new, at most {allowed:.0f} are expected in this time."
        )
    found |= _unread(report, base)
    found |= _changes(delta, facts, allowed)
    return found | _exclusions(delta, facts, weeks)


def churn(delta: Delta, report: PartReport) -> dict[str, str]:
    """A new parser that finds other keys in the same bytes has changed the rule of the key."""
    limit = max(ABSENCES_FLOOR, ABSENCES_SHARE * max(report.observed, 1))
    lost = max(0, len(delta.missing) - len(report.absent))
    if lost <= limit and delta.appeared <= limit:
        return {}
    return {
        "identity-churn": f"Read again, {lost} records have no row and {delta.appeared} rows are "
        "new: the rule of the key has changed, and a map from old keys to new ones is needed."
    }


def _absences(delta: Delta, base: int) -> dict[str, str]:
    unapproved = delta.absent - delta.approved_absences
    limit = max(ABSENCES_FLOOR, ABSENCES_SHARE * base)
    if unapproved <= limit:
        return {}
    # As many new keys as lost ones: the rule of the key has changed, not the register.
    churn = delta.appeared >= 0.9 * unapproved
    reason = "identity-churn" if churn else "mass-removal"
    return {reason: f"{unapproved} listed rows were not seen, at most {limit:.0f} are plausible."}


def _gaps(report: PartReport, facts: SourceFacts, old_numbers: set[int]) -> dict[str, str]:
    if facts.number_field is None or not report.numbers or not old_numbers:
        return {}
    gaps = set(range(1, max(report.numbers) + 1)) - report.numbers
    known = set(range(1, max(old_numbers) + 1)) - old_numbers
    fresh = sorted(gaps - known - facts.approved_gaps)
    if len(fresh) <= report.unkeyed:  # they are the rows whose number could not be read
        return {}
    shown = ", ".join(map(str, fresh[:10]))
    return {"number-gap": f"The running numbers have {len(fresh)} new gaps: {shown}."}


def _unread(report: PartReport, base: int) -> dict[str, str]:
    """A column that moved makes every row unreadable: then the page has changed, not its rows."""
    limit = max(UNREAD_FLOOR, UNREAD_SHARE * base)
    if report.unread <= limit:
        return {}
    return {
        "mass-unread": f"{report.unread} of {base} rows could not be read, at most {limit:.0f} are "
        "plausible: has the page got another form?"
    }


def _changes(delta: Delta, facts: SourceFacts, allowed: float) -> dict[str, str]:
    counts = Counter(
        name for change in delta.changed for name in change.fields if name not in facts.volatile
    )
    worst = [(name, n) for name, n in counts.most_common() if n > allowed]
    if not worst:
        return {}
    words = ", ".join(f"`{name}` of {n} rows" for name, n in worst)
    return {"mass-change": f"{words} changed, at most {allowed:.0f} are expected in this time."}


def _exclusions(delta: Delta, facts: SourceFacts, weeks: float) -> dict[str, str]:
    field = facts.exclusion_field
    if field is None:
        return {}
    pairs = [(c.before.get(field), c.after.get(field)) for c in delta.changed if field in c.fields]
    new = sum(1 for before, after in pairs if before is None and after is not None)
    lost = sum(1 for before, after in pairs if before is not None and after is None)
    found = {}
    if new > NEW_EXCLUSIONS_A_WEEK * weeks:
        found["mass-exclusion"] = f"{new} rows got a date of exclusion at once."
    if lost > LOST_EXCLUSIONS:
        found["exclusions-lost"] = f"{lost} rows lost their date of exclusion at once."
    return found
