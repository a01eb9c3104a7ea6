"""The federal list of extremist materials: a CSV in windows-1251, three columns.

Its texts are typed by hand: line ends and doubled quotes inside a field, `…` as the byte 0x85.
Whoever leaves the list keeps the number; the text is replaced.
"""

import csv
import io
from datetime import date, timedelta

from desk.demo.reply import Asked, Reply
from desk.demo.story import Week, day, known_in, pick, story

PATH = "/uploaded/files/exportfsm.csv"
HEADER = ("#", "Материал", "Дата включения (указывается с 01.01.2017)")
FIRST = date(2017, 1, 9)
Line = tuple[str, str, str]


def answer(asked: Asked, week: Week) -> Reply | None:
    """The file; there are no pages."""
    if asked.path != PATH:
        return None
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([HEADER, *rows(week)])
    return Reply(text.getvalue().encode("cp1251"), "text/csv")


def rows(week: Week) -> list[Line]:
    """The list as it stands in a week: number, text, day of entry."""
    told = story()["materials"]
    found = [_filling(number) for number in range(1, told["rows"] + 1)]
    for row in known_in(told["row"], week):
        found.append((str(len(found) + 1), row["text"], row["listed"]))
    for row in known_in(told["excluded"], week):
        number, _text, listed = found[row["number"] - 1]
        found[row["number"] - 1] = (number, row["text"], listed)
    return found


def _filling(number: int) -> Line:
    """A leaflet of earlier years."""
    decided = FIRST + timedelta(days=number // 2)
    court = pick("courts", number)
    text = f"Листовка «{pick('bodies', number)} – {number}» (решение {court} от {day(decided)});"
    return str(number), text, day(decided + timedelta(days=60))
