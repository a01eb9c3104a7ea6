"""Rows of delimited text with their bytes; a cut row is never a row."""

import io
import time

import pytest

from crawler.documents.csv_form import MAX_ROW_LINES, read_csv
from crawler.errors import CorruptBody, PageChanged, SourceError, TruncatedBody
from tests.captured import real

LINE = "192.0.2.{n};site{n}.example;https://site{n}.example/я;Суд;2а-{n}/2024;2024-05-0{d}\n"
QUOTED = '192.0.2.9;q.example;"https://q.example/?a=1;b=""я""";Суд;2а-9/2024;2024-05-09\n'


def dump(count: int) -> bytes:
    rows = [QUOTED if n % 10 == 3 else LINE.format(n=n, d=n % 9 + 1) for n in range(count)]
    return "".join(rows).encode("cp1251")


def cells(body: bytes, **form: object) -> list[list[str]]:
    form = {"encoding": "cp1251", **form}
    return [row.cells for row in read_csv(body, **form)]  # type: ignore[arg-type]


def test_every_row_has_its_own_bytes() -> None:
    body = b"Updated: 2016-06-13 12:04:00 +0000\n" + dump(40)
    rows = list(read_csv(body, encoding="cp1251", columns=6, preamble=1))
    assert b"".join(body[row.start : row.end] for row in rows) == dump(40)
    assert body[rows[3].start : rows[3].end].decode("cp1251") == QUOTED
    assert rows[3].cells[2] == 'https://q.example/?a=1;b="я"'
    assert rows[4].cells[1] == "site4.example"


def test_a_stream_gives_the_same_rows_as_bytes() -> None:
    body = dump(5_000)  # several blocks
    streamed = list(read_csv(io.BytesIO(body), encoding="cp1251"))
    assert streamed == list(read_csv(body, encoding="cp1251"))
    assert len(streamed) == 5_000
    assert streamed[-1].end == len(body)


def test_only_the_line_feed_ends_a_line() -> None:
    text = "1;а…б\u2028в\x0b\x0cг\n2;\x1cд\x85\n"
    assert cells(text.encode(), encoding="utf-8") == [
        ["1", "а…б\u2028в\x0b\x0cг"],
        ["2", "\x1cд\x85"],
    ]
    assert cells(b"1;\x85\n2;b\n") == [["1", "…"], ["2", "b"]]


def test_line_ends_inside_quotes_stay_in_their_cell() -> None:
    body = '1;"a\r\nb\r\n""c"";";x\r\n2;b;y\r\n'.encode("cp1251")
    assert cells(body) == [["1", 'a\r\nb\r\n"c";', "x"], ["2", "b", "y"]]


def test_offsets_count_bytes_in_utf8_with_a_mark() -> None:
    body = "\ufeffя;1\nщ;2\n".encode()
    rows = list(read_csv(body, encoding="utf-8"))
    assert [row.cells for row in rows] == [["я", "1"], ["щ", "2"]]
    assert body[rows[1].start : rows[1].end].decode() == "щ;2\n"


@pytest.mark.fault(43)
def test_one_malformed_row_of_many_is_marked_and_counted() -> None:
    lines = dump(900).split(b"\n")
    lines[500] = "192.0.2.1;только два".encode("cp1251")
    rows = list(read_csv(b"\n".join(lines), encoding="cp1251", columns=6))
    bad = [row for row in rows if row.problem is not None]
    assert len(rows) == 900
    assert [(row.cells, row.problem) for row in bad] == [([], "the row has 2 cells, not 6")]
    assert b"\n".join(lines)[bad[0].start : bad[0].end] == lines[500] + b"\n"


@pytest.mark.fault(43)
@pytest.mark.parametrize("broken", ['1;"не закрыта;x', '1;"a"b;x'])
def test_a_stray_quote_costs_only_its_own_line(broken: str) -> None:
    good = [f"{n};b;c" for n in range(MAX_ROW_LINES * 2)]
    body = "\n".join(["№;b;c", broken, *good, ""]).encode("cp1251")
    rows = list(read_csv(body, encoding="cp1251"))
    assert [row.problem is None for row in rows] == [True, False] + [True] * len(good)
    assert [row.cells[0] for row in rows[2:]] == [line.split(";")[0] for line in good]


@pytest.mark.fault(7)
def test_a_body_cut_at_any_byte_is_truncated_or_ends_at_a_row() -> None:
    body = dump(30)
    whole = cells(body, columns=6)
    for end in range(len(body)):
        part = body[:end]
        if end > 0 and part.endswith(b"\n"):  # no sign in the form: counts must tell
            assert cells(part, columns=6) == whole[: part.count(b"\n")]
            continue
        with pytest.raises(TruncatedBody):
            cells(part, columns=6)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", TruncatedBody),
        (b"1;2\n3;4", TruncatedBody),
        (b"1;2\n3\n", TruncatedBody),
        (b'1;2\n3;"4\n', TruncatedBody),
        (b'1;2\n3;"4\n5"', TruncatedBody),
        (b"1;2\n\x98;4\n", CorruptBody),
        (b"<!DOCTYPE html>\n<html>\n", PageChanged),
    ],
)
def test_faults_of_the_body_are_typed(body: bytes, kind: type[SourceError]) -> None:
    with pytest.raises(kind):
        cells(body)


def test_a_source_without_a_last_line_end_says_so() -> None:
    assert cells(b"1;2\n3;4", final_newline=False) == [["1", "2"], ["3", "4"]]
    with pytest.raises(TruncatedBody):
        cells(b"1;2\n3", final_newline=False)


def test_utf8_cut_inside_a_letter_is_truncated() -> None:
    with pytest.raises(TruncatedBody, match="inside a character"):
        cells("1;я".encode()[:-1], encoding="utf-8")


def test_two_hundred_thousand_rows_take_seconds() -> None:
    body = dump(1_000) * 200
    start = time.process_time()
    assert sum(1 for _ in read_csv(body, encoding="cp1251", columns=6)) == 200_000
    assert time.process_time() - start < 10  # 0.4 s when measured


@pytest.mark.real
def test_captured_exports_keep_every_row() -> None:
    body = real("extremist_materials", "exportfsm_2025-07-22.csv").read_bytes()
    rows = list(read_csv(body, encoding="cp1251", columns=3))
    assert len(rows) == 5_442
    assert [row for row in rows if row.problem] == []
    assert b"".join(body[row.start : row.end] for row in rows) == body
    assert rows[-1].cells[2] == "09.07.2025"


@pytest.mark.real
@pytest.mark.fault(7)
def test_the_captured_upload_that_was_cut_is_truncated() -> None:
    body = real("zi", "dump_2018-05-05T1325Z_truncated.filtered.csv").read_bytes()
    with pytest.raises(TruncatedBody, match="3 of 6 cells"):
        list(read_csv(body, encoding="cp1251", columns=6, preamble=1))
