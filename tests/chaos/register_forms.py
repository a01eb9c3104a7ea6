"""The forms in which servers give a register: JSON interface, XLSX export, mirror, HTML, z-i.

Keys and their order are those of real records of September 2026; the XLSX repeats the export's
oddities: inline strings, `<dimension ref="A1"/>`, title row, state as a number, № descending.
"""

import io
import json
import zipfile
from datetime import date, datetime
from html import escape

from tests.chaos.registers import Register, Row

GRID = "39b95df9-9a68-6b6d-e1e3-e6388507067e"
TITLE = "Реестр иностранных агентов"
LIMIT_CAP = 1000  # the interface cuts a larger limit without a word
HEADERS = (
    "№ п/п",
    "Полное наименование (прежнее наименование (в случае его изменения)) / ФИО «Псевдоним» "
    "(при наличии) (прежние ФИО (в случае их изменения))",
    "Основания для включения",
    "Дата принятия Минюстом России решения о включении в реестр",
    "Дата принятия Минюстом России решения об исключении из реестра (при наличии)",
    "Доменное имя информационного ресурса (при наличии)",
    "Тип иностранного агента",
    "Регистрационный номер",
    "ИНН",
    "ОГРН",
    "СНИЛС",
    "Дата рождения",
    "Полное наименование или ФИО участников",
    "Адрес (место нахождения)",
    "Дата опубликования принятого Минюстом России решения о включении в реестр",
    "Номер специального счета",
    "Наименование и местонахождение уполномоченного банка",
    "Банковский идентификационный код уполномоченного банка",
    "Номер корреспондентского счета (субсчета) уполномоченного банка (его филиала)",
    "Дата открытия специального счета",
    "Дата заключения договора банковского счёта",
)
KEY_ORDER = (
    "grid_s 18_s 19_s 9_s 6_s 5_s 8_s 7_s 2_s 4_s 3_s 15_dt 20_s id 21_s 4_dt _version_ 12_s 13_s "
    "5_dt 10_s 12_dt 1_i 11_s 16_s lastModified_l 17_s 14_s 15_s"
)
MIRROR_KEYS = "id fullName dob ogrn inn regNum snils address resources members law dateIn dateOut"
MIRROR_COLUMNS = (1, 2, 12, 10, 9, 8, 11, 14, 6, 13, 3, 4, 5)
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def day(value: date | None) -> str:
    """A date as the register writes it; empty where there is none."""
    return "" if value is None else f"{value:%d.%m.%Y}"


def cells(row: Row) -> list[str]:
    """The 21 columns of one row; column N is `field_N` of the interface."""
    values = {1: str(row.number), 2: row.name, 3: row.ground, 4: day(row.listed_on)}
    values |= {5: day(row.excluded_on), 6: row.domains, 7: row.kind, 9: row.inn, 10: row.ogrn}
    values |= {11: row.snils, 12: day(row.born_on), 13: row.members, 15: day(row.listed_on)}
    return [values.get(column, "") for column in range(1, len(HEADERS) + 1)]


def state_ms(register: Register) -> int:
    """The moment of the register's state, given in Moscow time, in milliseconds of the epoch."""
    return int((register.state_at - datetime(1970, 1, 1, 3)).total_seconds()) * 1000


def api_record(row: Row, moment_ms: int) -> dict[str, str | int]:
    """One record of the JSON interface; `_dt` is absent where empty, noise changes at a reload."""
    columns = cells(row)
    noise: dict[str, str | int] = {"grid_s": GRID, "id": row.uuid, "lastModified_l": moment_ms}
    noise["_version_"] = 1876677600000000000 + moment_ms % 10**9 + row.number
    record: dict[str, str | int] = {}
    for key in KEY_ORDER.split():
        if key in noise:
            record[key] = noise[key]
            continue
        number, suffix = key.split("_")
        value = columns[int(number) - 1]
        if value or suffix != "dt":
            record[f"field_{key}"] = int(value) if suffix == "i" else value
    return record


def api_page(register: Register, offset: int = 0, limit: int = LIMIT_CAP) -> bytes:
    """One answer of POST `/rest/registry/<id>/values`: № ascending unless the rows were shifted."""
    size = min(limit, LIMIT_CAP)
    rows = register.rows[offset : offset + size]
    moment_ms = state_ms(register)
    values = [api_record(row, moment_ms) for row in rows]
    answer = {"size": len(register.rows), "offset": offset, "limit": size, "values": values}
    return json.dumps(answer, ensure_ascii=False).encode()


def api_info(register: Register) -> bytes:
    """The answer of GET `/rest/registry/<id>/info`: titles of the columns, moment of the state."""
    hidden = {9, 11, 12, 16, 17, 18, 19}
    columns = [
        {"name": f"field_{n}_{'i' if n == 1 else 's'}", "title": title, "hidden": n in hidden}
        for n, title in enumerate(HEADERS, 1)
    ]
    answer = {
        "title": "Реестр иностранных агентов",
        "lastModified": state_ms(register),
        "columns": columns,
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def mirror_json(register: Register) -> bytes:
    """The mirror's form: a list with the keys of its parser, dates as they stand."""
    pairs = list(zip(MIRROR_KEYS.split(), MIRROR_COLUMNS, strict=True))
    rows = [cells(row) for row in register.rows]
    records = [{name: row[column - 1] for name, column in pairs} for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=2).encode()


def html_page(register: Register) -> str:
    """A plain table of seven columns, ending in `<p id=end>END</p>`."""
    shown = slice(0, 7)
    head = "".join(f"<th>{escape(title)}</th>" for title in HEADERS[shown])
    rows = [
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells(row)[shown]) + "</tr>"
        for row in register.rows
    ]
    return (
        "<!DOCTYPE html>\n<html><head><title>Реестр иностранных агентов</title></head><body>\n"
        f"<table class=registry><tr>{head}</tr>\n" + "\n".join(rows) + "\n</table>\n"
        "<p id=end>END</p></body></html>\n"
    )


def xlsx(register: Register, *, headers: tuple[str, ...] = HEADERS) -> bytes:
    """The XLSX export; other `headers` show what a renamed column does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in package_parts().items():
            archive.writestr(name, DECLARATION + text)
        archive.writestr(SHEET, DECLARATION + sheet(register, headers))
    return buffer.getvalue()


def sheet(register: Register, headers: tuple[str, ...]) -> str:
    """The one sheet: title, state (a number of days since 1899-12-30), header, № descending."""
    days = (register.state_at - datetime(1899, 12, 30)).total_seconds() / 86400
    rows = sorted(register.rows, key=lambda row: -row.number)
    lines = [
        sheet_row(1, [TITLE]),
        f'<row r="2"><c r="A2" s="1" t="n"><v>{days!r}</v></c></row>',
        sheet_row(3, list(headers)),
        *(sheet_row(place, cells(row)) for place, row in enumerate(rows, 4)),
    ]
    data = "\n".join(lines)
    return (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>{data}</sheetData></worksheet>'
    )


def sheet_row(place: int, values: list[str]) -> str:
    """One row of inline strings, columns A to U."""
    parts = (
        f'<c r="{chr(65 + n)}{place}" s="0" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        for n, value in enumerate(values)
    )
    return f'<row r="{place}">{"".join(parts)}</row>'


def package_parts() -> dict[str, str]:
    """The parts around the sheet, as few as a reader needs."""
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = {"xl/workbook.xml": "sheet.main", SHEET: "worksheet", "xl/styles.xml": "styles"}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{office}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Лист 1" sheetId="1" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            {"rId1": ("styles", "styles.xml"), "rId2": ("worksheet", "worksheets/sheet1.xml")}
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
        'formatCode="dd.MM.yyyy HH:mm:ss"/></numFmts><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1">'
        '<border/></borders><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }


def relations(targets: dict[str, tuple[str, str]]) -> str:
    """A relationships part."""
    lines = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'
