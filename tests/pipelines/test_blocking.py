"""What a row of a blocklist means, and whether it may be kept."""

import pytest

from crawler.spiders.blockings.blocked_zapretinfo import BlockedZapretinfo
from pipelines.blocking import normalise_blocking
from pipelines.observation import Observation
from pipelines.reading import Normalised

LISTED = {"grani.ru": "NEWS", "vk.com": "GRP", "kazino.example": "GMB"}


def read(**cells: str) -> Normalised:
    """A row of the CSV with these cells; the others are those of an ordinary page."""
    row = {
        "ips": "192.0.2.1", "domain": "site.example", "urls": "http://site.example/1",
        "agency": "Генпрокуратура", "decision_number": "27-31-2017/Ид1-17",
        "decided_on": "2017-05-12",
    } | cells  # fmt: skip
    seen = Observation(("x",), row, "bytes=0-1", "")
    return normalise_blocking(seen, BlockedZapretinfo.spec, LISTED.get)


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ({}, True),
        ({"agency": "", "decision_number": ""}, True),
        ({"agency": "ФНС"}, False),
        ({"agency": "ФНС", "domain": "www.grani.ru"}, True),
        ({"agency": "ФНС", "domain": "Blog.Grani.ru", "urls": ""}, True),
        ({"agency": "ФНС", "domain": "kazino.example"}, False),
        ({"agency": "ФНС", "domain": "", "urls": "http://grani.ru/1"}, True),
        ({"agency": "МВД", "domain": "grani.ru", "urls": "http://grani.ru/1"}, False),
        ({"agency": "МВД", "domain": "grani.ru", "urls": ""}, True),
        ({"agency": "суд"}, False),
        ({"agency": "суд", "domain": "grani.ru"}, True),
        ({"agency": "суд", "domain": "vk.com", "urls": "https://vk.com/wall-1"}, False),
        ({"agency": "суд", "domain": "vk.com", "urls": ""}, True),
        ({"agency": "суд", "urls": "http://site.example/%D0%B2%D0%BE%D0%B9%D0%BD%D0%B0"}, True),
        ({"agency": "суд", "urls": "http://site.example/computing-sputnik"}, False),
        ({"agency": "Ведомство, которого нет"}, False),
    ],
)
def test_kept_is_what_is_political_or_a_known_medium(cells: dict[str, str], kept: bool) -> None:
    result = read(**cells)
    assert result.kept is kept
    assert kept or (result.fields, result.measure) == ({}, {})


def test_a_counted_row_is_counted_by_kind_of_agency_and_day() -> None:
    assert read(agency="ФНС").tally == ("tax", "2017-05-12")
    assert read(agency="суд", decided_on="когда-то").tally == ("court", "")


@pytest.mark.parametrize(
    ("cells", "article"),
    [
        ({}, "15.3"),
        ({"decided_on": "2019-03-28"}, "15.3"),
        ({"decided_on": "2019-03-29"}, None),
        ({"agency": "", "decision_number": "", "decided_on": "2022-02-24"}, "15.3"),
        ({"agency": "", "decision_number": "", "decided_on": "2022-02-25"}, None),
        ({"decided_on": "2022-03-04", "decision_number": "27-31-2020/Ид2145-22 "}, "15.3"),
        ({"agency": "суд", "domain": "grani.ru"}, None),
    ],
)
def test_the_article_is_stated_only_where_the_row_leaves_no_doubt(
    cells: dict[str, str], article: str | None
) -> None:
    assert read(**cells).fields["article"] == article


def test_an_agency_that_nobody_knows_is_told_without_its_words() -> None:
    (trouble,) = read(agency="Ведомство, которого нет").troubles
    assert (trouble.kind, trouble.heading) == ("unknown-value", "agency")
    assert "Ведомство" not in trouble.text
