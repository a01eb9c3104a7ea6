"""Every register of designations under the mishaps that others fell for: nobody is set free.

The real one is of June 2024: a new column made a mirror read the day of publication as the day of
exclusion, 208 exclusions vanished and new agents looked excluded on their first day.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.queries import Filters, records
from tests.chaos.ministry import Crawl, Home
from tests.chaos.server import LyingServer
from tests.crawler.register_forms import COUNT, PLAYED, Played, Table

Facts = dict[str, tuple[str, str | None, Any]]


def facts(home: Home) -> Facts:
    """Key -> status, end and fields of every record."""
    store = home.store()
    with store.read() as connection:
        found = {
            str(one["key"]): (one["status"], one["ended_on"], one["fields"])
            for one in records(connection, Filters())
        }
    store.close()
    return found


def moved(played: Played) -> Table:
    """The column before the fragile one is new, and no heading tells so."""
    return played.table.with_column(played.fragile, None)


def renamed(played: Played) -> Table:
    """The fragile column has another heading."""
    return played.table.renamed(played.fragile)


def half(played: Played) -> Table:
    """The rest of the rows is not there."""
    return played.table.half()


def swapped(played: Played) -> Table:
    """The fragile column and the one beside it have changed their places."""
    return played.table.swapped(played.fragile, played.beside)


def sorted_anew(played: Played) -> Table:
    """The last row comes first."""
    return played.table.sorted_anew()


def new_column(played: Played) -> Table:
    """A new column of dates before the fragile one, with a heading of its own."""
    return played.table.with_column(played.fragile, "Новая графа")


@pytest.fixture
def server() -> Any:
    """A server of this test alone."""
    with LyingServer() as running:
        yield running


def started(folder: Path, server: LyingServer, played: Played) -> tuple[Home, Facts]:
    """A home that has read the healthy register once, and what it holds."""
    home = Home.make(folder / "home", server, source=played.source)
    played.serve(server, played.table)
    crawl = home.crawl(source=played.source)
    assert (crawl.verdict, crawl.run["observed"]) == ("complete", COUNT), crawl.err
    before = facts(home)
    assert {status for status, _end, _fields in before.values()} == {"listed"}
    return home, before


def refused(crawl: Crawl) -> bool:
    """Was nothing believed, with a reason?"""
    return crawl.verdict in ("held", "failed", "partial") and bool(crawl.reasons)


def named(crawl: Crawl) -> bool:
    """Is every row an issue? What was known of it stands then."""
    return bool(crawl.run["issues"] >= COUNT - 1)


def whole(crawl: Crawl) -> bool:
    """Was the register read and believed?"""
    return crawl.verdict == "complete"


PARAGRAPHS, TABLES, FILE = (
    "extremist_orgs_minjust", "terrorist_orgs_fsb", "extremist_materials_minjust",
)  # fmt: skip
# mishap, what must come of it, registers that have no such thing
MISHAPS: tuple[tuple[Callable[[Played], Table], Callable[[Crawl], bool], set[str]], ...] = (
    (moved, refused, {PARAGRAPHS}),
    (swapped, lambda crawl: refused(crawl) or named(crawl), {PARAGRAPHS}),
    (half, refused, set()),
    (renamed, refused, {TABLES}),  # that page is read by its three cells
    (sorted_anew, whole, {PARAGRAPHS}),
    (sorted_anew, refused, {one.source for one in PLAYED} - {PARAGRAPHS}),  # numbers must go up
    (new_column, whole, {PARAGRAPHS, TABLES, FILE}),
    (new_column, refused, {one.source for one in PLAYED} - {TABLES, FILE}),
)


@pytest.mark.fault(41, 58, 68)
@pytest.mark.timeout(170)
@pytest.mark.parametrize("played", PLAYED, ids=lambda one: one.source)
def test_no_mishap_of_a_register_is_taken_for_news(
    played: Played, server: LyingServer, tmp_path: Path
) -> None:
    home, before = started(tmp_path, server, played)
    for mishap, outcome, without in MISHAPS:
        if played.source in without:
            continue
        played.serve(server, mishap(played))
        crawl = home.crawl(source=played.source)
        told = (mishap.__name__, crawl.verdict, crawl.reasons, crawl.run["issues"])
        assert facts(home) == before, told
        assert not {*crawl.run["changes"].values()} - {0}, told
        assert outcome(crawl), told


@pytest.mark.fault(41, 58)
def test_a_list_whose_columns_changed_places_is_held_and_nothing_is_concluded(
    server: LyingServer, tmp_path: Path
) -> None:
    (played,) = (one for one in PLAYED if one.source == FILE)
    home, before = started(tmp_path, server, played)
    played.serve(server, swapped(played))
    crawl = home.crawl(source=FILE)
    assert (crawl.verdict, set(crawl.reasons)) == ("held", {"mass-unread"})
    assert facts(home) == before
