"""Cells of court cards: outcomes, numbers, UIDs, kinds, information."""

import re

import lxml.html
import pytest

from pipelines.court_card import CardParty
from pipelines.court_claims import Claim, read_claim
from pipelines.court_information import Information, read_information
from pipelines.court_kinds import Kind, read_kind
from pipelines.court_numbers import numbers_of_act, read_numbers, read_uid, same_number
from pipelines.outcomes import direction_of, outcomes, read_outcome, split_state
from tests.captured import real

OUTCOMES = [
    ("Вынесено постановление о назначении административного наказания (п.1 ч.1 ст.29.9 КоАП РФ)",
     "penalty"),
    ("Вынесено постановление о прекращении производства по делу об адм. правонарушении",
     "terminated"),
    ("Вынесено определение о возвращении протокола об АП и др. материалов дела в орган, долж. лицу "
     "... в случае составления протокола и оформления других материалов дела неправомочными "
     "лицами, ...", "returned"),
    ("Вынесено определение о передаче дела по подведомственности (ст 29.9 ч.2 п.2 и ст 29.4 ч.1 "
     "п.5)", "transferred"),
    ("Возвращено без рассмотрения", "returned"),
    ("Возвращено сопроводительным письмом", "returned"),
    ("Оставлено без изменения", "upheld"),
    ("\n\t\tоставлены без изменения постановление и/или все решения по делу\t", "upheld"),
    ("ПОСТАНОВЛЕНИЕ ИЗМЕНЕНО", "modified"),
    ("Изменено", "modified"),
    ("Отменено с прекращением производства", "annulled_terminated"),
    ("Отменено с возвращением на новое рассмотрение", "annulled_remitted"),
    ("Вынесен ПРИГОВОР", "verdict"),
    ("Уголовное дело ПРЕКРАЩЕНО<br>по примирению сторон", "terminated"),
    ("ВОЗВРАЩЕНО ПРОКУРОРУ", "returned_to_prosecutor"),
    ("Направлено ПО ПОДСУДНОСТИ (подведомственности)", "transferred"),
    ("Применены ПРИНУДИТЕЛЬНЫЕ МЕРЫ МЕДИЦИНСКОГО ХАРАКТЕРА", "medical_measures"),
    ("Иск (заявление, жалоба) УДОВЛЕТВОРЕН", "granted"),
    ("Иск (заявление, жалоба) УДОВЛЕТВОРЕН ЧАСТИЧНО", "partly_granted"),
    ("Иск удовлетворён полностью", "granted"),
    ("ОТКАЗАНО в удовлетворении иска (заявления, жалобы)", "refused"),
    ("Жалоба / представление ОСТАВЛЕНО БЕЗ УДОВЛЕТВОРЕНИЯ", "upheld"),
    ("РЕШЕНИЕ оставлено БЕЗ ИЗМЕНЕНИЯ", "upheld"),
    ("РЕШЕНИЕ суда 1-й инстанции ОТМЕНЕНО с направлением на новое рассмотрение",
     "annulled_remitted"),
    ("судебный акт ОСТАВЛЕН БЕЗ ИЗМЕНЕНИЯ", "upheld"),
    ("В инстанции не рассматривалось", "none"),
    ("Отказ в передаче дела в суд кассационной инстанции", "leave_refused"),
    ("Апелляционное ПРОИЗВОДСТВО ПРЕКРАЩЕНО", "withdrawn"),
    ("Представление (жалоба) ОТОЗВАНЫ", "withdrawn"),
    ("ОСТАВЛЕНО БЕЗ РАССМОТРЕНИЯ в связи с неявкой сторон", "left_without_consideration"),
    ("Дело присоединено к другому делу", "joined"),
    ("Вынесено другое ПОСТАНОВЛЕНИЕ", "other"),
    ("Производство по делу приостановлено", "suspended"),
    ("Рассмотрение отложено", "pending"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code"), OUTCOMES)
def test_words_of_cards_mean_one_outcome(words: str, code: str) -> None:
    assert read_outcome(words) == code


@pytest.mark.parametrize(
    "words",
    ["", "Отменено удовлетворение", "Оставлено без изменения и отменено", "Решение", "x" * 2_000,
     "Не изменено", "Приговор отложен"],
)  # fmt: skip
def test_words_that_nobody_has_read_mean_nothing(words: str) -> None:
    assert read_outcome(words) is None


@pytest.mark.real
def test_every_outcome_of_captured_pages_is_known() -> None:
    words = set()
    listing = real("courts", "sudrf_html", "ksoyu_listing_adm33_koap.html").read_text("utf-8")
    for row in lxml.html.fromstring(listing).xpath('//table[@id="tablcont"]//tr[td[7]]'):
        words.add(row.xpath("./td[6]")[0].text_content().strip())
    for name in ("rjuid_komi_transcription.html", "rjuid_spb_transcription.html"):
        page = lxml.html.fromstring(real("courts", "sudrf_html", name).read_text("utf-8"))
        words |= {
            row.xpath("./td[7]")[0].text_content().strip() for row in page.xpath("//tr[td[8]]")
        }
    search = real("courts", "mosgorsud_html", "search-mgs-participant.html").read_text("utf-8")
    cells = lxml.html.fromstring(search).xpath("//tr[@data-href]/td[position()=3 or position()>6]")
    words |= {split_state(cell.text_content())[0] for cell in cells}
    unknown = {one for one in words if one and read_outcome(one) is None}
    assert len(words) >= 8
    assert unknown - {"Решение"} == set()


def test_an_appeal_granted_is_a_reversal_and_a_challenge_granted_a_remedy() -> None:
    assert direction_of("granted") == "act"  # a prosecutor's claim to ban content
    assert direction_of("granted", challenge=True) == "remedy"
    assert direction_of("granted", complaint=True) == "reversal"
    assert direction_of("refused", challenge=True) == "act"
    assert direction_of("refused") == "reversal"
    assert direction_of("terminated") == direction_of("acquitted") == "reversal"
    assert direction_of("returned") is direction_of("pending") is direction_of(None) is None
    assert {one.direction for one in outcomes().values()} <= {"act", "reversal", None}


def test_a_state_is_split_before_its_date_only() -> None:
    assert split_state("Вступило в силу, 05.04.2023") == ("Вступило в силу", "05.04.2023")
    assert split_state("Отказано, без даты") == ("Отказано, без даты", "")


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("ДЕЛО № 5-174/2026", ["5-174/2026"]),
        ("2-5/2026 (2-13/2025; 2-2935/2024;) ~ М-2773/2024",
         ["2-5/2026", "2-13/2025", "2-2935/2024", "М-2773/2024"]),
        ("8Г-15211/2026 [88-14715/2026]", ["8Г-15211/2026", "88-14715/2026"]),
        ("3а-2719/2023 (3а-4960/2022) ∼ Ма-5065/2022",
         ["3а-2719/2023", "3а-4960/2022", "Ма-5065/2022"]),
        ("5-598/ 18", ["5-598/18"]),
        ("Дело № 5- 22/2019", ["5-22/2019"]),
        ("5-79\\19", ["5-79/19"]),
        ("33a-647/2026", ["33а-647/2026"]),  # Latin a
        ("П16-721/2026", ["П16-721/2026"]),
        ("3-КГ23-1-К3", ["3-КГ23-1-К3"]),
        ("АКПИ14-1424С", ["АКПИ14-1424С"]),
        ("от 12-13 мая 2026 года, 43RS0001-01-2026-000667-40", []),
    ],
)  # fmt: skip
def test_numbers_of_cases_are_read_with_their_older_ones(cell: str, numbers: list[str]) -> None:
    assert read_numbers(cell) == numbers


def test_two_spellings_of_one_number_are_the_same() -> None:
    assert same_number("05-0598/2018", "5-598/18")
    assert not same_number("5-598/2018", "5-598/2019")
    assert not same_number("5-598/2018", "12-598/2018")


def test_a_uid_is_read_in_both_letter_cases_and_never_between_two() -> None:
    assert read_uid("УИД 26rs0023-01-2020-000159-48") == "26RS0023-01-2020-000159-48"
    assert read_uid("77RS0023-02-2024-021289-96") == "77RS0023-02-2024-021289-96"
    assert read_uid("26XX0023-01-2020-000159-48") is None
    assert read_uid("26RS0023-00-2020-000159-48") is None
    assert read_uid("26RS0023-01-2020-000159-48, 26RS0023-01-2020-000160-48") is None


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "numbers", "uid"),
    [
        ("case_caution_0.txt", ["5-243/2020"], "33RS0002-01-2020-002464-85"),
        ("case_forward_0.txt", ["5-336/2019"], "66RS0001-01-2019-004305-79"),
        ("case_works_1.txt", ["5-129/2019"], "10RS0017-01-2019-001137-47"),
        ("case_works_2.txt", ["5-79/19"], None),
        ("case_returned_4.txt", ["5-1090/19"], "78RS0002-01-2019-008303-51"),
        ("case_fine_1.txt", [], None),
    ],
)
def test_captured_acts_state_their_number_and_uid(
    name: str, numbers: list[str], uid: str | None
) -> None:
    text = real("courts", "rulings_text", name).read_text("utf-8")
    assert numbers_of_act(text) == (numbers, uid)


@pytest.mark.parametrize(
    ("stated", "instance", "number", "kind"),
    [
        ("1500001", "", "", ("administrative", "first")),
        ("1502001", "", "", ("administrative", "appeal")),
        ("2550001", "", "", ("administrative", "cassation")),
        ("1540005/5", "", "33-647/2026", ("civil", "appeal")),
        ("1540005/5", "", "33а-647/2026", ("cas", "appeal")),
        ("1500001/0", "", "", ("administrative", "first")),
        ("admin", "", "", ("administrative", "first")),
        ("first-admin", "", "", ("cas", "first")),
        ("Гражданское судопроизводство", "Кассация на вступившее в силу судебное решение", "",
         ("civil", "cassation")),
        ("Дела об административных правонарушениях", "", "5-1/2026", ("administrative", "first")),
        ("Уголовное", "", "1-254/2018", ("criminal", "first")),
        ("Гражданские и административные дела - апелляция", "", "", ("civil", "appeal")),
        ("", "", "05-0598/2018", ("administrative", "first")),
        ("", "", "", (None, None)),
    ],
)  # fmt: skip
def test_the_kind_of_a_case_is_what_its_portal_says(
    stated: str, instance: str, number: str, kind: tuple[str | None, str | None]
) -> None:
    assert read_kind(stated, instance, number) == Kind(*kind)


def test_categories_tell_a_ban_from_a_challenge_of_one() -> None:
    ban = "172 - О признании информации, распространяемой посредством сети Интернет, запрещенной"
    fight = "72 - Об оспаривании решения о признании информации, распространение которой запрещено"
    assert read_claim(ban) == Claim("content_ban_ruling")
    assert read_claim(fight) == Claim(None, challenge=True)
    assert read_claim("217 - О прекращении деятельности средства массовой информации (ст. 16)") == (
        Claim("media_licence_revocation")
    )
    assert read_claim("153 - О ликвидации региональных общественных объединений") == Claim(
        "ngo_liquidation"
    )
    assert read_claim("Споры, возникающие из семейных правоотношений") == Claim()


def test_an_information_cell_names_parties_articles_and_lower_court() -> None:
    cell = (
        "ЛЕСНОЙ И.М. - ст.20.3.3 ч.1 КоАП РФ\nНижестоящий суд (судебный участок):\u00a0Участок № 3"
    )
    assert read_information(cell) == Information(
        (CardParty("ПРИВЛЕКАЕМОЕ ЛИЦО", "ЛЕСНОЙ И.М.", "ст.20.3.3 ч.1 КоАП РФ"),),
        lower_court="Участок № 3",
    )


def test_glued_lines_of_an_information_cell_are_parted_at_their_labels() -> None:
    cell = "КАТЕГОРИЯ: Гл. 27.1 КАСИСТЕЦ(ЗАЯВИТЕЛЬ): Прокурор районаОТВЕТЧИК: ООО «Ромашка»"
    assert read_information(cell) == Information(
        (CardParty("ИСТЕЦ(ЗАЯВИТЕЛЬ)", "Прокурор района"), CardParty("ОТВЕТЧИК", "ООО «Ромашка»")),
        category="Гл. 27.1 КАС",
    )


@pytest.mark.real
def test_captured_information_cells_give_a_party_each() -> None:
    page = real("courts", "sudrf_html", "ksoyu_listing_adm33_koap.html").read_text("utf-8")
    page = re.sub(r"<br\s?/?>", "\n", page)
    rows = lxml.html.fromstring(page).xpath('//table[@id="tablcont"]//tr[td[7]]')
    cells = [read_information(row.xpath("./td[3]")[0].text_content()) for row in rows]
    assert len(cells) == 25
    assert all(len(cell.parties) == 1 and cell.lower_court for cell in cells)
    assert cells[0].parties[0].articles == "ст.12.27 ч.2 КоАП РФ"
    bare = [cell.parties[0].name for cell in cells if not cell.parties[0].articles]
    assert bare[0].startswith("АО")
