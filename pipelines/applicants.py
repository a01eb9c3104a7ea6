"""Who brought a case to Strasbourg, by its title: "CASE OF X AND OTHERS v. RUSSIA".

Organisations and states are named. Whoever is not known to be one is treated as a natural person:
initials and a keyed hash, and the name is cut out of every text that is kept of the case.
"""

import hashlib
import hmac
import re
from typing import Any

from pipelines.persons import initials, person_hash
from pipelines.spec import Spec, fold
from pipelines.text import clean

_PREFIX = re.compile(r"^(?:CASE OF|AFFAIRE|CASE)\s+", re.IGNORECASE)
_VERSUS = re.compile(r"\s(?:vs?\.?|c\.|contre|against|против)\s", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")  # `(No. 2)`, `[GC]`, `[Extracts]`
# `AND OTHERS`, `AND 12 OTHERS`, `ET AUTRES`, `and two other applications`
_OTHERS = re.compile(
    r",?\s*(?:\b(?:AND|ET)\b|&)\s*(?:[\w-]{1,12}\s+)?(?:OTHERS?|AUTRES?)\b"
    r"(?:\s+(?:APPLICATIONS?|REQUÊTES?|APPLICANTS?))?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;&]|\bAND\b|\bET\b)\s*", re.IGNORECASE)
_WORD = re.compile(r"[\w'’/-]+(?:\.[\w'’-]+)*")
_ANONYMOUS = re.compile(r"(?:[A-ZА-Я]\.?\s?){1,3}")  # `X`, `A.B.`: the Court's own anonymisation
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PLAIN = frozenset(
    {
        "case", "affaire", "and", "others", "other", "the", "for", "against", "russia",
        "russian", "federation", "russie", "autres", "autre", "article", "articles",
        "violation", "application", "applications", "translation", "extracts",
    }
)  # fmt: skip


def read_applicants(docname: str, spec: Spec, secret: bytes) -> list[dict[str, Any]]:
    """The applicants that a title names, as parties of the contract."""
    parties = []
    for name, kind in _applicants(docname, spec):
        if kind == "person":
            parties.append(_masked(name, secret))
        else:
            shown = spec.look_up("state", name) or name
            parties.append({"role": "applicant", "name": shown, "hash": None, "kind": kind})
    return parties


def without_applicants(text: str, docname: str, spec: Spec) -> str:
    """`text` with the words of a masked applicant's name replaced by `[…]`."""
    if all(kind != "person" for _name, kind in _applicants(docname, spec)):
        return text
    words = {word.casefold() for word in _LETTERS.findall(docname) if len(word) > 2} - _PLAIN
    return _LETTERS.sub(lambda found: "[…]" if found[0].casefold() in words else found[0], text)


def _masked(name: str, secret: bytes) -> dict[str, Any]:
    """HUDOC mostly gives the family name alone, in English transcription: its hash tells that
    two cases have one family name, and no more."""
    if _ANONYMOUS.fullmatch(name):
        return {"role": "applicant", "initials": name, "hash": None, "kind": "person"}
    found = person_hash(secret, name)
    digest = found.stem_initials or found.full
    if digest is None:
        digest = hmac.new(secret, fold(name).encode("utf-8"), hashlib.sha256).hexdigest()
    return {
        "role": "applicant",
        "initials": initials(name) or None,
        "hash": digest,
        "kind": "person",
    }


def _applicants(docname: str, spec: Spec) -> list[tuple[str, str]]:
    """Names with their kinds: organisation, state or person."""
    title = _PREFIX.sub("", clean(docname))
    sides = list(_VERSUS.finditer(title))
    side = title[: sides[-1].start()] if sides else title
    whole = _OTHERS.sub("", _BRACKETS.sub(" ", side)).strip(" ,-")
    if spec.look_up("applicant", whole):
        return [(whole, "organisation")]
    pieces = [piece for part in _VERSUS.split(whole) for piece in _BETWEEN.split(part) if piece]
    found: list[tuple[str, str]] = []
    for piece in pieces:
        kind = _kind(piece, spec)
        if found and _is_legal_form(piece, spec):  # `ROMASHKA, LLC`
            found[-1] = (f"{found[-1][0]}, {piece}", "organisation")
        elif not (kind == "state" and spec.look_up("state", piece) == "Russia"):
            found.append((piece, kind))
    return found


def _kind(piece: str, spec: Spec) -> str:
    if spec.look_up("state", piece):
        return "state"
    if spec.look_up("applicant", piece):
        return "organisation"
    words = _WORD.findall(piece)
    says_so = any(spec.look_up("organisation_word", word) for word in words)
    return "organisation" if says_so and len(words) > 1 else "person"


def _is_legal_form(piece: str, spec: Spec) -> bool:
    return fold(piece.rstrip(".")) in ("llc", "ltd", "inc", "ooo", "plc", "gmbh", "limited")
