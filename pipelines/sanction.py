"""The sanction that the operative part of an act imposes: kind, roubles, hours, days, months.

Only sentences that impose are read: what threatens (`Неуплата штрафа влечет ... арест`), what
quotes the law and what says where to pay comes after them and says nothing about this case. A
value that the court hid (`штрафа в размере <данные изъяты>`) is `redacted`, never guessed; figures
and words that disagree, or several sanctions of which none is called final, are a trouble.
"""

import re
from dataclasses import dataclass
from typing import Any

from pipelines.act_text import HIDDEN, Operative
from pipelines.reading import Trouble
from pipelines.russian_numbers import SCALES, read_number, trailing_number
from pipelines.spec import fold

LONGEST = 60_000  # signs of an operative part that are read
# Words that say: this is imposed here. `привлечь` alone names no sanction.
_IMPOSES = re.compile(
    r"назнач|подвергн|подвергнут|приговор|наложить|наказани[еюя]м? в виде|определить|к наказанию"
    r"|к административному штрафу|в виде ",
)
_THREATENS = re.compile(
    r"неуплат|уклонени|влеч[её]т|повлеч|не позднее|может быть|могут быть|разъясн|предупредить"
    r"|злостн|реквизит|оплат[еиы]|уплате|засчит|зачесть|зачет|мер[ауы] пресечения|вещественн"
    r"|санкци|предусматрива"
    r"|получател|в случае|исчислять|обязанност"
)
_SENTENCE = re.compile(r"\n|(?<=[а-яё)»\"]{2})\.\s(?=[А-ЯЁ])|;\s")
_FINAL = re.compile(r"окончательно")
# In this order: the heavier kind is what a sentence with several of them is about.
_KINDS: tuple[tuple[str, str], ...] = (
    ("life_imprisonment", r"пожизненно\w* лишени"),
    ("imprisonment", r"лишени\w{1,2} свободы"),
    ("forced_labour", r"принудительны\w{1,2} работ"),
    ("restriction_of_freedom", r"ограничени\w{1,2} свободы"),
    ("correctional_works", r"исправительны\w{1,2} работ"),
    ("compulsory_works", r"обязательны\w{1,2} работ"),
    ("arrest", r"административн\w{2,3} арест|\bарест[ау]?\b"),
    ("expulsion", r"выдворени"),
    ("suspension", r"приостановлени\w{1,2} деятельности"),
    ("disqualification", r"дисквалификаци"),
    ("fine", r"штраф"),
    ("warning", r"предупреждени"),
)
_OWN = re.compile(r"(?:лишени\w{1,2}|с лишением) права|запрет\w{0,2} заниматься")
_SUSPENDED = re.compile(r"условн(?!о-досрочн)")
_PROBATION = re.compile(r"испытательн.*")  # its length is not the length of the sentence
_WITHOUT = re.compile(
    r"без (?:назначения )?(?:штрафа|ограничения свободы|дополнительн[а-я]{2,3}[^,.;]{0,60})"
)
_DIGITS = r"[0-9]{1,3}(?:[\s.,'’][0-9]{3}){1,3}(?![0-9])|[0-9]{1,9}"
_SCALE = "|".join(sorted((form for form in SCALES), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<digits>{_DIGITS})(?:[.,]00)?\s?(?:\((?P<before>[^()]{{2,120}})\)\s?)?"
    rf"(?:(?P<scale>{_SCALE})\.?\s?)?(?:\((?P<words>[^()]{{2,120}})\)\s?)?(?:руб|₽)"
)
_WORDED = re.compile(r"(?<![0-9)]\s)(?<![а-я])(?P<words>(?:[а-я]{2,16}\s){1,8})руб")
_HIDDEN = re.compile(HIDDEN, re.IGNORECASE)
_UNITS = {
    "hours": r"час", "days": r"сут(?:ок|к)|дн[яей]|день", "months": r"мес", "years": r"лет|год",
}  # fmt: skip
_TERMS = {
    name: re.compile(
        rf"(?:(?P<digits>[0-9]{{1,4}})\s?(?:\((?P<words>[^()]{{2,60}})\)\s?)?|(?P<worded>(?:[а-я]{{2,16}}\s){{1,3}}))"
        rf"(?:{unit})[а-я]{{0,4}}(?:\s?\((?P<after>[^()]{{2,60}})\))?"
    )
    for name, unit in _UNITS.items()
}
_UNIT_OF = {
    "arrest": ("days",), "compulsory_works": ("hours",),
    "imprisonment": ("years", "months", "days"),
    "forced_labour": ("years", "months"), "restriction_of_freedom": ("years", "months"),
    "correctional_works": ("years", "months"), "suspension": ("days",),
    "disqualification": ("years", "months"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was read, as the contract's `sanction`; empty where nothing is imposed."""

    sanction: dict[str, Any]
    troubles: tuple[Trouble, ...] = ()


class _Unclear(Exception):
    """A sentence imposes something that cannot be told: the reason in plain words."""


def read_sanction(operative: Operative) -> Sentence:
    """The sanction of an operative part that imposes one."""
    imposing = _imposing(operative.text[:LONGEST])
    final = [line for line in imposing if _FINAL.search(line)]
    try:
        found = [one for line in final or imposing if (one := _of(line))]
        return Sentence(_only(found))
    except _Unclear as unclear:
        return Sentence({}, (Trouble("unread-sanction", "act_text", str(unclear)),))


def _imposing(text: str) -> list[str]:
    """Sentences that impose, small letters, ё as е."""
    lines = (fold(line) for line in _SENTENCE.split(text) if line)
    imposing: list[str] = []
    for line in lines:
        guilty = "признать" in line and "назначить" in line
        if _THREATENS.search(_PROBATION.sub("", line)) and not guilty:
            continue
        if _IMPOSES.search(line) or (imposing and _SUSPENDED.search(line)):
            imposing.append(line)
    return imposing


def _of(line: str) -> dict[str, Any] | None:
    """The sanction of one sentence; None where it names none."""
    plain = _PROBATION.sub(" ", _WITHOUT.sub(" ", line))
    kinds = [(kind, found.start()) for kind, word in _KINDS if (found := re.search(word, plain))]
    if not kinds:
        return {"kind": "suspended"} if _SUSPENDED.search(plain) else None
    if {"fine", "warning"} <= {kind for kind, _ in kinds}:
        raise _Unclear("A fine and a warning stand in one sentence: one replaces the other.")
    kind = kinds[0][0]
    place = _OWN.search(plain)
    main = plain[: place.start()] if place and place.start() > kinds[0][1] else plain
    sanction: dict[str, Any] = {"kind": kind}
    sanction |= _fine(plain) if kind == "fine" else _term(main, kind)
    if kind == "imprisonment" and "fine" in (name for name, _ in kinds):
        sanction |= _fine(plain[plain.index("штраф") :])
    if _SUSPENDED.search(plain) and kind == "imprisonment":
        sanction["kind"] = "suspended_imprisonment"
    return sanction


def _only(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The one sanction that the sentences agree on; a sentence may make it a suspended one."""
    suspended = any(one["kind"] in ("suspended", "suspended_imprisonment") for one in found)
    stated = [one for one in found if one["kind"] != "suspended"]
    if suspended:
        stated = [
            one | {"kind": "suspended_imprisonment"} if one["kind"] == "imprisonment" else one
            for one in stated
        ]
    distinct = [one for place, one in enumerate(stated) if one not in stated[:place]]
    if len(distinct) > 1:
        raise _Unclear("Several sanctions are imposed and none is called final.")
    return distinct[0] if distinct else {}


def _fine(line: str) -> dict[str, Any]:
    amounts = {amount for found in _AMOUNT.finditer(line) if (amount := _amount(found)) is not None}
    worded = {trailing_number(found["words"]) for found in _WORDED.finditer(line)} - {None}
    amounts |= {amount for amount in worded if amount is not None} if not amounts else set()
    if len(amounts) > 1:
        raise _Unclear("The sentence states several sums.")
    if amounts:
        return {"amount_rub": amounts.pop()}
    return _hidden(line, "amount_rub", "штраф", "The sum of the fine is not stated.")


def _amount(found: re.Match[str]) -> int | None:
    """Roubles of `100 000 (сто тысяч) руб`, `10 тысяч рублей`. Raises _Unclear."""
    scale = SCALES.get(found["scale"] or "", 1)
    value = _agreed(int(re.sub(r"[^0-9]", "", found["digits"])), found["before"], scale)
    return _agreed(value * scale, found["words"])


def _agreed(value: int, words: str | None, scale: int = 1) -> int:
    """The value, where the words in brackets say the same or are no number. Raises _Unclear."""
    said = read_number(words) if words else None
    if said is not None and said not in (value, value * scale):
        raise _Unclear("Figures and words state different numbers.")
    return value


def _term(line: str, kind: str) -> dict[str, Any]:
    """Hours, days or months of a sanction that lasts."""
    units = _UNIT_OF.get(kind, ())
    values = {unit: value for unit in units if (value := _value(line, unit)) is not None}
    if values:
        months = values.pop("years", 0) * 12 + values.pop("months", 0)
        return ({"months": months} if months else {}) | values
    if not units:
        return {}
    word = next(pattern for name, pattern in _KINDS if name == kind)
    return _hidden(
        line, units[-1] if len(units) == 1 else "months", word, "Its length is not stated."
    )


def _value(line: str, unit: str) -> int | None:
    found = {
        number for match in _TERMS[unit].finditer(line) if (number := _number(match)) is not None
    }
    if len(found) > 1:
        raise _Unclear(f"The sentence states several numbers of {unit}.")
    return found.pop() if found else None


def _number(found: re.Match[str]) -> int | None:
    if found["digits"] is None:
        return trailing_number(found["worded"])
    return _agreed(int(found["digits"]), found["words"] or found["after"])


def _hidden(line: str, name: str, word: str, words: str) -> dict[str, Any]:
    """A value that the court hid after the word of the sanction. Raises _Unclear if it did not."""
    found = re.search(word, line)
    if found is not None and _HIDDEN.search(line, max(0, found.start() - 60), found.end() + 160):
        return {name: None, "redacted": True}
    raise _Unclear(words)
