"""The Ministry's register of "foreign agents"."""

from datetime import timedelta

from desk.demo.minjust import Cells, Register
from desk.demo.people import person
from desk.demo.story import Table, Week, day, friday, known_in, pick, story

TITLES = (
    "№ п/п",
    "Полное наименование (прежнее наименование (в случае его изменения)) / ФИО «Псевдоним» "
    "(при наличии) (прежние ФИО (в случае их изменения))",
    "Основания для включения",
    "Дата принятия Минюстом России решения о включении в реестр",
    "Дата принятия Минюстом России решения об исключении из реестра (при наличии)",
    "Доменное имя информационного ресурса (при наличии)",
    "Тип иностранного агента",
    "Регистрационный номер",
    "ИНН",
    "ОГРН",
    "СНИЛС",
    "Дата рождения",
    "Полное наименование или ФИО участников",
    "Адрес (место нахождения)",
    "Дата опубликования принятого Минюстом России решения о включении в реестр",
)
LAW = (
    "Статья 7 Федерального закона от 14.07.2022 № 255-ФЗ «О контроле за деятельностью лиц, "
    "находящихся под иностранным влиянием»"
)
KINDS = {
    "person": "Физические лица", "organisation": "Юридические лица",
    "association": "Иные объединения лиц",
}  # fmt: skip
PLACES = {
    "name": 2, "urls": 6, "inn": 9, "ogrn": 10, "snils": 11, "born": 12, "members": 13,
    "address": 14,
}  # fmt: skip
PRIVATE = (11, 12, 14)  # SNILS, day of birth, home: sent, and never kept


def rows(week: Week) -> list[Cells]:
    """The register as it stands in a week, each row by the numbers of its columns."""
    told = story()["register"]
    found = {number: _filling(number) for number in range(1, told["rows"] + 1)}
    for row in known_in(told["added"], week):
        found[len(found) + 1] = _added(len(found) + 1, row)
    for row in known_in(told["edited"], week):
        found[row["number"]] |= _stated(row)
    for row in known_in(told["excluded_on"], week):
        found[row["number"]][5] = day(friday(row["week"]))
    return list(found.values())


def _stated(row: Table) -> Cells:
    return {place: row[name] for name, place in PLACES.items() if name in row}


def _added(number: int, row: Table) -> Cells:
    listed = day(friday(row["week"]))
    fixed = {1: str(number), 3: LAW, 4: listed, 7: KINDS[row["kind"]], 15: listed}
    return fixed | _stated(row)


def _filling(number: int) -> Cells:
    """A row of earlier years: two persons of three, every third an association."""
    told = story()["register"]
    listed = told["until"] - timedelta(weeks=(told["rows"] - number) // 5)
    kind = "association" if number % 3 == 0 else "person"
    cells = {1: str(number), 3: LAW, 4: day(listed), 7: KINDS[kind], 15: day(listed)}
    if number % 4:
        cells[6] = f"https://agent-{number}.example"
    if number % told["excluded"] == 0 and listed.year < 2026:
        cells[5] = day(listed + timedelta(weeks=26))
    return cells | (_person(number) if kind == "person" else _association(number))


def _person(number: int) -> Cells:
    one = person(number)
    return {2: one.name, 11: one.snils, 12: one.born, 14: one.address}


def _association(number: int) -> Cells:
    return {2: f"Проект «{pick('bodies', number)}-{number}»"}


REGISTER = Register(
    number="39b95df9-9a68-6b6d-e1e3-e6388507067e", title="Реестр иностранных агентов",
    titles=dict(enumerate(TITLES, 1)), rows=rows, hidden=(9, 11, 12), dated=(4,),
)  # fmt: skip
answer = REGISTER.answer
