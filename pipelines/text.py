"""Text as people read it: one spelling for one string, and one key for its look-alikes.

`clean` is for what we publish, `match_key` only for comparing, `oddities` for the flag that says
that a string was not what it seems. The raw string is kept elsewhere: nothing here is undone.
"""

import html
import re
import unicodedata

MAX_UNESCAPES = 3  # blocklist URLs of 2016 were escaped twice: `&amp;amp;`

_NUL_SHOWN = "\u2400"  # PostgreSQL refuses U+0000, SQLite cuts the length at it
# Marks that show nothing: soft hyphen, zero width blanks, bidi overrides, BOM, tags. Joiners
# (U+200C, U+200D) are among them for `match_key` but stay in `clean`: emoji are built with them.
_UNSEEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_UNSEEN += "\U000e0001-\U000e007f"
_INVISIBLE = re.compile(f"[{_UNSEEN}\u200c\u200d]")
# A control that is not white space; white space is folded by split().
_CLEANED = re.compile(f"[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f{_UNSEEN}]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_CYRILLIC = "\u0400-\u052f"
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_MIXED = re.compile(f"[{_CYRILLIC}][{_LATIN}]|[{_LATIN}][{_CYRILLIC}]")  # `HZГ`, Latin c in `cуда`
_KEPT_SIGNS = frozenset("@#&%")  # «НЕЗЫГАР@» and «НЕЗЫГАР» are listed as two brands

# Small letters whose small or capital form looks like a Latin one, and Latin e with two dots.
_LOOK_ALIKES = str.maketrans(
    "авекмнорстухіјѕї\u0451\u00eb",  # the last two are ё and its Latin twin
    "abekmhopctyxijs\u00efee",
)
# The same pairs in both directions and both cases. Small `в`, `к`, `м`, `н`, `т` look like no small
# Latin letter, but their capitals do: `HОВОСТИ`.
_PAIRS = ("аеорсухіїАВЕКМНОРСТУХІЇ", "aeopcyxiïABEKMHOPCTYXIÏ")
_ONLY_LATIN = ("јѕҫЈЅҪ", "jsçJSÇ")  # no letters of the languages of the registers: never put in
_ALL_TO_CYRILLIC = str.maketrans(*reversed(_PAIRS))
_ALL_TO_LATIN = str.maketrans(_PAIRS[0] + _ONLY_LATIN[0], _PAIRS[1] + _ONLY_LATIN[1])
_WORDS = re.compile(r"\w+")
_LATIN_SIGN, _CYRILLIC_SIGN = re.compile(f"[{_LATIN}]"), re.compile(f"[{_CYRILLIC}]")


def clean(text: str) -> str:
    """One line, NFC, single plain blanks, no control or invisible sign; NUL shows as U+2400."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = _SURROGATE.sub("\ufffd", text.replace("\x00", _NUL_SHOWN))
    return unicodedata.normalize("NFC", " ".join(_CLEANED.sub("", shown).split()))


def unescape(text: str) -> str:
    """HTML entities as characters, however often they were escaped (at most three times)."""
    for _ in range(MAX_UNESCAPES):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    return text


def match_key(text: str) -> str:
    """The same for strings that a reader takes for the same; never shown, never published.

    Case, ё/е, invisible signs, accents left over, look-alike letters of the two alphabets, quotes
    and punctuation do not count.
    """
    folded = unicodedata.normalize("NFKC", clean(text)).casefold().translate(_LOOK_ALIKES)
    kept = "".join(_key_sign(sign) for sign in _INVISIBLE.sub("", folded))
    return " ".join(kept.split())


def oddities(raw: str) -> frozenset[str]:
    """Flags of a raw string: `mixed-script` (in one word), `invisible` (signs that do not show)."""
    found = set()
    if _INVISIBLE.search(raw):
        found.add("invisible")
    if _MIXED.search(clean(raw)):
        found.add("mixed-script")
    return frozenset(found)


def mixed_words(text: str) -> dict[str, str]:
    """Words of two alphabets in one (`HZГ`, `Transparеncy`) with their form for comparing.

    The form is of one alphabet where look-alikes allow it, else the key that reads them as one."""
    return {
        word: _one_alphabet(word) for word in _WORDS.findall(clean(text)) if _MIXED.search(word)
    }


def _one_alphabet(word: str) -> str:
    to_latin, to_cyrillic = word.translate(_ALL_TO_LATIN), word.translate(_ALL_TO_CYRILLIC)
    forms = (to_cyrillic, to_latin)
    if len(_LATIN_SIGN.findall(word)) > len(_CYRILLIC_SIGN.findall(word)):
        forms = (to_latin, to_cyrillic)
    for form in forms:
        if not (_LATIN_SIGN.search(form) and _CYRILLIC_SIGN.search(form)):
            return form
    return match_key(word)


def _key_sign(sign: str) -> str:
    """The sign itself, nothing for a loose accent, a blank for punctuation."""
    if sign.isalnum() or sign in _KEPT_SIGNS:
        return sign
    category = unicodedata.category(sign)
    if category == "Mn":
        return ""
    return sign if category[0] in "SLM" and sign != _NUL_SHOWN else " "
