"""The Ministry's register of foreign agents: answers of `/info` and `/values`.

Column N of the register is `field_N_s` of a row (`field_1_i` the number); keys of the search engine
stand between them. Source: eighteen real rows of 18 September 2026.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from desk.demo.reply import Asked, Reply, as_json
from desk.demo.story import Table, Week, known_in, pick, story

REGISTER = "39b95df9-9a68-6b6d-e1e3-e6388507067e"
HOME = f"/rest/registry/{REGISTER}/"
MOST_ROWS = 1000  # more is cut without a word
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
HIDDEN = (9, 11, 12)  # not shown on the site, and sent all the same
LAW = (
    "Статья 7 Федерального закона от 14.07.2022 № 255-ФЗ «О контроле за деятельностью лиц, "
    "находящихся под иностранным влиянием»"
)
KINDS = {
    "person": "Физические лица", "organisation": "Юридические лица",
    "association": "Иные объединения лиц",
}  # fmt: skip
Cells = dict[int, str]
PLACES = {
    "name": 2, "urls": 6, "inn": 9, "ogrn": 10, "snils": 11, "born": 12, "members": 13,
    "address": 14,
}  # fmt: skip


def answer(asked: Asked, week: Week) -> Reply | None:
    """What the interface answers; None where it knows no such page."""
    if asked.path == f"{HOME}info":
        return as_json(_info(week))
    if asked.path == f"{HOME}values":
        return as_json(_page(week, int(asked.body["offset"]), int(asked.body["limit"])))
    return None


def rows(week: Week) -> list[Cells]:
    """The register as it stands in a week, each row by the numbers of its columns."""
    told = story()["register"]
    found = {number: _filling(number) for number in range(1, told["rows"] + 1)}
    for row in known_in(told["added"], week):
        found[len(found) + 1] = _added(len(found) + 1, row)
    for row in known_in(told["edited"], week):
        found[row["number"]] |= _stated(row)
    for row in known_in(told["excluded_on"], week):
        found[row["number"]][5] = day(_friday(row["week"]))
    return list(found.values())


def day(at: date | datetime) -> str:
    """A day as the register writes it."""
    return f"{at:%d.%m.%Y}"


def _friday(number: int) -> datetime:
    return datetime.fromisoformat(story()["week"][number - 1]["at"])


def _stated(row: Table) -> Cells:
    return {place: row[name] for name, place in PLACES.items() if name in row}


def _added(number: int, row: Table) -> Cells:
    listed = day(_friday(row["week"]))
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
    words = ("surnames", number), ("given", number // 19), ("patronymics", number // 7)
    born = date(1950, 1, 1) + timedelta(days=number * 13)
    place = pick("places", number)
    return {
        2: " ".join(pick(*word) for word in words),
        11: f"9{number % 90 + 10}-{number % 900 + 100}-777 {number % 100:02}",
        12: day(born),
        14: f"г. {place}, ул. Примерная, д. {number}, кв. 5",
    }


def _association(number: int) -> Cells:
    return {2: f"Проект «{pick('bodies', number)}-{number}»"}


def _milliseconds(week: Week) -> int:
    return int(week.renewed.timestamp()) * 1000


def _info(week: Week) -> Mapping[str, object]:
    columns = [
        {"name": _key(place), "title": title, "hidden": place in HIDDEN}
        for place, title in enumerate(TITLES, 1)
    ]
    return {
        "title": "Реестр иностранных агентов", "lastModified": _milliseconds(week),
        "columns": columns,
    }  # fmt: skip


def _key(place: int) -> str:
    return f"field_{place}_i" if place == 1 else f"field_{place}_s"


def _page(week: Week, offset: int, limit: int) -> Mapping[str, object]:
    limit = min(limit, MOST_ROWS)
    register = rows(week)
    values = [_record(cells, week) for cells in register[offset : offset + limit]]
    return {"size": len(register), "offset": offset, "limit": limit, "values": values}


def _record(cells: Cells, week: Week) -> dict[str, str | int]:
    number, moment = int(cells[1]), _milliseconds(week)
    record: dict[str, str | int] = {
        _key(place): cells.get(place, "") for place in range(2, len(TITLES) + 1)
    }
    return record | {
        "field_1_i": number, "field_4_dt": cells[4], "grid_s": REGISTER,
        "id": str(UUID(int=(0xDE30 << 112) | (4 << 76) | (8 << 60) | number)),
        "lastModified_l": moment, "_version_": 1876677600000000000 + moment % 10**9 + number,
    }  # fmt: skip
