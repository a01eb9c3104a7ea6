"""Dates and moments as sources write them: read strictly or not at all.

A date that is not certain (two-digit year, 31.02, an Excel serial, a Roman month) raises `Unread`;
the caller keeps the raw string beside a null. Nothing is guessed, no order of fields is tried.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

from pipelines.text import clean

FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST = 64  # signs; no date is longer, and a cell of a megabyte is not searched
FUTURE_DAYS = 7  # an act dated further ahead is stored and flagged, not told as a fact

_TIME = (
    r"[T ](?P<h>[0-9]{1,2}):(?P<min>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.(?P<f>[0-9]{1,9}))?)?"
    r" ?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_YEAR = r"(?P<y>[0-9]{4})(?: ?(?:г\.?|года))?"
_FORMS = tuple(
    re.compile(form + rf"(?:{_TIME})?")
    for form in (
        r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\." + _YEAR,  # 5.03.2024 г.
        r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})",  # 2022-06-14T00:00:00.0Z
        r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})",  # 12/03/2026 00:00:00, HUDOC
        r"[«\"“]?(?P<d>[0-9]{1,2})[»\"”]? (?P<word>[А-Яа-я]{3,8}) " + _YEAR,  # «05» марта 2026 г.
    )
)
_MONTHS: tuple[str, ...] = ("января", "февраля", "марта", "апреля", "мая", "июня")
_MONTHS += ("июля", "августа", "сентября", "октября", "ноября", "декабря")
_RFC822 = re.compile(r"(?:[A-Z][a-z]{2}, )?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{5,8} \S{1,5}")


class Unread(ValueError):
    """A string that we do not understand: `reason` is a machine word, `raw` the string itself.

    The message names only the reason: the raw value may be personal and must not reach a log.
    """

    def __init__(self, reason: str, raw: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.raw = raw


def read_date(text: str, formats: Sequence[str] = ()) -> date:
    """The date that `text` states. Raises `Unread`.

    Without `formats` the forms of our sources are read (dd.mm.yyyy, yyyy-mm-dd, d/m/yyyy,
    "5 марта 2024 г."); a source that declares strptime formats is read by them alone, so that a
    change of its form is noticed. A time of day is dropped, unless it stands in a zone and could
    therefore be another day here.
    """
    if not formats:
        return _read_known(text)
    line = clean(text[:LONGEST])
    for form in formats:
        try:
            value = datetime.strptime(line, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return _sane(value, text)
    raise Unread("empty" if not line else "unknown-form", text)


def read_moment(text: str, zone: tzinfo) -> datetime:
    """The moment in UTC; `zone` holds where the text names none. Raises `Unread`."""
    line = _line(text)
    if _RFC822.fullmatch(line):
        return _read_mail_moment(line, text)
    found = _match(line, text)
    if found["h"] is None:
        raise Unread("no-time", text)
    parts = _parts(found, text)
    try:
        stated = _offset(found["zone"]) if found["zone"] else zone
        local = datetime(*parts, *_clock(found), tzinfo=stated)
    except ValueError as error:
        raise Unread("no-such-moment", text) from error
    _sane(local.date(), text)
    return local.astimezone(UTC)


def implausible(
    began_on: date | None, ended_on: date | None, *, today: date, law_from: date | None = None
) -> frozenset[str]:
    """Flags of dates that were read but cannot be told as facts.

    `in-future` (over a week ahead), `before-law` (earlier than the law it rests on),
    `ends-before-it-begins`.
    """
    flags = set()
    limit = today + timedelta(days=FUTURE_DAYS)
    if any(on is not None and on > limit for on in (began_on, ended_on)):
        flags.add("in-future")
    if law_from is not None and began_on is not None and began_on < law_from:
        flags.add("before-law")
    if began_on is not None and ended_on is not None and ended_on < began_on:
        flags.add("ends-before-it-begins")
    return frozenset(flags)


@lru_cache(maxsize=4096)  # a register repeats a few hundred dates; an exception is not cached
def _read_known(text: str) -> date:
    found = _match(_line(text), text)
    parts = _parts(found, text)
    try:
        moment = datetime(*parts, *_clock(found), tzinfo=UTC)
    except ValueError as error:
        raise Unread("no-such-day", text) from error
    if found["zone"] is not None and any(_clock(found)):
        raise Unread("moment-in-zone", text)
    return _sane(moment.date(), text)


def _line(text: str) -> str:
    if len(text) > LONGEST and len(text.strip()) > LONGEST:
        raise Unread("too-long", text)
    line = clean(text)
    if not line:
        raise Unread("empty", text)
    return line


def _match(line: str, raw: str) -> dict[str, str | None]:
    for form in _FORMS:
        found = form.fullmatch(line)
        if found is not None:
            return {"m": None, "word": None, **found.groupdict()}
    raise Unread("unknown-form", raw)


def _parts(found: dict[str, str | None], raw: str) -> tuple[int, int, int]:
    """Year, month, day as numbers; the month may be a Russian word."""
    if found["word"] is None:
        return int(found["y"] or 0), int(found["m"] or 0), int(found["d"] or 0)
    word = found["word"].lower()
    if word not in _MONTHS:
        raise Unread("unknown-month", raw)
    return int(found["y"] or 0), _MONTHS.index(word) + 1, int(found["d"] or 0)


def _clock(found: dict[str, str | None]) -> tuple[int, int, int, int]:
    """Hour, minute, second, microsecond; midnight where no time stands."""
    fraction = (found["f"] or "0").ljust(6, "0")[:6]
    return int(found["h"] or 0), int(found["min"] or 0), int(found["s"] or 0), int(fraction)


def _offset(zone: str) -> tzinfo:
    """`Z`, `+0300`, `+03:00` as a fixed zone."""
    if zone == "Z":
        return UTC
    sign = -1 if zone[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])))


def _read_mail_moment(line: str, raw: str) -> datetime:
    """`Thu, 22 May 2025 00:00:00 GMT` of a feed; -0000 and no zone are refused."""
    try:
        moment = parsedate_to_datetime(line)
    except ValueError as error:
        raise Unread("no-such-moment", raw) from error
    if moment.tzinfo is None:
        raise Unread("no-zone", raw)
    return moment.astimezone(UTC)


def _sane(value: date, raw: str) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Unread("year-out-of-range", raw)
    return value
