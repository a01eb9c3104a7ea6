"""Which domains are worth measuring: those of our own lists that stand, the most telling first."""

from dataclasses import replace
from pathlib import Path

from storage.watched_domains import Watched, watched_domains
from tests.desk.world import AGENTS, BLOCKED, Row, World, agent, blocking

LISTS = replace(AGENTS, name="media_citizenlab", family="reference", number_field=None,
                exclusion_field=None)  # fmt: skip
OONI = replace(
    LISTS, name="reachability_ooni", family="reachability", covers="window",
    volatile=frozenset({"measurements"}),
)  # fmt: skip
CATEGORIES = ("NEWS", "HUMR")


def listed(domain: str, category: str) -> Row:
    """A row of the test lists."""
    return Row(["ru", domain], {"url": f"https://{domain}/", "domain": domain,
                                "category": category})  # fmt: skip


def measured(domain: str, measurements: int | None) -> Row:
    """A row of the measurements, or of reports where nothing was counted."""
    return Row([domain], {"domain": domain, "measurements": measurements, "verdict": "unknown"})


def found(world: World) -> Watched:
    """What is known now."""
    with world.store.read() as connection:
        return watched_domains(connection, "reachability_ooni", CATEGORIES)


def test_an_empty_store_knows_no_domain(tmp_path: Path) -> None:
    assert found(World(tmp_path, "2026-11-20T09:00:00Z")) == Watched([], [])


def test_designated_listed_and_blocked_domains_are_named_in_that_order(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-20T09:00:00Z")
    named = agent(1, "Вымышленный вестник", "2026-11-13", domains=["z.example", "y.example"])
    world.read("2026-11-20T09:00:00Z", AGENTS, [named])
    world.read("2026-11-20T09:01:00Z", LISTS, [
        listed("news.example", "NEWS"), listed("shop.example", "COMM"), listed("z.example", "HUMR"),
    ])  # fmt: skip
    world.read("2026-11-20T09:02:00Z", BLOCKED, [
        blocking("blocked.example", "2026-11-10"),
        blocking("casino.example", "2026-11-10", political="review"),
    ])  # fmt: skip
    assert found(world).fresh == ["y.example", "z.example", "news.example", "blocked.example"]


def test_what_was_measured_is_known_and_a_report_alone_is_no_measurement(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-20T09:00:00Z")
    rows = [listed("news.example", "NEWS"), listed("other.example", "NEWS")]
    world.read("2026-11-20T09:01:00Z", LISTS, rows)
    world.read("2026-11-20T09:02:00Z", OONI, [measured("news.example", 0)], part="aggregation")
    world.read("2026-11-20T09:03:00Z", OONI, [measured("other.example", None)], part="incidents")
    assert found(world) == Watched(["news.example"], ["other.example"])
