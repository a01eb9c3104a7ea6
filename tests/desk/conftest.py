"""One fictional installation with a fortnight of reads, shared by the tests that only look."""

from pathlib import Path

import pytest

from desk.release import Release, publish
from storage.staged_row import Issue
from tests.desk.world import AGENTS, BLOCKED, COURTS, World, agent, blocking, ruling

WEEK = "2026-W47"  # Monday 16 to Sunday 22 November 2026
COURT = "77RS0027/adm/2026"
# What stands only inside: birth date, address, keyed hash, names behind initials, case numbers.
CANARIES = (
    "1970-01-31", "ул. Тайная, 7", "hash-of-a-person", "5-111/2026", "header-secret",
    "context-secret", "issue-locator-secret", "staged-secret", "И.И.И.", "03.07.1969",
)  # fmt: skip
EVIL = (
    '"><img src=x onerror=alert(1)>', "<script>alert(1)</script>", "{{7*7}}",
    "x](javascript:alert(1))", "\u202egnp.exe\u202c", "=HYPERLINK(1)", "@SUM(1)", "+1", "\ttab",
    "two\n# lines", "Я" * 10_000, "https://evil.example www.evil.example", "😀",
)  # fmt: skip


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("world"), "2026-11-10T09:00:00Z")
    old = [agent(n, f"Лицо {n}", "2024-01-05") for n in range(1, 41)]
    world.read("2026-11-10T09:00:00Z", AGENTS, old)
    world.read("2026-11-11T09:00:00Z", BLOCKED, [blocking("old.example", "2024-02-01")])
    hidden = {"role": "defendant", "initials": "И.И.И.", "kind": "person"}
    first = [ruling("5-111/2026", hidden | {"hash": "hash-of-a-person"}, "2026-11-03")]
    world.read("2026-11-12T09:00:00Z", COURTS, first, part=COURT, url="https://court.example/list")
    world.read(
        "2026-11-17T09:00:00Z", AGENTS, _second_week(old),
        issues=[Issue("no-date", "listed_on", "No date.", "issue-locator-secret")],
        request_headers=(("X", "header-secret"),), context={"note": "context-secret"},
    )  # fmt: skip
    _courts(world, first, hidden)
    world.read("2026-11-19T09:00:00Z", BLOCKED, [], reasons={"http-503": "down", "captcha": "x"})
    world.read("2026-11-20T09:00:00Z", AGENTS, [agent(1, "staged-secret", "2026-11-20")])
    return world


def _second_week(old: list) -> list:  # type: ignore[type-arg]
    rows = list(old)
    rows[1] = agent(2, "Лицо 2", "2024-01-05", "2026-11-13")
    rows[2] = agent(3, "Лицо 3 (новое имя)", "2024-01-05")
    rows.append(agent(41, "Издание «Пример»", "2026-11-13", birth_date="1970-01-31",
                     address="ул. Тайная, 7"))  # fmt: skip
    return rows + [agent(42 + n, name, "2026-11-16") for n, name in enumerate(EVIL)]


def _courts(world: World, first: list, hidden: dict[str, str]) -> None:  # type: ignore[type-arg]
    public = {"role": "defendant", "name": "Иванов Иван", "kind": "person"}
    rows = [
        *first,
        ruling("5-111/2026-2", hidden, "2026-11-14"),
        ruling("5-222/2026", public | {"hash": "hash-of-a-person"}, "2026-11-13"),
        ruling("5-333/2026", public, "2026-11-13", direction="remedy", outcome="acquitted"),
    ]
    world.read("2026-11-18T09:00:00Z", COURTS, rows, part=COURT, url="https://court.example/list")


@pytest.fixture(scope="session")
def release(world: World, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(world.store, tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def files(release: Release) -> dict[str, bytes]:
    return {
        path.relative_to(release.folder).as_posix(): path.read_bytes()
        for path in Path(release.folder).rglob("*")
        if path.is_file()
    }
