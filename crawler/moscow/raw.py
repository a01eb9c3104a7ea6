"""Raw fields of a case of the Moscow portal, and the part to which it belongs."""

import re
from collections.abc import Mapping
from typing import Any

from crawler.moscow.card import MoscowCard
from crawler.moscow.listing import Listed
from crawler.moscow.query import SITE, CaseLink
from pipelines.court_kinds import read_kind
from pipelines.court_numbers import read_numbers
from pipelines.observation import Raw

YEAR = re.compile(r"/((?:19|20)\d\d)\b")
# At the City Court these sections hold КАС or КоАП by their number: the section's word, which
# means КоАП at a district court, would mislead (`first-admin` is КАС there, captured 2026).
BY_NUMBER = ("appeal-admin", "board-admin")


def card_fields(card: MoscowCard, link: CaseLink) -> dict[str, Raw]:
    """Raw fields of a card by the names of `pipelines.court_card`."""
    fields = dict(card.fields) | _court(link)
    act = card.act
    if act is not None and act.state == "there":
        fields["act_url"] = address(act.href)
    return {name: value for name, value in fields.items() if value}


def row_fields(row: Listed) -> dict[str, Raw]:
    """Raw fields of a row of a list: what it says beside the card, which says more."""
    fields: dict[str, Raw] = {
        "case_number": row.cells["number"],
        "category": row.cells.get("category", ""),
        "judge": row.cells.get("judge", ""),
        "state": row.cells.get("state", ""),
        "articles": [text for text in (row.cells.get("article", ""),) if text],
        "party_roles": [role for role, _name in row.parties],
        "party_names": [name for _role, name in row.parties],
    }
    fields |= _court(row.link)
    higher = row.link.section.startswith(("appeal", "review", "board"))
    ended = row.cells.get("appeal" if higher else "first", "")
    words, _comma, day = ended.rpartition(",")
    if words:
        fields |= {"outcome": words, "decided_on": day.strip()}
    return {name: value for name, value in fields.items() if value}


def _court(link: CaseLink) -> dict[str, Raw]:
    kind = link.section
    if link.court.alias == "mgs" and kind in BY_NUMBER:
        kind = f"mgs/{kind}"
    return {"court": link.court.name, "court_code": link.court.code, "kind": kind}


def home_of(link: CaseLink, fields: Mapping[str, Any]) -> str:
    """The part of a case: court, proceeding, year of its oldest number, none of which changes.

    `3а-2719/2023 (3а-4960/2022) ~ Ма-5065/2022` came in in 2022."""
    years = YEAR.findall(str(fields.get("case_number", "")))
    received = str(fields.get("received_on", ""))[-4:]
    year = min(years) if years else received if received.isdigit() else "undated"
    kind = proceeding_of(fields) or "other"
    return f"{link.court.code}:{kind}:{year}"


def address(href: str) -> str:
    """A link of the portal as a whole address, without its query."""
    bare = href.split("?")[0]
    return bare if bare.startswith("http") else f"{SITE}{bare}"


def proceeding_of(fields: Mapping[str, Any]) -> str | None:
    """administrative, criminal, civil or cas, by section and number; None where neither says."""
    numbers = read_numbers(str(fields.get("case_number", "")))
    return read_kind(str(fields.get("kind", "")), "", numbers[0] if numbers else "").proceeding
