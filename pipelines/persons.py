"""Private persons in tables: initials to read and keyed hashes to compare (rule 8 of the design).

A court writes "Иванову И.И.", a register later "Иванов Иван Иванович". The hash of (family stem,
initials) is the same for both, so that a designation finds an earlier ruling without the ruling
having kept the name. The stem is cut by rules: it may join two families (Черный, Черных), which a
match review sorts out; it does not split one for the common forms.
"""

import hashlib
import hmac
import re
from typing import NamedTuple

from pipelines.text import clean

_BRACKETED = re.compile(r"[(\[{<«\"][^()\[\]{}<>«»\"]*[)\]}>»\"]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?|\d")
NESTED = 2  # `Иванов Иван Иванович (псевдоним «Ваня»)`: quotes within brackets
_TITLES = frozenset({"оглы", "кызы", "угли", "уулу"})  # `Вагиф кызы`: no initial of its own
_PATRONYMIC = re.compile(r"(?:[ое]вич|[иь]ич|[ое]вн|ичн)(?:а|у|ем|е|ы|ой|ою)?", re.IGNORECASE)
# `Иванов`, `Иванову`, `Ивановым`, `Ивановой`, `Ивановых`
_POSSESSIVE = re.compile(r"(.+(?:ов|ев|ин|ын))(?:а|у|ым|ом|е|ой|ою|ых|ыми|ы)?")
# `Волконский`, `Волконской`; `Толстой`, `Толстого`, `Толстую`
_ADJECTIVE = re.compile(
    r"(.{2,}(?:ск|цк))(?:ий|ого|ому|им|ом|ая|ой|ую|ою|ие|их|ими)"
    r"|(.{2,})(?:ый|ий|ой|ая|яя|ого|его|ому|ему|ую|юю|ых|их|ым)"
)
_NOUN = re.compile(r"(.{2,}?)(?:ом|ем|ою|ею|ей|а|я|у|ю|е|ы|и|ь|й|о)?")  # `Дудь`, `Кац`, `Шевченко`
_TO_CYRILLIC = str.maketrans("abekmhopctyxi", "авекмнорстухи")


class PersonHash(NamedTuple):
    """Hex of HMAC-SHA256; `full` is null for a name given by initials, both for no name at all."""

    full: str | None
    stem_initials: str | None


def person_hash(key: bytes, name: str) -> PersonHash:
    """Keyed hashes of "family given patronymic" and of "stem initials" (`иванов ии`).

    The name is casefolded, ё read as е, pseudonyms and former names in quotes or brackets left out.
    """
    family, given = _parts(name)
    if not family or not given:
        return PersonHash(None, None)
    initials = "".join(word[0] for word in given if word not in _TITLES)[:2]
    pair = _digest(key, f"{family_stem(family)} {initials}")
    abbreviated = any(len(word) == 1 for word in given)
    return PersonHash(None if abbreviated else _digest(key, " ".join([family, *given])), pair)


def name_key(name: str) -> str | None:
    """`иванов ии` of "Иванов Иван Иванович", "И.И. Иванова" or "Иванову И.И."; None for no name.

    For comparing names that are public anyway; a private person is compared by `person_hash`."""
    family, given = _parts(name)
    if not family or not given:
        return None
    short = "".join(word[0] for word in given if word not in _TITLES)[:2]
    return f"{family_stem(family)} {short}"


def full_name_key(name: str) -> str | None:
    """ "иванов иван иванович" of the full name, family first, in the nominative; None where a part
    is missing or abbreviated. Tells one person apart far better than initials, never surely."""
    family, given = _parts(name)
    if len(given) < 2 or any(len(word) == 1 for word in given):
        return None
    return " ".join([family, *given])


def initials(name: str) -> str:
    """Public form of a private person: "И.И.И." of "Иванов Иван Иванович" (family first).

    A mark that the court put in place of a name (ФИО1, ИИИ, "Информация скрыта") stays as it is.
    """
    family, given = _parts(name)
    if not family or not given:
        return clean(name) if _is_mark(name) else family[:1].upper() + "." if family else ""
    words = [family, *(word for word in given if word not in _TITLES)]
    return "".join(f"{word[0].upper()}." for word in words[:3])


def family_stem(family: str) -> str:
    """A Russian family name without the ending of its case and gender, each hyphen part alone."""
    return "-".join(_stem(part) for part in family.split("-"))


def _stem(part: str) -> str:
    found = _POSSESSIVE.fullmatch(part) or _ADJECTIVE.fullmatch(part) or _NOUN.fullmatch(part)
    if found is None:
        return part
    stem = next(group for group in found.groups() if group is not None)
    return stem.removesuffix("ь")


def _digest(key: bytes, message: str) -> str:
    return hmac.new(key, message.encode("utf-8"), hashlib.sha256).hexdigest()


def _parts(name: str) -> tuple[str, list[str]]:
    """Family name and given names, small letters; ("", []) where a digit says it is a mark."""
    if _is_mark(name):
        return "", []
    bare = clean(name)
    for _depth in range(NESTED):
        bare = _BRACKETED.sub(" ", bare)
    plain = bare.casefold().replace("ё", "е")
    words = [_one_script(word.rstrip(".")) for word in _WORD.findall(plain)]
    if len(words) < 2:
        return "".join(words), []
    if len(words[0]) == 1 or _family_last(words):
        return words[-1], words[:-1]
    return words[0], words[1:]


def _family_last(words: list[str]) -> bool:
    """`Иван Иванович Иванов`: the second of three words is the patronymic, the third is not."""
    return (
        len(words) == 3
        and _ends_patronymic(words[1])
        and len(words[2]) > 1
        and not _ends_patronymic(words[2])
        and words[2] not in _TITLES
    )


def _ends_patronymic(word: str) -> bool:
    """By its last eight letters: enough for `-овичем`, and no search through a long word."""
    return any(
        _PATRONYMIC.fullmatch(word, place) for place in range(max(0, len(word) - 8), len(word))
    )


def _is_mark(name: str) -> bool:
    """ФИО1, ИИИ, ***, ХХХХ, <данные изъяты>, "Информация скрыта": no name of anybody."""
    plain = clean(name)
    capitals_only = plain.isalpha() and plain.isupper() and len(plain) <= 4
    hidden = re.search(r"\d|\*|скрыт|изъят", plain, re.IGNORECASE) is not None
    return capitals_only or hidden or plain.startswith("ФИО")


def _one_script(word: str) -> str:
    """A Latin look-alike letter within a Cyrillic word becomes the Cyrillic one."""
    if any("а" <= sign <= "я" for sign in word):
        return word.translate(_TO_CYRILLIC)
    return word
