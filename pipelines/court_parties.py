"""Who stands in a case: role, kind, and a name only where it may be told (rule 8 of the design).

A card names everybody. Here a natural person keeps initials and a keyed hash of (family stem,
initials), unless the full name is already public as a target; organisations, organs of the state
and officials in office are named; a minor is never named and gets no hash; a name that the court
hid ("Информация скрыта", `ФИО1`) stays hidden.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.court_card import CardParty
from pipelines.persons import full_name_key, initials, person_hash
from pipelines.reading import Trouble
from pipelines.spec import fold
from pipelines.text import clean

PublicName = Callable[[str], str | None]
Party = dict[str, Any]
_BRACKETED = re.compile(r"\([^()]*(?:\)|$)|\[[^\[\]]*(?:\]|$)")  # a list cuts long names
_WORDS = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*")
_ORGANISATION_INN = re.compile(r"(?<![0-9])(?:[0-9]{10}|[0-9]{13})(?![0-9])")  # INN, OGRN
# Words before a name that make nobody an organisation: a trader, `гражданин Иванов И.И.`
_TITLE = re.compile(
    r"^(?:ИП|индивидуальный предприниматель|(?:глава )?КФХ|граждан(?:ин|ка)|гр\.|адвокат"
    r"|защитник)\s+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[«\"“„][^«»\"“”„]{0,80}[»\"”“]")  # a pseudonym within a name
_COMMA = re.compile(r"\s?[,;]\s?(?![^()]*\))")  # not within brackets
_MINOR = re.compile(r"несовершеннолет\w*|малолет\w*|\bреб[её]н\w*|\bдет(?:и|ей)\b", re.IGNORECASE)
_HIDDEN = re.compile(  # the whole cell: a family name may begin like one of these words
    r"\W*(?:(?:<[^<>]{0,60}>|\{[^{}]{0,60}\}|\*{1,20}|[ХX]{3,20}|ФИО\s?\d{0,3}"
    r"|(?:информация|данные|имя|фио)\s(?:скрыт|изъят|обезличен)[а-я]{1,3})\W*){0,5}",
    re.IGNORECASE,
)
# A person within the name of an organ: `(для вручения Иванову И.И.)`, `судья Иванов Иван Иванович`;
# after `имени` it is the organ's own name.
_FAMILY = r"[А-ЯЁ](?:[а-яё]+|[А-ЯЁ]+)(?:-[А-ЯЁ](?:[а-яё]+|[А-ЯЁ]+))?"
_FATHER = r"(?i:[а-яё]+(?:[ое]вич|[иь]ич|[ое]вн|ичн)[а-яё]{0,3})"
_PERSON = re.compile(
    rf"(?<!им\.\s)(?<!имени\s)(?<!им\s)\b(?:{_FAMILY}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\."
    rf"|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_FAMILY}|{_FAMILY}\s+{_FAMILY}\s+{_FATHER}\b)"
)
_FULL = re.compile(rf"(?:[^\W\d_]+(?:-[^\W\d_]+)?\s+){{2}}{_FATHER}")  # in any letter case
_SHORT = re.compile(  # `Иванов И.И.`, `КОБЗАРЬ Ф.`, `И. И. Иванов`
    r"[^\W\d_]+(?:-[^\W\d_]+)?\s+(?:[^\W\d_]\.\s?){1,3}|(?:[^\W\d_]\.\s?){1,3}[^\W\d_]+(?:-[^\W\d_]+)?"
)
_RANK = re.compile(
    r"(?:(?:мл|ст|младш\w+|старш\w+)\.?\s)?(?:лейтенант|сержант|майор|капитан|прапорщик|инспектор)\w*"
    r"(?:\sполиции)?\s*$",
    re.IGNORECASE,
)
_TWO = re.compile(rf"{_FAMILY}\s+{_FAMILY}")
_NO_LETTER = re.compile(r"[0-9*]+")  # `Иванов И.И. 1980`
LONGEST = 9  # signs of initials: `А.-М.Б.В.`; what is longer is a name
MARK = "[…]"
QUOTES = ' "«»“”„'
_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")


def nobody(_name: str) -> str | None:
    """No natural person is public as a target: everybody is masked."""
    return None


def public_among(names: Iterable[str]) -> PublicName:
    """A lookup of the published name by a full name: family, given name and patronymic agree.

    Initials are never enough: a namesake would be named in a case that is not his."""
    known = {key: name for name in names if (key := full_name_key(name)) is not None}

    def look_up(name: str) -> str | None:
        key = full_name_key(name)
        return known.get(key) if key is not None else None

    return look_up


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    with (Path(__file__).parent / "court_roles.toml").open("rb") as file:
        return tomllib.load(file)


def read_parties(
    rows: Iterable[CardParty], secret: bytes, public: PublicName, *, minors: bool = False
) -> tuple[list[Party], list[Trouble]]:
    """Parties of the contract in the card's order, without repeats, and what was not understood.

    minors: the case is about a child, so that no private person in it is named."""
    parties: list[Party] = []
    troubles: list[Trouble] = []
    for row in (single for cell in rows for single in _singles(cell)):
        if not clean(row.role) and not clean(row.name):
            continue
        role, kind = read_role(row.role)
        if role is None:
            words = "The role of a party is not known yet."
            troubles.append(Trouble("unknown-value", "party_roles", words))
        party = _party(row, role, kind, secret, public, minors)
        if party not in parties:
            parties.append(party)
    return parties, troubles


def _singles(row: CardParty) -> list[CardParty]:
    """One row for each person where a cell names several: `Иванов И.И., Петров П.П., Сидо...`."""
    pieces = [piece for piece in _COMMA.split(clean(row.name)) if piece]
    if len(pieces) < 2 or not any(_is_person(piece) for piece in pieces):
        return [row]
    return [replace(row, name=piece) for piece in pieces if not piece.endswith(("...", "…"))]


def _is_person(name: str) -> bool:
    """Is it surely a natural person: by initials, by patronymic, or two plain capitalised words?"""
    bare = _TITLE.sub("", _QUOTED.sub(" ", _BRACKETED.sub(" ", name)))
    bare = " ".join(bare.strip(' "«»').split())
    sure = _FULL.fullmatch(bare) or _SHORT.fullmatch(bare)
    return bool(sure) or (bool(_TWO.fullmatch(bare)) and kind_of_name(bare) == "person")


def read_role(words: str) -> tuple[str | None, str | None]:
    """The role's code, and the kind that it decides; (None, None) for words nobody has read."""
    folded = fold(_BRACKETED.sub(" ", words)).strip(" :;.")
    for row in _table()["role"]:
        if folded in row["match"]:
            return row["value"], row.get("kind")
    return None, None


def without_persons(text: str) -> str:
    """The text with names of natural persons replaced by `[…]`, however they are written."""
    return _PERSON.sub(MARK, text)


def read_judge(words: str) -> str | None:
    """A judge as "Фамилия И.О." or in full: Latin look-alikes and initials put in order."""
    plain = clean(words).strip(" ,;")
    plain = " ".join(_one_script(word) for word in plain.split())
    plain = re.sub(r"\b([А-ЯЁ])\.\s?(?=[А-ЯЁ]\.)", r"\1.", plain)
    first = re.fullmatch(r"((?:[А-ЯЁ]\.){1,2})\s?([А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?)", plain)
    named = f"{first[2]} {first[1]}" if first else plain
    return None if not named or _HIDDEN.fullmatch(named) else named


def read_protocol(words: str) -> str | None:
    """The body of "Номер протокола об АП": `00024326-АП   Управление Минюста РФ по Кир.обл.`."""
    kept = [word for word in clean(words).split() if not _is_number(word)]
    whole = " ".join(kept)
    body = _RANK.sub("", _PERSON.sub("", whole)).strip(" ,;-–")
    if sum(sign.isalpha() for sign in body) < 3 or kind_of_name(body) == "person":
        return None
    return body


def kind_of_name(name: str, inn: str = "") -> str:
    """organisation, state (an organ of it) or person; a trader is a person."""
    line = clean(name)
    whole = " ".join(_QUOTED.sub(" ", _BRACKETED.sub(" ", line)).split())
    plain = line.strip(' "«»“”„')
    if _TITLE.match(line) or any(
        form.fullmatch(text) for form in (_FULL, _SHORT) for text in (whole, plain)
    ):
        return "person"
    words = [word.rstrip(".") for word in _WORDS.findall(fold(line))]
    if any(pattern.fullmatch(word) for word in words for pattern in _organs()):
        return "state"
    quoted = re.search(r"[«\"“„]", line) is not None
    long = len(words) > 2 and any(word in _names("organisation") for word in words)
    form = any(word in _names("form") for word in words)
    return "organisation" if form or quoted or long or _ORGANISATION_INN.search(inn) else "person"


@cache
def _organs() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for row in _table()["state"] for pattern in row["match"])


@cache
def _names(table: str) -> frozenset[str]:
    return frozenset(word for row in _table()[table] for word in row["match"])


def _party(
    row: CardParty, role: str | None, kind: str | None, secret: bytes, public: PublicName,
    minors: bool,
) -> Party:  # fmt: skip
    name = clean(row.name)
    kind = kind or kind_of_name(name, row.inn)
    if kind == "official" and kind_of_name(name) != "person":
        kind = "state"
    if kind == "official" and _HIDDEN.fullmatch(name):
        kind = "person"
    if kind != "person":
        shown = without_persons(_BRACKETED.sub(" ", name)) if kind != "official" else name
        return {"role": role, "name": " ".join(shown.split()), "hash": None, "kind": kind}
    return {"role": role} | _person(name, row.role, secret, public, minors) | {"kind": "person"}


def _person(name: str, role: str, secret: bytes, public: PublicName, minors: bool) -> Party:
    """A natural person as far as one may be shown."""
    if _HIDDEN.fullmatch(name):
        return {"initials": name or None, "hash": None}
    bare = _TITLE.sub("", _NO_LETTER.sub(" ", name))
    if _QUOTED.fullmatch(bare):
        bare = bare.strip(QUOTES)
    if minors or _MINOR.search(f"{name} {role}"):
        return {"initials": _initials(_MINOR.sub(" ", bare)), "hash": None}
    published = public(bare)
    if published is not None:
        return {"name": published, "hash": person_hash(secret, bare).stem_initials}
    return {"initials": _initials(bare), "hash": person_hash(secret, bare).stem_initials}


def _initials(name: str) -> str | None:
    """Initials; of a single word its first letter, for it may be a short family name."""
    words = _WORDS.findall(name)
    short = initials(name)
    if (len(words) < 2 and "." not in name) or (short == clean(name) and len(short) > LONGEST):
        short = "".join(f"{word[0].upper()}." for word in words[:3])
    return short or None


def _is_number(word: str) -> bool:
    return any(sign.isdigit() for sign in word) or word.strip("№N.-") in ("", "б/н", "АП", "от")


def _one_script(word: str) -> str:
    """Latin look-alikes in a Cyrillic word: `Cоловьев` with a Latin C."""
    cyrillic = any("а" <= sign <= "я" or sign == "ё" for sign in word.casefold())
    return word.translate(_TO_CYRILLIC) if cyrillic else word
