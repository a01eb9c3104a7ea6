"""Shapes of organisations' names that were read wrong on real registers, and what they hold.

The shapes are those of the registers, found by eye in November 2026.
"""

import pytest

from pipelines.legal_forms import read_form
from pipelines.names import read_name
from pipelines.organisation_names import subject_of, urls_in_name

MENDED = {
    "a bracket that is never closed": (
        "CHURCH OF SPIRITUAL TECHNOLOGY (Church of Spiritual Technology, CST, «Церковь Духовной "
        "Технологии», использующая также наименование «L. Ron Hubbard Library» («Библиотека "
        "Л. Рона Хаббарда») (США)",
        "CHURCH OF SPIRITUAL TECHNOLOGY (США)",
        [
            ("Church of Spiritual Technology", "other"), ("CST", "abbreviation"),
            ("Церковь Духовной Технологии", "translation"), ("L. Ron Hubbard Library", "brand"),
            ("Библиотека Л. Рона Хаббарда", "translation"),
        ],
    ),
    "a bracket that begins with a small letter": (
        "Riddle (аналитический Центр «Риддл»), Литовская Республика",
        "Riddle, Литовская Республика",
        [("аналитический Центр «Риддл»", "translation")],
    ),
    "a short name with its label after a comma": (
        "Alliance of Liberals and Democrats for Europe Party, сокращенное наименование ALDE Party "
        "(«Партия «Альянс демократов и либералов за Европу», «Партия «АЛДЕ») (Бельгия)",
        "Alliance of Liberals and Democrats for Europe Party (Бельгия)",
        [
            ("ALDE Party", "abbreviation"),
            ("Партия «Альянс демократов и либералов за Европу»", "translation"),
            ("Партия «АЛДЕ»", "translation"),
        ],
    ),
    "initials in the middle": (
        "Zentrum fur Osteuropa – und internationale Studien (ZOiS) gGmbH («Центр исследований»), "
        "ФРГ",
        "Zentrum fur Osteuropa – und internationale Studien (ZOiS) gGmbH, ФРГ",
        [("ZOiS", "abbreviation"), ("Центр исследований", "translation")],
    ),
    "initials after a comma": (
        "Conflict Intelligence Team, CIT («Сетевое объединение журналистов»), Украина",
        "Conflict Intelligence Team, Украина",
        [("CIT", "abbreviation"), ("Сетевое объединение журналистов", "translation")],
    ),
    "initials after a comma, a word left out": (
        "Center for European Policy Analysis, CEPA («Центр анализа»), США",
        "Center for European Policy Analysis, США",
        [("CEPA", "abbreviation"), ("Центр анализа", "translation")],
    ),
    "initials after a comma at the end": (
        "Russian Canadian Democratic Alliance, RCDA",
        "Russian Canadian Democratic Alliance",
        [("RCDA", "abbreviation")],
    ),
    "two names side by side": (
        '"Европейская Платформа за Демократические Выборы" European Platform for Democratic '
        "Elections (EPDE)",
        '"Европейская Платформа за Демократические Выборы" European Platform for Democratic '
        "Elections",
        [
            ("Европейская Платформа за Демократические Выборы", "brand"),
            ("European Platform for Democratic Elections", "translation"),
            ("EPDE", "abbreviation"),
        ],
    ),
    "two names side by side, each with a bracket": (
        "Belsat (Belsat TV) «Белсат» («Белсат ТВ»), Республика Польша",
        "Belsat, Республика Польша",
        [("Belsat TV", "other"), ("Белсат", "translation"), ("Белсат ТВ", "translation")],
    ),
    "a postal address": (
        "Deutsche Welle (Германия, Kurt-Schumacher-Strasse 3, 53113 Bonn)", "Deutsche Welle", [],
    ),
    "a registered company": (
        "Юридическое лицо, зарегистрированное в Латвийской Республике, SIA «Medusa Project» "
        "(регистрационный номер 40103797863, дата регистрации 10.06.2014)",
        "Юридическое лицо, зарегистрированное в Латвийской Республике, SIA «Medusa Project»",
        [("Medusa Project", "own")],
    ),
    "an administrator of a domain": (
        "Юридическое лицо, зарегистрированное в Королевстве Нидерландов, Stichting 2 Oktober "
        "(регистрационный номер № 69126968), являющееся администратором доменного имени "
        "интернет-ресурса «VTimes.io»",
        "Юридическое лицо, зарегистрированное в Королевстве Нидерландов, Stichting 2 Oktober "
        "(регистрационный номер № 69126968), являющееся администратором доменного имени "
        "интернет-ресурса «VTimes.io»",
        [("Stichting 2 Oktober", "own"), ("VTimes.io", "brand")],
    ),
    "a company without quotes": (
        "Юридическое лицо Istories fonds, зарегистрированное в Латвийской Республике "
        "(регистрационный номер 50008295751, дата регистрации 24.02.2020)",
        "Юридическое лицо Istories fonds, зарегистрированное в Латвийской Республике",
        [("Istories fonds", "own")],
    ),
    "a company with a state in a bracket": (
        "Американская компания «Mason G.E.S. Anonymous Foundation» (США), являющаяся владельцем "
        "интернет-издания https://mnews.world/",
        "Американская компания «Mason G.E.S. Anonymous Foundation» (США), являющаяся владельцем "
        "интернет-издания https://mnews.world/",
        [("Mason G.E.S. Anonymous Foundation", "own")],
    ),
    "a company and where it was registered": (
        "Компания «Stichting Bellingcat», зарегистрированная в Нидерландах (дата регистрации "
        "11.07.2018)",
        "Компания «Stichting Bellingcat», зарегистрированная в Нидерландах",
        [("Stichting Bellingcat", "own")],
    ),
    "two spellings with a stroke": (
        "Парни Плюс/Парни+", "Парни Плюс/Парни+", [("Парни Плюс", "brand"), ("Парни+", "brand")],
    ),
    "the project of a company": (
        "MRR-Fund gemeinnützige UG (haftungsbeschränkt), реализующий проект My Russian Rights",
        "MRR-Fund gemeinnützige UG (haftungsbeschränkt), реализующий проект My Russian Rights",
        [
            ("MRR-Fund gemeinnützige UG (haftungsbeschränkt)", "own"),
            ("My Russian Rights", "brand"),
        ],
    ),
    "a former name": (
        "«Исламская партия Туркестана» (бывшее «Исламское движение Узбекистана»)",
        "«Исламская партия Туркестана»",
        [("Исламское движение Узбекистана", "former")],
    ),
    "a list with a label whose bracket is never closed": (
        "Джебхат ан-Нусра (Фронт победы) (другие названия: «Джабха аль-Нусра ли-Ахль аш-Шам» "
        "(Фронт поддержки Великой Сирии)",
        "Джебхат ан-Нусра",
        [
            ("Фронт победы", "other"), ("Джабха аль-Нусра ли-Ахль аш-Шам", "brand"),
            ("Фронт поддержки Великой Сирии", "other"),
        ],
    ),
    "several names in one pair of quotes": (
        "«National Socialism/White Power» («NS/WP, NS/WP Crew, Sparrows Crew/White Power, "
        "Национал-социализм/Белая сила, власть»)",
        "«National Socialism/White Power»",
        [
            ("NS/WP", "abbreviation"), ("NS/WP Crew", "other"),
            ("Sparrows Crew/White Power", "other"),
            ("Национал-социализм/Белая сила, власть", "translation"),
        ],
    ),
    "a second name with its label": (
        "«Центр iнформацiï» («Центр информации»), другое используемое наименование: «Центр прав "
        "людини ZMINA» («Центр прав человека ЗМИНА») (Украина)",
        "«Центр iнформацiï» (Украина)",
        [
            ("Центр информации", "translation"), ("Центр прав людини ZMINA", "brand"),
            ("Центр прав человека ЗМИНА", "translation"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "name", "others"), MENDED.values(), ids=MENDED)
def test_every_name_of_a_cell_is_found_with_its_kind(
    raw: str, name: str, others: list[tuple[str, str]]
) -> None:
    read = read_name(raw, "organisation")
    assert read.name == name
    assert [tuple(other) for other in read.others] == others


@pytest.mark.parametrize(
    "raw",
    [
        "Coalition on Health, Rights, Gender («Коалиция по здоровью, правам, гендеру»)",
        "Watch Tower («Общество Сторожевой башни, Библии и трактатов»)",
    ],
)
def test_a_name_with_commas_in_its_quotes_stays_one(raw: str) -> None:
    assert len(read_name(raw, "organisation").names) == 1


@pytest.mark.parametrize(
    "raw",
    [
        "Организация помощи геям и трансгендерам (ЛГБТ) «Ракурс»",
        "Учреждение (повышение квалификации) специалистов «АКАДЕМИЯ»",
        "Интернет-издание «The Moscow Times»",
        "SIA «Проект»",
        "Радио Свобода/Эхо",
        "MEDIA DEVELOPMENT INVESTMENT FUND, Inc.",
    ],
)
def test_what_is_part_of_a_name_gives_no_other_name(raw: str) -> None:
    read = read_name(raw, "organisation")
    assert (read.name, read.names) == (raw, ())


def test_quotes_are_pseudonyms_of_a_person_and_brackets_former_names() -> None:
    read = read_name('Иванова Анна Петровна "Аня, Нюра (Nura)" (Сидорова)', "person")
    assert [tuple(other) for other in read.others] == [
        ("Аня", "pseudonym"), ("Нюра", "pseudonym"), ("Nura", "pseudonym"),
        ("Сидорова", "former"),
    ]  # fmt: skip


def test_a_label_in_the_bracket_says_that_a_name_is_a_pseudonym() -> None:
    read = read_name("Петров Пётр Янович (псевдоним - Oxxxypet (Оксипет)", "person")
    assert [other.kind for other in read.others] == ["pseudonym", "pseudonym"]


@pytest.mark.parametrize(
    ("name", "form", "own"),
    [
        ("Общество с ограниченной ответственностью «МЕМО»", "ООО", "МЕМО"),
        ("Общество с ограниченной ответственностью Телеканал Дождь", "ООО", "Телеканал Дождь"),
        ("Автономная некоммерческая правозащитная организация «Школа»", "АНО", "Школа"),
        ("Фонд «Общественный фонд «Генезис»", "фонд", "Общественный фонд «Генезис»"),
        ('Ассоциация "Группа "Гражданин.Право"', "ассоциация", 'Группа "Гражданин.Право"'),
        ("«ГРОМАДСЬКА ОРГАНI3АЦIЯ «ВIЛЬНИЙ»", "общественная организация", "ВIЛЬНИЙ"),
        ("SIA «Medusa Project»", "SIA", "Medusa Project"),
        ("«The Insider SIA»", "SIA", "The Insider"),
        ("Limited liability company (SIA) «Medusa Project»", "SIA", "Medusa Project"),
        ("Stichting Bellingcat", "Stichting", "Bellingcat"),
        ("Dekabristen e.V.", "e.V.", "Dekabristen"),
        ("Dekoder – gGmbH", "gGmbH", "Dekoder"),
        ("Freedom House, Inc.", "Inc.", "Freedom House"),
        ("Kulturus, z. s.", "z.s.", "Kulturus"),
        ("MRR-Fund gemeinnützige UG (haftungsbeschränkt)", "gUG", "MRR-Fund"),
        ("«Русский криминал», «ВЧК-ОГПУ»", None, "Русский криминал"),
        ("Deutsche Welle", None, "Deutsche Welle"),
        ("«Сирена»", None, "Сирена"),
        ("SIA", None, "SIA"),
    ],
)
def test_the_legal_form_and_the_own_name_stand_apart(name: str, form: str, own: str) -> None:
    assert read_form(name) == (form, own)


def test_a_sentence_about_a_company_has_the_company_s_form_and_states_an_address() -> None:
    raw = (
        "Юридическое лицо «The Insider SIA», зарегистрированное в Риге, Латвийская Республика "
        "(дата регистрации 26.06.2015), являющееся администратором доменного имени "
        "интернет-издания «The Insider SIA», https://theins.ru"
    )
    read = read_name(raw, "organisation")
    assert read.names == ("The Insider SIA",)
    assert read_form(subject_of(read.core)) == ("SIA", "The Insider")
    assert urls_in_name(raw) == ["https://theins.ru"]
