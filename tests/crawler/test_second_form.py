"""A second form of a list, counted beside the first: the materials as CSV and as RSS, loopback."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage.queries import Filters, issues
from tests.chaos.ministry import NOT_FOUND, Home
from tests.chaos.server import LyingServer, Reply

SOURCE = "extremist_materials_minjust"
CSV, RSS = "/uploaded/files/exportfsm.csv", "/ru/subscription/rss/extremist_materials/"
HEAD = "#;Материал;Дата включения (указывается с 01.01.2017)\r\n"
CUT = b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>1</title></item><it'


def table(count: int) -> Reply:
    """The list as CSV."""
    rows = "".join(
        f"{n};Листовка «Пример {n}» (решение Примерного суда от 12.07.2019);10.08.2020\r\n"
        for n in range(1, count + 1)
    )
    return Reply(body=(HEAD + rows).encode("cp1251"), headers=[("Content-Type", "text/csv")])


def feed(count: int) -> Reply:
    """The same list as RSS."""
    items = "".join(
        f"<item><title>{n}</title><description>Листовка</description></item>" for n in range(count)
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    return Reply(body=text.encode(), headers=[("Content-Type", "text/xml; charset=utf-8")])


def told(home: Home) -> list[dict[str, Any]]:
    """Open issues about the second form."""
    store = home.store()
    with store.read() as connection:
        found = list(issues(connection, Filters(status="open")))
    store.close()
    return [one for one in found if one["kind"] in ("count-differs", "not-counted")]


def test_a_feed_of_as_many_rows_is_no_news_and_no_part_of_the_state(tmp_path: Path) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server, source=SOURCE)
        server.route(CSV, table(5))
        server.route(RSS, feed(5))
        first = home.crawl(source=SOURCE)
        assert (first.verdict, first.run["observed"], first.run["fetches"]) == ("complete", 5, 2)
        server.route(RSS, replace(feed(5), body=feed(5).body + b"<!-- anew -->"))
        assert home.crawl(source=SOURCE).verdict == "unchanged"
        assert home.command("replay", SOURCE).verdict == "complete"
    assert told(home) == []


def test_a_feed_of_another_count_is_an_issue_with_both_numbers_until_they_agree(
    tmp_path: Path,
) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server, source=SOURCE)
        server.route(CSV, table(5))
        server.route(RSS, feed(7))
        assert home.crawl(source=SOURCE).verdict == "complete"
        assert home.crawl(source=SOURCE).verdict == "unchanged"
        (issue,) = told(home)
        assert (issue["kind"], issue["times"]) == ("count-differs", 2)
        assert "5 rows" in issue["text"] and "7 stand" in issue["text"]
        server.route(CSV, table(7))
        assert home.crawl(source=SOURCE).run["changes"]["appeared"] == 2
    assert told(home) == []


@pytest.mark.parametrize(
    "answer",
    [NOT_FOUND, Reply(body=b"<html><body>503</body></html>"), Reply(body=CUT)],
    ids=["not-there", "html", "cut"],
)
def test_a_feed_that_fails_breaks_nothing(tmp_path: Path, answer: Reply) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server, source=SOURCE)
        server.route(CSV, table(5))
        server.route(RSS, answer)
        crawl = home.crawl(source=SOURCE)
    assert (crawl.code, crawl.verdict, crawl.run["observed"]) == (0, "complete", 5), crawl.err
    (issue,) = told(home)
    assert issue["kind"] == "not-counted"


def test_where_the_list_itself_fails_nothing_is_compared(tmp_path: Path) -> None:
    with LyingServer() as server:
        home = Home.make(tmp_path / "home", server, source=SOURCE)
        server.route(CSV, NOT_FOUND)
        server.route("/ru/extremist-materials/", NOT_FOUND)
        server.route(RSS, feed(5))
        assert home.crawl(source=SOURCE).verdict == "failed"
    assert told(home) == []
