"""What of a record's fields may leave this machine: the public view of releases and digests.

Two rules. Only fields that the contract names are public. A ruling in which a natural person
stands only by initials shows court, month, article and outcome, and nothing that leads to the case;
an act that an analyst entered about such a person shows as little.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from storage.family_fields import FIELDS

# A word of a full name; `A. B.`, `X`, `NAME1`, `***` hold none
_NAME_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?:['’-][^\W\d_]+)*(?![\w.*])")
NAMED_KINDS = ("organisation", "state", "official")
# Who only helps in a case: a company's fine stays public though its lawyer is masked; such a party
# is left out of the public view instead.
BESIDE = ("representative", "defender", "witness", "expert")
_OTHERS = {
    "corroboration": "feed guid url title published_at outlet",
}
PUBLIC_FIELDS: dict[str, frozenset[str]] = {k: frozenset(v) for k, v in FIELDS.items()} | {
    family: frozenset(names.split()) for family, names in _OTHERS.items()
}
PUBLIC_FIELDS["curated"] -= {"note"}  # for the analyst's colleagues
MASKED_FIELDS = ("court", "court_code", "articles", "outcome", "direction")
MASKED_CURATED = ("code", "direction", "target_type", "authority", "articles", "author")
# What makes the fields of a family those of a masked person.
HIDDEN: dict[str, Mapping[str, Any]] = {
    "ruling": {"parties": [{"initials": ""}]},
    "curated": {"target_initials": ""},
}


def public_view(family: str, fields: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The public fields of a row, and whether a person in it is masked.

    Of a masked row key, locator, digest, quote and addresses must not be shown either."""
    if family == "ruling" and any(hides(party) for party in fields.get("parties") or ()):
        return _masked(fields, MASKED_FIELDS, "decided_on"), True
    if family == "curated" and fields.get("target_initials") is not None:
        return _masked(fields, MASKED_CURATED, "acted_on", "withdrawn_on"), True
    allowed = PUBLIC_FIELDS.get(family, frozenset())
    shown = {
        name: value
        for name, value in fields.items()
        if name in allowed or name.removesuffix("_raw") in allowed
    }
    if shown.get("parties"):
        parties = [party for party in shown["parties"] if not is_masked(party)]
        shown["parties"] = [_without_hash(party) for party in parties]
    return shown, False


def hides(party: Mapping[str, Any]) -> bool:
    """Does this party make the whole case one of a masked person?"""
    return is_masked(party) and party.get("role") not in BESIDE


def is_masked(party: Mapping[str, Any]) -> bool:
    """Is this party a natural person whose name is not public as a target?

    Public is a name of two words at least, as registers and trusted lists write it: initials,
    a family name alone and the marks that courts put in place of a name are not."""
    if party.get("kind") in NAMED_KINDS:
        return False
    words = _NAME_WORD.findall(party.get("name") or "")
    return "initials" in party or sum(word[0].isupper() for word in words) < 2


def _masked(fields: Mapping[str, Any], names: Sequence[str], *dates: str) -> dict[str, Any]:
    shown = {name: fields[name] for name in names if fields.get(name) is not None}
    return shown | {name: fields[name][:7] for name in dates if fields.get(name)}


def _without_hash(party: Mapping[str, Any]) -> dict[str, Any]:
    return {name: party[name] for name in ("role", "name", "kind") if name in party}
