"""A row of a register of designated subjects: strings become dates, names, addresses."""

import re
from collections.abc import Mapping
from typing import Any

from pipelines.countries import read_country
from pipelines.dates import Unread, read_date
from pipelines.domains import read_domains_and_urls
from pipelines.names import read_name
from pipelines.observation import Observation, Raw
from pipelines.order_cells import CELLS, date_of, read_chain
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec
from pipelines.taxonomy import kind_of
from pipelines.text import clean

DATES = ("listed_on", "published_on", "delisted_on")
# `No 255-ФЗ«О контроле...`, `N 255-ФЗ`, `№255-ФЗ`: one spelling of the sign, one blank after it
NUMBER_SIGN = re.compile(r"(?:№|\bNo\.?|\bN)\s*(?=\d)")
GLUED_QUOTE = re.compile(r"(?<=[А-Яа-яЁё])«")  # `255-ФЗ«О контроле`
ORGANISATION_INN = re.compile(r"^\d{10}$")
# The row's own number in the Ministry's database: 5d3f8e03-76e8-42ad-8550-fbb5fa210988
ROW_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OGRN = re.compile(r"^\d{13}$|^\d{15}$")
RESOURCE = "информационный ресурс"


def normalise_designation(seen: Observation, spec: Spec, source: str) -> Normalised:
    """The contract's fields of a designation; what is not understood becomes a trouble."""
    raw = {name: text_of(value) for name, value in seen.fields.items()}
    troubles: list[Trouble] = []
    fields: dict[str, Any] = {"number": raw.get("number", "").strip() or None}
    fields |= _dates(raw, spec, troubles)
    fields |= _target(raw, spec, troubles)
    fields |= _ground(raw)
    fields |= _addresses(raw)
    fields |= _numbers(raw)
    if ROW_UUID.fullmatch(raw.get("row_uuid", "")):
        fields["row_uuid"] = raw["row_uuid"]
    if "members" in raw:
        fields["members"] = read_members(raw["members"])
    fields |= _country(raw, spec, troubles)
    fields |= _decisions(raw, fields, spec, troubles)
    _check_status(raw, fields, spec, troubles)
    # A date that is there and cannot be read has its own trouble already.
    dated = [raw[name] for name in ("listed_on", "minjust_order") if name in raw]
    if fields.get("listed_on") is None and dated and not any(cell.strip() for cell in dated):
        troubles.append(Trouble("no-date", "listed_on", "The row states no date of inclusion."))
    return Normalised(fields, _measure(fields, spec, source), tuple(troubles))


def text_of(value: Raw) -> str:
    """A raw value as one text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else "; ".join(value)


def _dates(raw: Mapping[str, str], spec: Spec, troubles: list[Trouble]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in DATES:
        if name not in raw:
            continue
        found[name] = None
        if clean(raw[name]):
            try:
                found[name] = read_date(raw[name], spec.dates).isoformat()
            except Unread as error:
                troubles.append(Trouble("unread-date", name, f"Not a date: {error.reason}."))
                found[f"{name}_raw"] = clean(raw[name])
    listed, delisted = found.get("listed_on"), found.get("delisted_on")
    if listed and delisted and delisted < listed:
        words = "The row states an exclusion before its inclusion."
        troubles.append(Trouble("implausible-date", "delisted_on", words))
    return found


def _target(raw: Mapping[str, str], spec: Spec, troubles: list[Trouble]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kind = spec.settings.get("target_type", "unknown")
    if kind != "unknown":
        found["target_type"] = kind  # all rows of the register are of one kind
    if "target_type" in raw:
        stated = clean(raw["target_type"])
        known = spec.look_up("target_type", stated) if stated else None
        if known is None:
            words = "This kind of target is not known yet." if stated else "No kind is stated."
            troubles.append(Trouble("unknown-value", "target_type", words))
        kind = known or "unknown"
        if clean(raw.get("name", "")).casefold().startswith(RESOURCE):
            kind = "information_resource"
        found["target_type"] = kind
        if stated and stated != kind:
            found["target_type_raw"] = stated
    name = clean(raw.get("name", ""))
    if not name:
        troubles.append(Trouble("no-name", "name", "The row states no name."))
        return found | {"name": None, "names": []}
    read = read_name(raw["name"], _name_type(kind, raw))
    found |= {"name": read.name, "names": list(read.names)}
    if read.name != name:
        found["name_raw"] = name
    return found


def _name_type(kind: str, raw: Mapping[str, str]) -> str:
    """A mirror without the column of kinds: an INN of twelve digits is a person's."""
    if kind == "unknown" and re.fullmatch(r"\d{12}", raw.get("inn", "").strip()):
        return "person"
    return kind


def _ground(raw: Mapping[str, str]) -> dict[str, Any]:
    if "legal_basis" not in raw:
        return {}
    stated = clean(raw["legal_basis"])
    basis = GLUED_QUOTE.sub(" «", NUMBER_SIGN.sub("№ ", stated))
    found: dict[str, Any] = {"legal_basis": basis or None}
    if basis != stated:
        found["legal_basis_raw"] = stated
    return found


def _addresses(raw: Mapping[str, str]) -> dict[str, Any]:
    if "urls" not in raw:
        return {}
    domains, urls = read_domains_and_urls(raw["urls"])
    return {"domains": list(domains), "urls": list(urls)}


def _numbers(raw: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "registration_number" in raw:
        found["registration_number"] = clean(raw["registration_number"]) or None
    if "inn" in raw:  # twelve digits are a person's: they never leave the blob
        inn = clean(raw["inn"])
        found["inn"] = inn if ORGANISATION_INN.match(inn) else None
    if "ogrn" in raw:
        ogrn = clean(raw["ogrn"])
        found["ogrn"] = ogrn if OGRN.match(ogrn) else None
    return found


def read_members(cell: str) -> list[str]:
    """Participants: `[A, B, C]`; older rows without brackets or with semicolons."""
    inner = clean(cell).removeprefix("[").removesuffix("]")
    parts = inner.split(";") if ";" in inner else split_outside_quotes(inner)
    return [name for part in parts if (name := part.strip())]


def split_outside_quotes(text: str) -> list[str]:
    """Split at commas, but not inside « » or brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        if sign in "«(":
            depth += 1
        elif sign in "»)":
            depth = max(0, depth - 1)
        elif sign == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def _country(raw: Mapping[str, str], spec: Spec, troubles: list[Trouble]) -> dict[str, Any]:
    """The state that the listed name ends with, in registers of foreign organisations."""
    if spec.settings.get("country_in_name") != "yes":
        return {}
    code, unknown = read_country(raw.get("name", ""))
    if unknown:
        words = "The name ends with a state that is not in the list of states."
        troubles.append(Trouble("unknown-value", "country", words))
    return {"country": code}


def _decisions(
    raw: Mapping[str, str], fields: Mapping[str, Any], spec: Spec, troubles: list[Trouble]
) -> dict[str, Any]:
    """The acts behind the row, and the dates that only their cells state.

    A form of such a register without those cells (numbered columns, where the titles could not be
    read) says nothing of decisions: the field is left out, so that it is no change."""
    if "prosecutor" not in spec.settings:
        authority = spec.settings.get("authority")
        kinds = (("listed_on", "inclusion"), ("delisted_on", "exclusion"))
        acts = [
            {"authority": authority, "date": fields[name], "number": None, "kind": kind}
            for name, kind in kinds
            if fields.get(name)
        ]
        return {"decisions": acts}
    if not raw.keys() & CELLS.keys():
        return {}
    chain = read_chain(raw, fields, spec.settings, spec.dates, troubles)
    found: dict[str, Any] = {"decisions": chain}
    for name, kind in (("listed_on", "inclusion"), ("delisted_on", "exclusion")):
        if f"{name}_raw" not in fields:
            found[name] = fields.get(name) or date_of(chain, kind)
    return found


def _check_status(
    raw: Mapping[str, str], fields: Mapping[str, Any], spec: Spec, troubles: list[Trouble]
) -> None:
    """`Исключена` must have its date, and a status that nobody has read yet is told."""
    stated = clean(raw.get("status", ""))
    known = spec.look_up("status", stated) if stated else None
    if stated and known is None:
        troubles.append(Trouble("unknown-value", "status", "This status is not known yet."))
    if known == "excluded" and not fields.get("delisted_on"):
        words = "The row is stated to be excluded, and no date of it can be read."
        troubles.append(Trouble("no-date", "delisted_on", words))
    if known == "listed" and fields.get("delisted_on"):
        words = "The row has a date of exclusion, and its status says that it stands."
        troubles.append(Trouble("contradiction", "status", words))


def _measure(fields: Mapping[str, Any], spec: Spec, source: str) -> dict[str, Any]:
    basis = fields.get("legal_basis") or ""
    kind = kind_of(source, "designation", fields.get("target_type"), basis)
    decider = spec.settings.get("prosecutor") or spec.settings.get("authority")
    decisions = fields.get("decisions", [{"authority": decider}])
    return {
        "code": kind.code, "direction": kind.direction, "target": fields.get("name"),
        "target_type": fields.get("target_type", "unknown"), "acted_on": fields.get("listed_on"),
        "authority": decisions[0]["authority"] if decisions else None,
        "articles": [basis] if basis else [],
    }  # fmt: skip
