"""Who stands in a record, and who must not: private persons are no entities."""

from typing import Any

import pytest

from pipelines.involved import read_involved
from storage.entity_reading import Involved, Seen

MINISTRY = "Министерство юстиции Российской Федерации"


def read(
    family: str, fields: dict[str, Any], measure: dict[str, Any] | None = None
) -> list[Involved]:
    act = {"code": "x", "direction": "act"} if measure is None else measure
    return read_involved(Seen("some_source", family, ("5",), fields, act))


def told(found: list[Involved]) -> list[tuple[str, str, str, str, str | None]]:
    return [(one.kind, one.name, one.role, one.act, one.acted_on) for one in found]


def test_a_designation_names_its_subject_its_sites_and_who_decided() -> None:
    fields = {
        "name": "Издание «Пример»", "names": ["Пример"], "target_type": "information_resource",
        "listed_on": "2024-01-05", "delisted_on": "2025-02-06", "domains": ["primer.example"],
        "decisions": [
            {"authority": MINISTRY, "date": "2024-01-05", "number": None, "kind": "inclusion"},
            {"authority": MINISTRY, "date": "2025-02-06", "number": None, "kind": "exclusion"},
        ],
    }  # fmt: skip
    found = read("designation", fields)
    assert told(found) == [
        ("outlet", "Издание «Пример»", "target", "inclusion", "2024-01-05"),
        ("outlet", "Издание «Пример»", "target", "exclusion", "2025-02-06"),
        ("domain", "primer.example", "named", "inclusion", "2024-01-05"),
        ("authority", MINISTRY, "ordered", "inclusion", "2024-01-05"),
        ("authority", MINISTRY, "ordered", "exclusion", "2025-02-06"),
    ]
    assert found[0].key == ("row", "some_source", "5")
    assert found[0].names == ("Пример",)


@pytest.mark.parametrize(
    "names", [["Былина"], [{"name": "Былина", "kind": "former"}]], ids=["texts", "objects"]
)
def test_other_names_are_read_as_texts_and_as_objects(names: list[Any]) -> None:
    fields = {"name": "Сказка", "names": names, "target_type": "organisation"}
    assert read("designation", fields)[0].names == ("Былина",)


def test_a_former_name_and_the_own_name_of_a_body_are_known_as_such() -> None:
    fields = {
        "name": "Фонд «Былина»", "own_name": "Былина", "target_type": "organisation",
        "names": ["Сказка"], "other_names": [{"name": "Сказка", "kind": "former"}],
        "subject_kind": "outlet",
    }  # fmt: skip
    one = read("designation", fields)[0]
    assert (one.kind, one.names, one.former) == ("outlet", ("Сказка", "Былина"), ("Сказка",))


def test_a_text_that_is_banned_is_nobody() -> None:
    fields = {"name": "Листовка Иванова Ивана", "names": [], "target_type": "material",
              "decisions": []}  # fmt: skip
    assert read("designation", fields) == []


def test_members_of_a_group_are_not_named() -> None:
    fields = {"name": "Объединение", "target_type": "association",
              "members": ["Выдумкин Пётр Ильич"]}  # fmt: skip
    assert {one.name for one in read("designation", fields)} == {"Объединение"}


def test_one_body_is_one_entity_however_it_is_spelled() -> None:
    def agency(name: str) -> Involved:
        found = read("blocking", {"domains": ["a.example"], "agency": name})
        return next(one for one in found if one.role == "ordered")

    short, long = agency("Генпрокуратура"), agency("Генеральная прокуратура Российской Федерации")
    assert short.key == long.key
    assert agency("Роскомнадзор").key != long.key


def test_an_agency_that_a_rule_supposes_is_marked_as_inferred() -> None:
    fields = {"domains": ["a.example"], "agency": None, "agency_inferred": "Роскомнадзор",
              "political_rule": "by-number"}  # fmt: skip
    one = read("blocking", fields)[1]
    assert (one.basis, one.decided_by) == ("inferred", "by-number")
    assert one.score < 1


def test_a_service_that_refuses_by_itself_is_no_act() -> None:
    assert read("blocking", {"domains": ["a.example"]}, {}) == []


RULING = {"court": "Тверской районный суд", "court_code": "77RS0027", "judge": "Судья Б. Б.",
          "decided_on": "2026-02-03"}  # fmt: skip


def test_a_ruling_names_court_and_judge_in_office() -> None:
    found = read("ruling", RULING | {"parties": []})
    assert told(found) == [
        ("court", "Тверской районный суд", "ordered", "ruling", "2026-02-03"),
        ("judge", "Судья Б. Б.", "judge", "ruling", "2026-02-03"),
    ]


@pytest.mark.parametrize(
    "party",
    [
        {"role": "defendant", "initials": "В.П.И.", "kind": "person", "hash": {"full": "ab"}},
        {"role": "defendant", "name": "Выдумкин", "kind": "person"},
        {"role": "defendant", "name": "ФИО1", "kind": "person"},
        {"role": "defendant", "name": "В. П. И.", "kind": "person"},
    ],
)
def test_a_private_person_in_a_ruling_is_no_entity(party: dict[str, Any]) -> None:
    assert {one.kind for one in read("ruling", RULING | {"parties": [party]})} == {"court", "judge"}


def test_parties_that_are_public_have_their_roles() -> None:
    parties = [
        {"role": "applicant", "name": "ООО «Пример»", "kind": "organisation"},
        {"role": "respondent", "name": "Russia", "kind": "state"},
    ]
    found = read("ruling", RULING | {"parties": parties})[2:]
    assert [(one.kind, one.name, one.role) for one in found] == [
        ("organisation", "ООО «Пример»", "plaintiff"), ("authority", "Russia", "respondent"),
    ]  # fmt: skip


def test_a_private_target_that_an_analyst_entered_is_no_entity() -> None:
    fields = {"code": "review", "target": None, "target_initials": "В.П.И.",
              "target_hash": {"full": "ab"}, "target_type": "person", "acted_on": "2026-02",
              "authority": "Роскомнадзор"}  # fmt: skip
    assert {one.role for one in read("curated", fields)} == {"ordered"}


def test_an_unknown_family_says_nothing() -> None:
    assert read("corroboration", {"title": "Выдумкин Пётр Ильич"}) == []
