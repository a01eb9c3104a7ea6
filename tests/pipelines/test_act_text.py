"""Texts of acts: what decides, with which sanction, and what the court hid."""

import time
from typing import Any

import lxml.html
import pytest

from pipelines.act_text import Operative, operative_part, text_digest
from pipelines.outcomes import read_decision
from pipelines.russian_numbers import read_number
from pipelines.sanction import read_sanction
from tests.captured import real

IMPRISONED = (
    "ФИО1 признать виновным в совершении преступления, предусмотренного ч. 1 ст. 280.3 УК РФ"
)
FINE, WORKS = {"kind": "fine", "amount_rub": 1000}, "compulsory_works"
# Read by a person in each text: outcome, sanction.
REAL: list[tuple[str, str | None, dict[str, Any]]] = [
    ("case_cancelled_0.txt", "terminated", {}),
    ("case_caution_0.txt", "penalty", {"kind": "warning"}),
    ("case_err_0.txt", "penalty", FINE),
    ("case_fine_1.txt", "penalty", FINE),
    ("case_fine_4.txt", "penalty", FINE),
    ("case_forward_0.txt", "transferred", {}),
    ("case_returned_0.txt", "returned", {}),
    ("case_returned_2.txt", "returned", {}),
    ("case_works_1.txt", "penalty", {"kind": WORKS, "hours": 24}),
    ("case_works_2.txt", "penalty", {"kind": WORKS, "hours": 80}),
    ("case_works_5.txt", "penalty", {"kind": WORKS, "hours": 60}),
]


@pytest.mark.real
@pytest.mark.parametrize(("name", "outcome", "sanction"), REAL)
def test_captured_rulings_are_read_as_a_person_reads_them(
    name: str, outcome: str | None, sanction: dict[str, Any]
) -> None:
    part = operative_part(real("courts", "rulings_text", name).read_text("utf-8"))
    assert part is not None
    assert part.misplaced is (name == "case_err_0.txt")
    assert read_decision(part.text, "first") == outcome
    read = read_sanction(part)
    assert (read.sanction, read.troubles) == (sanction, ())


@pytest.mark.real
def test_a_captured_text_that_breaks_off_decides_nothing() -> None:
    text = real("courts", "rulings_text", "case_returned_4.txt").read_text("utf-8")
    assert operative_part(text) is None


@pytest.mark.real
def test_the_act_of_a_captured_card_imposes_its_second_and_higher_fine() -> None:
    page = real("courts", "sudrf_html", "kirov_koap.html").read_text("utf-8")
    lines = lxml.html.fromstring(page).xpath('//div[@id="cont_doc1"]//p')
    part = operative_part("\n".join(line.text_content() for line in lines))
    assert part is not None
    assert read_decision(part.text, "first") == "penalty"
    assert read_sanction(part).sanction == {"kind": "fine", "amount_rub": 100_000}


@pytest.mark.real
def test_a_captured_act_of_cassation_leaves_all_as_it_was() -> None:
    page = real("courts", "sudrf_html", "ksoyu_act_doc.html").read_text("utf-8")
    text = lxml.html.fromstring(page).xpath('//div[@id="content"]')[0].text_content()
    part = operative_part(text)
    assert part is not None
    assert read_decision(part.text, "cassation") == "upheld"


@pytest.mark.parametrize(
    "heading",
    ["ПОСТАНОВИЛ:", "П О С Т А Н О В И Л :", "п о с т а н о в и л а:", "Суд ПОСТАНОВИЛ:",
     "ПРИГОВОРИЛ:", "Р Е Ш И Л:", "определил", "О П Р Е Д Е Л И Л А"],
)  # fmt: skip
def test_the_operative_part_begins_after_its_heading_however_it_is_spaced(heading: str) -> None:
    text = (
        f"УСТАНОВИЛ:\nсуд первой инстанции решил иначе.\n{heading}\nпризнать ФИО1 виновным.\nСудья"
    )
    assert operative_part(text) == Operative("признать ФИО1 виновным.\nСудья")


def test_a_heading_behind_what_it_heads_is_noticed() -> None:
    text = (
        "Руководствуясь ст. 29.9 КоАП РФ,\nПризнать ФИО1 виновным.\nПОСТАНОВИЛ:\nСудья А.А. Лесной"
    )
    assert operative_part(text) == Operative("Признать ФИО1 виновным.", misplaced=True)


@pytest.mark.parametrize("text", ["", "ПОСТАНОВИЛ:\nСудья", "УСТАНОВИЛ:\n" + "слова дела\n" * 50])
def test_a_text_without_a_decision_has_no_operative_part(text: str) -> None:
    assert operative_part(text) is None


def punish(words: str) -> str:
    return f"ФИО1 признать виновным и назначить наказание в виде {words}"


@pytest.mark.parametrize(
    ("text", "sanction"),
    [
        (punish("штрафа в размере 100 000 (сто тысяч) руб."), ("fine", "amount_rub", 100_000)),
        (punish("штрафа в размере 30\u00a0000 рублей."), ("fine", "amount_rub", 30_000)),
        (punish("штрафа в размере тридцати тысяч рублей."), ("fine", "amount_rub", 30_000)),
        (punish("штрафа в размере 10 тысяч рублей"), ("fine", "amount_rub", 10_000)),
        (punish("штрафа в размере 10 (десять) тысяч рублей"), ("fine", "amount_rub", 10_000)),
        (punish("штрафа в размере 30.000 рублей"), ("fine", "amount_rub", 30_000)),
        (punish("штрафа - 4 000 000 (четыре миллиона) рублей 00 копеек"),
         ("fine", "amount_rub", 4_000_000)),
        (punish("административного ареста сроком на 15 (пятнадцать) суток."),
         ("arrest", "days", 15)),
        (punish("административного ареста на срок семь суток."), ("arrest", "days", 7)),
        (punish("обязательных работ на срок 100 (сто) часов"), (WORKS, "hours", 100)),
        (punish("лишения свободы сроком на 5 (пять) лет 6 (шесть) месяцев с лишением права вести "
                "сайты на срок 3 (три) года."), ("imprisonment", "months", 66)),
        (punish("лишения свободы на срок два года в колонии общего режима."),
         ("imprisonment", "months", 24)),
        (punish("1 года исправительных работ"), ("correctional_works", "months", 12)),
    ],
)  # fmt: skip
def test_figures_and_words_of_a_sanction_are_read(
    text: str, sanction: tuple[str, str, int]
) -> None:
    kind, unit, value = sanction
    read = read_sanction(Operative(text))
    assert (read.sanction, read.troubles) == ({"kind": kind, unit: value}, ())


def test_a_suspended_sentence_is_told_by_the_next_line() -> None:
    text = (
        f"{IMPRISONED}, и назначить 2 года лишения свободы.\nНаказание на основании ст. 73 УК РФ "
        "считать условным, с испытательным сроком 3 года."
    )
    assert read_sanction(Operative(text)).sanction == {
        "kind": "suspended_imprisonment", "months": 24,
    }  # fmt: skip


def test_of_several_counts_the_final_one_counts() -> None:
    text = (
        f"{IMPRISONED} и назначить наказание:\n- по ч. 1 ст. 207.3 в виде 7 лет лишения свободы;\n"
        "- по ч. 1 ст. 280.3 в виде 1 года лишения свободы.\nОкончательно назначить 7 лет 6 "
        "месяцев лишения свободы."
    )
    assert read_sanction(Operative(text)).sanction == {"kind": "imprisonment", "months": 90}


@pytest.mark.parametrize("mark", ["<данные изъяты>", "{Сумма изъята}", "ХХХХ", "***", "..."])
def test_a_fine_that_the_court_hid_is_redacted_and_never_guessed(mark: str) -> None:
    read = read_sanction(Operative(punish(f"административного штрафа в размере {mark} рублей.")))
    assert read.sanction == {"kind": "fine", "amount_rub": None, "redacted": True}
    assert read.troubles == ()


@pytest.mark.parametrize(
    "text",
    [
        punish("штрафа."),
        punish("штрафа в размере 50000 (пяти тысяч) рублей"),
        punish("штрафа в размере 1000 рублей, заменив его на предупреждение."),
        punish("административного ареста."),
        f"{punish('штрафа 1000 рублей.')}\nФИО2 признать виновным и назначить штраф 2000 рублей.",
    ],
)
def test_an_unclear_sanction_is_an_issue_and_no_value(text: str) -> None:
    read = read_sanction(Operative(text))
    assert read.sanction == {}
    assert [trouble.kind for trouble in read.troubles] == ["unread-sanction"]


def test_what_threatens_is_not_imposed() -> None:
    text = (
        punish("штрафа в размере 1000 рублей.")
        + "\nНеуплата штрафа влечет административный арест на срок до пятнадцати суток либо "
        "обязательные работы на срок до пятидесяти часов."
    )
    assert read_sanction(Operative(text)).sanction == FINE


@pytest.mark.parametrize(
    ("words", "number"),
    [("одной тысячи", 1000), ("сто тысяч", 100_000), ("двадцать четыре", 24), ("ноль", 0),
     ("четырехсот пятидесяти тысяч двухсот", 450_200), ("одного миллиона", 1_000_000),
     ("трёх", 3), ("много", None), ("", None)],
)  # fmt: skip
def test_numbers_in_words_are_read_in_any_case(words: str, number: int | None) -> None:
    assert read_number(words) == number


def test_a_text_has_one_digest_wherever_it_is_published() -> None:
    assert text_digest("Дело № 5-1/2026\r\n\r\n  ПОСТАНОВИЛ:\u00a0") == text_digest(
        "Дело №  5-1/2026\nПОСТАНОВИЛ:"
    )
    assert text_digest("Дело № 5-1/2026") != text_digest("Дело № 5-2/2026")
    assert text_digest(" \n ") is None


@pytest.mark.parametrize(
    ("text", "instance", "outcome"),
    [
        ("Постановление судьи отменить, производство по делу прекратить.", "appeal",
         "annulled_terminated"),
        ("Постановление отменить, дело направить на новое рассмотрение.", "appeal",
         "annulled_remitted"),
        ("Постановление изменить, снизить размер штрафа до 10000 рублей.", "appeal", "modified"),
        ("Решение оставить без изменения, жалобу - без удовлетворения.", "cassation", "upheld"),
        ("ФИО1 признать невиновным и оправдать.", "first", "acquitted"),
        (IMPRISONED + " и назначить штраф", "first", "convicted"),
        ("В удовлетворении административного иска отказать.", "first", "refused"),
        ("Признать информацию, размещенную на сайте, запрещенной.", "first", "granted"),
        ("Судья", "first", None),
    ],
)  # fmt: skip
def test_what_an_operative_part_decides(text: str, instance: str, outcome: str | None) -> None:
    assert read_decision(text, instance) == outcome


@pytest.mark.fault(55)
@pytest.mark.parametrize(
    "unit",
    ["П О С Т А Н О В И Л ", "назначить наказание в виде штрафа 1 000 ", "о т м е н и т ь", "(",
     "1 ", "тысяча ", "отменить ", "руководствуясь\n", "<", "лишения свободы на срок 1 год "],
)  # fmt: skip
def test_hostile_texts_take_no_time(unit: str) -> None:
    text = "ПОСТАНОВИЛ:\nназначить " + unit * (400_000 // len(unit))
    began = time.process_time()
    part = operative_part(text)
    if part is not None:
        read_decision(part.text, "appeal")
        read_sanction(part)
    text_digest(text)
    assert time.process_time() - began < 5
