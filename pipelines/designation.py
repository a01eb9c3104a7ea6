"""A row of a register of designated subjects: strings become dates, names, addresses."""

import re
from collections.abc import Mapping
from typing import Any

from pipelines.address_cells import read_addresses
from pipelines.countries import read_countries
from pipelines.dates import Unread, read_date
from pipelines.designated import read_names, read_subject, target_of
from pipelines.observation import Observation, Raw
from pipelines.order_cells import CELLS, date_of, read_chain
from pipelines.org_numbers import read_inn, read_ogrn
from pipelines.organisation_names import urls_in_name
from pipelines.participants import read_members
from pipelines.protect import scrub
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec
from pipelines.subject_kinds import Lookup
from pipelines.taxonomy import kind_of
from pipelines.text import clean

DATES = ("listed_on", "published_on", "delisted_on")
# `No 255-ФЗ«О контроле...`, `N 255-ФЗ`, `№255-ФЗ`: one spelling of the sign, one blank after it
NUMBER_SIGN = re.compile(r"(?:№|\bNo\.?|\bN)\s*(?=\d)")
GLUED_QUOTE = re.compile(r"(?<=[А-Яа-яЁё])«")  # `255-ФЗ«О контроле`
LONGEST_SHOWN = 80  # signs of an unread address that an issue repeats
# The row's own number in the Ministry's database: 5d3f8e03-76e8-42ad-8550-fbb5fa210988
ROW_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESOURCE = "информационный ресурс"


def normalise_designation(
    seen: Observation, spec: Spec, source: str, reference: Lookup = lambda _domain: None
) -> Normalised:
    """The contract's fields of a designation; what is not understood becomes a trouble.

    `reference` gives the category of a domain in the reference lists that stand now, or null."""
    raw = {name: text_of(value) for name, value in seen.fields.items()}
    troubles: list[Trouble] = []
    fields: dict[str, Any] = {"number": raw.get("number", "").strip() or None}
    fields |= _dates(raw, spec, troubles)
    fields |= _target(raw, spec, troubles)
    target = target_of(fields.get("target_type", "unknown"), raw)
    fields |= _ground(raw)
    fields |= _addresses(raw, target, troubles)
    fields |= _numbers(raw, target, troubles)
    if ROW_UUID.fullmatch(raw.get("row_uuid", "")):
        fields["row_uuid"] = raw["row_uuid"]
    if "members" in raw:
        fields["members"] = read_members(raw["members"])
    fields |= _country(raw, spec, troubles)
    fields |= read_subject(fields, source, target, reference)
    fields |= _decisions(raw, fields, spec, troubles)
    _check_status(raw, fields, spec, troubles)
    # A date that is there and cannot be read has its own trouble already.
    dated = [raw[name] for name in ("listed_on", "minjust_order") if name in raw]
    if fields.get("listed_on") is None and dated and not any(cell.strip() for cell in dated):
        troubles.append(Trouble("no-date", "listed_on", "The row states no date of inclusion."))
    return Normalised(fields, _measure(fields, spec, source, target), tuple(troubles))


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
    found |= read_names(raw["name"], target_of(kind, raw))
    if found["name"] != name:
        found["name_raw"] = name
    return found


def _ground(raw: Mapping[str, str]) -> dict[str, Any]:
    if "legal_basis" not in raw:
        return {}
    stated = clean(raw["legal_basis"])
    basis = GLUED_QUOTE.sub(" «", NUMBER_SIGN.sub("№ ", stated))
    found: dict[str, Any] = {"legal_basis": basis or None}
    if basis != stated:
        found["legal_basis_raw"] = stated
    return found


def _addresses(raw: Mapping[str, str], target: str, troubles: list[Trouble]) -> dict[str, Any]:
    """Addresses of the cell, and those that a name states; what cannot be read is told."""
    if "urls" not in raw:
        return {}
    stated = [] if target == "person" else urls_in_name(raw.get("name", ""))
    read = read_addresses("; ".join([raw["urls"], *stated]))
    if read.unread:  # one issue a cell, with every piece
        shown = "; ".join(scrub(piece)[0][:LONGEST_SHOWN] for piece in read.unread)
        troubles.append(Trouble("unread-address", "urls", f"No address: {shown}"))
    return {"domains": read.domains, "urls": read.urls, "accounts": read.accounts}


def _numbers(raw: Mapping[str, str], target: str, troubles: list[Trouble]) -> dict[str, Any]:
    """Registration numbers of organisations; those of persons never leave the blob."""
    found: dict[str, Any] = {}
    if "registration_number" in raw:
        found["registration_number"] = clean(raw["registration_number"]) or None
    for name, read in (("inn", read_inn), ("ogrn", read_ogrn)):
        if name in raw:
            number = read(raw[name], person=target == "person")
            found[name] = number.value
            troubles += [number.trouble] if number.trouble else []
    return found


def _country(raw: Mapping[str, str], spec: Spec, troubles: list[Trouble]) -> dict[str, Any]:
    """The states that the listed name ends with, in registers of foreign organisations."""
    if spec.settings.get("country_in_name") != "yes":
        return {}
    codes, unknown = read_countries(raw.get("name", ""))
    if unknown:
        words = "The name ends with a state that is not in the list of states."
        troubles.append(Trouble("unknown-value", "country", words))
    return {"country": codes[0] if codes else None, "countries": list(codes)}


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


def _measure(fields: Mapping[str, Any], spec: Spec, source: str, target: str) -> dict[str, Any]:
    """The act. `target` is the kind of target that the row was read by, where it states none."""
    basis = fields.get("legal_basis") or ""
    kind = kind_of(source, "designation", target, basis)
    decider = spec.settings.get("prosecutor") or spec.settings.get("authority")
    decisions = fields.get("decisions", [{"authority": decider}])
    return {
        "code": kind.code, "direction": kind.direction, "target": fields.get("name"),
        "target_type": fields.get("target_type", "unknown"), "acted_on": fields.get("listed_on"),
        "authority": decisions[0]["authority"] if decisions else None,
        "articles": [basis] if basis else [],
    }  # fmt: skip
