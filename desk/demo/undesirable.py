"""The Ministry's list of foreign organisations that were declared "undesirable"."""

from datetime import timedelta

from desk.demo.minjust import Cells, Register
from desk.demo.story import Table, Week, day, friday, known_in, pick, story

TITLES = {
    1: "№ п/п",
    2: "Дата распоряжения Минюста России о включении в перечень",
    3: "Номер распоряжения Минюста России о включении в перечень",
    4: "Решение Генеральной прокуратуры Российской Федерации",
    5: "Полное и сокращенное наименование организации",
    6: "Номер распоряжения Минюста России об исключении из перечня",
    7: "Решение Генеральной прокуратуры Российской Федерации об отмене",
    8: "Дата исключения из перечня",
    10: "Статус",
}


def rows(week: Week) -> list[Cells]:
    """The list as it stands in a week."""
    told = story()["undesirable"]
    found = [_filling(number) for number in range(1, told["rows"] + 1)]
    for row in known_in(told["added"], week):
        found.append(_added(len(found) + 1, row))
    return found


def _added(number: int, row: Table) -> Cells:
    return {
        1: str(number), 2: day(friday(row["week"])), 3: f"{number}-р", 4: row["decided"],
        5: row["name"], 10: "Включена",
    }  # fmt: skip


def _filling(number: int) -> Cells:
    """An organisation of earlier years; the Ministry follows the prosecutor after two weeks."""
    told = story()["undesirable"]
    listed = told["until"] - timedelta(weeks=(told["rows"] - number) // 2)
    abroad, country = pick("abroad", number), pick("countries", number)
    return {
        1: str(number), 2: day(listed), 3: f"{number}-р", 4: day(listed - timedelta(days=14)),
        5: f"{abroad} Fund {number} («Фонд {number}»), {country}", 10: "Включена",
    }  # fmt: skip


answer = Register(
    number="c2d1692e-a9f6-5a79-13ee-5da5b42980df",
    title="Перечень иностранных и международных организаций, деятельность которых признана "
    "нежелательной на территории Российской Федерации",
    titles=TITLES, rows=rows, dated=(2,),
).answer  # fmt: skip
