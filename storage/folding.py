"""One spelling for searching: what a reader takes for the same text is equal.

Case, accents (io is ie, short i is i), invisible signs, quotes and the kind of dash do not count.
A word that mixes two alphabets is read in the one that can hold all of it: a Latin e in a Cyrillic
name becomes Cyrillic, a Cyrillic a in a Latin domain becomes Latin. Tables, releases and questions
are folded by this one function.
"""

import re
import unicodedata

# Letters that look alike: small Cyrillic ones by their code points, and the Latin ones of the
# same place (a b e k m h o p c t y x i j s).
_CYRILLIC = (
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455"
)
_LATIN = "abekmhopctyxijs"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_WORD = re.compile(r"[^\W\d_]+")
_IS_CYRILLIC = re.compile("[\u0400-\u052f]")
_IS_LATIN = re.compile("[a-z]")
_ONLY_TWINS = re.compile(f"[{_CYRILLIC}{_LATIN}]+")
_QUOTES = str.maketrans(dict.fromkeys('"\u00ab\u00bb\u201c\u201d\u201e\u201f\u2039\u203a', " "))
_APOSTROPHES = str.maketrans(dict.fromkeys("'`\u2018\u2019\u201a\u02bc\u02b9\u02ba"))
_DASH = re.compile("[\u2010-\u2015\u2212]")


def fold(text: str) -> str:
    """The form in which texts are compared and found; never shown."""
    if text.isascii() and text.isprintable():  # most domains
        return " ".join(text.lower().translate(_APOSTROPHES).replace('"', " ").split())
    # Decomposed before and after: letters of mathematics have no small form until they are
    # decomposed, and a small form may be composed again.
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    parts = _DASH.sub("-", small.translate(_QUOTES).translate(_APOSTROPHES))
    kept = (sign for sign in parts if unicodedata.category(sign) not in ("Mn", "Cf", "Cc"))
    return " ".join(_WORD.sub(_one_alphabet, "".join(kept)).split())


def _one_alphabet(found: re.Match[str]) -> str:
    """A word in one alphabet, where look-alikes allow it."""
    word = found[0]
    if not (_IS_CYRILLIC.search(word) and _IS_LATIN.search(word)):
        return word
    latin = word.translate(_TO_LATIN)
    if not _IS_CYRILLIC.search(latin) and not _ONLY_TWINS.fullmatch(word):
        return latin
    return word.translate(_TO_CYRILLIC)
