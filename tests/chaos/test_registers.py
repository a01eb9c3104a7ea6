"""REG and ZI give the same truth in every form, in the forms of the real sources."""

import csv
import io
import json
import re
from datetime import date, datetime

import openpyxl
import pytest

from tests.captured import real as captured
from tests.chaos.blocklists import ZI, zi_csv
from tests.chaos.register_forms import HEADERS, api_page, cells, html_page, mirror_json, xlsx
from tests.chaos.registers import REG


def read_xlsx(data: bytes) -> list[tuple[object, ...]]:
    """All rows of the first sheet, read in the mode that does not trust the dimension."""
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))


def test_names_and_numbers_are_unique_and_repeatable() -> None:
    register = REG(20_000)
    assert len({row.name for row in register.rows}) == 20_000
    assert len({row.uuid for row in register.rows}) == 20_000
    assert REG(50).rows == register.rows[:50]


def test_the_interface_gives_size_pages_and_cuts_a_large_limit() -> None:
    register = REG(1267)
    first = json.loads(api_page(register, 0, 5000))
    rest = json.loads(api_page(register, 1000, 1000))
    assert (first["size"], len(first["values"]), len(rest["values"])) == (1267, 1000, 267)
    numbers = [value["field_1_i"] for value in first["values"] + rest["values"]]
    assert numbers == list(range(1, 1268))
    excluded = [v for v in first["values"] if "field_5_dt" in v]
    assert len(excluded) == sum(row.excluded_on is not None for row in register.rows[:1000])


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")  # as the real one
def test_the_export_has_the_oddities_of_the_real_one() -> None:
    register = REG(30)
    rows = read_xlsx(xlsx(register))
    assert rows[0][0] == "Реестр иностранных агентов"
    assert rows[1][0] == datetime(2026, 9, 18, 17, 0)
    assert rows[2] == HEADERS
    assert [row[0] for row in rows[3:]] == [str(n) for n in range(30, 0, -1)]
    assert [row[1] for row in rows[3:]] == [row.name for row in reversed(register.rows)]
    trusting = openpyxl.load_workbook(io.BytesIO(xlsx(register)), read_only=True)
    assert len(list(trusting.worksheets[0].iter_rows())) == 1
    trusting.close()


def test_all_forms_tell_the_same_truth() -> None:
    register = REG(40)
    mirror = json.loads(mirror_json(register))
    values = json.loads(api_page(register))["values"]
    for row, there, here in zip(register.rows, mirror, values, strict=True):
        assert cells(row)[1] == there["fullName"] == here["field_2_s"]
        assert cells(row)[4] == there["dateOut"] == here["field_5_s"]
    assert len(re.findall("<tr>", html_page(register))) == 41


def test_rules_change_what_they_say_and_nothing_else() -> None:
    register = REG(10)
    assert register.added(2).truth.keys() == set(range(1, 13))
    gone = register.excluded(3, date(2026, 1, 1))
    assert gone.truth[3].excluded_on == date(2026, 1, 1)
    assert register.renamed(4, "Проект «Иной»").truth[4].name == "Проект «Иной»"
    assert register.without([1, 2]).truth.keys() == set(range(3, 11))
    shifted = register.shifted(4)
    assert shifted.truth == register.truth
    assert [row.number for row in shifted.rows] == [5, 6, 7, 8, 9, 10, 1, 2, 3, 4]
    with pytest.raises(KeyError):
        register.renamed(11, "x")


def test_identifiers_have_the_right_control_digits() -> None:
    person = next(row for row in REG(10).rows if row.snils)
    digits = re.sub(r"\D", "", person.snils)
    total = sum(int(d) * w for d, w in zip(digits[:9], range(9, 0, -1), strict=True))
    assert int(digits[9:]) == total % 101 % 100
    assert re.fullmatch(r"96\d{10}", person.inn)


def test_the_blocklist_reads_back_as_cp1251_csv() -> None:
    blocklist = ZI(90)
    first, *lines = zi_csv(blocklist).decode("cp1251").splitlines()
    rows = list(csv.reader(lines, delimiter=";"))
    assert first == "Updated: 2024-09-20 12:05:00 +0000"
    assert [len(row) for row in rows] == [6] * 90
    assert [row[3] for row in rows].count("Генпрокуратура") == blocklist.by_agency()[
        "Генпрокуратура"
    ]
    assert [row[2] for row in rows] == [" | ".join(row.urls) for row in blocklist.rows]
    assert len(blocklist.without([0, 1]).rows) == 88


@pytest.mark.real
def test_records_have_the_keys_of_real_records_in_their_order() -> None:
    path = captured("foreign_agents/minjust_api_values_sample_2026-09-18.json")
    real = json.loads(path.read_text())["values"][-2]
    ours = json.loads(api_page(REG(6)))["values"]
    person = next(value for value in ours if value["field_12_s"] and not value["field_5_s"])
    assert list(person) == list(real)


@pytest.mark.real
def test_the_mirror_has_the_keys_of_the_real_mirror() -> None:
    path = captured("foreign_agents/fz255_registry_2023-10-14_fda0181.json")
    assert list(json.loads(mirror_json(REG(1)))[0]) == list(json.loads(path.read_text())[0])


@pytest.mark.real
@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_the_export_has_the_header_of_the_real_export() -> None:
    path = captured("foreign_agents/minjust_export_2025-08-08.xlsx")
    assert read_xlsx(path.read_bytes())[2] == HEADERS
