"""Who is designated, out of the name's cell: names by kind, legal form, kind of subject.

The fields of this module are read from the name and from what other cells decided; the registers
share it, whatever form their rows have.
"""

import re
from collections.abc import Mapping
from typing import Any

from pipelines.legal_forms import Form, read_form
from pipelines.names import Name, read_name
from pipelines.organisation_names import subject_of
from pipelines.other_persons import PERSON_IN_TEXT
from pipelines.subject_kinds import Lookup, Subject, subject_kind
from pipelines.text import clean, mixed_words

_PERSONS_INN = re.compile(r"\s*[0-9]{12}\s*")
_AFTER_A_PERSON = re.compile(r"\s*(?:$|[\"«(])")


def read_names(raw: str, target_type: str) -> dict[str, Any]:
    """`name`, `names` and what is known of them. A person has no legal form and no own name."""
    read = read_name(raw, target_type)
    organisation = target_type not in ("person", "material")
    form = read_form(subject_of(read.core)) if organisation and read.core else Form(None, None)
    return {
        "name": read.name or None, "names": list(read.names),
        "legal_form": form.legal_form, "own_name": form.own_name,
        "other_names": [other._asdict() for other in read.others],
        "mixed_script": _mixed(read) if target_type != "material" else [],
    }  # fmt: skip


def read_subject(
    fields: Mapping[str, Any], source: str, target_type: str, reference: Lookup
) -> dict[str, str]:
    """`subject_kind` and the rule that gave it."""
    names = [fields.get("own_name"), fields.get("name"), *fields.get("names", ())]
    subject = Subject(
        source, target_type, fields.get("legal_basis") or "", fields.get("legal_form"),
        [name for name in names if name], fields.get("domains", ()),
    )  # fmt: skip
    verdict = subject_kind(subject, reference)
    return {"subject_kind": verdict.kind, "subject_rule": verdict.rule}


def target_of(kind: str, raw: Mapping[str, str]) -> str:
    """The kind of target to read a row by where its form states none (a mirror, an older list):
    a personal INN of twelve digits or a whole name with a patronymic is a person's."""
    if kind != "unknown":
        return kind
    if _PERSONS_INN.fullmatch(raw.get("inn", "")):
        return "person"
    name = clean(raw.get("name", ""))
    named = PERSON_IN_TEXT.match(name)
    whole = named is not None and _AFTER_A_PERSON.match(name, named.end())
    return "person" if whole else kind


def _mixed(read: Name) -> list[dict[str, str]]:
    """Words of two alphabets in one, with the form by which they are compared."""
    found: dict[str, str] = {}
    for name in (read.name, *read.names):
        found |= mixed_words(name)
    return [{"word": word, "folded": folded} for word, folded in found.items()]
