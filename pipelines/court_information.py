"""The information cell of a list or a hearing schedule: parties, articles, category, lower court.

`ИВАНОВ И.И. - ст.20.3.3 ч.1 КоАП РФ` (with `Нижестоящий суд (судебный участок): …` after it at a
higher court), `КАТЕГОРИЯ: …`, `ИСТЕЦ(ЗАЯВИТЕЛЬ): …`, `ОТВЕТЧИК: …`. Lines are what `<br>` divided;
a text function that glued them is repaired at the known labels. Reading says what the cell says:
names are reduced where a case is normalised.
"""

import re
from dataclasses import dataclass

from pipelines.court_card import CardParty
from pipelines.text import clean

LONGEST = 20_000  # signs; a cell with fifty defendants has about 5,000
# `ИСТЕЦ(ЗАЯВИТЕЛЬ): `: in capitals, or one of the labels that are not
_LABEL = re.compile(
    r"(?P<label>КАТЕГОРИЯ|ПРАВОНАРУШЕНИЕ|ИСТЕЦ\s?\(ЗАЯВИТЕЛЬ\)|АДМ(?:ИНИСТРАТИВНЫЙ|\.)\s?ИСТЕЦ|"
    r"АДМ(?:ИНИСТРАТИВНЫЙ|\.)\s?ОТВЕТЧИК|(?<!АДМ\. )(?<!ЫЙ )(?:ИСТЕЦ|ОТВЕТЧИК)"
    r"|Нижестоящий суд(?: \(судебный участок\))?|Суд \(судебный участок\) первой инстанции"
    r"|Номер дела в первой инстанции)\s?:\s?"
)
# `ПЕРЕЛЕСКОВ И.М. - ст.12.27 ч.2 КоАП РФ`, `ИВАНОВ И.И. - ст.20.25 ч.1(КоАП РФ);`
_ACCUSED = re.compile(r"(?P<name>.{2,300}?)\s+[-–]\s+(?P<articles>(?:ст|ч|п|гл)\.?\s?[0-9«\"].*)")
_CATEGORY, _LOWER, _NUMBER = "КАТЕГОРИЯ", ("Нижестоящий", "Суд"), "Номер"


@dataclass(frozen=True, slots=True)
class Information:
    """What an information cell states."""

    parties: tuple[CardParty, ...] = ()
    category: str = ""
    lower_court: str = ""
    lower_number: str = ""


def read_information(cell: str) -> Information:
    """The parts of a cell; a line without label and article names a party of an unsaid role."""
    parties: list[CardParty] = []
    labelled: dict[str, str] = {}
    for label, text in _labelled(cell[:LONGEST]):
        if label.startswith(_CATEGORY):
            labelled["category"] = text
        elif label.startswith(_LOWER):
            labelled["lower_court"] = text
        elif label.startswith(_NUMBER):
            labelled["lower_number"] = text
        elif label and not label.startswith("ПРАВОНАРУШЕНИЕ"):
            parties.append(CardParty(_role(label), text))
        elif text:
            parties.append(_accused(text))
    return Information(tuple(parties), **labelled)


def _labelled(cell: str) -> list[tuple[str, str]]:
    """(label, text) of each line; an empty label where a line has none."""
    found: list[tuple[str, str]] = []
    for raw in _LABEL.sub(lambda match: f"\n{match[0]}", cell).splitlines():
        line = clean(raw).rstrip(" ;")
        label = _LABEL.match(line)
        if label is not None:
            found.append((label["label"], line[label.end() :]))
        elif line:
            found.append(("", line))
    return found


def _accused(text: str) -> CardParty:
    found = _ACCUSED.fullmatch(text)
    if found is None:
        return CardParty("ПРИВЛЕКАЕМОЕ ЛИЦО", text)
    return CardParty("ПРИВЛЕКАЕМОЕ ЛИЦО", found["name"], found["articles"])


def _role(label: str) -> str:
    """`АДМ.ИСТЕЦ` in the spelling of the table of roles."""
    return re.sub(r"АДМ\.\s?", "АДМ. ", label)
