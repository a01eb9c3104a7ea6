"""Parties of cases: who may be named, and who only by initials and a keyed hash."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.court_card import CardParty
from pipelines.court_parties import (
    nobody,
    public_among,
    read_judge,
    read_parties,
    read_protocol,
    read_role,
)
from pipelines.persons import person_hash
from storage.masking import hides, public_view

KEY = b"a key of this installation"
# Fictional persons: nominative, genitive, dative, instrumental, and by initials.
PERSONS = [
    ("Соловьёв Пётр Ильич", "Соловьёва Петра Ильича", "Соловьёву Петру Ильичу",
     "Соловьёвым Петром Ильичом", "СОЛОВЬЕВУ П.И."),
    ("Лесная Вера Олеговна", "Лесной Веры Олеговны", "Лесной Вере Олеговне",
     "Лесной Верой Олеговной", "В.О. Лесной"),
    ("Дубенко Артём Захарович", "Дубенко Артёма Захаровича", "Дубенко Артёму Захаровичу",
     "Дубенко Артёмом Захаровичем", "Дубенко А. З."),
    ("Ромашкин Олег Львович", "Ромашкина Олега Львовича", "Ромашкину Олегу Львовичу",
     "Ромашкиным Олегом Львовичем", "Ромашкине О.Л."),
    ("Барвинская Анна Егоровна", "Барвинской Анны Егоровны", "Барвинской Анне Егоровне",
     "Барвинскую Анну Егоровну", "Барвинской А.Е."),
    ("Клён Марк Юрьевич", "Клёна Марка Юрьевича", "Клёну Марку Юрьевичу",
     "Клёном Марком Юрьевичем", "Клёну М.Ю."),
]  # fmt: skip


def one(role: str, name: str, **more: str) -> dict[str, object]:
    parties, _troubles = read_parties([CardParty(role, name, **more)], KEY, nobody)
    return parties[0]


@pytest.mark.fault(40)
@given(st.sampled_from(PERSONS), st.integers(0, 4), st.booleans())
def test_a_name_in_any_case_of_any_court_has_the_hash_of_the_register(
    forms: tuple[str, ...], form: int, capitals: bool
) -> None:
    name = forms[form].upper() if capitals else forms[form]
    party = one("ПРИВЛЕКАЕМОЕ ЛИЦО", name)
    assert party["hash"] == person_hash(KEY, forms[0]).stem_initials
    assert party["kind"] == "person"
    assert "name" not in party


def test_different_persons_have_different_hashes() -> None:
    hashes = {one("ПОДСУДИМЫЙ", forms[0])["hash"] for forms in PERSONS}
    assert len(hashes) == len(PERSONS)


@given(st.sampled_from(PERSONS), st.integers(0, 4), st.sampled_from(["ИСТЕЦ", "?", "Защитник"]))
def test_no_word_of_a_private_name_is_kept(forms: tuple[str, ...], form: int, role: str) -> None:
    kept = json.dumps(one(role, forms[form]), ensure_ascii=False).casefold()
    words = [word for word in forms[form].casefold().replace(".", " ").split() if len(word) > 2]
    assert not [word for word in words if word in kept]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ('АО "СУ-10 ФУНДАМЕНТСТРОЙ"', "organisation"),
        ("МКУ Декабрист", "organisation"),
        ("Google LLC", "organisation"),
        ("Редакция журнала Лес и поле", "organisation"),
        ("Совет депутатов муниципального округа Хамовники", "state"),
        ("Управление Минюста РФ по Кир.обл.", "state"),
        ("Прокуратура Ленинского района", "state"),
        ("Роскомнадзор", "state"),
    ],
)
def test_organisations_and_organs_of_the_state_are_named(name: str, kind: str) -> None:
    assert one("ОТВЕТЧИК", name) == {
        "role": "respondent", "name": name, "hash": None, "kind": kind,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Военнов П.И.", "В.П.И."),
        ("СОВЕТОВ ПЁТР ИЛЬИЧ", "С.П.И."),
        ("Школа Анна Ивановна", "Ш.А.И."),
        ("ИП Муравьёв Л.Н.", "М.Л.Н."),
        ("КОБЗАРЬ Ф.", "К.Ф."),
        ("КИМ", "К."),
        ("Банк И.И.", "Б.И.И."),
        ("Скрытный Марк Юрьевич", "С.М.Ю."),
        ("Изъятова Вера", "И.В."),
        ("Клён «Лес» Марк Юрьевич", "К.М.Ю."),
        ("«Клён Марк Юрьевич»", "К.М.Ю."),
        ("Советова Анна Ивановна (ООО «Ромашка»)", "С.А.И."),
        ("Гражданин Клён М.Ю.", "К.М.Ю."),
        ("Клён М.Ю. 1980 г.р.", "К.М.Ю."),
    ],
)
def test_a_surname_that_looks_like_an_organisation_is_masked(name: str, shown: str) -> None:
    party = one("ПРИВЛЕКАЕМОЕ ЛИЦО", name)
    assert (party["initials"], party["kind"]) == (shown, "person")


@pytest.mark.parametrize("mark", ["Информация скрыта", "ФИО1", "<данные изъяты>", "***", "ХХХХ"])
def test_a_hidden_name_stays_hidden_and_has_no_hash(mark: str) -> None:
    assert one("ИСТЕЦ", mark) == {
        "role": "claimant", "initials": mark, "hash": None, "kind": "person",
    }  # fmt: skip


def test_a_person_within_the_name_of_an_organ_is_cut_out() -> None:
    name = "Начальнику ФКУ ИК-15 (для вручения Лесному И.М.), судье Клёну Марку Юрьевичу"
    assert one("ИСТЕЦ", name)["name"] == "Начальнику ФКУ ИК-15 , судье […]"
    cut = "Начальнику ФКУ ПФРСИ ИК-15 УФСИН РФ по Самарской облас (для вручения Лесно"
    assert "Лесно" not in str(one("ИСТЕЦ", cut)["name"])


@pytest.mark.parametrize(
    "party",
    [
        CardParty("Законный представитель несовершеннолетнего", "Клён Марк Юрьевич"),
        CardParty("ПОТЕРПЕВШИЙ", "Клён Марк Юрьевич (несовершеннолетний)"),
        CardParty("ПОТЕРПЕВШИЙ", "малолетний Клён М.Ю."),
    ],
)
@pytest.mark.fault(114)
def test_a_minor_is_never_named_and_has_no_hash_even_if_the_name_is_public(
    party: CardParty,
) -> None:
    public = public_among(["Клён Марк Юрьевич"])
    parties, _troubles = read_parties([party], KEY, public)
    assert parties[0]["initials"].startswith("К.М.Ю")
    assert parties[0]["hash"] is None
    parties, _troubles = read_parties(
        [CardParty("ИСТЕЦ", "Клён Марк Юрьевич")], KEY, public, minors=True
    )
    assert parties[0]["initials"] == "К.М.Ю."


def test_a_name_that_a_register_made_public_is_told_only_where_it_stands_in_full() -> None:
    public = public_among(["Клён Марк Юрьевич (псевдоним «Лес»)", "Дубенко А.З.", "Фонд Лес"])
    rows = [CardParty("ПРИВЛЕКАЕМОЕ ЛИЦО", name) for name in
            ("КЛЕН МАРК ЮРЬЕВИЧ", "Клён М.Ю.", "Клён Марк Ильич", "Дубенко А.З.")]  # fmt: skip
    parties, _troubles = read_parties(rows, KEY, public)
    assert [party.get("name") for party in parties] == [
        "Клён Марк Юрьевич (псевдоним «Лес»)", None, None, None,
    ]  # fmt: skip


def test_several_persons_in_one_cell_are_several_parties() -> None:
    cell = CardParty("Административный истец", "Клён М.Ю., Лесная Вера Олеговна, ООО «Лес», Дуб...")
    parties, _troubles = read_parties([cell], KEY, nobody)
    assert [party.get("initials") or party["name"] for party in parties] == [
        "К.М.Ю.", "Л.В.О.", "ООО «Лес»",
    ]  # fmt: skip
    assert one("ОТВЕТЧИК", "Wikimedia Foundation, Inc.")["name"] == "Wikimedia Foundation, Inc."
    mixed, _troubles = read_parties([CardParty("?", "Управление МВД, Клён Марк")], KEY, nobody)
    assert [party.get("initials") or party["name"] for party in mixed] == ["Управление МВД", "К.М."]


def test_officials_in_office_are_named() -> None:
    party = one("ПРОКУРОР", "Лебедь А.А.")
    assert party == {
        "role": "prosecutor", "name": "Лебедь А.А.", "hash": None, "kind": "official",
    }  # fmt: skip


def test_an_unknown_role_is_an_issue_and_the_person_is_masked() -> None:
    parties, troubles = read_parties([CardParty("Кто-то", "Клён Марк Юрьевич")], KEY, nobody)
    assert (parties[0]["role"], parties[0]["initials"]) == (None, "К.М.Ю.")
    assert [(trouble.kind, trouble.heading) for trouble in troubles] == [
        ("unknown-value", "party_roles")
    ]
    assert "Клён" not in troubles[0].text


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("ПРИВЛЕКАЕМОЕ ЛИЦО", "defendant"),
        ("Административный истец", "claimant"),
        ("ИСТЕЦ(ЗАЯВИТЕЛЬ)", "claimant"),
        ("АДМ. ОТВЕТЧИК", "respondent"),
        ("Заявители (истцы / административные истцы):", "claimant"),
        ("Ответчики / административные ответчики:", "respondent"),
        ("Защитник (адвокат)", "defender"),
        ("ЗАИНТЕРЕСОВАННОЕ ЛИЦО", "third_party"),
        ("Мимо проходивший", None),
    ],
)
def test_roles_of_portals_are_one_vocabulary(words: str, role: str | None) -> None:
    assert read_role(words)[0] == role


@pytest.mark.parametrize(
    ("cell", "body"),
    [
        ("00024326-АП   Управление Минюста РФ по Кир.обл.", "Управление Минюста РФ по Кир.обл."),
        ("№ 77 АП 123456 ОМВД России по району Лесной лейтенант Клён М.Ю.",
         "ОМВД России по району Лесной"),
        ("6604 № 123456", None),
        ("Клён М.Ю.", None),
        ("018138", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_body_that_drew_up_the_protocol_is_told_without_its_officer(
    cell: str, body: str | None
) -> None:
    assert read_protocol(cell) == body


@pytest.mark.parametrize(
    ("cell", "judge"),
    [
        ("Глушков А.С.", "Глушков А.С."),
        ("Батова Л. А.", "Батова Л.А."),
        ("О.А. Машкалева", "Машкалева О.А."),
        ("\u0043оловьёва А.\u0041.", "Соловьёва А.А."),  # Latin C and A
        ("Дороднов Георгий Иванович", "Дороднов Георгий Иванович"),
        ("ФИО2", None),
        ("", None),
    ],
)
def test_judges_are_named_in_one_spelling(cell: str, judge: str | None) -> None:
    assert read_judge(cell) == judge


def test_a_masked_lawyer_hides_himself_and_not_the_case_of_a_company() -> None:
    rows = [CardParty("ПРИВЛЕКАЕМОЕ ЛИЦО", "ООО «Ромашка»"), CardParty("Защитник", "Клён М.Ю.")]
    parties, _troubles = read_parties(rows, KEY, nobody)
    shown, masked = public_view("ruling", {"case_number": "5-1/2026", "parties": parties})
    assert not masked
    assert shown["case_number"] == "5-1/2026"
    assert [party["name"] for party in shown["parties"]] == ["ООО «Ромашка»"]
    assert hides(one("ПОТЕРПЕВШИЙ", "Клён М.Ю."))


@pytest.mark.fault(55)
@pytest.mark.parametrize("unit", ["Клён ", "К.", "(", "«", "ИК-15 ", "Совет ", "иван\u043e", "- "])
def test_hostile_names_take_no_time(unit: str) -> None:
    name = unit * (200_000 // len(unit))
    began = time.process_time()
    read_parties([CardParty("ИСТЕЦ", name), CardParty(name, "x")], KEY, public_among([name]))
    read_judge(name)
    read_protocol(name)
    assert time.process_time() - began < 5
