"""The register of undesirable organisations over loopback: titles, fallback, mishaps."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.queries import Filters, records
from tests.chaos.ministry import NOT_FOUND, XLSX_TYPE, YESTERDAY, Home, json_reply
from tests.chaos.register_forms import MAIN, SHEET, package_parts, sheet_row
from tests.chaos.server import LyingServer, Reply, Request

SOURCE = "undesirable_minjust"
ROOT = "/rest/registry/c2d1692e-a9f6-5a79-13ee-5da5b42980df/"
COUNT = 40
MOSCOW = timedelta(hours=3)  # the sheet states its moment in Moscow time, `/info` in UTC
TITLES = (
    "№ п/п", "Дата распоряжения Минюста России о включении в перечень",
    "Номер распоряжения Минюста России о включении в перечень",
    "Решение Генеральной прокуратуры Российской Федерации",
    "Полное и сокращенное наименование организации",
    "Номер распоряжения Минюста России об исключении из перечня",
    "Решение Генеральной прокуратуры Российской Федерации об отмене",
    "Дата исключения из перечня", "Статус",
)  # fmt: skip
KEYS = tuple(f"field_{n}_{'i' if n == 1 else 's'}" for n in (*range(1, 9), 10))
Row = list[str]


def register(excluded: Sequence[int] = ()) -> list[Row]:
    """Fictional rows in the order of TITLES."""
    return [
        [str(n), "16.01.2026", f"{n}-р", "25.12.2025", f"Sample Fund {n} («Фонд {n}»), США",
         *((f"{n}9-р", "", "02.02.2026", "Исключена") if n in excluded else ("", "\u00a0", "", ""))]
        for n in range(1, COUNT + 1)
    ]  # fmt: skip


def moment_ms() -> int:
    return int(YESTERDAY.replace(tzinfo=UTC).timestamp()) * 1000


def info(titles: Sequence[str]) -> Reply:
    """`/info`, which names the columns by these titles."""
    columns = [
        {"name": key, "title": title, "hidden": False}
        for key, title in zip(KEYS, titles, strict=True)
    ]
    told: dict[str, Any] = {"title": "Перечень", "lastModified": moment_ms(), "columns": columns}
    return json_reply(json.dumps(told, ensure_ascii=False).encode())


def values(rows: list[Row], size: int = COUNT) -> Callable[[Request], Reply]:
    """`/values`; its numbers are numbers, its noise is that of one reload."""

    def answer(request: Request) -> Reply:
        asked = request.json()
        some = rows[asked["offset"] : asked["offset"] + asked["limit"]]
        given = [
            dict(zip(KEYS, row, strict=True))
            | {"field_1_i": int(row[0]), "id": f"uuid-{row[0]}", "lastModified_l": moment_ms()}
            for row in some
        ]
        return json_reply(json.dumps({"size": size, "values": given}, ensure_ascii=False).encode())

    return answer


def export(rows: list[Row]) -> Reply:
    """The spreadsheet: title, moment, headings, № descending."""
    lines = [TITLES, *reversed(rows)]
    head = [sheet_row(1, ["Перечень"]), sheet_row(2, [f"{YESTERDAY + MOSCOW:%d.%m.%Y %H:%M:%S}"])]
    data = "".join([*head, *(sheet_row(n, list(line)) for n, line in enumerate(lines, 3))])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in package_parts().items():
            archive.writestr(name, text)
        archive.writestr(
            SHEET, f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>{data}</sheetData>'
            "</worksheet>",
        )  # fmt: skip
    return Reply(body=buffer.getvalue(), headers=XLSX_TYPE)


def serve(server: LyingServer, rows: list[Row], titles: Sequence[str] = TITLES) -> None:
    """The interface alone, healthy."""
    server.route(ROOT + "info", info(titles))
    server.route(ROOT + "values", values(rows))
    server.route(ROOT + "export", NOT_FOUND)


def exclusions(home: Home) -> dict[str, str]:
    """Number -> date, of every row that is said to be excluded."""
    store = home.store()
    with store.read() as connection:
        found = {r["key"][0]: r["ended_on"] for r in records(connection, Filters())}
    store.close()
    assert len(found) == COUNT
    return {number: day for number, day in found.items() if day}


def test_the_interface_is_read_by_its_titles_and_the_spreadsheet_says_the_same(
    tmp_path: Path,
) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server, source=SOURCE)
        serve(server, register())
        first = home.crawl(source=SOURCE)
        assert (first.verdict, first.run["observed"]) == ("complete", COUNT), first.err
        server.route(ROOT + "values", NOT_FOUND)
        server.route(ROOT + "export", export(register(excluded=[7])))
        second = home.crawl(source=SOURCE)
    assert second.verdict == "complete", second.err
    assert second.run["changes"] == {
        "appeared": 0, "changed": 1, "gone": 0, "returned": 0, "reparsed": 0
    }  # fmt: skip
    assert exclusions(home) == {"7": "2026-02-02"}


def test_without_titles_the_spreadsheet_is_read_and_no_decision_is_lost(tmp_path: Path) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server, source=SOURCE)
        serve(server, register())
        home.crawl(source=SOURCE)
        server.route(ROOT + "info", NOT_FOUND)
        server.route(ROOT + "export", export(register()))
        crawl = home.crawl(source=SOURCE)
    assert crawl.verdict == "complete"
    assert set(crawl.run["changes"].values()) == {0}


def _renamed(server: LyingServer) -> None:
    server.route(ROOT + "info", info([t.replace("Дата исключения", "Сведения") for t in TITLES]))


def _shifted(server: LyingServer) -> None:
    """The mishap of 2024: a new column, and every title stands one place off."""
    order = (0, 7, 2, 3, 4, 5, 6, 1, 8)
    server.route(ROOT + "info", info([TITLES[n] for n in order]))


def _half(server: LyingServer) -> None:
    server.route(ROOT + "values", values(register()[: COUNT // 2]))


def _empty(server: LyingServer) -> None:
    server.route(ROOT + "values", values([], size=0))


@pytest.mark.fault(41, 58, 59)
@pytest.mark.parametrize(
    ("mishap", "verdict", "reason"),
    [
        (_renamed, "failed", "layout-changed"),
        (_shifted, "held", "mass-exclusion"),
        (_half, "partial", "count-mismatch"),
        (_empty, "failed", "empty"),
    ],
)
def test_a_mishap_of_the_register_is_named_and_excludes_nobody(
    tmp_path: Path, mishap: Callable[[LyingServer], None], verdict: str, reason: str
) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server, source=SOURCE)
        serve(server, register(excluded=[7]))
        assert home.crawl(source=SOURCE).verdict == "complete"
        mishap(server)
        crawl = home.crawl(source=SOURCE)
    assert (crawl.verdict, crawl.run["changes"]["gone"]) == (verdict, 0)
    assert reason in crawl.reasons
    assert exclusions(home) == {"7": "2026-02-02"}


@pytest.mark.fault(68)
def test_a_register_sorted_anew_has_not_changed(tmp_path: Path) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server, source=SOURCE)
        serve(server, register(excluded=[7]))
        home.crawl(source=SOURCE)
        server.route(ROOT + "values", values(register(excluded=[7])[::-1]))
        crawl = home.crawl(source=SOURCE)
    assert crawl.verdict == "complete"
    assert set(crawl.run["changes"].values()) == {0}
