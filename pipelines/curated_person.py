"""Who an analyst's row is about, and what may be kept of them.

Rule 8 of the design: a natural person stands by name only where that name is already public as a
target. The analyst says so in the row (`public_reason`); else the name becomes initials and keyed
hashes, and its words are cut out of every text of the row.
"""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pipelines.persons import family_stem, initials, person_hash
from pipelines.protect import MARK
from pipelines.text import clean

TARGET_TYPES = (
    "person", "organisation", "association", "information_resource", "material", "unknown",
)  # fmt: skip
# Who is not known to be no person is treated as one.
_MAY_BE_A_PERSON = frozenset({"person", "unknown"})
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST = 3  # letters of a word that is cut: initials and `of` stay


def is_private(cells: Mapping[str, str]) -> bool:
    """Is the target a natural person whom the row does not show to be public by name?"""
    may_be = cells.get("target_type", "").casefold() in _MAY_BE_A_PERSON
    return may_be and not clean(cells.get("public_reason", ""))


def without_name(text: str, name: str) -> str:
    """`text` without the words of a name, in whatever case of grammar they stand."""
    stems = {_stem(word) for word in _WORD.findall(name) if len(word) >= _SHORTEST}
    return _WORD.sub(lambda found: MARK if _stem(found[0]) in stems else found[0], text)


def hidden_name(file: str, place: int) -> str:
    """A name for an attachment of a private person's row, since files are named after people."""
    return f"attachment-{place}{PurePath(file).suffix[:10].lower()}"


def shown_target(cells: Mapping[str, str], secret: bytes) -> dict[str, Any]:
    """The fields that say who the target is: a name, or initials and hashes."""
    name = clean(cells["target"])
    if not is_private(cells):
        return {"target": name}
    digests = person_hash(secret, name)
    return {
        "target": None,
        "target_initials": initials(name) or MARK,
        "target_hash": digests._asdict(),
    }


def _stem(word: str) -> str:
    return family_stem(word.casefold().replace("ё", "е"))
