"""Who is designated: kinds of subjects, measure codes, numbers, participants, states."""

import json
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.catalogue import spider_of
from crawler.page import Page
from pipelines.countries import read_countries
from pipelines.designated import target_of
from pipelines.designation import normalise_designation
from pipelines.observation import Observation
from pipelines.org_numbers import read_inn, read_ogrn, right_inn, right_ogrn
from pipelines.participants import read_members
from pipelines.reading import Normalised
from pipelines.subject_kinds import Subject, Verdict, subject_kind
from pipelines.text import mixed_words
from tests.captured import real

MEDIA_LAW = (
    "Статья 6 Закона Российской Федерации от 27.12.1991 № 2124-1 «О средствах массовой информации»"
)
AGENTS_LAW = "Статья 7 Федерального закона от 14.07.2022 № 255-ФЗ «О контроле»"
NGO_LAW = "Статья 32 Федерального закона от 12.01.1996 № 7-ФЗ «О некоммерческих организациях»"


def agent(reference: dict[str, str] | None = None, **cells: str) -> Normalised:
    """A row of the register of foreign agents."""
    fields = {"number": "1", "listed_on": "01.12.2023"} | cells
    seen = Observation(("1",), fields, "/0", "", "register")
    spec = spider_of("agents_minjust").spec
    return normalise_designation(seen, spec, "agents_minjust", (reference or {}).get)


@pytest.mark.parametrize(
    ("cells", "kind", "rule", "code"),
    [
        (
            {"name": "«Голос Америки»", "target_type": "", "legal_basis": MEDIA_LAW},
            "outlet", "media-law subject without a legal person", "foreign_agent_media",
        ),
        (
            {"name": "Интернет-издание «Холод»", "target_type": "Иные объединения лиц",
             "legal_basis": AGENTS_LAW},
            "outlet", "name says an outlet", "foreign_agent_organisation",
        ),
        (
            {"name": "Информационный ресурс «Канал»", "target_type": "Иные объединения лиц",
             "legal_basis": AGENTS_LAW},
            "outlet", "information resource", "foreign_agent_media",
        ),
        (
            {"name": "Иванов Иван Иванович", "target_type": "Физические лица",
             "legal_basis": MEDIA_LAW},
            "journalist", "media-law person", "foreign_agent_journalist",
        ),
        (
            {"name": "Иванов Иван Иванович", "target_type": "Физические лица",
             "legal_basis": AGENTS_LAW},
            "review", "no rule for persons", "review",
        ),
        (
            {"name": "Фонд поддержки средств массовой информации «СРЕДА»",
             "target_type": "Юридические лица", "legal_basis": NGO_LAW},
            "ngo", "ngo by its form", "foreign_agent_organisation",
        ),
        (
            {"name": "Общество с ограниченной ответственностью «Вега 2021»",
             "target_type": "Юридические лица", "legal_basis": MEDIA_LAW},
            "company", "company under the media law", "foreign_agent_media",
        ),
        (
            {"name": "«Фактограф»", "target_type": "Иные объединения лиц",
             "legal_basis": MEDIA_LAW},
            "outlet", "media-law subject without a legal person", "foreign_agent_media",
        ),
        (
            {"name": "Движение «Путь домой»", "target_type": "Иные объединения лиц",
             "legal_basis": AGENTS_LAW},
            "movement", "movement by its form", "foreign_agent_organisation",
        ),
        (
            {"name": "«Сирена»", "target_type": "Иные объединения лиц", "legal_basis": AGENTS_LAW},
            "association", "kind of the register", "foreign_agent_organisation",
        ),
    ],
)  # fmt: skip
def test_a_subject_has_a_kind_the_rule_that_gave_it_and_a_code(
    cells: dict[str, str], kind: str, rule: str, code: str
) -> None:
    found = agent(**cells)
    told = (found.fields["subject_kind"], found.fields["subject_rule"], found.measure["code"])
    assert told == (kind, rule, code)


def test_a_domain_in_the_reference_lists_makes_an_outlet() -> None:
    cells = {"name": "Проект «Образец»", "target_type": "Иные объединения лиц",
             "legal_basis": AGENTS_LAW, "urls": "https://www.sample.media/x"}  # fmt: skip
    assert agent(**cells).fields["subject_kind"] == "association"
    listed = agent({"sample.media": "NEWS"}, **cells).fields
    assert (listed["subject_kind"], listed["subject_rule"]) == (
        "outlet", "news in the reference lists",
    )  # fmt: skip
    assert agent({"sample.media": "HUMR"}, **cells).fields["subject_kind"] == "association"
    account = cells | {"urls": "https://t.me/sample"}
    assert agent({"t.me": "NEWS"}, **account).fields["subject_kind"] == "association"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": "Иванов Иван Иванович", "legal_basis": MEDIA_LAW}, "foreign_agent_journalist"),
        ({"name": "Иванов Иван", "inn": "500100732259", "legal_basis": MEDIA_LAW},
         "foreign_agent_journalist"),
        ({"name": "«Голос Америки»", "legal_basis": MEDIA_LAW}, "foreign_agent_media"),
        ({"name": "«Мемориал»", "legal_basis": NGO_LAW}, "foreign_agent_organisation"),
        ({"name": "«Мемориал»", "legal_basis": AGENTS_LAW}, "review"),
    ],
)  # fmt: skip
def test_a_form_without_kinds_gets_the_code_that_its_legal_ground_decides(
    cells: dict[str, str], code: str
) -> None:
    found = agent(**cells)
    assert found.measure["code"] == code
    assert "target_type" not in found.fields


def test_where_no_rule_fits_a_person_must_look() -> None:
    subject = Subject("undesirable_minjust", "organisation", names=["Article 19"])
    assert subject_kind(subject) == Verdict("review", "none")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Yale University", "university"), ("IndustriALL Global Union", "union"),
        ("Церковь Духовной Технологии", "religious_organisation"),
        ("Commission on Security and Cooperation in Europe", "state_body"),
        ("Riddle Foundation", "ngo"), ("SOTA media", "outlet"), ("The Moscow Times", "outlet"),
    ],
)  # fmt: skip
def test_undesirable_bodies_are_told_by_words_of_their_names(name: str, kind: str) -> None:
    assert subject_kind(Subject("undesirable_minjust", "organisation", names=[name])).kind == kind


@pytest.mark.parametrize(
    ("name", "inn", "target"),
    [
        ("Иванов Иван Иванович", "", "person"),
        ('Иванов Иван Иванович "Ваня"', "", "person"),
        ("Иванова Анна Петровна (Сидорова)", "", "person"),
        ("Иванов  Иван\u00a0Иванович ", "", "person"),
        ("Иванов Иван", "500100732259", "person"),
        ("Фонд имени Иванова Ивана Ивановича", "", "unknown"),
        ("Иванов Иван Иванович и партнёры", "", "unknown"),
        ("«Голос Америки»", "7707083893", "unknown"),
    ],
)
def test_a_person_is_told_by_the_inn_or_by_the_whole_name(name: str, inn: str, target: str) -> None:
    assert target_of("unknown", {"name": name, "inn": inn}) == target


@pytest.mark.fault(55)
@pytest.mark.parametrize(
    "unit",
    [" ", "«", '"', "(«а» ", "а, ", "слово ", "координатор ", "ID: 123456 ", "H\u0413", "/а"],
)
def test_hostile_rows_take_no_time(unit: str) -> None:
    cell = unit * (3_900 // len(unit))
    for name in (cell, f"Фонд {cell}»", f"{cell})", f"Компания {cell}, являющаяся {cell}"):
        began = time.process_time()
        agent(name=name, target_type="Юридические лица", legal_basis=cell, urls=cell, members=cell)
        assert time.process_time() - began < 1
    began = time.process_time()
    read_members(unit * (500_000 // len(unit)))
    mixed_words(unit * (500_000 // len(unit)))
    assert time.process_time() - began < 2


@pytest.mark.real
def test_every_captured_agent_has_a_kind_with_its_rule_and_only_persons_have_no_code() -> None:
    spider = spider_of("agents_minjust")()
    body = real("foreign_agents", "minjust_export_2025-08-08.xlsx").read_bytes()
    page = Page(
        url="file:export.xlsx", body=body, form="xlsx", fetch_id="1-1", digest="d",
        at=datetime(2025, 8, 8, tzinfo=UTC),
    )  # fmt: skip
    rows = [
        normalise_designation(one, spider.spec, "agents_minjust")
        for one in spider.read(page)
        if isinstance(one, Observation)
    ]
    assert len(rows) == 1045
    codes = Counter(row.measure["code"] for row in rows)
    assert codes == {
        "foreign_agent_organisation": 346, "review": 497, "foreign_agent_media": 55,
        "foreign_agent_journalist": 147,
    }  # fmt: skip
    for row in rows:
        person = row.fields["target_type"] == "person"
        undecided = row.fields["subject_kind"] == "review"
        assert (row.measure["code"] == "review") <= person
        assert undecided == (row.fields["subject_rule"] in ("none", "no rule for persons"))
        assert person or row.fields["own_name"]
        assert not person or (row.fields["legal_form"], row.fields["own_name"]) == (None, None)
    kinds = Counter(row.fields["subject_kind"] for row in rows)
    # 497 persons, and The Bell, which only a reference list tells
    assert kinds["review"] == 498 and kinds["journalist"] == 147 and kinds["ngo"] > 200
    wrong = [t for row in rows for t in row.troubles if t.kind == "wrong-number"]
    assert [one.text for one in wrong] == [
        "The row states a person's INN whose control digits are wrong; it is not kept."
    ]


def test_numbers_of_organisations_are_checked() -> None:
    assert right_inn("7707083893") and not right_inn("7707083894") and not right_inn("77070838")
    assert right_inn("500100732259") and not right_inn("500100732258")
    assert right_ogrn("1027700132195") and not right_ogrn("1027700132196")
    assert right_ogrn("304500116000157") and not right_ogrn("304500116000158")
    assert read_inn(" 7707083893 ", person=False) == ("7707083893", None)
    assert read_ogrn("1027700132195", person=False) == ("1027700132195", None)
    assert read_inn("-", person=False) == (None, None)


@pytest.mark.parametrize("number", ["7707083894", "7707083", "77070838931234", "ИНН"])
def test_a_wrong_number_of_an_organisation_is_an_issue_that_repeats_it(number: str) -> None:
    found = read_inn(number, person=False)
    assert found.value is None and found.trouble is not None
    if len(number) < 12:
        assert number in found.trouble.text


@pytest.mark.parametrize(
    ("inn", "ogrn"), [("500100732259", "304500116000157"), ("500100732258", "304500116000158")]
)
def test_no_number_of_a_person_is_kept_or_told(inn: str, ogrn: str) -> None:
    found = agent(
        name="Иванов Иван Иванович", target_type="Физические лица", legal_basis=AGENTS_LAW,
        inn=inn, ogrn=ogrn,
    )  # fmt: skip
    assert (found.fields["inn"], found.fields["ogrn"]) == (None, None)
    told = json.dumps([dict(found.fields), [one.text for one in found.troubles]])
    assert inn not in told and ogrn not in told
    assert {one.kind for one in found.troubles} <= {"wrong-number"}
    assert len(found.troubles) == (0 if inn.endswith("9") else 2)


def test_an_entrepreneurs_numbers_are_a_persons_in_any_row() -> None:
    assert read_inn("500100732259", person=False) == (None, None)
    assert read_ogrn("304500116000157", person=False) == (None, None)


@pytest.mark.parametrize(
    ("cell", "members"),
    [
        ("[Иванов Иван Иванович, Петрова Анна]", ["Иванов Иван Иванович", "Петрова Анна"]),
        (
            '[Иванов Иван, Петров Пётр Янович "Пётр Первый, Анна Вторая", Сидоров Юрий]',
            ["Иванов Иван", 'Петров Пётр Янович "Пётр Первый, Анна Вторая"', "Сидоров Юрий"],
        ),
        ("Иванов Иван;Петров Пётр ; ", ["Иванов Иван", "Петров Пётр"]),
        ("Иванов Иван,Петров Пётр,", ["Иванов Иван", "Петров Пётр"]),
        ("[ООО  «Сова, и другие», Иванов Иван]", ["ООО «Сова, и другие»", "Иванов Иван"]),
        ("Оздоев (Иванов, Петров) Ахмед", ["Оздоев (Иванов, Петров) Ахмед"]),
        (
            "Региональными координаторами в Санкт-Петербурге - Анна Иванова, активист движения "
            "из Челябинска - Иван Петров, Юрий Сидоров.",
            ["Анна Иванова", "Иван Петров", "Юрий Сидоров"],
        ),
        ("Ивлева-Йорк Анна Марковна", ["Ивлева-Йорк Анна Марковна"]),
        ("", []),
    ],
)
def test_participants_stand_one_by_one(cell: str, members: list[str]) -> None:
    assert read_members(cell) == members


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Fund («Фонд»), ФРГ", ("DE",)),
        ("Fund («Фонд») (Литовская республика)", ("LT",)),
        ("Fund («Фонд»), США", ("US",)),
        ("Fund (Латвия, Эстония)", ("LV", "EE")),
        ("Fund («Фонд»), Нидерланды и США", ("NL", "US")),
        ("Fund («Фонд»), Великобритания, Лондон", ("GB",)),
        ("Fund (Соединенное Королевство Великобритании и Северной Ирландии)", ("GB",)),
        ("Fund", ()),
    ],
)
def test_a_name_ends_with_one_state_or_several(name: str, codes: tuple[str, ...]) -> None:
    assert read_countries(name) == (codes, False)


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("«Transpar\u0435ncy International»", {"Transpar\u0435ncy": "Transparency"}),
        ("\u0063удебной", {"\u0063удебной": "\u0441удебной"}),
        ("ОРГАН\u0049ЗАЦ\u0049Я", {"ОРГАН\u0049ЗАЦ\u0049Я": "ОРГАН\u0406ЗАЦ\u0406Я"}),
        ("«\u0048\u005aГ»", {"\u0048\u005aГ": "hzг"}),
        ("Крым\u0053\u004f\u0053", {"Крым\u0053\u004f\u0053": "kpыmsos"}),
        ("7х7 – Горизонтальная Россия, T-invariant", {}),
    ],
)
def test_words_of_two_alphabets_are_told_with_a_form_for_comparing(
    text: str, mixed: dict[str, str]
) -> None:
    assert mixed_words(text) == mixed


def test_the_original_spelling_stays_beside_the_folded_one() -> None:
    fields: dict[str, Any] = dict(
        agent(name="«\u0048\u005aГ»", target_type="Иные объединения лиц").fields
    )
    assert fields["name"] == "«\u0048\u005aГ»"
    assert fields["mixed_script"] == [{"word": "\u0048\u005aГ", "folded": "hzг"}]


def test_an_address_that_a_name_states_is_among_the_addresses() -> None:
    found = agent(
        name="Компания «Образец», являющаяся владельцем интернет-издания https://sample.world/",
        target_type="Юридические лица", legal_basis=MEDIA_LAW, urls="",
    )  # fmt: skip
    assert found.fields["urls"] == ["https://sample.world/"]
    assert found.fields["domains"] == ["sample.world"]


def test_an_unread_address_is_an_issue_without_personal_data() -> None:
    found = agent(
        name="«Образец»", target_type="Иные объединения лиц", legal_basis=AGENTS_LAW,
        urls="https://a.org; +7 912 345-67-89; «Telegram»",
    )  # fmt: skip
    (trouble,) = found.troubles
    assert (trouble.kind, trouble.text) == ("unread-address", "No address: […]; Telegram")
