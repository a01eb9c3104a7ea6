"""Persons whom an announcement names beside its subjects: they are nobody's target, so unnamed.

Rule 8 of the design: a natural person stands by name only where that name is public as a target. A
state that says with whom somebody "cooperates" does not make that person one. A first name with a
family name alone (`Алексей Иванов`) cannot be told from a title and is not found.
"""

import re
from collections.abc import Iterable

from pipelines.persons import name_key
from pipelines.protect import MARK

_FAMILY = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PATRONYMIC = r"[А-ЯЁ][а-яё]+(?:[ое]вич|ич|[ое]вн|ичн)[а-яё]{0,3}\b"
PERSON_IN_TEXT = re.compile(
    rf"(?<![А-Яа-яё.])(?:(?:[А-ЯЁ][а-яё]?\.\s?){{1,2}}{_FAMILY}"  # `М.В. Иванов`, `Ю. Иванов`
    rf"|{_FAMILY}\s(?:[А-ЯЁ]\.\s?){{1,2}}(?!\s?[А-ЯЁ])"  # `Иванов М.В.`
    rf"|{_FAMILY}\s[А-ЯЁ][а-яё]+\s{_PATRONYMIC}"  # `Иванов Михаил Викторович`
    rf"|[А-ЯЁ][а-яё]+\s{_PATRONYMIC}\s{_FAMILY})"  # `Михаил Викторович Иванов`
)


def without_others(text: str, subjects: Iterable[str]) -> str:
    """`text` with a mark in place of every person who is none of the subjects, in any case of
    grammar. A name that cannot be compared is taken for another one's."""
    known = {key for name in subjects if (key := _key(name)) is not None}

    def shown(found: re.Match[str]) -> str:
        return found[0] if _is_one_of(_key(found[0]), known) else MARK

    return PERSON_IN_TEXT.sub(shown, text)


def _key(name: str) -> str | None:
    """The key of a name in any order: `Михаил Викторович Иванов` is `Иванов Михаил Викторович`."""
    words = name.split()
    if len(words) == 3 and re.fullmatch(_PATRONYMIC, words[1]):
        name = f"{words[2]} {words[0]} {words[1]}"
    return name_key(name)


def _is_one_of(key: str | None, known: set[str]) -> bool:
    """Equal, or with fewer initials: `иванов м` beside `иванов мв`."""
    return key is not None and any(
        one.startswith(key) or key.startswith(one)
        for one in known
        if one.split()[0] == key.split()[0]
    )
