"""Articles and ladders as data: loaded strictly, looked up by day and part."""

from datetime import date
from pathlib import Path

import pytest

from pipelines import watched_articles
from pipelines.articles import Article, read_articles
from pipelines.taxonomy import titles
from pipelines.watched_articles import (
    find,
    is_watched,
    ladders,
    ladders_from,
    measure_of,
    wanted,
    watched,
)
from storage.errors import Refused

KOAP, UK = "КоАП РФ", "УК РФ"


def test_every_row_has_titles_a_mark_and_a_known_measure() -> None:
    assert len(watched()) == 208
    assert len(ladders()) == 31
    for row in watched():
        assert row.title_ru and row.title_en
        assert row.measure in {"", *titles()}
        assert row.mark != "verified" or row.in_force_from or row.note
    assert {row.code for row in watched()} >= {KOAP, UK, "КАС РФ", "149-ФЗ", "ECHR"}


def test_a_row_is_found_by_its_part_and_by_its_day() -> None:
    row = find(Article(KOAP, "20.3.3", "1"))
    assert row is not None
    assert row.title_en == "Discrediting the armed forces"
    assert find(Article(KOAP, "20.3.3", "1"), date(2022, 3, 3)) is None
    assert find(Article(KOAP, "20.3.3", "1"), date(2022, 3, 4)) == row
    whole = find(Article(KOAP, "20.33", "1"))
    assert whole is not None and whole.part == ""
    assert find(Article(UK, "20.3.3", "1")) is None
    assert find(Article(None, "20.3.3", "1")) is None


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("ст.19.34 ч.1 КоАП РФ", "foreign_agent_fine"),
        ("ст. 20.33 КоАП РФ", "undesirable_participation_fine"),
        ("ст. 20.2 ч. 7 КоАП РФ", "protest_penalty"),  # a part that no row has
        ("ст. 13.41 ч. 4 КоАП РФ", "platform_removal_fine"),
        ("ст. 13.15 ч. 2.1 КоАП РФ", "foreign_agent_fine"),
        ("ст. 13.15 ч. 9 КоАП РФ", "speech_fine"),
        ("ст. 284.1 ч. 1 УК РФ", "undesirable_participation_case"),
        ("ст. 330.1 ч. 2 УК РФ", "foreign_agent_case"),
        ("ст. 30 ч. 3, ст. 205.2 ч. 2 УК РФ", "speech_case"),
        ("ст. 275 УК РФ", "treason_case_journalist"),
        ("ст. 12.26 ч. 1 КоАП РФ", None),
        ("ст. 20.1 ч. 1 КоАП РФ", None),
    ],
)
def test_the_article_decides_the_kind_of_measure(text: str, measure: str | None) -> None:
    assert measure_of(read_articles(text)) == measure


def test_a_substring_of_a_number_is_not_watched() -> None:
    want = wanted(["КоАП 20.3", "19.34 ч. 4"])
    assert want == (Article(KOAP, "20.3"), Article(None, "19.34", "4"))
    assert is_watched(read_articles("ст.20.3 ч.1 КоАП РФ"), want)
    assert is_watched(read_articles("ст.19.34 ч.4 КоАП РФ"), want)
    for other in ("ст.20.3.1 КоАП РФ", "ст.20.33 КоАП РФ", "ст.19.34 ч.1 КоАП РФ", "ст.20.3 УК РФ"):
        assert not is_watched(read_articles(other), want)


def test_without_a_wish_the_core_and_high_articles_are_watched() -> None:
    want = wanted([])
    assert Article(KOAP, "19.34", "4") in want
    assert Article(KOAP, "13.53") in want
    assert not is_watched(read_articles("ст. 12.26 ч. 1 КоАП РФ"), want)
    with pytest.raises(Refused, match="is not an article"):
        wanted(["обо всём"])


def test_since_october_2025_one_penalty_of_a_foreign_agent_is_enough() -> None:
    label = Article(KOAP, "19.34", "4")
    before = [rule.earlier for rule in ladders_from(label, date(2024, 1, 10)) if rule.earlier]
    after = [
        (rule.earlier, rule.leads_to)
        for rule in ladders_from(label, date(2025, 11, 25))
        if rule.earlier
    ]
    assert before == [2]
    assert after == [(1, (Article(UK, "330.1", "2"),))]


def test_a_ladder_without_steps_is_criminal_at_once_and_none_is_not_counted() -> None:
    fakes = next(rule for rule in ladders() if rule.ladder == "war_fakes")
    assert (fakes.earlier, fakes.trigger) == (0, ())
    search = next(rule for rule in ladders() if rule.ladder == "extremist_search")
    assert (search.earlier, search.leads_to) == (None, ())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("КоАП РФ,1.1,,а,a,2022-13-01,,core,,verified,,", "is not a date"),
        ("КоАП РФ,1.1,,а,a,,,vital,,verified,,", "is not one of core"),
        ("КоАП РФ,1.1,,а,a,,,core,invented,verified,,", "is not one of"),
        ("КоАП РФ,1.1,,а,a,,,core,,sworn,,", "is not one of verified"),
        ("КоАП РФ,1.1,,а,a,,,core,,verified,,,,more", "too many columns"),
        ("КоАП РФ,1.1,,а,a,,,core,,verified,,\nКоАП РФ,1.1,,а,a,,,core,,verified,,", "twice"),
    ],
)
def test_a_wrong_line_of_the_data_is_refused_with_its_place(
    line: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = (watched_articles.FOLDER / "articles.csv").read_text("utf-8").splitlines()[0]
    (tmp_path / "articles.csv").write_text(f"{head}\n{line}\n", "utf-8")
    monkeypatch.setattr(watched_articles, "FOLDER", tmp_path)
    with pytest.raises(Refused, match=r"articles\.csv") as refused:
        watched.__wrapped__()
    assert words in str(refused.value)
