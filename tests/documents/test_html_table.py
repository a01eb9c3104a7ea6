"""Rows of tables by the words of their headings, whatever the markup."""

from collections.abc import Callable
from typing import Any

import pytest

from crawler.documents.html_form import only, soup, tree
from crawler.documents.html_table import rows
from crawler.errors import PageChanged

Parse = Callable[[str], Any]
BOTH = pytest.mark.parametrize("parse", [soup, tree], ids=["soup", "tree"])
HEAD = "<tr><th>№</th><th>Имя</th><th>Дата</th></tr>"


def line(number: int, more: str = "") -> str:
    return f"<tr{more}><td>{number}</td><td>Имя {number}</td><td>01.02.2024</td></tr>"


def names(parse: Parse, inside: str, heading: str = "Имя") -> list[str]:
    table = only(parse(f"<body><table id=t>{inside}</table></body>"), "#t")
    return [row.pop(heading) for row in rows(table)]


@BOTH
@pytest.mark.parametrize(
    "inside",
    [
        HEAD + line(1) + line(2),
        f"<thead>{HEAD}</thead><tbody>{line(1)}</tbody><tbody>{line(2)}</tbody>",
        f"<tbody>{HEAD}{line(1)}{line(2)}</tbody><tfoot>{line(3)}</tfoot>",
        f"<caption>Реестр</caption>{HEAD}<form>{line(1)}{line(2)}</form>",
        HEAD.replace("th>", "td>") + line(1) + line(2),
        "<tr><td colspan=3>Сведения</td></tr>" + HEAD.replace("th>", "td>") + line(1) + line(2),
        HEAD + "<tr><td>1</td><td>2</td><td>3</td></tr>" + line(1) + line(2),
        "<tr><th>№<th>Имя<th>Дата<tr><td>1<td>Имя 1<td>x<tr><td>2<td>Имя 2<td>y",
        "<tr><th>Дата</th><th> ИМЯ\u00a0</th></tr><tr><td>x</td><td>Имя 1</td></tr>"
        "<tr><td>y</td><td>Имя 2</td></tr>",
    ],
    ids=["plain", "tbody", "tfoot", "form", "td", "caption", "numbers", "unclosed", "swapped"],
)
def test_the_same_rows_come_from_every_markup(parse: Parse, inside: str) -> None:
    assert names(parse, inside) == ["Имя 1", "Имя 2"]


@BOTH
@pytest.mark.fault(42)
def test_repeated_headings_blank_rows_and_totals_are_no_rows(parse: Parse) -> None:
    blank = "<tr><td>\u00a0</td><td></td><td> </td></tr>"
    total = "<tr><td></td><td>Итого по списку:</td><td>2</td></tr>"
    other = "<tr><td colspan=2>Всего: 2</td><td></td></tr>"
    name = "<tr><td>3</td><td>Итоги недели</td><td>x</td></tr>"
    inside = HEAD + line(1) + HEAD + blank + line(2) + name + total + other
    assert names(parse, inside) == ["Имя 1", "Имя 2", "Итоги недели"]


@BOTH
@pytest.mark.fault(42)
def test_a_name_that_begins_like_a_total_is_a_row(parse: Parse) -> None:
    inside = "<tr><th>Имя</th><th>Дата</th></tr><tr><td>Всего хорошего</td><td>x</td></tr>"
    assert names(parse, inside) == ["Всего хорошего"]


@BOTH
@pytest.mark.fault(42)
def test_spanning_cells_stand_in_every_place_that_they_cover(parse: Parse) -> None:
    inside = (
        "<tr><th rowspan=2>№</th><th colspan=2>Решение</th></tr><tr><th>суд</th><th>дата</th></tr>"
        "<tr><td>1</td><td rowspan=2>Суд А</td><td>x</td></tr><tr><td>2</td><td>y</td></tr>"
        "<tr><td>3</td><td>Суд Б</td><td>z</td></tr>"
    )
    assert names(parse, inside, "Решение / суд") == ["Суд А", "Суд А", "Суд Б"]
    assert names(parse, inside, "Решение / дата") == ["x", "y", "z"]
    assert names(parse, inside, "№") == ["1", "2", "3"]


@BOTH
@pytest.mark.fault(42)
def test_rows_of_a_nested_table_are_not_rows_of_the_outer_one(parse: Parse) -> None:
    inner = f"<table>{HEAD}{line(7)}{line(8)}</table>"
    inside = HEAD + f"<tr><td>1</td><td>Имя 1</td><td>{inner}</td></tr>" + line(2)
    assert names(parse, inside) == ["Имя 1", "Имя 2"]


@BOTH
@pytest.mark.fault(41)
def test_a_missing_heading_is_named_with_those_present(parse: Parse) -> None:
    with pytest.raises(PageChanged, match=r"'Название' is missing.*: № \| Имя \| Дата"):
        names(parse, HEAD + line(1), "Название")
    with pytest.raises(PageChanged, match="'Имя' stands twice"):
        names(parse, "<tr><th>Имя</th><th>Имя</th></tr><tr><td>a</td><td>b</td></tr>")


@BOTH
@pytest.mark.fault(41)
def test_headings_that_nobody_read_are_left_over(parse: Parse) -> None:
    head = HEAD.replace("</tr>", "<th></th><th>СНИЛС</th></tr>")
    inside = head + line(1).replace("</tr>", "<td>x</td><td>y</td></tr>")
    row = next(rows(only(parse(f"<table>{inside}</table>"), "table")))
    assert row.pop("№") == "1"
    assert row.pop("Имя") == "Имя 1"
    assert row.left() == ["Дата", "СНИЛС"]


@BOTH
@pytest.mark.fault(43)
@pytest.mark.parametrize(
    "bad",
    [
        "<tr><td>450</td><td>Имя</td></tr>",
        "<tr><td colspan=3>Раздел II</td></tr>",
        "<tr><td>нет данных</td></tr>",
        "<tr><td>1</td><td>2</td><td>3</td><td>4</td></tr>",
    ],
)
def test_one_malformed_row_of_many_is_given_with_its_problem(parse: Parse, bad: str) -> None:
    inside = HEAD + "".join(map(line, range(449))) + bad + "".join(map(line, range(450)))
    found = list(rows(only(parse(f"<table>{inside}</table>"), "table")))
    problems = [row for row in found if row.problem is not None]
    assert (len(found), len(problems)) == (900, 1)
    assert problems[0].text != ""
    with pytest.raises(PageChanged) as caught:
        problems[0].pop("Имя")
    assert caught.value.reason == "malformed-row"


@BOTH
@pytest.mark.fault(47)
def test_hidden_rows_are_read_once_and_marked(parse: Parse) -> None:
    inside = (
        HEAD
        + line(1, ' style="display: none"')
        + line(1)
        + line(2, " hidden")
        + f"<tbody style='display:none'>{line(2)}{line(3)}</tbody>"
        + f"<!-- {line(4)} --><template>{line(5)}</template><noscript>{line(1)}</noscript>"
        + line(6)
    )
    table = only(parse(f"<table id=t>{inside}</table>"), "#t")
    assert [(row.pop("№"), row.hidden) for row in rows(table)] == [
        ("1", False),
        ("2", True),
        ("3", True),
        ("6", False),
    ]


@BOTH
def test_true_doubles_that_are_shown_stay(parse: Parse) -> None:
    assert names(parse, HEAD + line(1) + line(1)) == ["Имя 1", "Имя 1"]


@BOTH
def test_a_table_without_headings_takes_those_of_the_spider(parse: Parse) -> None:
    table = only(parse(f"<table>{line(73)}</table>"), "table")
    row = next(rows(table, headings=["№", "Имя", "Дата"]))
    assert (row.pop("№"), row.pop("Имя")) == ("73", "Имя 73")


@BOTH
@pytest.mark.parametrize("inside", ["", "<tr></tr>", "<tr><td colspan=3>пусто</td></tr>"])
def test_a_table_without_a_heading_row_has_changed(parse: Parse, inside: str) -> None:
    with pytest.raises(PageChanged, match="no heading row"):
        list(rows(only(parse(f"<table>{inside}</table>"), "table")))


@BOTH
@pytest.mark.fault(45)
@pytest.mark.parametrize("span", ["0", "-1", "x", "²", "99999999999"])
def test_nonsense_spans_are_bounded(parse: Parse, span: str) -> None:
    inside = HEAD + f"<tr><td rowspan='{span}'>1</td><td>Имя 1</td><td>x</td></tr>"
    assert names(parse, inside) == ["Имя 1"]
    wide = HEAD + f"<tr><td colspan='{span}'>1</td><td>a</td><td>b</td></tr>"
    try:
        assert names(parse, wide) == ["a"]
    except PageChanged as error:
        assert "columns" in str(error)
        assert span == "99999999999"
