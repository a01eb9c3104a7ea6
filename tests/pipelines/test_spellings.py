"""Spellings under which a name is looked for, and the one way in which texts are folded."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.spellings import LONGEST, body_spellings, domain_spellings, spellings
from storage.folding import fold


def by_scheme(name: str) -> dict[str, str]:
    return {one.scheme: one.text for one in spellings(name)}


def test_each_scheme_writes_a_name_its_own_way() -> None:
    assert by_scheme("Щедрина Юлия Ельцовна") == {
        "icao": "Shchedrina Iuliia Eltsovna",
        "bgn": "Shchedrina Yuliya Yeltsovna",
        "gost": "Shhedrina Yuliya Elczovna",
        "iso9": "Ŝedrina Ûliâ Elcovna",
        "english": "Shchedrina Yulia Eltsovna",
    }


def test_a_signature_in_newspapers_has_its_own_endings_and_given_names() -> None:
    assert by_scheme("Вымышленский Александр")["english"] == "Vymyshlensky Alexander"
    assert by_scheme("Сказочный Пётр")["english"] == "Skazochny Peter"


def test_capitals_stay_capitals() -> None:
    assert by_scheme("ЯЩИК")["icao"] == "IASHCHIK"


def test_a_latin_name_is_found_in_cyrillic() -> None:
    assert by_scheme("Meduza") == {"cyrillic": "Медуза"}
    assert "Эхо Москвы" in by_scheme("Ekho Moskvy").values()


def test_a_name_of_twin_letters_is_found_as_it_is_typed_on_the_other_keyboard() -> None:
    assert by_scheme("СОТА")["look-alike"] == "COTA"
    assert "look-alike" not in by_scheme("СОДА")


def test_a_domain_is_found_by_its_name_in_cyrillic() -> None:
    found = [one.text for one in domain_spellings("vestnik.example.org")]
    assert found == ["example.org", "вестник.ексампле"]
    assert domain_spellings("вестник.рф") == []


def test_a_body_is_found_by_its_short_and_its_english_name() -> None:
    found = {one.text for one in body_spellings("Генеральная прокуратура Российской Федерации")}
    assert {"Генпрокуратура", "Prosecutor General"} <= found


def test_a_text_is_no_name() -> None:
    assert spellings("Я" * (LONGEST + 1)) == []


@given(st.text(max_size=80))
def test_any_text_has_spellings_that_differ_from_it_and_from_each_other(name: str) -> None:
    found = [one.text for one in spellings(name)]
    assert name not in found
    assert len(set(found)) == len(found)


@pytest.mark.fault(70)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meдуза", "Медуза"),  # a Latin e
        ("МЕДУЗА", "«медуза»"),
        ("Ёлкина", "Елкина"),
        ("Instаgram", "instagram"),  # a Cyrillic a
        ("Вестник — регион", "вестник - регион"),
        ("Вест\u00adник\u200b", "вестник"),
        ('ООО "Ромашка"', "ооо ромашка"),
        ("O\u2019Brien", "o'brien"),
    ],
)
def test_what_a_reader_takes_for_the_same_is_folded_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_of_one_alphabet_stay_apart() -> None:
    assert fold("СОТА") != fold("COTA")
    assert fold("Медуза") != fold("Meduza")


@example("\U0001d56c")  # a letter of mathematics: it has a small form only once it is decomposed
@given(st.text(max_size=80))
def test_what_is_folded_is_folded_for_good(text: str) -> None:
    assert fold(fold(text)) == fold(text)
