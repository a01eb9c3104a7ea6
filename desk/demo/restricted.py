"""The Ministry's list of persons under "temporary restrictive measures"."""

from desk.demo.minjust import Cells, Register
from desk.demo.people import person
from desk.demo.story import Week, day, friday, story

TITLES = (
    "№ п/п",
    "Фамилия, имя, отчество (при наличии)",
    "Дата рождения",
    "Основание применения временных ограничительных мер",
    "Дата принятия решения о применении временных ограничительных мер",
    "Дата прекращения применения временных ограничительных мер",
    "СНИЛС",
)
PRIVATE = (3, 7)  # day of birth, SNILS: sent, and never kept
GROUNDS = ("Статья 207.3 УК РФ", "Статья 280.3 УК РФ", "Статья 330.1 УК РФ")
APART = 36  # with 3 in it: the other register has associations at these numbers, no persons


def rows(week: Week) -> list[Cells]:
    """The list as it stands in a week: one person more since the second."""
    count = story()["restricted"]["rows"]
    listed = [friday(number - count) for number in range(1, count + 1)]
    if week.number >= story()["restricted"]["one_more"]:
        listed.append(friday(story()["restricted"]["one_more"]))
    return [_row(number, day(at)) for number, at in enumerate(listed, 1)]


def _row(number: int, listed: str) -> Cells:
    one = person(APART * number + 3)
    return {
        1: str(number), 2: one.name, 3: one.born, 4: GROUNDS[number % 3], 5: listed,
        7: one.snils,
    }  # fmt: skip


answer = Register(
    number="e102742c-8473-3be5-2a78-5927f0fba20f",
    title="Список лиц, в отношении которых применяются временные ограничительные меры",
    titles=dict(enumerate(TITLES, 1)), rows=rows, hidden=PRIVATE,
).answer  # fmt: skip
