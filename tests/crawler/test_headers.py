"""Header values, masks and log lines: what a server can write into them changes nothing."""

import logging
from datetime import UTC, datetime

import pytest

from crawler.escape import header_pairs, printable, without_userinfo
from crawler.headers import charset_of, clock_skew_s, read_http_date, read_retry_after
from crawler.log_lines import write_plain_lines

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)


@pytest.mark.fault(21)
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("315360000", 315360000.0),
        ("Wed, 25 Nov 2026 12:00:30 GMT", 30.0),
        ("Wednesday, 25-Nov-26 12:01:00 GMT", 60.0),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", None),
        ("1e9", None),
        ("soon", None),
        ("٣", None),
        ("9" * 40, None),
        ("Wed, 99 Nov 2026 12:00:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_its_forms_and_no_other(
    text: str | None, seconds: float | None
) -> None:
    assert read_retry_after(text, NOW) == seconds


def test_a_server_date_is_utc_and_its_skew_is_told_in_seconds() -> None:
    date = read_http_date("Wed, 25 Nov 2026 15:00:07 +0300")
    assert date == datetime(2026, 11, 25, 12, 0, 7, tzinfo=UTC)
    assert clock_skew_s(date, NOW) == 7
    assert read_http_date("yesterday") is None


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html; charset=Windows-1251", "windows-1251"),
        ('text/html;charset="utf-8"', "utf-8"),
        ("text/html", None),
        (None, None),
    ],
)
def test_the_declared_charset_is_read(content_type: str | None, charset: str | None) -> None:
    assert charset_of(content_type) == charset


@pytest.mark.fault(14, 127)
def test_secret_headers_are_masked_and_others_escaped() -> None:
    headers = {
        b"Authorization": [b"Bearer canary"],
        b"cookie": [b"session=canary"],
        b"Proxy-Authorization": [b"Basic canary"],
        b"Set-Cookie": [b"session=canary"],
        b"X-Title": ["Реестр\x00\r".encode()],
    }
    pairs = header_pairs(headers)
    assert "canary" not in str(pairs)
    assert pairs[-1] == ("X-Title", "".join(f"\\x{b:02x}" for b in "Реестр\x00\r".encode()))


@pytest.mark.fault(127)
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:canary@example.org/a?b", "https://***@example.org/a?b"),
        ("https://example.org/a@b", "https://example.org/a@b"),
        ("http://[broken@canary", "canary"),
    ],
)
def test_a_url_is_shown_without_user_and_password(url: str, shown: str) -> None:
    assert without_userinfo(url) == shown


@pytest.mark.fault(130)
def test_a_log_line_cannot_be_forged_or_painted(caplog: pytest.LogCaptureFixture) -> None:
    title = "Реестр\nERROR all is lost\r\x1b[31mred\u202eltr\u2028"
    before = logging.getLogRecordFactory()
    write_plain_lines()
    try:
        logging.getLogger("test").warning("title: %s", title)
    finally:
        logging.setLogRecordFactory(before)
    (message,) = (record.getMessage() for record in caplog.records)
    assert message == ("title: Реестр | ERROR all is lost\\r\\x1b[31mred\\u202eltr\\u2028")
    assert printable(message) == message
