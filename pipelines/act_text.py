"""The text of a court's act: its digest, its operative part, and what the court hid in it.

Anonymisation is the court's and stays as it is (`ФИО1`, `{Дата изъята}`, `<данные изъяты>`, `БМЕ`):
nothing here joins a mark with a name of the card. The text itself is evidence and enters no table.
"""

import re
from dataclasses import dataclass

from pipelines.text import clean
from storage.evidence import sha256

LONGEST = 2_000_000  # signs; a verdict of several hundred pages has about a million
SHORT = 300  # `Возвращено сопроводительным письмом`: the whole text is what was decided
# `П О С Т А Н О В И Л:`, `ПОСТАНОВИЛ :`, `о п р е д е л и л а:` alone in a line or before its end
_HEADINGS = re.compile(
    r"(?:^|(?<=[\s,]))(?:"
    + "|".join(r"\s?".join(word) for word in ("постановил", "приговорил", "решил", "определил"))
    + r")(?:\s?а|\s?и)?\s?(?::|$)",
    re.IGNORECASE | re.MULTILINE,
)
_BASED = re.compile(r"\bруководств(?:уясь|овался)\b|на основании (?:выше)?изложенного", re.I)
# Words by which a court decides; without one of them a part is no operative part.
_DECIDES = re.compile(
    r"\b(?:призна(?:ть|н|на|но)|назначить|подвергнуть|возврати(?:ть|м)|возвраща|направить|передать"
    r"|прекрати(?:ть|м)|прекращ|отменить|возвращен|изменить|остав(?:ить|ляю)|удовлетвор|отказать|взыскать"
    r"|оправдать|признаю|назначаю|ограничить|применить|освободить)",
    re.IGNORECASE,
)
# What a court puts in place of a value: `<данные изъяты>`, `{Номер изъят}`, `ХХХХ`, `***`, `...`
HIDDEN = r"(?:<[^<>\n]{0,60}>|\{[^{}\n]{0,60}\}|\*{2,}|[ХX]{3,}|\.{3,}|…)"


@dataclass(frozen=True, slots=True)
class Operative:
    """What the court decided, in its own words; `misplaced`: the heading stood after it."""

    text: str
    misplaced: bool = False


def text_digest(text: str) -> str | None:
    """SHA-256 of the text with each line cleaned and empty lines left out; None for no text."""
    lines = [line for raw in text.splitlines() if (line := clean(raw))]
    return sha256("\n".join(lines).encode("utf-8")) if lines else None


def operative_part(text: str) -> Operative | None:
    """What stands after ПОСТАНОВИЛ, ПРИГОВОРИЛ, РЕШИЛ, ОПРЕДЕЛИЛ; None where it is not found."""
    lines = [line for raw in text[:LONGEST].splitlines() if (line := clean(raw))]
    plain = "\n".join(lines)
    headings = list(_HEADINGS.finditer(plain))
    for heading in reversed(headings):
        after = plain[heading.end() :].strip()
        if _DECIDES.search(after):
            return Operative(after)
    if headings:
        return _before(plain[: headings[-1].start()])
    return Operative(plain) if plain and len(plain) <= SHORT and _DECIDES.search(plain) else None


def _before(text: str) -> Operative | None:
    """The operative part in front of its own heading: what follows the grounds (case_err_0)."""
    grounds = list(_BASED.finditer(text))
    if not grounds:
        return None
    after = text[grounds[-1].end() :].partition("\n")[2].strip()
    return Operative(after, misplaced=True) if _DECIDES.search(after) else None
