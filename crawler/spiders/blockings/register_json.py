"""Records of Roskomsvoboda's lists: tolerant of fields that nobody has seen, and loud about them.

Source: dossier of blockings, section 3 and addendum A1. A record begins `{"appearDate": ...`, has
lists `domains`, `ips`, `urls` and an object of the agency with a `name`. The number of the order is
probably not served; where a field of that name comes, it is read.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.documents.json_stream import Element
from pipelines import kept_lines
from pipelines.observation import Observation, Raw
from pipelines.reading import BadRow, Oddity, Said
from storage.audit import canonical

IDS = ("id", "record_id", "recordId")
LISTS = {"domains": "domain", "urls": "urls", "ips": "ips"}
BETWEEN = " | "  # how the register's other forms join what one row names
TEXTS = {
    "appearDate": "included_at", "decisionDate": "decided_on", "decisionNumber": "decision_number",
    "entryType": "entry_type",
}  # fmt: skip
AGENCY = "authority"
READ = {*IDS, *LISTS, *TEXTS, AGENCY, "status"}
LONGEST_KEY = 60  # signs of an unknown key that an issue shows
QUOTED = ("domains", "urls", "authority", "decisionDate", "decisionNumber", "appearDate")


class RecordRows:
    """Reads the records of one page; each unknown field and status is told once."""

    of = "snapshot"

    def __init__(self, part: str) -> None:
        self.part = part
        self._told: set[tuple[str, str]] = set()

    def said(self, one: Element) -> Iterator[Said]:
        """What one record says."""
        where = kept_lines.locate(one.start, one.end)
        if not isinstance(one.value, dict):
            yield BadRow(None, "record", "A record is not a JSON object.", where)
            return
        record: dict[str, Any] = one.value
        yield from self._unknown(record)
        lists = {field: _texts(record.get(name)) for name, field in LISTS.items()}
        problem = next((field for field, texts in lists.items() if texts is None), None)
        if problem is not None:
            yield BadRow(_id(record), problem, f"`{problem}` is not a list of texts.", where)
            return
        fields = {field: BETWEEN.join(texts or ()) for field, texts in lists.items()}
        fields |= {field: _text(record.get(name)) for name, field in TEXTS.items()}
        fields["agency"] = _agency(record)
        quote = json.dumps({k: record[k] for k in QUOTED if k in record}, ensure_ascii=False)
        key = _id(record) or ("register", *_stated_key(lists, fields))
        yield Observation(key, fields, where, quote, self.part)

    def _unknown(self, record: Mapping[str, Any]) -> Iterator[Said]:
        for name in record.keys() - READ:
            if not _is_agency(record[name]):
                words = f"Nobody reads the field `{name[:LONGEST_KEY]}` of a record."
                yield from self._once("unknown-field", name[:LONGEST_KEY], words)
        if record.get("status") is not None:
            words = "Records have a `status` whose meaning nobody knows: they are taken as listed."
            yield from self._once("unknown-value", "status", words)

    def _once(self, kind: str, heading: str, words: str) -> Iterator[Oddity]:
        if (kind, heading) not in self._told:
            self._told.add((kind, heading))
            yield Oddity(kind, heading, words)


class DpiRows:
    """Reads the list of what is blocked outside the register: one row a domain."""

    of = "list of blockings outside the register"

    def __init__(self, part: str) -> None:
        self.part = part
        self._told: set[str] = set()

    def said(self, one: Element) -> Iterator[Said]:
        """What one service of the list says. Its name is written by hand and no key."""
        where = kept_lines.locate(one.start, one.end)
        entry = one.value if isinstance(one.value, dict) else {}
        domains = _texts(entry.get("domains"))
        if not domains:
            yield BadRow(None, "domains", "An entry of the list names no domain.", where)
            return
        for name in sorted(entry.keys() - {"restriction", "name", "domains"} - self._told):
            self._told.add(name)
            words = f"Nobody reads the field `{name[:LONGEST_KEY]}` of an entry."
            yield Oddity("unknown-field", name[:LONGEST_KEY], words)
        restriction = _restriction(entry)
        quote = json.dumps(entry, ensure_ascii=False)
        for domain in domains:
            fields: dict[str, Raw] = {"domain": domain, "restriction": restriction}
            yield Observation(("dpi", domain.strip().casefold()), fields, where, quote, self.part)


def _restriction(entry: Mapping[str, Any]) -> str:
    """The code of a restriction; `none` where the list says that there is none of the state."""
    if "restriction" not in entry:
        return ""
    value = entry["restriction"]
    if value is None:
        return "none"
    code = value.get("code") if isinstance(value, dict) else value
    return code if isinstance(code, str) else canonical(code)


def _texts(value: Any) -> list[str] | None:
    """A list of texts; one text is a list of one, nothing an empty list; null: it is neither."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [one for one in value if one.strip()]
    return None


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _is_agency(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str)


def _agency(record: Mapping[str, Any]) -> str:
    """The name of the object that has one: its key is known from one program only."""
    stated = record.get(AGENCY)
    if isinstance(stated, str):
        return stated
    found = [stated, *(value for key, value in record.items() if key not in READ)]
    return next((str(one["name"]) for one in found if _is_agency(one)), "")


def _id(record: Mapping[str, Any]) -> tuple[str, ...] | None:
    found = next((record[name] for name in IDS if record.get(name) is not None), None)
    if isinstance(found, str | int) and str(found).strip():
        return ("register", str(found).strip())
    return None


def _stated_key(
    lists: Mapping[str, list[str] | None], fields: Mapping[str, str]
) -> tuple[str, ...]:
    """Where records come without their id: what names them, never their addresses."""
    domains, urls, ips = (sorted(lists[field] or []) for field in LISTS.values())
    rest = (fields["agency"], fields["decision_number"], fields["decided_on"])
    return (BETWEEN.join(domains or ips), BETWEEN.join(urls), *rest)
