"""Cells of addresses: accounts, messenger ids, authors' pages, what cannot be read."""

import csv

import pytest

from pipelines.accounts import account_of
from pipelines.address_cells import read_addresses
from pipelines.intake import protect
from tests.captured import real


@pytest.mark.parametrize(
    ("url", "platform", "handle", "number"),
    [
        ("https://t.me/revoltcentre", "telegram", "revoltcentre", None),
        ("https://t.me/s/revoltcentre", "telegram", "revoltcentre", None),
        ("https://t.me/+AbC-1", "telegram", "+AbC-1", None),
        ("vk.com/arhdvizh42", "vk", "arhdvizh42", None),
        ("https://vk.com/club123456", "vk", "club123456", "123456"),
        ("https://vk.com/idea", "vk", "idea", None),
        ("https://www.facebook.com/profile.php?id=100", "facebook", None, "100"),
        ("https://m.facebook.com/people/Имя/100/", "facebook", "Имя", "100"),
        ("https://ru-ru.facebook.com/groups/one", "facebook", "one", None),
        ("https://www.facebook.com/378474945543273/", "facebook", None, "378474945543273"),
        ("https://instagram.com/name.of?igsh=MW", "instagram", "name.of", None),
        ("https://www.instagram.com/p/CxYz", "instagram", None, None),
        ("https://wvvw.inst\u0430gr\u0430m.com/x", "instagram", "x", None),
        ("https://www.youtube.com/@АНАРХИСТ-35", "youtube", "АНАРХИСТ-35", None),
        ("https://www.youtube.com/@%D0%AD%D1%85%D0%BE", "youtube", "Эхо", None),
        ("https://youtube.com/channel/UCV-1/videos", "youtube", None, "UCV-1"),
        ("https://www.youtube.com/c/name/featured", "youtube", "name", None),
        ("https://www.youtube.com/playlist?list=PL1", "youtube", None, None),
        ("https://x.com/Name", "twitter", "Name", None),
        ("https://ok.ru/profile/5700", "odnoklassniki", None, "5700"),
        ("https://dzen.ru/id/5b12e2", "dzen", None, "5b12e2"),
        ("https://lv.linkedin.com/in/x/", "linkedin", "x", None),
        ("https://author.livejournal.com", "livejournal", "author", None),
        ("https://ovdinfo.medium.com/", "medium", "ovdinfo", None),
        ("https://boosty.to/name", "boosty.to", "name", None),
        ("https://podcast.ru/1", "podcast.ru", None, None),
        ("https://theins.ru/authors/ezhov", "author page", "ezhov", None),
        ("https://ridl.io/ru/auth/anna/", "author page", "anna", None),
        ("https://spektr.press/select/authors/anna/", "author page", "anna", None),
        ("https://www.golosinfo.org/blogs/91", "author page", None, "91"),
    ],
)
def test_an_address_names_platform_handle_and_id(
    url: str, platform: str, handle: str | None, number: str | None
) -> None:
    account = account_of(url)
    assert account is not None
    assert (account["platform"], account["handle"], account["id"]) == (platform, handle, number)


@pytest.mark.parametrize("url", ["https://a.org", "https://a.org/blog/x", "https://a.org/authors"])
def test_a_site_is_no_account(url: str) -> None:
    assert account_of(url) is None


def test_an_authors_page_is_no_domain_of_the_author() -> None:
    read = read_addresses("https://chronicles.media/author/anna; https://own.org/; rabkor.ru/blog")
    assert read.domains == ["own.org", "rabkor.ru"]
    assert read.urls[0] == "https://chronicles.media/author/anna"
    assert read.accounts == [
        {"platform": "author page", "handle": "anna", "id": None, "site": "chronicles.media"}
    ]
    both = read_addresses("https://chronicles.media/author/anna; https://chronicles.media")
    assert both.domains == ["chronicles.media"]


@pytest.mark.parametrize(
    "cell",
    [
        "https://t.me/one, ID: -1001846285567",
        "https://t.me/one, ID:-1001846285567; https://b.org",
        "https://t.me/one, ID: – 1001846285567",
        "https://t.me/one ID 1001846285567",
        "https://t.me/one;\r\nID: -1001846285567",
        "https://b.org; https://T.me/one, ID: -1001846285567, https://c.org",
    ],
)
def test_a_messenger_id_belongs_to_the_channel_before_it(cell: str) -> None:
    account = {"platform": "telegram", "handle": "one", "id": "-1001846285567", "site": "t.me"}
    read = read_addresses(cell)
    assert account in read.accounts
    assert read.unread == []


def test_an_id_without_a_channel_stands_alone() -> None:
    (account,) = read_addresses("ID: -1001846285567").accounts
    assert (account["handle"], account["id"]) == (None, "-1001846285567")


def test_the_number_of_an_account_is_no_persons_number_and_a_loose_one_may_be() -> None:
    read = read_addresses("https://ok.ru/profile/500100732259; https://t.me/one, ID: 500100732259")
    first, second = protect(read.accounts)
    assert first["id"] == "500100732259"
    assert second["id"] == "[…]"


def test_one_account_under_two_hosts_is_one() -> None:
    read = read_addresses("https://twitter.com/Name; https://x.com/name")
    assert [one["handle"] for one in read.accounts] == ["Name"]
    assert len(read.urls) == 2


@pytest.mark.parametrize(
    ("cell", "urls", "unread"),
    [
        ("https://t.me/one «Instagram»", ["https://t.me/one"], ["Instagram"]),
        ("http://www.instagram.com.anna.14", [], ["http://www.instagram.com.anna.14"]),
        ("https://a.org; UC43eWoghuOs", ["https://a.org"], ["UC43eWoghuOs"]),
        ("http://10.0.0.1/x", [], ["http://10.0.0.1/x"]),
        ("https:/www.youtube.com/@One", ["https:/www.youtube.com/@One"], []),
        ("https://a.org www.b.org/x", ["https://a.org", "www.b.org/x"], []),
        ("https://a.org/ page.html", ["https://a.org/page.html"], []),
        ("нет", [], []),
        (" - ", [], []),
        ("сайт отсутствует", [], ["сайт отсутствует"]),
    ],
)
def test_a_piece_that_is_no_address_is_told_and_not_dropped(
    cell: str, urls: list[str], unread: list[str]
) -> None:
    read = read_addresses(cell)
    assert (read.urls, read.unread) == (urls, unread)


@pytest.mark.real
def test_every_piece_of_the_captured_cells_is_read_or_told() -> None:
    path = real("foreign_agents", "minjust_export_2025-08-08.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        cells = [row[5] for row in csv.reader(lines)][1:]
    read = [read_addresses(cell) for cell in cells]
    assert len(read) == 1045
    assert [one.unread for one in read if one.unread] == [
        ["http://www.instagram.com.ksenia.cherepanova.14"], ["Instagram"],
    ]  # fmt: skip
    stated = sum(cell.count("ID") for cell in cells)
    assert stated == 115
    accounts = [a for one in read for a in one.accounts]
    assert sum(a["platform"] == "telegram" and a["id"] is not None for a in accounts) == stated
    assert sum(a["platform"] == "author page" for a in accounts) == 23
