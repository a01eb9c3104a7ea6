"""A volunteer's daily copies of five registers: JSON without their numbers (ITSalt, since 2026-09).

`index.json` says of each register whether it was read (`status`), when and how many entries it
has; an entry's `id` is only its place. So its rows are a part of their own: keyed by day of
inclusion and name, never by a number, and they state no act. The part is read in runs in which
the register itself could not be.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from crawler.documents.json_form import load_json
from crawler.errors import PageChanged, SourceError
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from pipelines.members import cut_members
from pipelines.observation import Observation
from pipelines.reading import BadRow, Declared, Said, StateAt
from pipelines.spec import Endpoint
from pipelines.text import clean
from storage.evidence import sha256

FORM, INDEX = "itsalt", "itsalt-index"
GENERATOR = b'"generator": "ITSalt/ru-registries-mirror"'
KEYS = {"kind", "name", "included_at"}
PERSON = "Физические лица"  # as the register of foreign agents calls what the mirror calls person
DIGITS = 16  # of the name's digest in a key: a name of a person is never a key


class ItsaltMirror(SourceSpider):
    """A register that this mirror copies: list it before the spider's other base."""

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        """The mirror's index first: it says whether there is anything to read."""
        if endpoint.form == FORM:
            home = endpoint.url.partition("/data/")[0]
            yield Ask(f"{home}/index.json", INDEX, part, index)
        else:
            yield from super().ask(part, index, endpoint)

    def follow(self, page: Page) -> Iterator[Ask]:
        """The register's file, with what the index says of it."""
        if page.form == INDEX:
            told = self._register(page)
            context = {"entries_sha256": told.get("entries_sha256")}
            url = self.spec.endpoint[page.endpoint].url
            yield Ask(url, FORM, page.part, page.endpoint, context=context)
        elif page.form != FORM:
            yield from super().follow(page)

    def sniff(self, page: Page) -> str:
        return FORM if GENERATOR in page.body[:4096] else super().sniff(page)

    def part_of(self, page: Page) -> str:
        if GENERATOR not in page.body[:4096]:
            return super().part_of(page)
        return next(one.part for one in self.spec.endpoint if one.form == FORM)

    def read(self, page: Page) -> Iterator[Said]:
        """The index dates and counts the state; the file has the rows."""
        if page.form == INDEX:
            yield from dated(self._register(page), page.part)
        elif page.form == FORM:
            yield from self._entries(page)
        else:
            yield from super().read(page)

    def _register(self, page: Page) -> Mapping[str, Any]:
        """What the index says of this register. Raises SourceError where it has no data."""
        name = self.spec.endpoint[page.endpoint].url.rpartition("/")[2].removesuffix(".json")
        index = load_json(page.text)
        registers = index.get("registries") if isinstance(index, dict) else None
        told = registers.get(name) if isinstance(registers, dict) else None
        if not isinstance(told, dict):
            raise PageChanged(f"The mirror's index says nothing of {name}.")
        if told.get("status") != "ok":
            words = "The mirror could not read the register itself: it has no data, not no rows."
            raise SourceError(words, reason="mirror-failed")
        return told

    def _entries(self, page: Page) -> Iterator[Said]:
        told = load_json(page.text)
        entries = told.get("entries") if isinstance(told, dict) else None
        if not isinstance(entries, list) or not entries:
            raise PageChanged("The mirror's file has no list of entries.")
        expected = page.context.get("entries_sha256")
        if expected is not None and told.get("entries_sha256") != expected:
            words = "The mirror's index and its file are of different states."
            raise SourceError(words, reason="mixed-states")
        if expected is None:  # an imported file: nobody has read the index
            yield from dated(told, page.part)
        for place, entry in enumerate(entries):
            if not isinstance(entry, dict) or not entry.keys() >= KEYS:
                raise PageChanged(f"Entry {place} of the mirror lacks a key that all entries have.")
            yield self._row(entry, f"/entries/{place}", page.part)

    def _row(self, entry: Mapping[str, Any], locator: str, part: str) -> Observation | BadRow:
        name = clean(str(entry["name"] or ""))
        if not name:
            return BadRow(None, "name", "The entry names nobody.", locator)
        is_list_of_courts = "decisions" in self.spec.settings
        if is_list_of_courts:
            if entry["kind"] == "person":
                return BadRow(None, "kind", "The entry is a person: not kept.", locator)
            name = cut_members(name)
        fields = {"name": name} | cells(entry, courts=is_list_of_courts)
        listed = fields.get("listed_on", "")
        key = (listed, sha256(name.encode())[:DIGITS])
        return Observation(key, fields, locator, f"{name} | {listed}".strip(" |"), part)


def cells(entry: Mapping[str, Any], *, courts: bool) -> dict[str, str]:
    """The cells of an entry under our names; what it does not state is left out."""
    ours = {"included_at": "listed_on", "excluded_at": "delisted_on"}
    ours |= {"decision": "decisions"} if courts else {"inn": "inn", "ogrn": "ogrn"}
    found = {ours[key]: clean(str(entry[key])) for key in ours if entry.get(key)}
    if not courts and entry["kind"] == "person":
        found["target_type"] = PERSON
    return found


def dated(told: Mapping[str, Any], part: str) -> Iterator[Said]:
    """Moment and count of a state. Raises PageChanged where they are not stated."""
    count, at = told.get("entry_count"), told.get("fetched_at")
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError as error:
        raise PageChanged(f"The mirror states no moment of its state: {at}.") from error
    if not isinstance(count, int) or moment.tzinfo is None:
        raise PageChanged("The mirror states no count of its entries, or no zone of its time.")
    yield Declared(count, part)
    yield StateAt(moment.astimezone(UTC), part)
