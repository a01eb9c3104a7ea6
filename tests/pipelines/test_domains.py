"""Domains, URLs and IP addresses out of dirty cells."""

import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.address_cells import read_domains_and_urls
from pipelines.domains import (
    canonical_domain,
    host_of,
    is_platform,
    read_ips,
    registrable,
)
from tests.captured import real

CELLS = [
    ("", [], []),
    ("https://a.media;  https://b.media", ["a.media", "b.media"], None),
    ("https://a.media;\r\nhttps://b.media/x", ["a.media", "b.media"], None),
    ("https://a.media, https://b.media", ["a.media", "b.media"], ["https://a.media", None]),
    ("https://a.media;\u00a0https://a.media", ["a.media"], ["https://a.media"]),
    ("https://t.me/revoltcentre, ID:-1001429552108", [], ["https://t.me/revoltcentre"]),
    ("https://t.me/one, ID: – 1001846285567; https://b.org", ["b.org"], None),
    ("https://t.me/one, ID -1001429", [], ["https://t.me/one"]),
    ("https://vk.com/id876138627", [], ["https://vk.com/id876138627"]),
    (
        "www.eco42.org;\r\nvk.com/arhdvizh42",
        ["eco42.org"],
        ["www.eco42.org", "vk.com/arhdvizh42"],
    ),
    (
        "https://thewikihow.com/channel_UC2KPugVH-BPDAwxTD MdMcug",
        ["thewikihow.com"],
        ["https://thewikihow.com/channel_UC2KPugVH-BPDAwxTDMdMcug"],
    ),
    ('"https://example.ru/', ["example.ru"], ["https://example.ru/"]),
    (
        "https://www.youtube.com/@АНАРХИСТ-35",
        [],
        ["https://www.youtube.com/@АНАРХИСТ-35"],
    ),
    ("https://t.me/femagainst «Instagram»", [], ["https://t.me/femagainst"]),
    ("https://youtube.com/ channel/UCV", [], ["https://youtube.com/channel/UCV"]),
    ("https://a.org/?x=1&amp;y=2", ["a.org"], ["https://a.org/?x=1&y=2"]),
    ("https://a.org/p,q", ["a.org"], ["https://a.org/p,q"]),
    ("https://xn--e1afmkfd.xn--p1ai/", ["пример.рф"], None),
    ("https://author.livejournal.com", ["author.livejournal.com"], None),
    ("https://livejournal.com/users/author", [], None),
    ("https://lv.linkedin.com/in/x", [], ["https://lv.linkedin.com/in/x"]),
    ("https://wvvw.inst\u0430gr\u0430m.com/x", [], None),
    ("нет", [], []),
    ("http://10.0.0.1/x", [], []),
]


@pytest.mark.parametrize(("cell", "domains", "urls"), CELLS)
def test_dirty_cells_give_own_domains_and_all_urls(
    cell: str, domains: list[str], urls: list[str | None] | None
) -> None:
    found_domains, found_urls = read_domains_and_urls(cell)
    assert found_domains == domains
    if urls is not None:
        expected = [url or found for url, found in zip(urls, found_urls, strict=True)]
        assert found_urls == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("WWW.Grani.RU", "grani.ru"),
        ("*.hey-echo.info", "hey-echo.info"),
        ("*.www.ej.ru.", "ej.ru"),
        ("ej.ru:443", "ej.ru"),
        ("user:word@ej.ru", "ej.ru"),
        ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
        ("www.ru", "www.ru"),
        ("", None),
        ("localhost", None),
        ("195.54.210.102", None),
        ("a..b", None),
        ("x" * 70 + ".ru", None),
        ("under_score.ru", "under_score.ru"),
        ("xn--a.ru", "xn--a.ru"),
    ],
)
def test_domains_have_one_form(host: str, expected: str | None) -> None:
    assert canonical_domain(host) == expected


@given(st.text(max_size=80))
def test_a_canonical_domain_is_its_own_form(text: str) -> None:
    domain = canonical_domain(text)
    if domain is not None:
        assert domain == domain.casefold()
        assert not domain.startswith("*.")
    read_domains_and_urls(text)
    host_of(text)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("call.mashina.org", "mashina.org"),
        ("author.livejournal.com", "livejournal.com"),
        ("x.github.io", "github.io"),
        ("a.b.co.uk", "b.co.uk"),
        ("сайт.новости.рф", "новости.рф"),
        ("co.uk", "co.uk"),
        ("a.b.example", "b.example"),
    ],
)
def test_the_registrable_domain_needs_no_network(domain: str, expected: str) -> None:
    assert registrable(domain) == expected


def test_platforms_are_recognised_with_their_subdomains() -> None:
    assert is_platform("t.me") and is_platform("music.yandex.ru") and is_platform("livejournal.com")
    assert not is_platform("meduza.io") and not is_platform("author.livejournal.com")
    assert not is_platform("not-t.me") and not is_platform("my-vk.com")


def test_ip_lists_are_canonical_and_bad_ones_stand_apart() -> None:
    cell = (
        "104.21.4.132|172.67.132.28 | 2606:4700:0030:0000:0000:0000:0000:0001|10.1.2.3/8||x|1.2.3"
    )
    found = read_ips(cell + "|104.21.4.132")
    assert found.ips == ["104.21.4.132", "172.67.132.28", "2606:4700:30::1", "10.0.0.0/8"]
    assert found.unread == ["x", "1.2.3"]
    assert read_ips("") == ([], [])


@pytest.mark.fault(55)
@pytest.mark.parametrize(
    "unit", [" ", "a.", ";", ", ", "https://", ", ID:", "«", "a@", "*.", "www.", "https://a.b/ "]
)
def test_hostile_cells_take_no_time(unit: str) -> None:
    cell = unit * (1_000_000 // len(unit))
    for read in (read_domains_and_urls, read_ips, canonical_domain, host_of):
        began = time.process_time()
        read(cell)
        assert time.process_time() - began < 2


@pytest.mark.real
def test_captured_agents_have_clean_addresses() -> None:
    path = real("foreign_agents", "minjust_export_2025-08-08.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    seen = set()
    for row in rows:
        domains, urls = read_domains_and_urls(row[5])
        assert bool(urls) == bool(row[5].strip())
        assert not any(set(' «»",;\n') & set(url[-1] + url[:12]) for url in urls)
        assert not any("ID:" in url or ("t.me" in url and "-100" in url) for url in urls)
        seen.update(domains)
    assert {"meduza.io", "svoboda.org", "влесухорошо.рф", "republic.ru"} <= seen
    assert not {"t.me", "facebook.com", "vk.com", "youtube.com", "dzen.ru", "boosty.to"} & seen


@pytest.mark.real
def test_captured_blocklists_have_only_known_addresses() -> None:
    path = real("zi", "dump-08_2020-01-30T1533Z_lastpart.filtered.csv")
    with path.open(encoding="cp1251", newline="") as lines:
        for row in csv.reader(lines, delimiter=";"):
            assert read_ips(row[0]).unread == []
            assert row[1] == "" or canonical_domain(row[1]) is not None
