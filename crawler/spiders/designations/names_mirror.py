"""A volunteer's JSON of names, made from the lists of organisations: no numbers, no decisions.

`[{"name": ..., "type": ..., "aliases": [...], "is_person": false}]`. The aliases were made by the
mirror's rules (they take a state in brackets for a name), so they are not read. A name that ends in
a colon announces its divisions: those of the names after it that repeat a word of its title are
theirs (343 in July 2026). Where the enumeration ends is not stated, so another name ends it.
"""

import re
from collections.abc import Iterator

from crawler.documents.json_form import load_json
from crawler.errors import PageChanged
from crawler.page import Page
from pipelines.members import cut_members
from pipelines.observation import Observation
from pipelines.reading import BadRow, Said
from pipelines.text import clean

PART = "mirror"
TITLE = re.compile(r"«([^»]*)»")  # «Управленческий центр Свидетелей Иеговы в России»
PROPER = re.compile(r"(?<![А-Яа-яЁё])[А-ЯЁ][а-яё]{4,}")


def is_names_mirror(page: Page) -> bool:
    """Is the file a list of JSON? The lists themselves are HTML."""
    return page.body[:512].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[")


def read_names(page: Page) -> Iterator[Said]:
    """One observation a name; the name is the key, after that of the organisation above it."""
    entries = load_json(page.text)
    if not isinstance(entries, list) or not entries:
        raise PageChanged("The mirror's file is not a list of names.")
    above = ""
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict) or not {"name", "type", "is_person"} <= {*entry}:
            raise PageChanged(f"Entry {place} of the mirror lacks a key that all entries have.")
        name = cut_members(clean(str(entry["name"])))
        if not name or entry["is_person"]:
            words = "The entry names nobody." if not name else "The entry is a person: not kept."
            yield BadRow(None, "name", words, f"/{place}")
        else:
            above = above if is_division(name, above) else ""
            key = (above, name) if above else (name,)
            yield Observation(key, {"name": name}, f"/{place}", name, PART)
            above = name if name.endswith(":") else above


def is_division(name: str, above: str) -> bool:
    """Does a name repeat a proper word of the title of the organisation that announces it?"""
    words = {word for title in TITLE.findall(above) for word in PROPER.findall(title)}
    return not words.isdisjoint(PROPER.findall(name))
