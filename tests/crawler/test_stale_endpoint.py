"""An endpoint that stands still, over loopback: the next is asked, the newest state wins."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.sightings import part_row
from tests.chaos.ministry import (
    EXPORT,
    INFO,
    VALUES,
    XLSX_TYPE,
    YESTERDAY,
    Home,
    Ministry,
    json_reply,
    look,
    reg,
    values,
)
from tests.chaos.register_forms import api_info, xlsx
from tests.chaos.registers import Register
from tests.chaos.server import LyingServer, Reply
from tests.desk.world import AGENTS, DAY, Row
from tests.storage.looks import Look, Record, of

COUNT = 30
LONG_AGO, LONGER_AGO = YESTERDAY - timedelta(days=40), YESTERDAY - timedelta(days=60)


def serve(server: LyingServer, interface: Register, sheet: Register) -> None:
    """The interface shows one state, the spreadsheet another."""
    server.hits.clear()
    server.route(INFO, json_reply(api_info(interface)))
    server.route(VALUES, lambda request: values(interface, request))
    server.route(EXPORT, Reply(body=xlsx(sheet), headers=XLSX_TYPE))


@pytest.mark.fault(106)
def test_a_stale_endpoint_leads_to_the_next_one_and_is_told(tmp_path: Path) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server)
        serve(server, reg(COUNT).at(LONG_AGO), reg(COUNT).added(2))
        crawl = home.crawl()
    assert (crawl.verdict, crawl.run["observed"]) == ("complete", COUNT + 2), crawl.err
    seen = look(home)
    assert len(seen.records) == COUNT + 2
    assert ("endpoint-failed", "stale") in [(i["kind"], i["heading"]) for i in seen.issues]


@pytest.mark.fault(106)
@pytest.mark.parametrize("newer_is_first", [True, False])
def test_of_two_stale_endpoints_the_newest_state_wins(tmp_path: Path, newer_is_first: bool) -> None:
    newer, older = reg(COUNT).added(1).at(LONG_AGO), reg(COUNT).at(LONGER_AGO)
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server)
        serve(server, *((newer, older) if newer_is_first else (older, newer)))
        crawl = home.crawl()
    assert (crawl.verdict, crawl.reasons) == ("partial", {"stale"}), crawl.err
    assert len(look(home).records) == COUNT + 1


def test_an_endpoint_with_an_older_state_than_is_held_leads_to_the_next_one(
    tmp_path: Path,
) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server)
        Ministry(server).serve(reg(COUNT))
        home.crawl()
        before = YESTERDAY - timedelta(days=7)
        serve(server, reg(COUNT - 1).at(before), reg(COUNT).added(1))
        crawl = home.crawl()
        assert crawl.verdict == "complete"
        assert crawl.run["changes"]["appeared"] == 1
        serve(server, reg(COUNT - 1).at(before), reg(COUNT - 2).at(before))
        last = home.crawl()
    assert set(last.run["changes"].values()) == {0}
    assert set(look(home).statuses().values()) == {"listed"}


@pytest.mark.fault(106)
def test_the_same_bytes_for_weeks_are_stale_and_no_whole_read(tmp_path: Path) -> None:
    record = Record(tmp_path, of(AGENTS, state_for_s=21 * DAY))
    rows = [Row([n], {"number": n, "name": f"Sample Fund {n}"}) for n in ("1", "2")]
    assert record.look(0, Look(rows, own_day=0))["verdict"] == "complete"
    assert record.look(9, Look((), same_bytes=True, own_day=0))["verdict"] == "unchanged"
    late = record.look(30, Look((), same_bytes=True, own_day=0))
    assert (late["verdict"], late["reasons"]) == ("partial", ["stale"])
    with record.store.read() as connection:
        part = part_row(connection, AGENTS.name, "register")
    assert part is not None
    assert part.complete_at[:10] == "2026-01-14"
