"""Articles of law in the spellings of courts: (code, article, part, point).

Met in cards and acts: `ст.19.34 ч.1 КоАП РФ`, `19.34 ч.1`, `ст. 19.34, Ч.2`, `Статья 137 Часть 1`,
`ч. 1 ст. 20.3 КоАП РФ`, `частью 1 статьи 19.34`, `УК РФ: ст. 137 ч.1`, `ст. 282 ч.2 п.в`, lists and
ranges of parts (`ч.ч. 1, 2 ст. 20.3`, `ст. 13.15 ч. 9-11`). Numbers are read whole: 20.3 is never
found in 20.3.1. A code is never guessed: without one it is null, unless the caller knows the
register (`default_code`). `unread_references` says what of a cell no rule understood.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.text import clean

ECHR = "ECHR"
LONGEST_RANGE = 20  # parts; no article of ours has more
_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,2}){0,2}(?:-[0-9]{1,2})?(?![0-9]|[.-][0-9])"
# `1`, `2.1`, `1, 2`, `2.1 и 2.2`, `9-11`: a later item begins like the first one or is whole
_PARTS = (
    r"(?P<whole>[0-9]{1,2})(?![0-9])(?:\.[0-9]{1,2})?"
    r"(?:\s?(?:,|и|-|–)\s?(?:(?P=whole)\.[0-9]{1,2}|[0-9]{1,2})(?![0-9.]|\s?(?:ч|п)\b))*"
)
_LETTERS = r"[а-я](?!\w)(?:[\"»']?\s?(?:,|и)\s?[\"«']?[а-я](?![\w.]))*"  # `а`, `«а», «б»`
_TOKEN = re.compile(
    rf"""
    \b(?:ст(?:атьями|атьях|атьей|атьёй|атья|атьи|атье|атью|атей|\.?\s?ст)?\.?)\s?(?P<article>{_NUMBER})
    |\b(?:ч(?:астями|астям|астью|асти|асть|астей)?\.?\s?(?:ч\.?)?)\s?(?P<part>{_PARTS})
    |\b(?:п\.?\s?п|пп?)(?:одпунктом|унктами|ункта|унктом|ункту|ункт)?\.?\s?["«']?(?P<point>{_NUMBER}|{_LETTERS})["»']?
    |\b(?P<koap>к(?:одекс[а-я]?)?\s?(?:РФ|Р[а-я]{{5,9}}\sФ[а-я]{{5,9}})?\sоб\sадминистративных\sправонарушениях
        |КРФ\s?о\s?АП|КРФ\sоб\sАП|КоАП(?:\sРФ)?)
    |\b(?P<kas>кодекс[а-я]?\sадминистративного\sсудопроизводства|КАС(?:\sРФ)?)\b
    |\b(?P<upk>уголовно-процессуальн[а-я]{{2,3}}\sкодекс[а-я]?|УПК(?:\sРФ)?)\b
    |\b(?P<uk>уголовн[а-я]{{2,3}}\sкодекс[а-я]?|УК(?:\sРФ)?)\b
    |\b(?P<gpk>гражданск[а-я]{{2,3}}\sпроцессуальн[а-я]{{2,3}}\sкодекс[а-я]?|ГПК(?:\sРФ)?)\b
    |(?:№\s?|N\s?|\b)(?P<law>[0-9]{{1,4}}-Ф(?:К)?З)\b
    |(?<![\w.-])(?P<bare>{_NUMBER})(?![\w%])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CODES = {
    "koap": "КоАП РФ",
    "kas": "КАС РФ",
    "upk": "УПК РФ",
    "uk": "УК РФ",
    "gpk": "ГПК РФ",
}
_JOIN = re.compile(r"[\s,;.()–-]{0,4}(?:и\s|или\s)?")  # between the words of one reference
_TO_LAW = re.compile(  # `ст. 15.3 Федерального закона от 27.07.2006 № 149-ФЗ`
    r"\s?(?:Федерального закона|Закона|ФЗ)(?: РФ)?(?: от [0-9.]{8,10}(?: ?г\.?)?)? ?", re.IGNORECASE
)
_ECHR = re.compile(r"((?:P[0-9]{1,2}-)?[0-9]{1,3})(?:-([0-9]{1,2}))?(?:-([a-z]|[0-9]{1,2}))?")


class Article(NamedTuple):
    """One article; parts and points are strings as the law numbers them (`2.1`, `в`)."""

    code: str | None
    article: str
    part: str | None = None
    point: str | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    start: int
    end: int
    joined: bool  # nothing but commas and blanks since the token before
    gap: str


@dataclass(slots=True)
class _Reading:
    """What is known while tokens are read from left to right."""

    done: list[Article] = field(default_factory=list)
    open: list[Article] = field(default_factory=list)  # articles that still wait for their code
    part: str | None = None
    point: str | None = None
    code: str | None = None  # of a heading `УК РФ:`, holds until the next code


def read_articles(text: str, default_code: str | None = None) -> list[Article]:
    """All articles in order, without repeats; `default_code` where the text states none."""
    reading = _Reading()
    tokens = list(_tokens(clean(text)))
    for place, token in enumerate(tokens):
        if not token.joined:
            _close(reading, reading.code)
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        _take(reading, token, following)
    _close(reading, reading.code)
    coded = (one if one.code else _with_code(one, default_code) for one in reading.done)
    return list(dict.fromkeys(single for one in coded for single in _expanded(one)))


def unread_references(cell: str) -> str:
    """What of a cell of articles no rule understood; empty where every number was read."""
    text = clean(cell)
    rest, end = "", 0
    for token in _tokens(text):
        rest += text[end : token.start] + " "
        end = max(end, token.end)
    rest = " ".join((rest + text[end:]).split())
    return rest if re.search(r"[0-9]|\b(?:ст|стать[а-я]{1,3}|ч|част[а-я]{1,2})\b", rest) else ""


def read_echr_articles(field_value: str) -> list[Article]:
    """The `article` field of HUDOC: `10;10-1;35-3-a;P1-1`; an item of another form stays whole."""
    found: list[Article] = []
    for item in re.split(r"[;+]", clean(field_value)):
        read = _ECHR.fullmatch(item.strip())
        if read is not None:
            found.append(Article(ECHR, read[1], read[2], read[3]))
        elif item.strip():
            found.append(Article(ECHR, item.strip()))
    return list(dict.fromkeys(found))


def _expanded(article: Article) -> Iterator[Article]:
    """One article for each part and point of a list or range."""
    for part in _items(article.part):
        for point in _items(article.point):
            yield article._replace(part=part, point=point)


def _items(listed: str | None) -> list[str | None]:
    """`1`, `2` of `1, 2`; `9`, `10`, `11` of `9-11`; `2.1`, `2.2` of `2.1-2.2`."""
    items: list[str | None] = []
    for item in re.split(r"\s?(?:,|(?<!^)и(?!$)|;)\s?", listed or ""):
        first, dash, last = re.sub(r"[\s\"'«»]", "", item).replace("–", "-").partition("-")
        before, _, low = first.rpartition(".")
        until, _, high = last.rpartition(".")
        ranged = dash and before == until and low.isdecimal() and high.isdecimal()
        if ranged and 0 < int(high) - int(low) < LONGEST_RANGE:
            head = f"{before}." if before else ""
            items += [f"{head}{number}" for number in range(int(low), int(high) + 1)]
        else:
            items.append(f"{first}{dash}{last}" or None)
    return items


def _with_code(article: Article, code: str | None) -> Article:
    """The same article under `code`."""
    return article._replace(code=code)


def _tokens(text: str) -> Iterator[_Token]:
    """Words of references; a bare number counts only where an article must stand."""
    end, before = 0, ""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        gap = text[end : found.start()] if found.start() - end < 60 else "…"
        joined = _JOIN.fullmatch(gap) is not None or (kind == "law" and _is_law(gap))
        if kind == "bare":
            listed = joined and gap.strip() in (",", ";", "и", ", и")
            whole = "." in found[kind] or len(found[kind]) > 2  # `ст. 20.2 ч. 5, 20.3 ч. 1`
            listed = listed and (before in ("article", "bare") or (before == "part" and whole))
            after_code = joined and before in _CODES
            if not (found.start() == 0 or listed or after_code):
                continue
        yield _Token(kind, found[kind], found.start(), found.end(), joined, gap)
        end, before = found.end(), kind


def _is_law(gap: str) -> bool:
    return _TO_LAW.fullmatch(gap) is not None


def _take(reading: _Reading, token: _Token, following: _Token | None) -> None:
    if token.kind in ("article", "bare"):
        reading.open.append(Article(None, token.value, reading.part, reading.point))
        reading.part = reading.point = None
    elif token.kind in ("part", "point"):
        _take_part(reading, token, following)
    else:
        code = _CODES.get(token.kind, token.value.upper())
        _take_code(reading, code, following)


def _take_part(reading: _Reading, token: _Token, following: _Token | None) -> None:
    """A part belongs to the article before it, unless it leads to the next one."""
    last = reading.open[-1] if reading.open else None
    name = token.kind
    leads = following is not None and following.joined and not following.gap.strip(" .")
    leads = leads and following is not None and following.kind in ("article", "part")
    taken = last is not None and getattr(last, name) is not None
    comma = "," in token.gap or ";" in token.gap
    waiting = getattr(reading, name)
    if last is None or taken or reading.part or reading.point or (leads and comma):
        setattr(reading, name, f"{waiting}, {token.value}" if waiting else token.value)
    else:
        reading.open[-1] = last._replace(**{name: token.value})


def _take_code(reading: _Reading, code: str, following: _Token | None) -> None:
    """A code ends the references before it; with none before, it heads those that follow."""
    if reading.open:
        _close(reading, code)
        reading.code = None
    elif following is not None and following.gap.strip() in ("", ":"):
        reading.code = code


def _close(reading: _Reading, code: str | None) -> None:
    if reading.open and reading.part and reading.open[-1].part:  # `ст. 20.3 ч. 1, ч. 2`
        last = reading.open[-1]
        reading.open[-1] = last._replace(part=f"{last.part}, {reading.part}")
    reading.done.extend(_with_code(article, code) for article in reading.open)
    reading.open.clear()
    reading.part = reading.point = None
