"""One spelling for searching: what differs only by case, accents or invisible signs is equal."""

import unicodedata


def fold(text: str) -> str:
    """Casefolded, without combining marks (ё is е, й is и) and without invisible signs."""
    if text.isascii() and text.isprintable():  # most domains
        return " ".join(text.lower().split())
    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = (sign for sign in parts if unicodedata.category(sign) not in ("Mn", "Cf", "Cc"))
    return " ".join("".join(kept).split())
