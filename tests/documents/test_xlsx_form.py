"""Workbooks are read bounded, whole and without a guess."""

import io
import os
import time
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from crawler.documents.xlsx_cells import Cell, Unread
from crawler.documents.xlsx_form import read_sheet
from crawler.errors import BodyTooLarge, CorruptBody, PageChanged, SourceError, TruncatedBody
from tests.captured import real
from tests.documents.workbooks import SHEET, register, with_parts, with_sheet, workbook


def cells(body: bytes) -> list[list[Cell]]:
    return [row.cells for row in read_sheet(body).rows]


def inline(coordinate: str, text: str) -> bytes:
    return f'<c r="{coordinate}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def test_rows_keep_their_numbers_and_texts() -> None:
    sheet = read_sheet(register(900))
    rows = list(sheet.rows)
    assert (sheet.title, sheet.others) == ("Sheet", ())
    assert rows[2] == (3, ["№ п/п", "Имя", "Дата"])
    assert rows[-1] == (903, ["900", "Организация 900", "01.02.2024"])
    assert rows[-1].at(1) == "Организация 900"
    assert rows[0].at(20) is None
    assert len(rows) == 903


def test_the_declared_dimension_is_not_believed() -> None:
    rows = b'<row r="1">%s%s</row><row r="9">%s</row>'
    body = with_sheet(rows % (inline("A1", "a"), inline("C1", "c"), inline("B9", "b")))
    assert list(read_sheet(body).rows) == [(1, ["a", None, "c"]), (9, [None, "b"])]


def test_numbers_and_moments_become_text_without_loss() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.worksheets[0].append(
            [1267, 5.0, 0.25, True, datetime(2025, 8, 8, 17), datetime(2025, 8, 8), "  ", " а\n"]
        )

    assert cells(workbook(fill)) == [
        ["1267", "5", "0.25", "TRUE", "2025-08-08T17:00:00", "2025-08-08", None, " а\n"]
    ]
    digits = b'<row r="1"><c r="A1"><v>12345678901234567890</v></c></row>'
    assert cells(with_sheet(digits)) == [["12345678901234567890"]]


@pytest.mark.fault(48)
@pytest.mark.parametrize("serial", ["1", "60", "9999999999"])
def test_a_date_that_never_was_is_unread(serial: str) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["A1"] = datetime(2025, 8, 8)

    old = workbook(fill)
    with zipfile.ZipFile(io.BytesIO(old)) as archive:
        sheet = archive.read(SHEET)
    assert b"<v>45877</v>" in sheet
    changed = with_parts(old, {SHEET: sheet.replace(b"<v>45877<", f"<v>{serial}<".encode())})
    assert [type(cell) for cell in cells(changed)[0]] == [Unread]


@pytest.mark.fault(52)
def test_formulas_and_error_values_are_unread_and_never_text() -> None:
    rows = (
        b'<row r="2"><c r="A2"><f>SUM(B1:B9)</f></c><c r="B2"><f>1+1</f><v>2</v></c>'
        b'<c r="C2" t="e"><v>#REF!</v></c><c r="D2"><f t="shared" si="0"/></c></row>'
    )
    assert cells(with_sheet(rows)) == [
        [
            Unread(2, 1, "a formula"),
            Unread(2, 2, "a formula"),
            Unread(2, 3, "the error value #REF!"),
            Unread(2, 4, "a formula"),
        ]
    ]


@pytest.mark.fault(52)
def test_only_the_first_visible_sheet_is_read_with_its_hidden_rows() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.worksheets[0].sheet_state = "hidden"
        shown = book.create_sheet("Реестр")
        book.create_sheet("Ещё")
        shown.append(["a", "b", "c"])
        shown.append(["d", "e", "f"])
        shown.row_dimensions[2].hidden = True
        shown.column_dimensions["B"].hidden = True
        shown.merge_cells("A1:B1")

    sheet = read_sheet(workbook(fill))
    assert (sheet.title, sheet.others) == ("Реестр", ("Sheet", "Ещё"))
    assert [row.cells for row in sheet.rows] == [["a", None, "c"], ["d", "e", "f"]]


@pytest.mark.fault(52)
@pytest.mark.parametrize(
    ("row", "kind", "words"),
    [
        (b'<row r="1048576">' + inline("XFD1048576", "x"), BodyTooLarge, "column 16384"),
        (b'<row r="1048576">' + inline("A1048576", "x"), BodyTooLarge, "row 1048576"),
        (b'<row r="1">' + inline("ZZZ1", "x"), BodyTooLarge, "column 18278"),
        (
            b'<row r="9999999999">' + inline("A9999999999", "x"),
            SourceError,
            "row 9999999999|cannot be read",
        ),
        (b'<row r="1">' + inline("ZZZZZZZ1", "x"), SourceError, "over 64|cannot be read"),
        (b'<row r="5000">' + inline("A5000", "x"), PageChanged, "far below"),
        (b'<row r="1">' + inline("A1", "x" * 40_000), BodyTooLarge, "40000 characters"),
        (b'<row r="1">' + inline("B1", "x") + inline("A1", "x"), CorruptBody, "column 1"),
        (b'<row r="1"><c r="A1" t="s"><v>99</v></c>', CorruptBody, "IndexError"),
        (b'<row r="1"><c r="A1"><v>abc</v></c>', CorruptBody, "ValueError"),
        (b'<row r="x"><c r="A1"><v>1</v></c>', CorruptBody, "ValueError"),
        (b'<row r="3"></row><row r="2">', CorruptBody, "row 2"),
    ],
)
def test_cells_beyond_the_bounds_are_typed_errors(
    row: bytes, kind: type[SourceError], words: str
) -> None:
    start = time.process_time()
    with pytest.raises(kind, match=words):
        cells(with_sheet(row + b"</row>"))
    assert time.process_time() - start < 5


@pytest.mark.fault(52)
def test_an_empty_cell_at_the_far_corner_is_nothing() -> None:
    body = with_sheet(
        b'<row r="1">' + inline("A1", "a") + b'</row><row r="1048576"><c r="XFD1048576"/></row>'
    )
    assert cells(body) == [["a"]]


@pytest.mark.fault(52)
def test_a_million_styled_rows_without_a_value_are_bounded() -> None:
    first = b"<row>" + inline("A1", "a") + b"</row>"
    uneven = b"".join(b'<row ht="%d"/>' % (n * n % 9_973) for n in range(1_000_000))
    start = time.process_time()
    assert cells(with_sheet(first + uneven)) == [["a"]]
    with pytest.raises(BodyTooLarge, match="packed over 200"):
        cells(with_sheet(first + b'<row ht="9"/>' * 1_000_000))
    assert time.process_time() - start < 30  # 3 s when measured, most of it making the file


@pytest.mark.fault(52)
def test_many_blank_rows_end_the_sheet_within_the_row_limit() -> None:
    rows = b"".join(b'<row r="%d" ht="%d"/>' % (n, n * n % 9973) for n in range(2, 30_000))
    sheet = read_sheet(with_sheet(b'<row r="1">' + inline("A1", "a") + b"</row>" + rows))
    assert [row.cells for row in sheet.rows] == [["a"]]
    late = rows + b'<row r="30000">' + inline("A30000", "z") + b"</row>"
    with pytest.raises(PageChanged, match="far below"):
        cells(with_sheet(b'<row r="1">' + inline("A1", "a") + b"</row>" + late))


@pytest.mark.fault(52)
def test_row_and_column_limits_are_the_callers() -> None:
    with pytest.raises(BodyTooLarge, match="row 11"):
        list(read_sheet(register(20), max_rows=10).rows)
    with pytest.raises(BodyTooLarge, match="column 3"):
        list(read_sheet(register(20), max_columns=2).rows)


@pytest.mark.fault(52)
@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", TruncatedBody, "0 bytes"),
        (b"PK\x03", TruncatedBody, "3 bytes"),
        (b"<html><table><tr><td>1</td></tr></table>", PageChanged, "HTML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, PageChanged, "old .xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            PageChanged,
            "encrypted",
        ),
        (b"%PDF-1.7", PageChanged, "no .xlsx"),
        (with_parts(register(1), {"a": b"0" * 2_000_000}), BodyTooLarge, "packed over 200"),
        (with_parts(register(1), {f"m/{n}": b"" for n in range(2_001)}), BodyTooLarge, "members"),
        (with_sheet(b"<row"), CorruptBody, "ParseError"),
        (with_parts(register(1), {"xl/workbook.xml": b"<x/>"}), PageChanged, "no visible sheet"),
        (
            with_sheet(b"<row/>", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'),
            SourceError,
            "entities",
        ),
    ],
)
def test_bodies_that_are_no_honest_workbook_are_typed_errors(
    body: bytes, kind: type[SourceError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        cells(body)


@pytest.mark.fault(52)
def test_a_bomb_of_shared_texts_is_refused_before_it_is_held() -> None:
    noise = os.urandom(2**20).hex().encode() * 17  # 34 MiB that no ratio gives away
    part = b'<sst xmlns="x"><si><t>' + noise + b"</t></si></sst>"
    with pytest.raises(BodyTooLarge, match="sharedStrings"):
        cells(with_parts(register(1), {"xl/sharedStrings.xml": part}))


@pytest.mark.fault(52)
def test_another_zip_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(PageChanged, match="no workbook"):
        cells(target.getvalue())


@pytest.mark.fault(52)
def test_names_that_climb_out_write_nothing_and_macros_are_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    odd = {"../../escaped.txt": b"x", "/escaped.txt": b"x", "xl/vbaProject.bin": b"\xd0\xcf"}
    assert len(cells(with_parts(register(3), odd))) == 6
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.fault(52)
def test_a_name_that_stands_twice_is_corrupt() -> None:
    target = io.BytesIO(register(3))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(target, "a") as archive:
        archive.writestr(SHEET, "<x/>")
    with pytest.raises(CorruptBody, match="2 members"):
        cells(target.getvalue())


@pytest.mark.fault(7)
def test_a_workbook_cut_at_any_percent_is_truncated() -> None:
    body = register(900)
    for percent in range(1, 100):
        with pytest.raises(TruncatedBody):
            cells(body[: len(body) * percent // 100])


@pytest.mark.fault(6, 52)
def test_a_flipped_byte_anywhere_gives_all_rows_or_a_typed_error() -> None:
    body = register(200)
    whole = cells(body)
    refused = 0
    for percent in range(100):
        place = len(body) * percent // 100
        damaged = body[:place] + bytes([body[place] ^ 0x55]) + body[place + 1 :]
        try:
            assert cells(damaged) == whole
        except SourceError:
            refused += 1
    assert refused > 50


@pytest.mark.real
@pytest.mark.fault(7)
def test_the_captured_export_has_all_its_rows() -> None:
    body = real("foreign_agents", "minjust_export_2025-08-08.xlsx").read_bytes()
    sheet = read_sheet(body)
    rows = list(sheet.rows)
    assert sheet.title == "Лист 1"
    assert rows[0].cells == ["Реестр иностранных агентов"]
    assert rows[1].cells == ["2025-08-08T17:00:00"]
    assert (rows[2].number, len(rows[2].cells), rows[2].at(0)) == (3, 21, "№ п/п")
    assert len(rows[3:]) == 1_045
    assert {row.at(0) for row in rows[3:]} == {str(n) for n in range(1, 1_046)}
    for percent in range(1, 100, 7):
        with pytest.raises(TruncatedBody):
            read_sheet(body[: len(body) * percent // 100])
