"""The state at the end of an organisation's name: `, США`, `(Чешская Республика)`.

The registers write it in a bracket, after a comma, or with nothing between, sometimes followed by a
city or by a later name in a bracket of its own. The codes of `states.toml` are ISO 3166-1.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from pipelines.text import clean

_RENAMED = re.compile(r"\s*\(с [0-9]{2}\.[0-9]{2}\.[0-9]{4}[^()]*\)$")  # (с 08.11.2017 – NAME)
_LAST_BRACKET = re.compile(r"\(([^()]{2,70})\)$")
_TAIL = re.compile(r"[)»”,]\s*,?\s*([А-ЯЁ][^()«»“”\",]{2,70})(?:, [А-ЯЁ][а-яё-]+)?$")


def country_of(name: str) -> str | None:
    """The code of a state by its name alone, None where it is none that we know."""
    return _codes().get(_fold(name.strip(" ,")))


def read_countries(name: str) -> tuple[tuple[str, ...], bool]:
    """Codes of the states that a listed name ends with; whether it ends with an unknown state.

    `(Латвия, Эстония)` and `(Нидерланды и США)` are several; `, Великобритания, Лондон` is one."""
    text = _RENAMED.sub("", clean(name))
    for form in (_LAST_BRACKET, _TAIL):
        found = form.search(text)
        if found is None:
            continue
        codes = _codes_of(found[1])
        if codes:
            return codes, False
        if _WORDS & set(_fold(found[1]).split()) and len(found[1].split()) < 5:
            return (), True
    return (), False


def read_country(name: str) -> tuple[str | None, bool]:
    """The first of those states; whether the name ends with an unknown state."""
    codes, unknown = read_countries(name)
    return (codes[0] if codes else None), unknown


def _codes_of(stated: str) -> tuple[str, ...]:
    """`Соединенное Королевство Великобритании и Северной Ирландии` is one state with an "и"."""
    whole = country_of(stated)
    if whole is not None:
        return (whole,)
    parts = re.split(r",| и (?=[А-ЯЁ])|/|;", stated)
    codes = [country_of(part) for part in parts]
    if codes[0] is None:
        return ()
    return tuple(dict.fromkeys(code for code in codes if code is not None))


_WORDS = frozenset({"республика", "федерация", "королевство", "княжество", "штаты", "государство"})


@cache
def _codes() -> dict[str, str]:
    table = tomllib.loads(files("pipelines").joinpath("states.toml").read_text("utf-8"))["codes"]
    return {_fold(name): code for code, names in table.items() for name in names}


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold().replace("ё", "е")
