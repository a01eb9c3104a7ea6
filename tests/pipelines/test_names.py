"""Names and other names in the cells of registers; persons here are fictional."""

import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.names import read_name
from pipelines.text import match_key
from tests.captured import real

PERSONS = [
    ("Иванов Иван Иванович", "Иванов Иван Иванович", ()),
    ("' Иванов Иван".strip("'"), "Иванов Иван", ()),
    ('Иванова Анна Петровна "Анна Ларина"', "Иванова Анна Петровна", ("Анна Ларина",)),
    ("Иванова Анна Петровна «Анна Ларина»", "Иванова Анна Петровна", ("Анна Ларина",)),
    ('Иванов Иван Иванович "JohnAVGN, Джон"', "Иванов Иван Иванович", ("JohnAVGN", "Джон")),
    (
        'Петров Пётр Янович "Oxxxypet (Оксипет)"',
        "Петров Пётр Янович",
        ("Oxxxypet", "Оксипет"),
    ),
    ("Иванова Анна Дмитриевна (Турова)", "Иванова Анна Дмитриевна", ("Турова",)),
    (
        "Горина Анна-Мария (Горина Юлия Борисовна)",
        "Горина Анна-Мария",
        ("Горина Юлия Борисовна",),
    ),
    (
        'Иванов Егор (Игорь) Михайлович "Лёва К-2"',
        "Иванов Егор (Игорь) Михайлович",
        ("Лёва К-2",),
    ),
    (
        'Иванова Анна Петровна "Аня" (прежние ФИО – Сидорова Анна Петровна)',
        "Иванова Анна Петровна",
        ("Аня", "Сидорова Анна Петровна"),
    ),
    ("Иванов Иван Иванович (псевдоним - Noize)", "Иванов Иван Иванович", ("Noize",)),
    (
        "Петров Пётр Янович (псевдоним - Oxxxypet (Оксипет)",
        "Петров Пётр Янович",
        ("Oxxxypet", "Оксипет"),
    ),
    ("Тургаев Ержан", "Тургаев Ержан", ()),
    ("Иванова Тамила Вагиф кызы", "Иванова Тамила Вагиф кызы", ()),
    ('"Только псевдоним"', '"Только псевдоним"', ()),
    ("(Иванов)", "(Иванов)", ()),
]
ORGANISATIONS = [
    (
        "Общество с ограниченной ответственностью  «ИНОАГЕНТ АВК»",
        "Общество с ограниченной ответственностью «ИНОАГЕНТ АВК»",
        (),
    ),
    (
        '"Общество с ограниченной ответственностью  «ЕЛКИН КАРТОН»',
        "Общество с ограниченной ответственностью «ЕЛКИН КАРТОН»",
        (),
    ),
    (
        "Ассоциация некоммерческих организаций «В защиту прав избирателей «ГОЛОС»",
        "Ассоциация некоммерческих организаций «В защиту прав избирателей «ГОЛОС»",
        (),
    ),
    ('Проект "Можем объяснить"', 'Проект "Можем объяснить"', ()),
    ('"Телеканал Дождь"', '"Телеканал Дождь"', ()),
    (
        "«НЕЗЫГАРЬ» («Незыгарь», «НЕЗЫГАР», «НЕЗЫГАР@», «НZГ. Russica», «HZГ»)",
        "«НЕЗЫГАРЬ»",
        ("Незыгарь", "НЕЗЫГАР", "НЕЗЫГАР@", "НZГ. Russica", "HZГ"),
    ),
    (
        "«HZГ» (прежние наименования – «Незыгарь», «НЕЗЫГАР»)",
        "«HZГ»",
        ("Незыгарь", "НЕЗЫГАР"),
    ),
    (
        "«Русский криминал», «ВЧК-ОГПУ»",
        "«Русский криминал», «ВЧК-ОГПУ»",
        ("Русский криминал", "ВЧК-ОГПУ"),
    ),
    (
        "«Российское социалистическое движение» (РСД)",
        "«Российское социалистическое движение»",
        ("РСД",),
    ),
    (
        "Команда против пыток (Комитет против пыток)",
        "Команда против пыток",
        ("Комитет против пыток",),
    ),
    (
        "Закрытая компания «Букмейт Лимитед» (Ирландия)",
        "Закрытая компания «Букмейт Лимитед» (Ирландия)",
        (),
    ),
    (
        "Deutsche Welle (Германия, Kurt-Schumacher-Strasse 3, 53113 Bonn)",
        "Deutsche Welle",
        (),
    ),
    (
        "Юридическое лицо Istories fonds (регистрационный номер 50008295751)",
        "Юридическое лицо Istories fonds",
        (),
    ),
    (
        "Учреждение (повышение квалификации) специалистов «АКАДЕМИЯ»",
        "Учреждение (повышение квалификации) специалистов «АКАДЕМИЯ»",
        (),
    ),
    (
        "НУОРИ «НУОРИ КАРЬЯЛА» («МОЛОДАЯ КАРЕЛИЯ)",
        "НУОРИ «НУОРИ КАРЬЯЛА»",
        ("МОЛОДАЯ КАРЕЛИЯ",),
    ),
    (
        "Clooney Foundation for Justice («Фонд Клуни за справедливость»), США",
        "Clooney Foundation for Justice, США",
        ("Фонд Клуни за справедливость",),
    ),
    (
        "Alliance («Партия «Альянс демократов», «Партия «АЛДЕ») (Бельгия)\u00a0",
        "Alliance (Бельгия)",
        ("Партия «Альянс демократов»", "Партия «АЛДЕ»"),
    ),
    (
        "OR (с 08.11.2017 – HUMAN RIGHTS PROJECT MANAGEMENT) (Великобритания)",
        "OR (Великобритания)",
        ("HUMAN RIGHTS PROJECT MANAGEMENT",),
    ),
    (
        "Stiftung e.V. («Фонд имени Конрада», «Зарегистрированное «Фонд») (Германия)",
        "Stiftung e.V. (Германия)",
        ("Фонд имени Конрада", "Зарегистрированное «Фонд»"),
    ),
    (
        "Движение «Колумбайн» (другое используемое наименование «Скулшутинг»)",
        "Движение «Колумбайн»",
        ("Скулшутинг",),
    ),
]


@pytest.mark.parametrize(("raw", "name", "names"), PERSONS)
def test_pseudonyms_and_former_names_of_persons_are_set_apart(
    raw: str, name: str, names: tuple[str, ...]
) -> None:
    read = read_name(raw, "person")
    assert (read.name, read.names) == (name, names)


@pytest.mark.parametrize("target", ["organisation", "association", "unknown"])
@pytest.mark.parametrize(("raw", "name", "names"), ORGANISATIONS)
def test_an_organisation_keeps_its_own_quotes(
    raw: str, name: str, names: tuple[str, ...], target: str
) -> None:
    read = read_name(raw, target)
    assert (read.name, read.names) == (name, names)


def test_a_material_is_left_whole() -> None:
    text = 'Книга "Имя" (издательство «Дом»)'
    read = read_name(text, "material")
    assert (read.name, read.names) == (text, ())


@given(st.text(alphabet='Аб «»"(),–1', max_size=80), st.sampled_from(["person", "organisation"]))
def test_no_letter_is_lost(raw: str, target: str) -> None:
    found = read_name(raw, target)
    kept = " ".join([found.name, *found.names, *found.remarks])
    assert set("Аб1") & set(raw) == set("Аб1") & set(kept)


@pytest.mark.fault(55)
@pytest.mark.parametrize("target", ["person", "organisation"])
@pytest.mark.parametrize("unit", [" ", "(", "()", "«»", '"a"', "(«", "ранее – ", ", США"])
def test_hostile_names_take_no_time(unit: str, target: str) -> None:
    began = time.process_time()
    read_name("И" + unit * (50_000 // len(unit)), target)
    read_name("И" + unit * (3_900 // len(unit)) + ")", target)
    assert time.process_time() - began < 1


@pytest.mark.real
def test_every_captured_agent_has_a_whole_name() -> None:
    path = real("foreign_agents", "minjust_export_2025-08-08.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    assert len(rows) == 1045
    with_others = 0
    for row in rows:
        target = "person" if row[6].startswith("Физические") else "organisation"
        found = read_name(row[1], target)
        with_others += bool(found.names)
        told = " ".join([found.name, *found.names, *found.remarks])
        assert set(match_key(told)) == set(match_key(row[1]))
        if target == "person":
            assert 2 <= len(found.name.split()) <= 5
            assert not set('"«»') & set(found.name)
        else:
            assert found.name.count("«") >= found.name.count("»")
    assert with_others == 72
