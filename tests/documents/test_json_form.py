"""JSON is read whole and exactly, or refused by its kind of fault."""

import json

import pytest

from crawler.documents.json_form import load_json
from crawler.errors import CorruptBody, PageChanged, SourceError, TruncatedBody
from tests.captured import real

ANSWER = json.dumps(
    {
        "size": 2,
        "ok": [True, None, -1.5e3],
        "values": [{"id": 1876677607009812480, "n": "Канал «Щегол»\n\u20ac"}, {"n": 'a"\\b'}],
    }
)


def test_integers_of_twenty_digits_stay_exact() -> None:
    assert load_json('{"v": 18766776070098124801, "w": [1876677607009812480]}') == {
        "v": 18766776070098124801,
        "w": [1876677607009812480],
    }


def test_a_byte_order_mark_is_passed_over() -> None:
    assert load_json("\ufeff[1]") == [1]


@pytest.mark.fault(50)
@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', CorruptBody, "'c' stands twice"),
        ('{"a": NaN}', CorruptBody, "NaN"),
        ("[-Infinity]", CorruptBody, "-Infinity"),
        ("[1e400]", CorruptBody, "range"),
        ("[-1e400]", CorruptBody, "range"),
        ('{"a": 1} <br>Warning', CorruptBody, "Extra data"),
        ('{"a": 1}{"a": 2}', CorruptBody, "Extra data"),
        ('["a\x01b"]', CorruptBody, "control character"),
        (r'["\ud83d"]', CorruptBody, "surrogate"),
        ('{"a": "\\x"}', CorruptBody, "escape"),
        ("{'a': 1}", CorruptBody, "property name"),
        ("[1,]", CorruptBody, "line 1"),
        ("", TruncatedBody, "empty"),
        (" \n", TruncatedBody, "empty"),
        ("cb({});", PageChanged, "JSONP"),
        (")]}',\n[1]", PageChanged, "guard"),
        ("<!DOCTYPE html><html><body>503", PageChanged, "HTML"),
        ("1267", PageChanged, "neither"),
        ("null", PageChanged, "neither"),
        ("Service unavailable", PageChanged, "neither"),
    ],
)
def test_what_is_not_strict_json_is_refused_by_its_kind(
    text: str, kind: type[SourceError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        load_json(text)


@pytest.mark.fault(50)
@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_a_hundred_thousand_levels_are_a_limit_and_no_crash(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        load_json(text)
    assert caught.value.reason == "parser-limit"


@pytest.mark.fault(50)
def test_a_number_of_five_thousand_digits_is_a_limit() -> None:
    with pytest.raises(SourceError) as caught:
        load_json("[" + "9" * 5_000 + "]")
    assert caught.value.reason == "parser-limit"


@pytest.mark.fault(7, 50)
def test_a_text_cut_at_any_character_is_truncated() -> None:
    for end in range(len(ANSWER)):
        with pytest.raises(TruncatedBody):
            load_json(ANSWER[:end])
    assert load_json(ANSWER)["size"] == 2


def test_surrogate_pairs_that_are_whole_are_read() -> None:
    assert load_json(r'["\ud83d\ude00"]') == ["\U0001f600"]


@pytest.mark.real
@pytest.mark.fault(7)
def test_the_captured_answer_is_whole_or_truncated() -> None:
    path = real("foreign_agents", "minjust_api_shape_derived_2025-08-08.json")
    text = path.read_text(encoding="utf-8").rstrip()
    assert load_json(text) == json.loads(text)
    for percent in range(1, 100):
        with pytest.raises(TruncatedBody):
            load_json(text[: len(text) * percent // 100])
