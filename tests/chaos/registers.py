"""REG(n): a synthetic register of foreign agents with known truth, and rules that change it.

Every person and body here is invented. Numbers of tax and insurance are of the right form and
begin as no issued one does (INN 96, SNILS 9, OGRN 9). The forms that servers give it in are in
`register_forms.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

SURNAMES_TEXT = (
    "Вымыслов Небылицын Придумкин Сказочников Неведомский Фантазёров Примеров Образцов "
    "Заглушкин Шаблонов Пустышев Условнов Небывалов Мнимов Подставнов Макетов Черновиков "
    "Пробников Болванкин Безымянов"
)
NAMES_TEXT = (
    "Аверьян Вавила Гордей Демьян Евсей Захар Карп Лавр Мирон Нестор Остап Пахом Савва Тихон "
    "Устин Фома Харитон Эраст Юлиан Яков"
)
PATRONYMICS_TEXT = (
    "Аверьянович Вавилович Гордеевич Демьянович Евсеевич Захарович Карпович Лаврович Миронович "
    "Несторович Остапович Пахомович Саввич Тихонович Устинович Фомич Харитонович Эрастович "
    "Юлианович Яковлевич"
)
SURNAMES, NAMES = SURNAMES_TEXT.split(), NAMES_TEXT.split()
PATRONYMICS = PATRONYMICS_TEXT.split()
PERSON, FIRM, GROUP = "Физические лица", "Юридические лица", "Иные объединения лиц"
GROUND = (
    "Статья 7 Федерального закона от 14.07.2022 № 255-ФЗ «О контроле за деятельностью лиц, "
    "находящихся под иностранным влиянием»"
)
FIRST_FRIDAY = date(2022, 12, 2)


@dataclass(frozen=True)
class Row:
    """One entry: the truth that a reader of any of the forms must arrive at."""

    number: int
    name: str
    kind: str
    listed_on: date
    excluded_on: date | None = None
    domains: str = ""
    inn: str = ""
    ogrn: str = ""
    snils: str = ""
    born_on: date | None = None
    members: str = ""
    ground: str = GROUND

    @property
    def uuid(self) -> str:
        """The second key of the row, fixed by its number."""
        return str(UUID(int=(0xC402E17B << 96) | (0x4B47 << 80) | (0xB4 << 56) | self.number))


@dataclass(frozen=True)
class Register:
    """Rows in the order in which they are served, and the moment the register speaks of."""

    rows: tuple[Row, ...]
    state_at: datetime = datetime(2026, 9, 18, 17, 0)

    @property
    def truth(self) -> dict[int, Row]:
        """The rows by their number."""
        return {row.number: row for row in self.rows}

    def added(self, count: int) -> "Register":
        """New rows after the highest number."""
        top = max((row.number for row in self.rows), default=0)
        return replace(self, rows=self.rows + tuple(make_row(top + n + 1) for n in range(count)))

    def excluded(self, number: int, on: date) -> "Register":
        """The row stays and gets a date of exclusion: a change, not a removal."""
        return self._changed(number, excluded_on=on)

    def renamed(self, number: int, name: str) -> "Register":
        """Another name under the same number."""
        return self._changed(number, name=name)

    def edited(self, number: int, **fields: object) -> "Register":
        """Any other change of one row."""
        return self._changed(number, **fields)

    def without(self, numbers: Iterable[int]) -> "Register":
        """Rows removed for real, which has never been seen in the register."""
        gone = set(numbers)
        return replace(self, rows=tuple(row for row in self.rows if row.number not in gone))

    def shifted(self, by: int) -> "Register":
        """The same rows, served in another order: the first `by` come last."""
        return replace(self, rows=self.rows[by:] + self.rows[:by])

    def first(self, count: int) -> "Register":
        """A half-loaded register that looks whole (fault 58)."""
        return replace(self, rows=self.rows[:count])

    def at(self, moment: datetime) -> "Register":
        """The same rows as of another moment."""
        return replace(self, state_at=moment)

    def _changed(self, number: int, **fields: object) -> "Register":
        if number not in self.truth:
            raise KeyError(number)
        rows = (replace(r, **fields) if r.number == number else r for r in self.rows)  # type: ignore[arg-type]
        return replace(self, rows=tuple(rows))


def REG(n: int) -> Register:
    """A register of n rows, always the same for the same n; a longer one begins with a shorter."""
    return Register(tuple(make_row(number) for number in range(1, n + 1)))


def make_row(number: int) -> Row:
    """The entry of one number: a person, or (each fourth) a body; every fifth is excluded."""
    listed_on = FIRST_FRIDAY + timedelta(weeks=number // 6)
    kind = (GROUP, PERSON, PERSON, FIRM)[number % 4]
    fields: dict[str, object] = {"domains": domains(number)}
    if number % 5 == 0:
        fields["excluded_on"] = listed_on + timedelta(weeks=20)
    if kind == PERSON:
        fields |= {"born_on": date(1950, 1, 1) + timedelta(days=number % 18_000)}
        fields |= {"inn": inn_of_person(number), "snils": snils(number)}
    if kind == FIRM:
        fields |= {"inn": inn_of_firm(number), "ogrn": ogrn(number)}
    if kind == GROUP:
        fields |= {"members": f"[{person(number + 7)}, {person(number + 11)}]"}
    name = person(number) if kind == PERSON else body(number, kind)
    return Row(number, name, kind, listed_on, **fields)  # type: ignore[arg-type]


def person(number: int) -> str:
    """A full name; all differ for numbers below 160,000 (a second surname after 8000)."""
    rest, first = divmod(number, len(NAMES))
    rest, patronymic = divmod(rest, len(PATRONYMICS))
    second, surname = divmod(rest, len(SURNAMES))
    family = SURNAMES[surname] + (f"-{SURNAMES[(second - 1) % 20]}" if second else "")
    return f"{family} {NAMES[first]} {PATRONYMICS[patronymic]}"


def body(number: int, kind: str) -> str:
    """The name of an invented firm or project."""
    if kind == FIRM:
        return f"Общество с ограниченной ответственностью «Пример-{number}»"
    return f"Проект «Образцовый канал {number}»"


def domains(number: int) -> str:
    """Addresses as the register writes them: with Telegram ids glued on by a comma."""
    if number % 3 == 0:
        return ""
    return f"https://agent{number}.example; https://t.me/agent{number}, ID: -100{number:07d}"


def inn_of_person(number: int) -> str:
    """Twelve digits, the last two of which are right."""
    digits = f"96{number:08d}"
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        digits += str(weighted(digits, weights) % 11 % 10)
    return digits


def inn_of_firm(number: int) -> str:
    """Ten digits, the last of which is right."""
    digits = f"96{number:07d}"
    return digits + str(weighted(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10)


def ogrn(number: int) -> str:
    """Thirteen digits, the last of which is right."""
    digits = f"9{number:011d}"
    return digits + str(int(digits) % 11 % 10)


def snils(number: int) -> str:
    """Eleven digits as the register writes them, the last two of which are right."""
    digits = f"9{number:08d}"
    control = weighted(digits, range(9, 0, -1)) % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {control:02d}"


def weighted(digits: str, weights: Iterable[int]) -> int:
    """The sum of digits times weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
