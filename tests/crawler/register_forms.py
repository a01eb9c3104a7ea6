"""Small registers of designations as a server on this machine plays them, and their mishaps.

Each register is rows of text under headings, one of them excluded in the register's own way. A
mishap changes the table on its way to the wire: what nobody may take for news.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from tests.chaos.ministry import NOT_FOUND, YESTERDAY, json_reply
from tests.chaos.register_forms import HEADERS, cells
from tests.chaos.registers import REG
from tests.chaos.server import LyingServer, Reply, Request

COUNT = 60
REESTRS = "/rest/registry/{}/"
DECIDED = "(решение Московского городского суда от {:%d.%m.%Y})"
Row = list[str]


@dataclass(frozen=True)
class Table:
    """What a register shows: headings, rows, and whether it says how many there are."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    size: int = COUNT

    def with_column(self, place: int, heading: str | None) -> "Table":
        """A column of dates put in at a place; without a heading, those of old stay as they are."""
        rows = tuple([*row[:place], "12.04.2024", *row[place:]] for row in self.rows)
        new = () if heading is None else (heading,)
        return replace(
            self, rows=rows, headings=self.headings[:place] + new + self.headings[place:]
        )

    def renamed(self, place: int) -> "Table":
        """Another heading over the same column."""
        new = (*self.headings[:place], "Сведения", *self.headings[place + 1 :])
        return replace(self, headings=new)

    def sorted_anew(self) -> "Table":
        """The same rows, the last one first."""
        return replace(self, rows=self.rows[::-1])

    def swapped(self, one: int, other: int) -> "Table":
        """Two columns have changed their places, and no heading tells so."""
        order = list(range(len(self.headings)))
        order[one], order[other] = other, one
        return replace(self, rows=tuple([row[place] for place in order] for row in self.rows))

    def half(self) -> "Table":
        """The first half of the rows, as if they were all."""
        return replace(self, rows=self.rows[: len(self.rows) // 2])


@dataclass(frozen=True)
class Played:
    """A register: its healthy table, how a server gives it, the column of its exclusions and the
    one that is taken for it."""

    source: str
    table: Table
    serve: Callable[[LyingServer, Table], None]
    fragile: int
    beside: int


def interface(register: str) -> Callable[[LyingServer, Table], None]:
    """The Ministry's `/info` and `/values`, and no spreadsheet."""
    root = REESTRS.format(register)

    def serve(server: LyingServer, table: Table) -> None:
        stamp = int(YESTERDAY.replace(tzinfo=UTC).timestamp()) * 1000
        width = max(len(table.headings), len(table.rows[0]))
        keys = [f"field_{n}_{'i' if n == 1 else 's'}" for n in range(1, width + 1)]
        columns = [
            {"name": key, "title": title, "hidden": False}
            for key, title in zip(keys, table.headings, strict=False)
        ]
        told = {"title": "Реестр", "lastModified": stamp, "columns": columns}
        server.route(root + "info", json_reply(json.dumps(told).encode()))
        server.route(root + "export", NOT_FOUND)

        def values(request: Request) -> Reply:
            asked = request.json()
            some = table.rows[asked["offset"] : asked["offset"] + asked["limit"]]
            given = [
                dict(zip(keys, row, strict=False)) | {"field_1_i": int(row[0]), "id": row[0]}
                for row in some
            ]
            return json_reply(json.dumps({"size": table.size, "values": given}).encode())

        server.route(root + "values", values)

    return serve


def csv_file(server: LyingServer, table: Table) -> None:
    """The file of extremist materials: windows-1251, semicolons, every text in quotes."""
    lines = [";".join(table.headings)]
    lines += [";".join([row[0], *(f'"{text}"' for text in row[1:])]) for row in table.rows]
    body = "\r\n".join([*lines, ""]).encode("cp1251")
    server.route("/uploaded/files/exportfsm.csv", Reply(body=body))
    server.route("/ru/extremist-materials/", NOT_FOUND)


def paragraphs(server: LyingServer, table: Table) -> None:
    """The page of extremist organisations; its one heading is the class of the text's box."""
    texts = "".join(f"<p>{row[0]}. {' '.join(row[1:])};</p>" for row in table.rows)
    body = f"<html><body><div class='{table.headings[0]}'>{texts}</div></body></html>"
    server.route("/ru/documents/7822/", Reply(body=body.encode()))
    server.route(REESTRS.format("59961ebb-9f0e-d885-7ebc-b90399923b03") + "values", NOT_FOUND)


def tables(server: LyingServer, table: Table) -> None:
    """The page of terrorist organisations: one table, then one for each later row."""
    lines = ["<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>"
             for row in (list(table.headings), *table.rows)]  # fmt: skip
    first, later = "".join(lines[:-9]), "".join(f"<table>{line}</table>" for line in lines[-9:])
    body = f"<html><body><table>{first}</table>{later}</body></html>"
    server.route("/fsb/npd/terror.htm", Reply(body=body.encode()))


def days(number: int) -> str:
    """A day of an act, another one for each row."""
    return f"{date(2024, 1, 1) + timedelta(days=number):%d.%m.%Y}"


def numbered(row: Callable[[int], Sequence[str]]) -> tuple[Row, ...]:
    """Rows 1 to COUNT: the number, then what `row` says of it."""
    return tuple([str(n), *row(n)] for n in range(1, COUNT + 1))


def undesirable(number: int) -> Sequence[str]:
    gone = ("9-р", "", "02.02.2026") if number == 7 else ("", "\u00a0", "")
    name = f"Sample Fund {number} («Фонд {number}»), США"
    return (days(number), f"{number}-р", "25.12.2023", name, *gone)


def restricted(number: int) -> Sequence[str]:
    name = f"Образцов Пример {'Тестович' if number % 2 else 'Эталонович'} («Проба {number}»)"
    return (name, "Статья 207.3 УК РФ", days(number), "20.06.2026" if number == 7 else "")


def material(number: int) -> Sequence[str]:
    day = date(2024, 1, 1) + timedelta(days=number)
    text = f"Брошюра «Река {number}» {DECIDED.format(day)};"
    return ("Исключен;" if number == 7 else text, days(number + 30))


def organisation(number: int) -> Sequence[str]:
    day = date(2024, 1, 1) + timedelta(days=number)
    text = (f"Организация «Река {number}»", DECIDED.format(day))
    return ("Организация исключена в связи с ликвидацией", "") if number == 7 else text


def banned(number: int) -> Sequence[str]:
    court = f"Московский городской суд, от {days(number)} № 3-{number}/2024, вступило в силу "
    return (f"Организация «Река {number}»", court + days(number + 40))


AGENTS = Table(HEADERS, tuple(cells(row) for row in REG(COUNT).rows))
UNDESIRABLE = (
    "№ п/п", "Дата распоряжения Минюста России о включении в перечень",
    "Номер распоряжения Минюста России о включении в перечень",
    "Решение Генеральной прокуратуры Российской Федерации",
    "Полное и сокращенное наименование организации",
    "Номер распоряжения Минюста России об исключении из перечня",
    "Решение Генеральной прокуратуры Российской Федерации об отмене",
    "Дата исключения из перечня",
)  # fmt: skip
RESTRICTED = (
    "№ п/п", "Фамилия, имя, отчество", "Основание применения мер",
    "Дата принятия решения о применении мер", "Дата прекращения применения мер",
)  # fmt: skip
MATERIALS = ("#", "Материал", "Дата включения (указывается с 01.01.2017)")
TERRORIST = ("№", "Наименование организации", "Суд, вынесший решение")

PLAYED = (
    Played("agents_minjust", AGENTS, interface("39b95df9-9a68-6b6d-e1e3-e6388507067e"), 4, 3),
    Played(
        "undesirable_minjust", Table(UNDESIRABLE, numbered(undesirable)),
        interface("c2d1692e-a9f6-5a79-13ee-5da5b42980df"), 7, 1,
    ),
    Played(
        "restricted_minjust", Table(RESTRICTED, numbered(restricted)),
        interface("e102742c-8473-3be5-2a78-5927f0fba20f"), 4, 3,
    ),
    Played("extremist_materials_minjust", Table(MATERIALS, numbered(material)), csv_file, 1, 2),
    Played("extremist_orgs_minjust", Table(("doc",), numbered(organisation)), paragraphs, 0, 0),
    Played("terrorist_orgs_fsb", Table(TERRORIST, numbered(banned)), tables, 2, 1),
)  # fmt: skip
