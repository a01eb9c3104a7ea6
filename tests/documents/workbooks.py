"""Workbooks made for tests: the honest one, and archives with parts changed by hand."""

import io
import zipfile
from collections.abc import Callable

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The bytes of a new workbook after `fill`."""
    book = openpyxl.Workbook()
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def register(count: int) -> bytes:
    """A register of `count` rows under two lines and a heading row."""

    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.append(["Реестр"])
        sheet.append(["2025-08-08"])
        sheet.append(["№ п/п", "Имя", "Дата"])
        for number in range(1, count + 1):
            sheet.append([str(number), f"Организация {number}", "01.02.2024"])

    return workbook(fill)


def with_parts(body: bytes, parts: dict[str, bytes]) -> bytes:
    """The archive `body` with the members `parts` put in or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for member in old.infolist():
            if member.filename not in parts:
                new.writestr(member, old.read(member), compress_type=8)
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def with_sheet(rows_xml: bytes, head: bytes = b"") -> bytes:
    """A workbook whose only sheet has the rows `rows_xml`, `head` before its root."""
    sheet = b'%s<worksheet xmlns="%s"><dimension ref="A1"/><sheetData>%s</sheetData></worksheet>'
    return with_parts(register(1), {SHEET: sheet % (head, NAMESPACE.encode(), rows_xml)})
