"""Header values of a server, read strictly: what is not in its form is None, never a guess."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http import Headers

# text/html; charset="windows-1251"
_CHARSET = re.compile(r';\s*charset\s*=\s*["\']?([A-Za-z0-9._:-]{1,40})', re.IGNORECASE)


def header_text(headers: Headers, name: str) -> str | None:
    """The last value of a header, byte for byte as Latin-1; None without one."""
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def read_http_date(text: str | None) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7) as UTC; None for none and for nonsense."""
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text.strip())
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def clock_skew_s(server_date: datetime | None, now: datetime) -> int | None:
    """Seconds by which the server's clock is ahead of ours."""
    return None if server_date is None else round((server_date - now).total_seconds())


def charset_of(content_type: str | None) -> str | None:
    """The charset that a Content-Type declares, in lower case."""
    found = None if content_type is None else _CHARSET.search(content_type)
    return None if found is None else found.group(1).lower()


def read_retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for (RFC 9110, 10.2.3); None for none and for nonsense.

    Never negative, and not bounded: the caller bounds it.
    """
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,12}", text.strip()):
        return float(text)
    moment = read_http_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())
