"""Numbers of cases and their UID, in the spellings of court portals and of acts.

`2-5/2026 (2-13/2025; 2-2935/2024;) ~ М-2773/2024`, `8Г-15211/2026 [88-14715/2026]`, `05-0598/2018`,
`5-598/ 18`, `5- 22/2019`, `5-79\\19`: the first is the number of the case, the rest are its older
and other ones. The prefix of a UID is the FIRST court of the case, not the one that shows it, so
nothing here derives a court from it.
"""

import re
from collections.abc import Iterable

from pipelines.text import clean

# The rule of the portal's own search form, in capitals: 26RS0023-01-2020-000159-48.
UID = re.compile(
    r"(?<![0-9A-Za-z])(?P<uid>[0-9]{2}(?:VS|KJ|AJ|OS|RS|KV|AV|OV|GV|AO|AA|AS|UD|KS|US|GU|MS|IC)"
    r"[0-9]{4}-0[1-9]-(?:19|20)[0-9]{2}-[0-9]{6}-[0-9]{2})(?![0-9-])",
    re.IGNORECASE,
)
# `12-56/2026`, `П16-721/2026`, `33а-647/2026`, `7У-1610/2021`, `3/2-14/2026`;
# of the Supreme Court `3-КГ23-1-К3`, `АКПИ14-1424С`
_NUMBER = re.compile(
    r"(?<![\w/-])(?:"
    r"(?P<prefix>[0-9]{1,2}/[0-9]{1,2}|[А-Яа-яA-Za-z]{0,2}[0-9]{0,2}[А-Яа-яA-Za-z]{0,2})"
    r"\s?[-–]\s?(?P<serial>[0-9]{1,6})\s?[/\\]\s?(?P<year>(?:19|20)[0-9]{2}|[0-9]{2})"
    r"(?:-[А-ЯA-Z]?[0-9]{1,3})?"
    r"|(?P<supreme>(?:[0-9]{1,3}-)?[А-Я]{1,5}[0-9]{2}-[0-9]{1,5}[А-Я]?(?:-[А-Я]{1,2}[0-9]{1,2})?)"
    r")(?![\w/])"
)
# Latin letters that a clerk types for Cyrillic ones: `7Y`, `Ma`, `8a`
_TO_CYRILLIC = str.maketrans("aABCcEeHKkMOoPpTXxYy", "аАВСсЕеНКкМОоРрТХхУу")
# `Дело № 5-174/2026`, `№ 5-129/2019`, `Административное дело №5-16/2020`, `УИД № …`
_STATED = re.compile(r"(?:\bдел[оау]|\bматериал|^)\s?(?:№|N)?\s?(?=[0-9А-Яа-я])", re.IGNORECASE)
HEAD = 1_500  # signs of an act among which its own number and UID stand


def read_numbers(*cells: str) -> list[str]:
    """All numbers in order, without repeats; the first of the first cell is the case's own."""
    found = (number for cell in cells for number in _numbers(cell))
    return list(dict.fromkeys(found))


def read_uid(text: str) -> str | None:
    """The UID in capitals; None where the text holds none or several different ones."""
    found = {match["uid"].upper() for match in UID.finditer(clean(text))}
    return found.pop() if len(found) == 1 else None


def prefix_of(number: str) -> str:
    """`33а` of `33а-647/2026`, `5` of `05-0598/2018`: what tells kind and instance."""
    found = _NUMBER.fullmatch(number)
    return (found["prefix"] or "").lstrip("0") if found else ""


def numbers_of_act(text: str) -> tuple[list[str], str | None]:
    """Numbers and UID that an act states of itself, at its head."""
    head = text[:HEAD]
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    stated = [line for line in lines[:12] if len(line) < 90 and _STATED.search(line)]
    return read_numbers(*stated), read_uid(head)


def same_number(one: str, other: str) -> bool:
    """Do two spellings name one number? `05-0598/2018` and `5-598/18` do."""
    return _key(one) == _key(other)


def _numbers(cell: str) -> Iterable[str]:
    for found in _NUMBER.finditer(clean(cell)):
        yield _spelled(found)


def _spelled(found: re.Match[str]) -> str:
    """One spelling: no blanks, a slash, Cyrillic letters, as many digits as the court wrote."""
    if found["supreme"] is not None:
        return found["supreme"]
    prefix = found["prefix"].translate(_TO_CYRILLIC)
    tail = found[0].rpartition("-")[2] if found[0].count("-") > 1 else ""
    year = found["year"]
    extra = f"-{tail}" if tail and found[0].endswith(f"{year}-{tail}") else ""
    return f"{prefix}-{found['serial']}/{year}{extra}"


def _key(number: str) -> tuple[str, int, int] | str:
    found = _NUMBER.fullmatch(number.strip())
    if found is None or found["supreme"] is not None:
        return number.strip()
    prefix = found["prefix"].translate(_TO_CYRILLIC).lstrip("0").casefold()
    return prefix, int(found["serial"]), int(found["year"]) % 100
