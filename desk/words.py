"""Plain words for machine words, in English and Russian. The words are data: `words*.toml`."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

Lang = Literal["en", "ru"]
LANGS: tuple[Lang, ...] = ("en", "ru")


@cache
def _book() -> dict[str, Any]:
    book: dict[str, Any] = {}
    for path in sorted(Path(__file__).parent.glob("words*.toml")):
        with path.open("rb") as file:
            book |= tomllib.load(file)
    return book


def say(group: str, word: str, lang: Lang, **values: object) -> str:
    """The text of a group, filled in. Raises KeyError on a word that is not there."""
    text: str = _book()[group][word][lang]
    return text.format(**values)


def count(group: str, word: str, lang: Lang, n: int, **values: object) -> str:
    """A text with its number in the right plural form."""
    forms: list[str] = _book()[group][word][lang]
    return forms[min(_form(n, lang), len(forms) - 1)].format(n=n, **values)


def _form(n: int, lang: Lang) -> int:
    """Which plural form: English one, many; Russian one, few, many (CLDR)."""
    if lang == "en":
        return 0 if n == 1 else 1
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2


def code_title(code: str, lang: Lang) -> str:
    """Name of a kind of measure; the code itself where it has none yet."""
    titles: dict[str, str] = _book()["code"].get(code, {})
    return titles.get(lang, code)


def stated_reason(code: str, lang: Lang) -> str:
    """A reason that a state gives, as a short allegation; the code itself where it has none."""
    entries: dict[str, dict[str, str]] = _book()["stated_reason"]
    return entries.get(code, {}).get(lang, code)


def outcome(code: str | None, lang: Lang) -> str:
    """How a case ended; the code itself where it has no words, and words for none at all."""
    if code is None:
        return say("say", "no_outcome", lang)
    entries: dict[str, dict[str, str]] = _book()["outcome"]
    return entries.get(code, {}).get(lang, code)


def codes() -> list[tuple[str, str, str, str]]:
    """Every code with its English and Russian name, and how it is collected."""
    rows = sorted(_book()["code"].items())
    return [(code, row["en"], row["ru"], row["collected"]) for code, row in rows]


def reason_words(word: str, lang: Lang) -> str:
    """A verdict's reason as a part of a sentence; an unknown word as it is."""
    entries: dict[str, dict[str, str]] = _book()["reason"]
    if word.startswith("http-") and word[5:].isdecimal():
        return entries["http"][lang].format(status=word[5:])
    return entries.get(word, {}).get(lang, word)


def reason(word: str, lang: Lang = "en") -> str:
    """A verdict's reason as a sentence."""
    text = reason_words(word, lang)
    return text if text == word else f"{text[:1].upper()}{text[1:]}."


def courts_not_read(lang: Lang = "en") -> list[str]:
    """Kinds of courts that no source reads, each with its reason."""
    return [texts[lang] for texts in _book()["courts_not_read"].values()]


def verdict(word: str | None, lang: Lang = "en") -> str:
    """A verdict in plain words; None is no attempt at all."""
    entries: dict[str, dict[str, str]] = _book()["verdict"]
    return entries.get(word or "none", {}).get(lang, word or "")


def authority(name: str, lang: Lang) -> str:
    """Name of an authority as a sentence of this language wants it."""
    names: dict[str, str] = _book()["authority" if lang == "en" else "authority_ru"]
    return names.get(name, name)


def field_name(name: str, lang: Lang) -> str:
    """Name of a field of a record; the machine's own where it has no other."""
    texts: dict[str, str] = _book()["field"].get(name, {})
    return texts.get(lang, name)


def date_words(day: str | None, lang: Lang) -> str:
    """`2026-11-18` as "18 November 2026", `2026-11` as "November 2026"; words where it is
    missing."""
    if not day:
        return say("say", "no_date", lang)
    months = _book()["months"]
    year, _dash, rest = day.partition("-")
    if not rest:
        return day
    month = int(rest[:2]) - 1
    if len(day) != 10:
        return f"{months['of_year_ru' if lang == 'ru' else lang][month]} {year}"
    return f"{int(rest[3:])} {months[lang][month]} {year}"


def article_text(articles: str | None) -> str | None:
    """Legal grounds, JSON, as one text: `КоАП 19.34 (4); УК 280.3 (1)`."""
    if not articles:
        return None
    return "; ".join(_article(one) for one in json.loads(articles)) or None


def _article(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    text = " ".join(str(one[name]) for name in ("code", "article") if one.get(name))
    part = f" ({one['part']})" if one.get("part") else ""
    return f"{text}{part}" + (f" {one['point']}" if one.get("point") else "")


VERDICTS: dict[str, str] = {word: texts["en"] for word, texts in _book()["verdict"].items()}
REASONS: tuple[str, ...] = tuple(sorted(_book()["reason"]))
