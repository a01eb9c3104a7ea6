"""Addresses of the register with the misprints that it really has, and those that have none."""

import pytest

from pipelines.url_misprints import repaired, repaired_host


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http:/site.example/a", "http://site.example/a"),
        ("http:///site.example/a", "http://site.example/a"),
        ("htp://site.example", "http://site.example"),
        ("https//site.example/a", "https://site.example/a"),
        ("http;//site.example/", "http://site.example/"),
        ("hhttps://site.example/", "https://site.example/"),
        ("ttp://site.example/", "http://site.example/"),
        ("http:\\\\site.example\\a", "http://site.example/a"),
        ("http://site,example/a,b", "http://site.example/a,b"),
        ("http://si te.example/a b", "http://site.example/a b"),
        ("http://*.site.example/", "http://site.example/"),
        ("http://site.example./a", "http://site.example/a"),
        ("http://site.example/a#top", "http://site.example/a"),
        ("http://site.example#", "http://site.example"),
    ],
)
def test_a_misprint_is_repaired(written: str, meant: str) -> None:
    assert repaired(written) == meant
    assert repaired(meant) == meant


@pytest.mark.parametrize(
    "address",
    [
        "http://site.example/a,b?c=http://other.example/",
        "HTTP://Site.Example:8080/",
        "https://сайт.рф/страница",
        "https://web.telegram.org/#/im?p=@name",
        "http://site.example/#!/page",
        "newcamd://site.example:1000/",
        "httpsite.example/page",
        "http://192.0.2.1/",
        "http",
        "",
    ],
)
def test_what_has_no_misprint_stays(address: str) -> None:
    assert repaired(address) == address


def test_two_domains_in_one_cell_are_not_made_one() -> None:
    assert repaired_host("eleven,example") == "eleven.example"
    assert repaired_host("one.example, two.example") == "one.example, two.example"
    assert repaired_host("one.example;two.example") == "one.example;two.example"
