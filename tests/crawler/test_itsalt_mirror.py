"""The mirror without numbers over loopback: it stands in for a register, and is never counted."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.digest import make_digest
from desk.status import status_rows
from storage.models import Stage
from storage.queries import Filters, issues, measures, records
from storage.verify import verify
from tests.chaos.ministry import EXPORT, INFO, NOT_FOUND, VALUES, Home, Ministry, reg
from tests.chaos.registers import PERSON, Register
from tests.chaos.server import LyingServer, Reply

SOURCE, PART = "agents_minjust", "mirror-itsalt"
ROOT = "/ITSalt/ru-registries-mirror/main/"
NAME = "minjust_foreign_agents"
COUNT = 12


def entries(register: Register) -> list[dict[str, Any]]:
    """The rows as the mirror writes them: without numbers, `row-1` is only the first place."""
    return [
        {
            "id": f"row-{place}", "kind": "person" if row.kind == PERSON else "org",
            "name": row.name, "aliases": [], "decision": None, "inn": row.inn or None,
            "ogrn": row.ogrn or None,
            "included_at": f"{row.listed_on:%d.%m.%Y}", "raw": {},
            "excluded_at": f"{row.excluded_on:%d.%m.%Y}" if row.excluded_on else None,
        }
        for place, row in enumerate(register.rows, 1)
    ]  # fmt: skip


def serve(
    server: LyingServer,
    rows: Sequence[dict[str, Any]],
    *,
    age_days: float = 0.1,
    status: str = "ok",
    count: int | None = None,
    digest: str = "a" * 64,
) -> None:
    """The mirror's index and its file."""
    at = (datetime.now(UTC) - timedelta(days=age_days)).isoformat(timespec="seconds")
    told = {
        "entry_count": len(rows) if count is None else count, "fetched_at": at,
        "entries_sha256": "a" * 64, "status": status, "file": f"data/{NAME}.json",
    }  # fmt: skip
    body = {"generator": "ITSalt/ru-registries-mirror", "entries": list(rows)} | told
    index = {"registries": {NAME: told}}
    server.route(ROOT + "index.json", Reply(body=json.dumps(index).encode()))
    text = json.dumps(body | {"entries_sha256": digest}, ensure_ascii=False)
    server.route(f"{ROOT}data/{NAME}.json", Reply(body=text.encode()))


def refuse(server: LyingServer) -> None:
    for path in (INFO, VALUES, EXPORT):
        server.route(path, NOT_FOUND)


def rows_of(home: Home, part: str | None = PART) -> list[dict[str, Any]]:
    store = home.store()
    with store.read() as connection:
        found = list(records(connection, Filters(part=part)))
    store.close()
    return found


def open_kinds(home: Home) -> dict[str, str]:
    store = home.store()
    with store.read() as connection:
        found = {i["kind"]: i["text"] for i in issues(connection, Filters(status="open"))}
    store.close()
    return found


@pytest.fixture
def server() -> Any:
    with LyingServer() as running:
        refuse(running)
        yield running


@pytest.fixture
def home(tmp_path: Path, server: LyingServer) -> Home:
    return Home.make(tmp_path / "home", server)


def test_a_register_that_is_read_leaves_the_mirror_alone(home: Home, server: LyingServer) -> None:
    Ministry(server).serve(reg(COUNT))
    serve(server, entries(reg(COUNT)))
    assert home.crawl().verdict == "complete"
    assert not [hit for hit in server.hits if hit.path.startswith("/ITSalt")]


def test_additions_are_seen_in_the_mirror_while_the_register_refuses_us_and_counted_once(
    home: Home, server: LyingServer
) -> None:
    Ministry(server).serve(reg(COUNT))
    assert home.crawl().verdict == "complete"
    refuse(server)
    serve(server, entries(reg(COUNT).added(2)), age_days=0)
    crawl = home.crawl()
    assert (crawl.verdict, crawl.run["parts"]) == ("partial", {"complete": 1, "failed": 1})
    mirrored = rows_of(home)
    assert len(mirrored) == COUNT + 2
    assert [row["register_record"] is None for row in mirrored].count(True) == 2
    assert open_kinds(home)["mirror-only"].startswith("2 rows")
    store = home.store()
    with store.read() as connection:
        counted = list(measures(connection, Filters()))
        states = {r["part"]: r["fresh"] for r in status_rows(connection, store.clock.now())}
    assert len(counted) == COUNT
    assert states[PART] == "stands in"
    assert sum(len(one.items) for one in make_digest(store).sections) == 0
    assert verify(store, blobs=True).faults == []
    store.close()
    Ministry(server).serve(reg(COUNT).added(2))
    last = home.crawl()
    assert (last.verdict, last.run["changes"]["appeared"]) == ("complete", 2)
    assert "mirror-only" not in open_kinds(home)
    assert [row["register_record"] is None for row in rows_of(home)].count(True) == 0
    assert {row["status"] for row in rows_of(home, None)} == {"listed"}


def test_a_row_that_leaves_the_mirror_ends_nothing(home: Home, server: LyingServer) -> None:
    serve(server, entries(reg(COUNT)))
    home.crawl()
    serve(server, entries(reg(COUNT))[:-1])
    crawl = home.crawl()
    assert crawl.run["changes"]["gone"] == 0
    assert {row["status"] for row in rows_of(home)} == {"listed"}
    assert len(rows_of(home)) == COUNT


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ({"status": "failed"}, "mirror-failed"),
        ({"count": COUNT + 5}, "count-mismatch"),
        ({"digest": "b" * 64}, "mixed-states"),
    ],
)
def test_what_the_mirror_says_against_itself_is_no_state(
    home: Home, server: LyingServer, trouble: dict[str, Any], reason: str
) -> None:
    serve(server, entries(reg(COUNT)), **trouble)
    crawl = home.crawl()
    assert (crawl.code, crawl.verdict, crawl.run["parts"]) == (3, "failed", {"failed": 1})
    store = home.store()
    with store.read() as connection:
        headings = {i["heading"] for i in issues(connection, Filters(status="open"))}
        assert connection.execute(select(func.count()).select_from(Stage)).scalar() == 0
    store.close()
    assert reason in headings
    assert rows_of(home) == []


@pytest.mark.fault(106)
def test_a_mirror_that_stands_still_is_stale_by_its_own_rule(
    home: Home, server: LyingServer
) -> None:
    serve(server, entries(reg(COUNT)), age_days=5)
    crawl = home.crawl()
    assert "stale" in crawl.reasons
    assert len(rows_of(home)) == COUNT


def test_no_key_is_a_place_or_a_name_of_a_person(home: Home, server: LyingServer) -> None:
    serve(server, entries(reg(COUNT)))
    home.crawl()
    keys = {tuple(row["key"]) for row in rows_of(home)}
    shuffled = entries(reg(COUNT))[::-1]
    serve(server, [one | {"id": f"row-{n}"} for n, one in enumerate(shuffled, 1)])
    crawl = home.crawl()
    assert set(crawl.run["changes"].values()) == {0}
    assert {tuple(row["key"]) for row in rows_of(home)} == keys
    assert not any(row.name in str(keys) for row in reg(COUNT).rows)
