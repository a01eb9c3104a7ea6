"""The real list of extremist organisations counted twice: by our reader and by a plain search.

Nothing that the raw text holds is lost, and nothing is read that it does not hold.
"""

import json
import re
from datetime import date, timedelta

import pytest

from tests.captured import real
from tests.page_reading import Reading, read_bytes, read_pages

SOURCE = "extremist_orgs_minjust"
FILE = ("extremist_orgs", "extremist_orgs_2026-07_first404.json")
RAW_NAME = re.compile(r'^\s*"name": "((?:[^"\\]|\\.)*)"', re.MULTILINE)
# An act of a court with its day: `решение ... суда ... от 20.04.2017`, ` и от 14.01.2026`
RAW_DAY = re.compile(
    r"(?:решени|определени|приговор|постановлени|,|и)[^()]{0,160}?от (\d\d\.\d\d\.\d{4})"
)
RAW_ITEM = re.compile(r"<p>(\d+)\. ")


def raw_names() -> list[str]:
    """The names of the captured file, by a search in its text."""
    text = real(*FILE).read_text("utf-8")
    return [" ".join(json.loads(f'"{name}"').split()) for name in RAW_NAME.findall(text)]


def keys_of(reading: Reading) -> list[list[str]]:
    """The keys of all rows, in order."""
    return [json.loads(row.key) for row in reading.kept.rows]


@pytest.mark.real
def test_every_division_of_the_captured_names_stands_under_its_organisation() -> None:
    names = raw_names()
    (place,) = [n for n, name in enumerate(names) if name.endswith(":")]
    under = [name for name in names[place + 1 :] if "Иегов" in name]
    keys = keys_of(read_pages(SOURCE, [real(*FILE)]))
    read = [key[1] for key in keys if len(key) == 2]
    assert {key[0] for key in keys if len(key) == 2} == {names[place]}
    print(f"{len(under)} divisions in the text, {len(read)} read; lost: {set(under) - set(read)}")
    assert read == under and len(under) == 343
    assert len(keys) == len(names) == 404
    assert sum("Иегов" in key[0] for key in keys[:place]) > 5  # listed before it, by themselves


def as_page(names: list[str]) -> str:
    """The captured names in the form of the official page: numbers, decisions, days of placing."""
    lines, number, open_until = [], 0, len(names) - 1
    (head,) = [n for n, name in enumerate(names) if name.endswith(":")]
    for place, name in enumerate(names):
        day = date(2010, 1, 1) + timedelta(days=place)
        decided = f"(решение Верховного Суда Российской Федерации от {day:%d.%m.%Y}"
        decided += f", от {day + timedelta(days=9):%d.%m.%Y})" if place % 7 == 0 else ")"
        placed = f"(дата размещения сведений: {day + timedelta(days=90):%d.%m.%Y});"
        if place <= head:
            number += 1
            tail = "" if place == head else f" {decided} {placed}"
            lines.append(f"<p>{number}. {name}{tail}</p>")
        else:
            lines.append(
                f"<p>{name} {decided} {placed}</p>" if place == open_until else f"<p>{name};</p>"
            )
    return f"<html><body><div class='doc'>{''.join(lines)}</div></body></html>"


@pytest.mark.real
def test_no_decision_and_no_division_of_the_page_is_lost_or_made_up() -> None:
    page = as_page(raw_names())
    rows = read_bytes(SOURCE, {"list.html": page.encode()}).kept.rows
    pieces = RAW_ITEM.split(page)[1:]
    raw = dict(zip(pieces[::2], pieces[1::2], strict=True))
    lost = []
    for number, text in raw.items():
        mine = [row for row in rows if json.loads(row.key)[0] == number]
        paragraphs = text.count("</p>")
        days = RAW_DAY.findall(text)
        told = [json.loads(row.fields)["decisions"] for row in mine]
        stated = [["-".join(reversed(day.split("."))) for day in days]] * len(mine)
        if [[one["date"] for one in some] for some in told] != stated or len(mine) != paragraphs:
            lost.append((number, paragraphs, len(mine), stated[:1], told[:1]))
    divisions = sum(len(json.loads(row.key)) == 2 for row in rows)
    print(f"{len(raw)} numbers, {divisions} divisions, wrong: {lost}")
    assert lost == []
    assert (len(raw), divisions, len(rows)) == (61, 343, 404)
