"""Dates and moments: typed or refused, never guessed."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import Unread, implausible, read_date, read_moment

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("05.03.2024", date(2024, 3, 5)),
        ("5.3.2024", date(2024, 3, 5)),
        (" 01.01.1950", date(1950, 1, 1)),
        ("27.08.2024\u00a0", date(2024, 8, 27)),
        ("\u200918.07.2014\ufeff", date(2014, 7, 18)),
        ("02.07.2019 г.", date(2019, 7, 2)),
        ("2024-03-05", date(2024, 3, 5)),
        ("2022-06-14T00:00:00", date(2022, 6, 14)),
        ("2022-06-14T00:00:00.0Z", date(2022, 6, 14)),
        ("2015-08-20T19:00:00", date(2015, 8, 20)),
        ("12/03/2026 00:00:00", date(2026, 3, 12)),
        ("5 марта 2024 г.", date(2024, 3, 5)),
        ("«05» марта 2026 г.", date(2026, 3, 5)),
        ('"05" марта 2026 года', date(2026, 3, 5)),
        ("15 июня 2020 года", date(2020, 6, 15)),
        ("29.02.2024", date(2024, 2, 29)),
    ],
)
@pytest.mark.fault(38, 48)
def test_dates_of_our_sources_are_read(raw: str, expected: date) -> None:
    assert read_date(raw) == expected


@pytest.mark.fault(48)
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("31.02.2026", "no-such-day"),
        ("29.02.2025", "no-such-day"),
        ("29.02.1900", "no-such-day"),
        ("00.00.0000", "no-such-day"),
        ("01.13.2024", "no-such-day"),
        ("2026-02-31", "no-such-day"),
        ("2026-02-03 25:00", "no-such-day"),
        ("1.1.24", "unknown-form"),
        ("01/02/24", "unknown-form"),
        ("05.III.2024", "unknown-form"),
        ("45000.5", "unknown-form"),
        ("60", "unknown-form"),
        ("45000", "unknown-form"),
        ("01.01." + "2" * 32, "unknown-form"),
        ("٠١.٠١.٢٠٢٤", "unknown-form"),
        ("5 мартобря 2024 г.", "unknown-month"),
        ("от 26.04.2017", "unknown-form"),
        ("01.01.1024", "year-out-of-range"),
        ("01.01.2204", "year-out-of-range"),
        ("2026-09-18T22:00:00Z", "moment-in-zone"),
        ("01.01.2024" * 20, "too-long"),
        (" ", "empty"),
        ("\u00a0", "empty"),
        ("", "empty"),
    ],
)
def test_doubtful_dates_are_refused_with_their_raw_string(raw: str, reason: str) -> None:
    with pytest.raises(Unread) as caught:
        read_date(raw)
    assert caught.value.reason == reason
    assert caught.value.raw == raw
    assert raw.strip() == "" or raw not in str(caught.value)


@pytest.mark.fault(48)
def test_a_declared_format_is_the_only_one_read() -> None:
    assert read_date(" 05.03.2024\u00a0", ["%d.%m.%Y"]) == date(2024, 3, 5)
    assert read_date("03/05/2024", ["%d.%m.%Y", "%m/%d/%Y"]) == date(2024, 3, 5)
    for raw in ("2024-03-05", "31.02.2024", "05.03.24", "", "05.03.2024 12:00"):
        with pytest.raises(Unread):
            read_date(raw, ["%d.%m.%Y"])


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_real_day_is_read_back(day: date) -> None:
    assert read_date(day.isoformat()) == day
    assert read_date(day.strftime("%d.%m.%Y")) == day


@given(st.text(max_size=80))
def test_any_text_gives_a_date_or_a_typed_refusal(text: str) -> None:
    for read in (read_date, lambda raw: read_moment(raw, UTC)):
        try:
            assert isinstance(read(text), date)
        except Unread as refusal:
            assert refusal.raw == text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2025-08-08 17:00:00", datetime(2025, 8, 8, 14, 0, tzinfo=UTC)),
        ("18.09.2026 17:00", datetime(2026, 9, 18, 14, 0, tzinfo=UTC)),
        ("2015-08-20T19:00:00+03:00", datetime(2015, 8, 20, 16, 0, tzinfo=UTC)),
        ("2016-06-13 12:04:00 +0000", datetime(2016, 6, 13, 12, 4, tzinfo=UTC)),
        ("2022-06-14T00:00:00.0Z", datetime(2022, 6, 14, tzinfo=UTC)),
        ("2022-06-14T00:00:00.123456789Z", datetime(2022, 6, 14, 0, 0, 0, 123456, tzinfo=UTC)),
        ("Thu, 22 May 2025 00:00:00 GMT", datetime(2025, 5, 22, tzinfo=UTC)),
        ("19 May 2020 10:00:00 +0300", datetime(2020, 5, 19, 7, 0, tzinfo=UTC)),
    ],
)
def test_moments_become_utc(raw: str, expected: datetime) -> None:
    moment = read_moment(raw, MOSCOW)
    assert moment == expected
    assert moment.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize(
    "raw",
    [
        "2025-08-08",
        "2025-08-08 25:00",
        "1789740000000",
        "Thu, 32 May 2025 00:00:00 GMT",
        "Thu, 22 May 2025 00:00:00 -0000",
        "",
        "31.02.2025 10:00",
        "2025-01-01T00:00:00+99:00",
    ],
)
def test_a_moment_without_time_or_zone_is_refused(raw: str) -> None:
    with pytest.raises(Unread):
        read_moment(raw, MOSCOW)


@pytest.mark.fault(49)
@pytest.mark.parametrize(
    ("began", "ended", "flags"),
    [
        (date(2024, 1, 1), None, set()),
        (date(2024, 1, 1), date(2024, 1, 1), set()),
        (date(2024, 6, 8), None, set()),
        (date(2024, 6, 9), None, {"in-future"}),
        (None, date(2034, 1, 1), {"in-future"}),
        (date(2011, 1, 1), None, {"before-law"}),
        (date(2024, 1, 2), date(2024, 1, 1), {"ends-before-it-begins"}),
        (None, None, set()),
    ],
)
def test_implausible_dates_are_flagged(
    began: date | None, ended: date | None, flags: set[str]
) -> None:
    law = date(2012, 11, 21)
    assert implausible(began, ended, today=date(2024, 6, 1), law_from=law) == flags


@pytest.mark.fault(55)
@pytest.mark.parametrize("raw", [" " * 1_000_000 + "x", "1" * 1_000_000, "«" * 500_000])
def test_a_huge_cell_is_refused_at_once(raw: str) -> None:
    began = time.process_time()
    for formats in ((), ("%d.%m.%Y",)):
        with pytest.raises(Unread):
            read_date(raw, formats)
    assert time.process_time() - began < 1
