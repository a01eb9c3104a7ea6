"""What is due: a slot has passed since the last whole read of a source."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from schedules.plan import Plan
from storage.clock import read_moment
from storage.models import Run
from storage.report import WHOLE


@dataclass(frozen=True, slots=True)
class Due:
    """How a source stands against its plan."""

    source: str
    last_whole: datetime | None
    last_try: datetime | None
    due: bool


def last_starts(connection: Connection, verdicts: tuple[str, ...] | None) -> dict[str, datetime]:
    """Start of the newest crawl of every source, of those verdicts or of any."""
    statement = select(Run.source, func.max(Run.started_at)).where(Run.trigger == "crawl")
    if verdicts is not None:
        statement = statement.where(Run.verdict.in_(verdicts))
    rows = connection.execute(statement.group_by(Run.source))
    return {source: read_moment(at) for source, at in rows if at}


def standing(connection: Connection, plans: list[Plan], now: datetime) -> list[Due]:
    """For every plan: was a slot missed since the last whole read?

    However many slots an outage took, the source is due once."""
    whole, tried = last_starts(connection, WHOLE), last_starts(connection, None)
    return [
        Due(
            plan.source,
            whole.get(plan.source),
            tried.get(plan.source),
            plan.source not in whole or whole[plan.source] < plan.last_before(now),
        )
        for plan in plans
    ]
