"""INN and OGRN of organisations, checked by their control digits; those of persons are never kept.

The rules are published by the Federal Tax Service: INN by its order of 29.06.2012 No. MMV-7-6/435@
(weights, modulo 11, modulo 10), OGRN by the Ministry of Finance's order of 30.10.2017 No. 165n (the
number without its last digit modulo 11, of OGRNIP modulo 13, last digit of the remainder).
"""

import re
from typing import NamedTuple

from pipelines.protect import valid_personal_inn
from pipelines.reading import Trouble
from pipelines.text import clean

_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_EMPTY = re.compile(r"[\s–—-]*")
LONGEST_SHOWN = 40  # signs of a wrong number that an issue repeats
PERSONAL_LENGTHS = {"inn": 12, "ogrn": 15}  # INN of a person, OGRNIP of an entrepreneur


class Number(NamedTuple):
    """The number where it is an organisation's and right; else null, and what is wrong."""

    value: str | None
    trouble: Trouble | None = None


def read_inn(cell: str, *, person: bool) -> Number:
    """INN of an organisation: ten digits whose last one is right."""
    return _read("inn", cell, person=person)


def read_ogrn(cell: str, *, person: bool) -> Number:
    """OGRN of an organisation: thirteen digits whose last one is right."""
    return _read("ogrn", cell, person=person)


def right_inn(digits: str) -> bool:
    """Are the control digits of an INN of ten or twelve digits right?"""
    if len(digits) == 12:
        return valid_personal_inn(digits)
    total = sum(int(digit) * weight for digit, weight in zip(digits, _INN_WEIGHTS, strict=False))
    return len(digits) == 10 and total % 11 % 10 == int(digits[9])


def right_ogrn(digits: str) -> bool:
    """Is the control digit of an OGRN (13 digits) or OGRNIP (15 digits) right?"""
    if len(digits) not in (13, 15):
        return False
    return int(digits[:-1]) % (len(digits) - 2) % 10 == int(digits[-1])


def _read(name: str, cell: str, *, person: bool) -> Number:
    stated = clean(cell)
    if _EMPTY.fullmatch(stated):
        return Number(None)
    digits = stated.replace(" ", "")
    plain = digits.isascii() and digits.isdigit()
    right = plain and (right_inn if name == "inn" else right_ogrn)(digits)
    personal = person or (plain and len(digits) >= PERSONAL_LENGTHS[name])
    if right:
        return Number(None if personal else digits)
    return Number(None, Trouble("wrong-number", name, _words(name, stated, personal=personal)))


def _words(name: str, stated: str, *, personal: bool) -> str:
    """Of a person the number is not repeated, however wrong it is."""
    title = {"inn": "INN", "ogrn": "OGRN"}[name]
    if personal:
        return f"The row states a person's {title} whose control digits are wrong; it is not kept."
    digits = [sign for sign in stated if sign.isdigit()]
    shown = stated[:LONGEST_SHOWN] if len(digits) != 11 else "a number of eleven digits"
    return f"The row states an {title} that cannot be one: {shown}."
