"""Spelling, keys and oddities of strings."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text import clean, match_key, oddities, unescape


@pytest.mark.fault(36, 38)
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Общество  с\u00a0ответственностью ", "Общество с ответственностью"),
        ("Иванов\u2009Иван\u202fИванович", "Иванов Иван Иванович"),
        ("a\r\nb\rc\nd\u2028e\x85f\tg", "a b c d e f g"),
        ("Ив\x00анов", "Ив\u2400анов"),
        ("Ив\x07ан\x9fов", "Иванов"),
        ("Ив\ufeffанов", "Иванов"),
        ("\u202eИва\u00adнов\u200b", "Иванов"),
        ("и\u0306од", "йод"),
        ("\ud800x", "\ufffdx"),
        ("\u00a0", ""),
        ("", ""),
        ("plain", "plain"),
    ],
)
def test_clean_gives_one_plain_line(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.fault(37)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_clean_is_final_and_can_be_stored(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once
    assert "\x00" not in once
    once.encode("utf-8")


@given(st.text(max_size=60))
def test_the_key_does_not_depend_on_cleaning_or_form(raw: str) -> None:
    assert match_key(clean(raw)) == match_key(raw)
    assert match_key(unicodedata.normalize("NFD", clean(raw))) == match_key(clean(raw))


SAME_NAMES = [
    ("Андрей Королёв", unicodedata.normalize("NFD", "Андрей Королёв")),
    ("Королёв", "Королев"),
    ("Королёв", "Корол\u00ebв"),
    ("Соколов", "\u0043околов"),
    ("СЕРГЕЙ", "C\u0045PГ\u0045Й"),
    ("Со\u200bко\u00adлов", "Соколов"),
    ("\u202eСоколов\u202c", "Соколов"),
    ("«НZГ»", "«H\u005aГ»"),
    ('Фонд "Вера"', "Фонд «Вера»"),
    ("Фонд „Вера“", "ФОНД  ВЕРА"),
    ("Линор-Джулия", "Линор – Джулия"),
    ("№ 255-ФЗ", "No 255-ФЗ"),
    ("Ива\u0301нов", "Иванов"),
]


@pytest.mark.fault(38, 40)
@pytest.mark.parametrize(("one", "other"), SAME_NAMES)
def test_look_alikes_have_the_same_key(one: str, other: str) -> None:
    assert one != other
    assert match_key(one) == match_key(other)


@pytest.mark.fault(40)
@pytest.mark.parametrize(
    ("one", "other"),
    [("Иванов", "Иванова"), ("«НЕЗЫГАР»", "«НЕЗЫГАР@»"), ("Ива", "Ива 2"), ("Йод", "Иод")],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@pytest.mark.fault(40)
@pytest.mark.parametrize(
    ("raw", "flags"),
    [
        ("Соколов", set()),
        ("\u0043околов", {"mixed-script"}),
        ("Соко\u200bлов", {"invisible"}),
        ("C\u00adоколов", {"mixed-script", "invisible"}),
        ("Проект «T-invariant»", set()),
        ("IT-компания Meta", set()),
        ("апелляционное определение \u0063удебной", {"mixed-script"}),
    ],
)
def test_oddities_are_flagged(raw: str, flags: set[str]) -> None:
    assert oddities(raw) == flags


@pytest.mark.fault(39)
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a&amp;amp;b", "a&b"),
        ("&#0;", "\ufffd"),
        ("&#xD800;", "\ufffd"),
        ("&laquo;X&raquo;", "«X»"),
        ("&quоt;", "&quоt;"),
    ],
)
def test_entities_become_stable_text(raw: str, expected: str) -> None:
    assert unescape(raw) == expected
    assert unescape(expected) == expected


@pytest.mark.fault(55)
@pytest.mark.parametrize("unit", [" ", "(", "«", "\u200b", "aа", "\u0301", "\x00"])
def test_a_mebibyte_takes_less_than_a_second(unit: str) -> None:
    text = "И" + unit * (500_000 // len(unit))  # a mebibyte of Cyrillic is half as many letters
    began = time.process_time()
    for read in (clean, match_key, oddities, unescape):
        read(text)
    assert time.process_time() - began < 4  # four parsers, one second each
