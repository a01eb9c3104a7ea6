"""Personal data never reaches a table; ordinary dates and numbers are not damaged."""

import csv
import re
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.protect import FIELDS, MARK, Cut, allowed, keep_allowed, scrub
from tests.captured import real

# Invented numbers with right control digits.
SNILS, INN, OGRNIP = "947-976-662 04", "966651391453", "304500116000157"

PERSONAL = [
    (f"СНИЛС {SNILS}, далее", f"{MARK}, далее", "snils"),
    ("СНИЛС: 94797666204", MARK, "snils"),
    ("лицо 94797666204 указано", f"лицо {MARK} указано", "snils"),
    ("947-976-662-04", MARK, "snils"),
    (f"ИНН {INN}", MARK, "inn"),
    ("ИНН: 123456789012", MARK, "inn"),
    (f'"{INN}"', f'"{MARK}"', "inn"),
    (f"ОГРНИП {OGRNIP}", MARK, "inn"),
    ("паспорт серии 45 10 № 123456 выдан", f"{MARK} выдан", "passport"),
    ("паспортные данные: 4510 123456", MARK, "passport"),
    ("серия 4510 № 123456", MARK, "passport"),
    ("45 10 123456", MARK, "passport"),
    ("тел. 8 (916) 123-45-67", MARK, "phone"),
    ("звонить +7 916 123 45 67", f"звонить {MARK}", "phone"),
    ("89161234567", MARK, "phone"),
    ("+79161234567;", f"{MARK};", "phone"),
    ("телефон: 2-345-678", MARK, "phone"),
    ("Иванов И.И., 01.02.1980 г.р., судим", f"Иванов И.И., {MARK}, судим", "birth"),
    ("Иванов И.И., 01.02.1980 г. р., судим", f"Иванов И.И., {MARK}, судим", "birth"),
    ("род. 01.02.1980", MARK, "birth"),
    ("дата рождения: 01.02.1980", MARK, "birth"),
    ("дата рождения: 5 марта 1980 года", MARK, "birth"),
    ("1980 года рождения", MARK, "birth"),
    ("05 марта 1980 года рождения", MARK, "birth"),
    ("1980 г.р.", MARK, "birth"),
    ("родилась 01.02.1980 в городе", f"{MARK} в городе", "birth"),
    ("проживает: ул. Лесная, д. 2, кв. 15", f"проживает: {MARK}", "address"),
    ("г. Тверь, улица Лесная, дом 2а, корп. 3, кв. 15.", f"г. Тверь, {MARK}.", "address"),
    ("ул. Л. Толстого д.24, стр.1", MARK, "address"),
    ("ул. 9 Января, д. 5", MARK, "address"),
    ("пр-т Мира, 12-15, кв. 4", MARK, "address"),
    ("в доме: д. 2, кв. 15", f"в доме: {MARK}", "address"),
    ("писать ivan.ivanov@mail.example срочно", f"писать {MARK} срочно", "email"),
]
INNOCENT = [
    "",
    "решение от 05.03.2024 № 1069-р",
    "27-31-2020/Ид2145-22",
    "Исорг-27/3-3420-14/",
    "2-6-14/2024-05-24-155-АИ",
    "дело № 5-598/2018, УИД 43RS0001-01-2020-001234-56",
    "2а-1978/2022",
    "ИНН 7701234567, ОГРН 1027700132195",
    "регистрационный номер 40103797863, дата регистрации 10.06.2014",
    "https://www.facebook.com/profile.php?id=100000886047662",
    "https://vk.com/id79161234567; https://t.me/x, ID: -1001562271675",
    "vk.com/id79161234567",
    "https://example.org/ул.Лесная,д.2",
    "https://mail.example/ivan@mail.example",
    "info@media.example",
    "173-198-226-26.static.as40244.net",
    "2606:4700:3033::6815:484|104.21.4.132",
    "01.01.1950",
    "2024-03-05T00:00:00.0Z",
    "в 1980 году",
    "родители 12 детей",
    "Статья 7 Федерального закона от 14.07.2022 № 255-ФЗ",
    "ECLI:CE:ECHR:2022:0614JUD000998813",
    "штраф 100 000 рублей, 1876677607009812480",
    "9988/13;14338/14;45973/14",
    "Шоссе. Проект «Улица мира»",
]


@pytest.mark.parametrize(("text", "expected", "kind"), PERSONAL)
def test_personal_data_is_cut_and_the_rest_stays(text: str, expected: str, kind: str) -> None:
    found, cuts = scrub(text)
    assert [cut.kind for cut in cuts] == [kind]
    assert found == expected


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_text_is_not_damaged(text: str) -> None:
    assert scrub(text) == (text, [])


def test_a_cut_never_shows_its_value() -> None:
    _, cuts = scrub(f"СНИЛС {SNILS}")
    assert SNILS in cuts[0].value
    assert SNILS not in repr(cuts)
    assert Cut("snils", "1") == Cut("snils", "1")


@given(st.text(alphabet=" 0123456789-.+()ИННулдквгр@a,;/№", max_size=80))
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    once, _ = scrub(text)
    twice, cuts = scrub(once)
    assert (twice, cuts) == (once, [])


@given(st.from_regex(r"\A[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}\Z"))
def test_no_snils_with_dashes_survives(number: str) -> None:
    assert number not in scrub(f"у него {number}.")[0]


def test_only_the_fields_of_the_contract_are_kept() -> None:
    row = {"name": "X", "name_raw": " X", "birth_date": "01.01.1950", "snils": SNILS, "inn": "1"}
    kept, dropped = keep_allowed("designation", row)
    assert kept == {"name": "X", "name_raw": " X", "inn": "1"}
    assert dropped == ["birth_date", "snils"]


def test_raw_twins_do_not_bring_back_what_is_hidden() -> None:
    assert allowed("ruling", "judge_raw") and allowed("ruling", "outcome_raw")
    assert not allowed("ruling", "parties_raw") and not allowed("designation", "inn_raw")
    assert not allowed("ruling", "_raw") and not allowed("blocking", "name")
    with pytest.raises(KeyError):
        allowed("gossip", "name")
    assert all(
        not re.search("birth|snils|address|phone|passport", " ".join(f)) for f in FIELDS.values()
    )


@pytest.mark.fault(55)
@pytest.mark.parametrize(
    "unit",
    [
        *(" ", "(", "1", "1 ", "a.", "a@", "+7", "ул. ", "ул. а, ", "ул ", "ул а ", "шЛ. "),
        *("д. 1", "паспорт ", "род.", "https://", "-", "тел. 1", "123-", "СНИЛС ", "а", "ИНН 1"),
        *("01.01.1980 ", "кв. "),
    ],
)
def test_a_hostile_mebibyte_takes_less_than_a_second_or_so(unit: str) -> None:
    text = unit * (500_000 // len(unit))  # half a million signs of Cyrillic are a mebibyte
    began = time.process_time()
    scrub(text)
    assert time.process_time() - began < 2  # measured 0.1 to 0.7 s; the machine may be busy


@pytest.mark.real
def test_captured_register_is_cut_only_where_it_is_personal() -> None:
    cuts: Counter[tuple[int, str]] = Counter()
    path = real("foreign_agents", "minjust_export_2025-08-08.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        for row in list(csv.reader(lines))[1:]:
            for column, cell in enumerate(row):
                cuts.update((column, cut.kind) for cut in scrub(cell)[1])
    assert cuts == {(8, "inn"): 596, (10, "snils"): 553, (13, "address"): 2}


@pytest.mark.real
def test_captured_blocklists_are_not_damaged() -> None:
    for name in ("dump_2016-06-12T1324Z.filtered.csv", "sample_2023-2024_new_format.csv"):
        with real("zi", name).open(encoding="cp1251", newline="") as lines:
            for row in csv.reader(lines, delimiter=";"):
                assert [scrub(cell)[1] for cell in row] == [[]] * len(row)
