"""Columns are found by words, and a change of words is named."""

import pytest

from crawler.documents.headings import map_headings
from crawler.errors import PageChanged

EXPECTED = {"number": ["№ п/п"], "name": ["Полное наименование", "Наименование"]}


def test_headings_are_compared_without_blanks_and_case() -> None:
    found = ["  Полное\u00a0 НАИМЕНОВАНИЕ\n", None, "№\u00a0п/п", " Адрес "]
    columns, extra = map_headings(found, EXPECTED)
    assert columns == {"number": 2, "name": 0}
    assert extra == ["Адрес"]


@pytest.mark.fault(41)
def test_swapped_columns_are_followed() -> None:
    assert map_headings(["Наименование", "№ п/п"], EXPECTED).columns == {"number": 1, "name": 0}


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    ("found", "words"),
    [
        (["№ п/п", "Имя"], "no heading 'Полное наименование' for 'name'; found: № п/п | Имя"),
        (["Наименование"], "no heading '№ п/п'"),
        (["№ п/п", "Наименование", "№  П/П"], "'№  П/П' stands twice"),
        (["№ п/п", "Наименование", "Полное наименование"], "more than one heading for 'name'"),
        ([], "no heading"),
    ],
)
def test_a_changed_heading_is_named(found: list[str], words: str) -> None:
    with pytest.raises(PageChanged, match=words) as caught:
        map_headings(found, EXPECTED)
    assert caught.value.reason == "layout-changed"


def test_two_fields_cannot_share_a_heading() -> None:
    with pytest.raises(PageChanged, match="share"):
        map_headings(["Имя"], {"a": ["Имя"], "b": ["имя"]})
