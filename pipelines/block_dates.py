"""The two times of a blocking: the day of the decision, and when it entered the register."""

import re
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipelines.dates import Unread, read_date, read_moment
from pipelines.text import clean
from storage.clock import moment

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = re.compile(r"\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}")


@lru_cache(maxsize=16384)
def read_day(text: str, formats: tuple[str, ...]) -> date | None:
    """The day of a decision; null where it does not read. A register repeats a few thousand."""
    try:
        return read_date(text, formats)
    except Unread:
        return None


def read_inclusion(text: str) -> str | None:
    """When a row entered the register: a day, or a moment in UTC. A time without a zone is that of
    Moscow (dump.xml, `includeTime`)."""
    stated = clean(text)
    if not stated:
        return None
    try:
        if DAY.fullmatch(stated):
            return read_date(stated).isoformat()
        return moment(read_moment(stated, MOSCOW))
    except Unread:
        return None
