"""Two lists of banned organisations as web pages: numbered paragraphs, and tables of one row."""

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape

from desk.demo.reply import Asked, Reply
from desk.demo.story import Table, Week, day, known_in, pick, story

EXTREMIST = "/ru/documents/7822/"
TERRORIST = "/fsb/npd/terror.htm"
FIRST = date(2009, 3, 2)
IN_ONE_TABLE = 35  # each later row of the terrorist list is a table of its own
HEADINGS = (
    "№", "Наименование организации",
    "Суд, вынесший решение, дата и номер, дата вступления в силу",
)  # fmt: skip
PAGE = '<!DOCTYPE html>\n<html lang="ru"><head><meta charset="utf-8"></head><body>{}</body></html>'


def extremist(asked: Asked, week: Week) -> Reply | None:
    """The Ministry's page of paragraphs."""
    if asked.path != EXTREMIST:
        return None
    told = "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in _paragraphs(week))
    return _page(f'<div class="doc"><p>Текст документа</p>\n{told}\n</div>')


def terrorist(asked: Asked, week: Week) -> Reply | None:
    """The Security Service's page of tables."""
    if asked.path != TERRORIST:
        return None
    lines = [_cells(row) for row in (HEADINGS, *_banned(week))]
    first, others = lines[: IN_ONE_TABLE + 1], lines[IN_ONE_TABLE + 1 :]
    tables = ["\n".join(first), *others]
    return _page("\n".join(f"<table>{table}</table>" for table in tables))


def _page(body: str) -> Reply:
    return Reply(PAGE.format(body).encode(), "text/html; charset=utf-8")


def _paragraphs(week: Week) -> Iterator[str]:
    """All items; divisions stand under the number of their organisation."""
    told = story()["organisations"]
    for number in range(1, told["rows"] + 1):
        decided = FIRST + timedelta(weeks=8 * number)
        name = f"Объединение «{pick('bodies', number)} {number}»"
        yield f"{number}. {name} (решение {pick('courts', number)} от {day(decided)});"
    for number, item in enumerate(known_in(told["item"], week), told["rows"] + 1):
        gone = item.get("excluded", 99) <= week.number
        yield f"{number}. {item['placeholder'] if gone else item['text']}"
        if not gone:
            yield from _divisions(item, week)


def _divisions(item: Table, week: Week) -> Iterator[str]:
    for place, row in enumerate(known_in(item.get("division", ()), week), 1):
        yield f"{place}) {row['text']};"
    if "closing" in item:
        yield item["closing"]


def _banned(week: Week) -> Iterator[tuple[str, str, str]]:
    told = story()["terrorists"]
    for number in range(1, told["rows"] + 1):
        decided = FIRST + timedelta(weeks=20 * number)
        court = f"Верховный Суд Российской Федерации, от {day(decided)} № ГКПИ 09-{number}"
        force = f"вступило в силу {day(decided + timedelta(days=30))}"
        yield f"{number}.", f"Организация «{pick('bodies', number)} {number}»", f"{court}, {force}"
    for number, row in enumerate(known_in(told["row"], week), told["rows"] + 1):
        yield f"{number}", row["name"], row["court"]


def _cells(row: tuple[str, ...]) -> str:
    cells = "".join(f"<td><p>{escape(cell, quote=False)}</p></td>" for cell in row)
    return f"<tr>{cells}</tr>"
