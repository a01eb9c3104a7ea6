"""Names of people that stand inside the name of a group: not kept, wherever they stand.

`Объединение, членами которого являются Иванов Иван Иванович, 01.01.1970 г.р., ...` is an item of
the list of extremist organisations; the people in it are no organisation and were never listed as
such. Two initials or a patronymic make a person's name; after the words that announce members a
pair of capitalised words is enough. `имени К. Минина и Д. Пожарского` is a name of the group.
"""

import re

from pipelines.protect import MARK, scrub

_CAPITAL = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PATRONYMIC = (  # `Верховной`, `Духовной` only look like one
    r"(?!Верховн|Духовн|Церковн|Основн)[А-ЯЁ][а-яё]*(?:(?:[ое]в|[иь]|ит|ом|ьм|ук|вв)ич(?:а|у|[ео]м|е)?"
    r"|(?:[ое]вн|(?:ин|ит|вв)ичн)(?:а|у|е|ы|ой|ою))(?![а-яё])(?:\s(?:оглы|кызы|угли))?"
)
_INITIALS = r"[А-ЯЁ]\.\s?[А-ЯЁ]\."
_NAMED = re.compile(
    rf"{_CAPITAL}\s{_CAPITAL}\s{_PATRONYMIC}|{_CAPITAL}\s{_PATRONYMIC}(?:\s{_CAPITAL})?"
    rf"|{_CAPITAL}\s{_INITIALS}|{_INITIALS}\s?{_CAPITAL}"
)
# `членами которого являются`, `лидером которой был`, `возглавляемая`, `гражданин Латвии`
_ANNOUNCED = re.compile(
    r"(?:(?:член|участник|лидер|организатор|руководител)[а-яё]*\s(?:котор[а-яё]+\s)?"
    r"(?:явля[а-яё]+|был[аи]?)|возглавляем[а-яё]+"
    r"|(?<![а-яё])граждан(?:ин|к)[а-яё]{0,2}\s(?:(?:Республики|Королевства)\s)?[А-ЯЁ][а-яё-]+"
    r")\s*:?\s",
    re.IGNORECASE,
)
_PAIR = rf"{_CAPITAL}(?:\s{_CAPITAL}){{1,2}}"
_LISTED = re.compile(rf"(?:\s*,?\s*(?:и\s)?\s*(?:{re.escape(MARK)}|{_PAIR}))+")


def cut_members(text: str) -> str:
    """The text with people and what `protect` cuts replaced by its mark."""
    safe = _NAMED.sub(MARK, scrub(text)[0])
    pieces, end = [], 0
    for found in _ANNOUNCED.finditer(safe):
        listed = _LISTED.match(safe, found.end())
        if listed is None or found.end() < end:
            continue
        pieces += [safe[end : found.end()], re.sub(_PAIR, MARK, listed[0])]
        end = listed.end()
    return "".join(pieces) + safe[end:]
