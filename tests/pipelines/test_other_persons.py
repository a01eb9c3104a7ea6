"""Whom an announcement names beside its subjects stays unnamed; all people here are invented."""

import pytest

from pipelines.other_persons import without_others


@pytest.mark.parametrize(
    "other",
    [
        "П.П. Присказкиным",
        "П. Присказкиным",
        "Присказкиным П.П.",
        "Присказкиным Петром Петровичем",
        "Петром Петровичем Присказкиным",
    ],
)
def test_a_person_who_is_no_subject_is_not_named(other: str) -> None:
    said = f"М.В. Выдумкин взаимодействует с {other}, проживает за рубежом."
    wanted = "М.В. Выдумкин взаимодействует с […], проживает за рубежом."
    assert without_others(said, ["М.В. Выдумкин"]) == wanted


@pytest.mark.parametrize(
    ("subject", "named"),
    [
        ("М.В. Выдумкин", "М.В. Выдумкину"),
        ("М.В. Выдумкин", "М. Выдумкин"),
        ("Выдумкин Михаил Викторович", "М.В. Выдумкина"),
        ("Михаил Викторович Выдумкин", "Выдумкин М.В."),
    ],
)
def test_the_subject_stays_in_every_form_of_the_name(subject: str, named: str) -> None:
    said = f"Материалы {named} распространялись."
    assert without_others(said, [subject]) == said


def test_a_namesake_with_other_initials_is_another_person() -> None:
    assert without_others("С М.В. и А.Б. Выдумкиным.", ["М.В. Выдумкин"]) == "С М.В. и […]."


def test_names_of_bodies_are_left_alone() -> None:
    said = "Проект «Небылица» и Фонд «Былина» (США) создавали материалы."
    assert without_others(said, ()) == said
