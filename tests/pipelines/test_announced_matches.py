"""What was announced meets the row of the register: names, days, states, ambiguity."""

from typing import Any

import pytest

from pipelines.announced_matches import best, compare
from storage.announcements import Row

PERSON = {"subject": "М.В. Выдумкин", "subject_kind": "person", "kind": "inclusion"}
TITLE = {"subject": "«Гроза примеров»", "subject_kind": "unknown", "kind": "inclusion"}
BODY = {
    "subject": "Sample Media, Inc.", "names": ["Пример Медиа"], "subject_kind": "organisation",
    "kind": "undesirable", "country": "US", "acted_on": "2026-07-15",
}  # fmt: skip


def row(number: int, fields: dict[str, Any]) -> Row:
    return Row(number, "part", fields, "", "")


def announced(fields: dict[str, Any], **more: Any) -> Row:
    return row(1, {"published_on": "2026-11-20"} | fields | more)


def listed(name: str, listed_on: str = "2026-11-20", **more: Any) -> Row:
    return row(2, {"name": name, "names": [], "listed_on": listed_on} | more)


def meets(one: Row, other: Row) -> bool:
    return compare(one, other) is not None


@pytest.mark.parametrize(
    ("subject", "name", "same"),
    [
        ("М.В. Выдумкин", "Выдумкин Михаил Викторович", True),
        ("Выдумкина М.В.", "Выдумкин Михаил Викторович", True),  # a list in the genitive
        ("В.Г. Небылицына", "Небылицына Вера Глебовна", True),
        ("М. Выдумкин", "Выдумкин Михаил Викторович", True),
        ("М.В. Выдумкин", "Выдумкин Пётр Викторович", False),
        ("М.В. Выдумкин", "Придумкин Михаил Викторович", False),
    ],
)
def test_a_person_by_initials_is_the_full_name_of_the_register(
    subject: str, name: str, same: bool
) -> None:
    assert meets(announced(PERSON, subject=subject), listed(name, target_type="person")) is same


@pytest.mark.parametrize(
    ("name", "names", "same"),
    [
        ("Информационный ресурс «ГРОЗА ПРИМЕРОВ»", [], True),
        ("Sample Storm", ["Гроза примеров"], True),
        ("«Гроза»", [], False),
    ],
)
def test_a_title_is_compared_by_what_stands_in_its_quotes(
    name: str, names: list[str], same: bool
) -> None:
    assert meets(announced(TITLE), listed(name, names=names)) is same


@pytest.mark.parametrize(
    ("listed_on", "same"),
    [("2026-11-20", True), ("2026-11-27", True), ("2026-11-28", False), ("2026-11-17", True),
     ("2026-11-16", False)],
)  # fmt: skip
def test_the_row_is_at_most_a_week_younger_than_what_was_published(
    listed_on: str, same: bool
) -> None:
    assert meets(announced(PERSON), listed("Выдумкин Михаил Викторович", listed_on)) is same


def test_an_exclusion_meets_the_date_of_exclusion_and_not_that_of_inclusion() -> None:
    one = announced(PERSON, kind="exclusion")
    name = "Выдумкин Михаил Викторович"
    assert not meets(one, listed(name, "2026-11-20"))
    assert meets(one, listed(name, "2021-01-15", delisted_on="2026-11-20"))


def test_an_undesirable_body_meets_its_row_by_the_decision_or_within_six_weeks() -> None:
    one = announced(BODY)
    decision = [{"kind": "recognition", "date": "2026-07-15"}]
    name = "Sample Media, Inc. (США)"
    assert meets(one, listed(name, "2027-01-01", decisions=decision, country="US"))
    assert meets(one, listed(name, "2026-08-26", country="US"))
    assert not meets(one, listed(name, "2026-08-27", country="US"))
    assert not meets(one, listed(name, "2026-07-20", country="GB"))
    assert meets(one, listed("«Пример Медиа», США", "2026-07-20"))


def test_two_rows_that_fit_equally_are_both_suggested_with_less_certainty() -> None:
    one = announced(PERSON)
    rows = [
        row(n, {"name": f"Выдумкин {first} Викторович", "listed_on": "2026-11-20"})
        for n, first in ((2, "Михаил"), (3, "Макар"))
    ]
    found = best(one, rows)
    assert [(s.right, s.score) for s in found] == [(2, 0.6), (3, 0.6)]
    nearer = row(4, {"name": "Выдумкин Марк Викторович", "listed_on": "2026-11-21"})
    assert [s.right for s in best(one, [rows[0], nearer])] == [2]
