"""Articles of law in the spellings of courts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.articles import (
    Article,
    read_articles,
    read_echr_articles,
    unread_references,
)
from tests.captured import real

KOAP, UK = "КоАП РФ", "УК РФ"
SPELLINGS = [
    ("ст.19.34 ч.1 КоАП РФ", [(KOAP, "19.34", "1", None)]),
    ("19.34 ч.1", [(None, "19.34", "1", None)]),
    ("20.3.3", [(None, "20.3.3", None, None)]),
    ("КоАП 19.34", [(KOAP, "19.34", None, None)]),
    ("ст. 19.34, Ч.2", [(None, "19.34", "2", None)]),
    ("Статья 137 Часть 1", [(None, "137", "1", None)]),
    ("ч. 1 ст. 20.3 КоАП РФ", [(KOAP, "20.3", "1", None)]),
    ("частью 1 статьи 19.34", [(None, "19.34", "1", None)]),
    ("Частью 1 ст. 12.26 КОАП РФ предусмотрено", [(KOAP, "12.26", "1", None)]),
    ("УК РФ: ст. 137 ч.1", [(UK, "137", "1", None)]),
    ("УК РФ: ст. 137 ч.1; ст. 282 ч.2 п.в", [(UK, "137", "1", None), (UK, "282", "2", "в")]),
    ("ст. 282 ч.2 п.в", [(None, "282", "2", "в")]),
    ("п. «в» ч. 2 ст. 282 УК РФ", [(UK, "282", "2", "в")]),
    ("п.1 ч.1 ст.29.9 КоАП РФ", [(KOAP, "29.9", "1", "1")]),
    (
        "ст 29.9 ч.2 п.2 и ст 29.4 ч.1 п.5",
        [(None, "29.9", "2", "2"), (None, "29.4", "1", "5")],
    ),
    (
        "ч. 7 ст. 113, ч. 2 ст. 214, ч.\u00a03 ст.\u00a0227 ГПК РФ",
        [
            ("ГПК РФ", "113", "7", None),
            ("ГПК РФ", "214", "2", None),
            ("ГПК РФ", "227", "3", None),
        ],
    ),
    ("ст. 20.3.1 КоАП РФ", [(KOAP, "20.3.1", None, None)]),
    ("20.3.3 ч.1", [(None, "20.3.3", "1", None)]),
    ("ст. 19.7.5-2 КоАП", [(KOAP, "19.7.5-2", None, None)]),
    ("ст. 13.15 ч. 2.1 КоАП РФ", [(KOAP, "13.15", "2.1", None)]),
    ("статьями 29.9, 29.10 КоАП РФ", [(KOAP, "29.9", None, None), (KOAP, "29.10", None, None)]),
    (
        "ст. 280.3 ч.1 УК РФ, ст.20.3 ч.2 КоАП РФ",
        [(UK, "280.3", "1", None), (KOAP, "20.3", "2", None)],
    ),
    ("ст. 20.3 КоАП РФ, ст. 137", [(KOAP, "20.3", None, None), (None, "137", None, None)]),
    (
        "ч. 1 ст. 20.3 Кодекса Российской Федерации об административных правонарушениях",
        [(KOAP, "20.3", "1", None)],
    ),
    ("ч. 5. ст. 20.2 Кодекса РФ об административных правонарушениях", [(KOAP, "20.2", "5", None)]),
    ("ст. 15.3 Федерального закона от 27.07.2006 № 149-ФЗ", [("149-ФЗ", "15.3", None, None)]),
    ("ст. 15.1-1 149-ФЗ", [("149-ФЗ", "15.1-1", None, None)]),
    ("ст. 218 КАС РФ", [("КАС РФ", "218", None, None)]),
    ("ООО «АЛЬФА» - ст.19.4.1 ч.1 КоАП РФ", [(KOAP, "19.4.1", "1", None)]),
    ("02.07.2019 г. в 10 часов, дело № 5-598/18, ч 40101810600000010001", []),
    ("Федеральный закон от 14.07.2022 № 255-ФЗ", []),
    ("ч.ч. 1, 2 ст. 20.3 КоАП РФ", [(KOAP, "20.3", "1", None), (KOAP, "20.3", "2", None)]),
    ("чч. 1 и 2 ст. 282 УК РФ", [(UK, "282", "1", None), (UK, "282", "2", None)]),
    ("частями 1, 2 статьи 20.2.2", [(None, "20.2.2", "1", None), (None, "20.2.2", "2", None)]),
    ("ч. 1 и ч. 2 ст. 20.3 КоАП", [(KOAP, "20.3", "1", None), (KOAP, "20.3", "2", None)]),
    ("ст.20.3 ч.1, ч.2 КоАП РФ", [(KOAP, "20.3", "1", None), (KOAP, "20.3", "2", None)]),
    ("ст. 13.15 ч. 9-11", [(None, "13.15", part, None) for part in ("9", "10", "11")]),
    ("ст. 13.15 ч. 2.1-2.2", [(None, "13.15", "2.1", None), (None, "13.15", "2.2", None)]),
    ("ст. 20.2 ч. 5, 20.3 ч. 1 КоАП", [(KOAP, "20.2", "5", None), (KOAP, "20.3", "1", None)]),
    (
        "п. «а», «б» ч. 2 ст. 282 УК РФ",
        [(UK, "282", "2", "а"), (UK, "282", "2", "б")],
    ),
    ("ст. 20.25 ч.1(КоАП РФ);", [(KOAP, "20.25", "1", None)]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), SPELLINGS)
def test_spellings_of_sources_are_read(
    text: str, expected: list[tuple[str | None, str, str | None, str | None]]
) -> None:
    assert read_articles(text) == [Article(*one) for one in expected]


@pytest.mark.parametrize("cell", [spelling for spelling, expected in SPELLINGS[:19] if expected])
def test_a_cell_that_is_understood_leaves_no_number_unread(cell: str) -> None:
    assert unread_references(cell) == ""


@pytest.mark.parametrize(
    ("cell", "rest"),
    [
        ("абзац 3 ст. 5 КоАП РФ", "абзац 3"),
        ("гл. 27.1 КАС РФ", "гл. 27.1"),
        ("ст. неизвестная", "ст. неизвестная"),
        ("ООО «АЛЬФА»", ""),
    ],
)
def test_what_no_rule_reads_is_told(cell: str, rest: str) -> None:
    assert unread_references(cell) == rest


def test_a_default_code_fills_only_what_is_missing() -> None:
    assert read_articles("20.3.3 ч.1", KOAP) == [Article(KOAP, "20.3.3", "1")]
    assert read_articles("ст. 137 УК РФ", KOAP) == [Article(UK, "137")]


@pytest.mark.parametrize("number", ["20.3.1", "20.33", "120.3", "20.3-1", "20.30"])
def test_a_longer_number_is_another_article(number: str) -> None:
    assert [one.article for one in read_articles(f"ст. {number} КоАП РФ")] == [number]


def test_the_field_of_hudoc_is_read() -> None:
    found = read_echr_articles("10;10-1;11;34;35-3-a;P1-1;P1-1-1;14+10;RULE X; ;10")
    assert found == [
        Article("ECHR", "10"),
        Article("ECHR", "10", "1"),
        Article("ECHR", "11"),
        Article("ECHR", "34"),
        Article("ECHR", "35", "3", "a"),
        Article("ECHR", "P1-1"),
        Article("ECHR", "P1-1", "1"),
        Article("ECHR", "14"),
        Article("ECHR", "RULE X"),
    ]


@given(st.text(alphabet="стчпКоАПУРФ 0123.,;-«»()", max_size=60))
def test_any_text_gives_articles_with_numbers(text: str) -> None:
    for one in read_articles(text):
        assert one.article[0].isdigit()
        assert one.article in text


@pytest.mark.fault(55)
@pytest.mark.parametrize(
    "unit", [" ", "(", "ст. 1 ", "ч.1 ", "1.", "1, ", "статья", "Кодекса РФ ", "ст. 1, ", "п. «а» "]
)
def test_hostile_texts_take_no_time(unit: str) -> None:
    text = "ст. 1" + unit * (500_000 // len(unit))
    began = time.process_time()
    read_articles(text)
    read_echr_articles(text)
    assert time.process_time() - began < 3


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "article", "part"),
    [
        ("case_fine_1.txt", "20.3", "1"),
        ("case_works_1.txt", "20.3.1", None),
        ("case_works_2.txt", "20.2.2", "1"),
        ("case_caution_0.txt", "20.6.1", "1"),
        ("case_forward_0.txt", "20.2", "5"),
        ("case_returned_2.txt", "8.26", "3"),
    ],
)
def test_captured_rulings_state_their_article(name: str, article: str, part: str | None) -> None:
    found = read_articles(real("courts", "rulings_text", name).read_text("utf-8"))
    assert Article(KOAP, article, part) in found
