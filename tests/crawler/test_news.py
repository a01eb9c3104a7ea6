"""News of the Ministry and of the Prosecutor General over loopback: feed, list, items, mishaps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from desk.status import status_rows
from storage.queries import Filters, changes, issues, records
from tests.chaos.ministry import NOT_FOUND, Home
from tests.chaos.server import LyingServer, Reply, Request

MINJUST, GENPROC = "news_minjust", "news_genproc"
FEED, LIST = "/ru/subscription/rss/events/", "/ru/events/list/"
OFFICE = "/web/gprf/mass-media/news"
XML = [("Content-Type", "application/rss+xml; charset=utf-8")]
PAGES = Path(__file__).parents[1] / "pages"
TITLE = "О реестре иностранных агентов"
Item = tuple[str, str, str]  # path, title, day


def saved(source: str, name: str) -> bytes:
    return (PAGES / source / name).read_bytes()


def feed(items: Sequence[Item]) -> Reply:
    """A feed whose links are those of the official site."""
    rows = "".join(
        f"<item><title>{title}</title><link>https://minjust.gov.ru{path}</link>"
        f"<pubDate>{day}</pubDate></item>"
        for path, title, day in items
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel>{rows}</channel></rss>'
    return Reply(body=text.encode(), headers=XML)


def day_list(items: Sequence[Item], year: int = 2026) -> Reply:
    """The list by days, one day for each item."""
    blocks = "".join(
        '<div class="news-day-block"><div class="news-day-block-date">'
        f'<i class="day">{day}</i><i class="year">{year} г.</i></div>'
        f'<ul class="news-day-block-events"><li><a href="{path}">{title}</a></li></ul></div>'
        for path, title, day in items
    )
    return Reply(body=f"<html><body><main>{blocks}</main></body></html>".encode())


def item(name: str = "item.html") -> Reply:
    return Reply(body=saved(MINJUST, name))


FRIDAY = "Fri, 20 Nov 2026 18:05:00 +0300"
ONE: Item = ("/ru/events/50123/", TITLE, FRIDAY)
OTHER: Item = ("/ru/events/50122/", "О встрече в Министерстве", FRIDAY)


def found(home: Home) -> list[dict[str, Any]]:
    store = home.store()
    with store.read() as connection:
        rows = list(records(connection, Filters()))
    store.close()
    return rows


@pytest.fixture
def server() -> Any:
    with LyingServer() as running:
        for path in (FEED, LIST):
            running.route(path, NOT_FOUND)
        running.route(ONE[0], item())
        yield running


def test_the_feed_leads_to_the_items_of_our_subject_and_to_no_other(
    tmp_path: Path, server: LyingServer
) -> None:
    server.route(FEED, feed([OTHER, ONE]))
    home = Home.make(tmp_path / "home", server, source=MINJUST)
    crawl = home.crawl(source=MINJUST)
    assert (crawl.verdict, crawl.run["fetches"]) == ("complete", 2), crawl.err
    rows = found(home)
    assert [row["key"][2] for row in sorted(rows, key=lambda row: row["locator"])] == [
        "М.В. Выдумкин", "«Гроза примеров»", "В.Г. Небылицына"
    ]  # fmt: skip
    (fields,) = [row["fields"] for row in rows if row["key"][2] == "М.В. Выдумкин"]
    assert fields["published_on"] == "2026-11-20"
    assert fields["url"] == "https://minjust.gov.ru/ru/events/50123/"
    assert [one["code"] for one in fields["reasons"]] == [
        "fake_policy", "anti_war", "contacts", "abroad"
    ]  # fmt: skip
    assert "12.03.1980" not in str(rows)


def test_without_the_feed_the_list_is_read_page_by_page_until_it_repeats_itself(
    tmp_path: Path, server: LyingServer
) -> None:
    pages = [
        [(OTHER[0], OTHER[1], "23 ноября")],
        [(ONE[0], TITLE, "20 ноября")],
        [("/ru/events/50001/", "О совещании", "19 ноября")],
    ]

    def answer(request: Request) -> Reply:
        number = min(int(request.query.get("PAGEN_1", "1")), len(pages))
        return day_list(pages[number - 1], year=2099)  # never too old to go on

    server.route(LIST, answer)
    home = Home.make(tmp_path / "home", server, source=MINJUST)
    crawl = home.crawl(source=MINJUST)
    assert crawl.verdict == "complete", crawl.err
    assert len([hit for hit in server.hits if hit.path.startswith(LIST)]) == 3
    assert len(found(home)) == 3


def test_a_backfill_searches_the_list_between_its_two_days(
    tmp_path: Path, server: LyingServer
) -> None:
    server.route(FEED, feed([OTHER]))
    asked: list[dict[str, str]] = []

    def answer(request: Request) -> Reply:
        asked.append(request.query)
        return day_list([(ONE[0], TITLE, "13 февраля"), ("/ru/events/49000/", TITLE, "1 февраля")])

    server.route(LIST, answer)
    home = Home.make(tmp_path / "home", server, source=MINJUST)
    crawl = home.crawl("--since", "2026-02-09", "--until", "2026-02-15", source=MINJUST)
    assert crawl.verdict == "complete", crawl.err
    assert asked[0] == {
        "words": TITLE, "start_date": "09-02-2026", "end_date": "15-02-2026",
    }  # fmt: skip
    assert asked[1]["PAGEN_1"] == "2" and len(asked) == 2
    assert {row["part"] for row in found(home)} == {ONE[0]}


@pytest.mark.parametrize("notice", ["captcha.html"])
def test_a_captcha_in_place_of_the_feed_is_named_and_the_list_is_read(
    tmp_path: Path, server: LyingServer, notice: str
) -> None:
    server.route(FEED, Reply(body=saved(MINJUST, notice)))
    server.route(LIST, day_list([(ONE[0], TITLE, "20 ноября")]))
    home = Home.make(tmp_path / "home", server, source=MINJUST)
    assert home.crawl(source=MINJUST).verdict == "complete"
    store = home.store()
    with store.read() as connection:
        assert [i["heading"] for i in issues(connection, Filters())] == ["captcha"]
    store.close()


def test_an_item_that_promises_an_announcement_and_shows_none_is_loud(
    tmp_path: Path, server: LyingServer
) -> None:
    server.route(FEED, feed([OTHER, ONE]))
    server.route(ONE[0], item("item_without_pattern.html"))
    home = Home.make(tmp_path / "home", server, source=MINJUST)
    crawl = home.crawl(source=MINJUST)
    assert (crawl.verdict, crawl.reasons) == ("partial", {"layout-changed"})
    assert found(home) == []
    assert crawl.code == 3


def test_a_feed_without_items_is_a_failure_and_one_without_our_subject_is_not(
    tmp_path: Path, server: LyingServer
) -> None:
    server.route(FEED, feed([]))
    home = Home.make(tmp_path / "home", server, source=MINJUST)
    empty = home.crawl(source=MINJUST)
    assert (empty.verdict, empty.reasons) == ("failed", {"empty"})
    server.route(FEED, feed([OTHER]))
    silent = home.crawl(source=MINJUST)
    assert (silent.verdict, silent.run["observed"]) == ("complete", 1)
    assert found(home) == []


def test_an_edited_item_changes_and_an_item_that_left_the_list_is_never_gone(
    tmp_path: Path, server: LyingServer
) -> None:
    server.route(FEED, feed([ONE, OTHER]))
    home = Home.make(tmp_path / "home", server, source=MINJUST)
    assert home.crawl(source=MINJUST).run["baseline"]
    edited = saved(MINJUST, "item.html").decode().replace("Проживает за", "Находится за")
    server.route(ONE[0], Reply(body=edited.encode()))
    crawl = home.crawl(source=MINJUST)
    assert (crawl.verdict, crawl.run["changes"]["changed"]) == ("complete", 1)
    server.route(FEED, feed([OTHER]))
    crawl = home.crawl(source=MINJUST)
    assert (crawl.verdict, crawl.run["changes"]["gone"], crawl.run["absent"]) == ("complete", 0, 0)
    assert {row["status"] for row in found(home)} == {"listed"}


def test_only_the_items_of_the_first_read_are_a_baseline(
    tmp_path: Path, server: LyingServer
) -> None:
    new: Item = ("/ru/events/50200/", TITLE, "Tue, 24 Nov 2026 18:05:00 +0300")
    server.route(FEED, feed([ONE]))
    server.route(new[0], item("item_with_exclusions.html"))
    home = Home.make(tmp_path / "home", server, source=MINJUST)
    assert home.crawl(source=MINJUST).run["baseline"]
    server.route(FEED, feed([new]))
    second = home.crawl(source=MINJUST)
    assert (second.run["baseline"], second.run["changes"]["appeared"]) == (False, 3)
    store = home.store()
    with store.read() as connection:
        kinds = [one["change"] for one in changes(connection, Filters())]
        shown = [row["part"] for row in status_rows(connection, store.clock.now())]
    store.close()
    assert kinds == ["baseline"] * 3 + ["appeared"] * 3
    assert shown == ["list", new[0]]  # an item that was read and has left the list is done


def test_all_items_of_the_prosecutor_are_read_not_only_the_first(tmp_path: Path) -> None:
    with LyingServer() as server:

        def office(request: Request) -> Reply:
            pages = {"95000002": "item_of_several.html", "95000003": "item_of_another_subject.html"}
            name = pages.get(request.query.get("item", ""), "list.html")
            return Reply(body=saved(GENPROC, name))

        server.route(OFFICE, office)
        home = Home.make(tmp_path / "home", server, source=GENPROC)
        crawl = home.crawl(source=GENPROC)
        assert (crawl.verdict, crawl.run["fetches"]) == ("complete", 3), crawl.err
    rows = found(home)
    assert [row["fields"]["subject"] for row in rows] == [
        "SAMPLE Institute", "Sampleing Ltd.", "Stichting Sample", "The Example"
    ]  # fmt: skip
    assert {row["fields"]["acted_on"] for row in rows} == {"2026-07-20"}
    assert {row["fields"]["published_on"] for row in rows} == {"2026-07-15"}


def test_a_captcha_of_the_prosecutor_is_recorded_and_not_solved(tmp_path: Path) -> None:
    with LyingServer() as server:
        server.route(OFFICE, Reply(body=saved(GENPROC, "captcha.html")))
        home = Home.make(tmp_path / "home", server, source=GENPROC)
        crawl = home.crawl(source=GENPROC)
    assert (crawl.verdict, crawl.reasons) == ("failed", {"captcha"})
