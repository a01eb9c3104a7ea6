"""Decisions read out of texts of lists: kind, court in the nominative, date, number."""

import pytest

from pipelines.court_decisions import (
    Decision,
    kind_of,
    names_decision,
    nominative,
    read_decisions,
    read_terse,
)

PENZA = "Ленинский районный суд г. Пензы"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("«Река» (решение Ленинского районного суда г. Пензы от 23.05.2014);",
         [Decision(PENZA, "2014-05-23", "решение")]),
        ("решение вынесено Первомайским районным судом г. Омска от 23.11.2006;",
         [Decision("Первомайский районный суд г. Омска", "2006-11-23", "решение")]),
        ("(решениe Ленинского районного суда г. Пензы от 27. 05,2008)",
         [Decision(PENZA, "2008-05-27", "решение")]),
        ("(решение Углегорского городского суда Сахалинской области 18.12.2012);",
         [Decision("Углегорский городской суд Сахалинской области", "2012-12-18", "решение")]),
        ("(решения Верховного Суда Российской Федерации от 01.10.2025, от 14.01.2026)",
         [Decision("Верховный Суд Российской Федерации", "2025-10-01", "решение"),
          Decision("Верховный Суд Российской Федерации", "2026-01-14", "решение")]),
        ("(приговор Ленинского районного суда г. Пензы от 20.11.2015 и определение того же суда "
         "от 29.01.2016)",
         [Decision(PENZA, "2015-11-20", "приговор"),
          Decision(PENZA, "2016-01-29", "определение")]),
        ("(апелляционное определение cудебной коллегии по административным делам Верховного Суда "
         "Республики Татарстан от 22.12.2014).",
         [Decision("Верховный Суд Республики Татарстан", "2014-12-22",
                   "апелляционное определение")]),
    ],
)  # fmt: skip
def test_a_decision_is_read_in_every_wording_of_the_lists(text: str, found: list[Decision]) -> None:
    assert read_decisions(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Книга «Решение» от 01.02.2010, издана в Туле",
        "Фильм «Страшный суд» от 01.02.2010",
        "Исключен;",
        "(решение Ленинского районного суда г. Пензы от 31.02.2014)",
        "(решение Черкесского городского суда от 17.02.1012)",
        "(решение о сосуде от 01.02.2014)",
        "",
    ],
)
def test_nothing_is_read_where_no_court_or_no_such_day_is_named(text: str) -> None:
    assert read_decisions(text) == []


def test_the_terse_cell_of_the_list_of_terrorists_gives_number_and_day_of_force() -> None:
    cell = (
        "Верховный Суд Российской Федерации, от 14.02.2003 № ГКПИ 03-116, вступило в силу "
        "04.03.2003; Московский городской суд от 28.06.2013 (б/н) вступил в силу 27.11.2013"
    )
    first, second = read_terse(cell)
    assert first.stated() == {
        "authority": "Верховный Суд Российской Федерации", "date": "2003-02-14",
        "number": "ГКПИ 03-116", "kind": "решение", "in_force_on": "2003-03-04",
    }  # fmt: skip
    assert (second.authority, second.number) == ("Московский городской суд", None)
    assert second.in_force_on == "2013-11-27"


def test_a_decision_that_cannot_be_read_is_still_noticed() -> None:
    text = "Книга (решение Ленинского районного суда г. Пензы от 31.02.2014)"
    assert names_decision(text)
    assert read_decisions(text) == []
    assert not names_decision("Книга «Решение» о реке")


@pytest.mark.parametrize(
    ("genitive", "court"),
    [
        ("Тверского районного суда г. Москвы", "Тверской районный суд г. Москвы"),
        ("Судебной коллегии по гражданским делам Калужского областного суда",
         "Калужский областной суд"),
        ("Третьего кассационного суда общей юрисдикции",
         "Третий кассационный суд общей юрисдикции"),
        ("Соль-Илецкого районного суда", "Соль-Илецкий районный суд"),
        ("суда Калужской области", "суд Калужской области"),
        ("мирового судьи судебного участка № 5", "мировой судья судебного участка № 5"),
        ("коллегии", None),
    ],
)  # fmt: skip
def test_a_court_is_named_in_the_nominative(genitive: str, court: str | None) -> None:
    assert nominative(genitive) == court


def test_the_kind_of_an_act_is_its_noun_with_its_manner() -> None:
    assert kind_of("Апелляционного определения") == "апелляционное определение"
    assert kind_of("заочным решением") == "заочное решение"
    assert kind_of("приговором") == "приговор"


def test_a_hostile_text_takes_no_time() -> None:
    text = "решение " * 2_500 + "суда " * 2_500 + "от 01.02.20"
    assert read_decisions(text) == []
    assert read_terse(text) == []
