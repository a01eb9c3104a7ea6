"""An act that no register states, as an analyst entered it, as fields and measure.

The reader has checked the row (`crawler/spiders/curated/table.py`); here its strings get their
form. A date keeps the precision that it was stated with: `2026-11` is a month, not its first day.
"""

import json
from collections.abc import Mapping
from typing import Any

from pipelines.articles import read_articles
from pipelines.curated_person import is_private, shown_target, without_name
from pipelines.dates import read_date
from pipelines.observation import Observation
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec
from pipelines.taxonomy import by_hand
from pipelines.text import clean

ATTACHMENTS = "attachments"
TEXTS = (
    "place", "authority", "stated_reason", "source_url", "author", "note", "public_reason",
    "withdrawn_reason",
)  # fmt: skip
# Texts in which a private person's name may stand. An address is kept whole, and never published.
_SAYS_NAMES = ("place", "stated_reason", "note", "withdrawn_reason")


def normalise_curated(seen: Observation, spec: Spec, secret: bytes) -> Normalised:
    """The contract's fields of one row; articles that cannot be read become a trouble."""
    cells = {name: value for name, value in seen.fields.items() if isinstance(value, str)}
    code = cells["code"].casefold()
    troubles: list[Trouble] = []
    fields: dict[str, Any] = {
        "id": cells["id"],
        "code": code,
        "direction": cells.get("direction", "").casefold() or by_hand()[code],
        "target_type": cells["target_type"].casefold(),
        "acted_on": iso_date(cells["acted_on"]),
        "entered_on": iso_date(cells["entered_on"]),
        "withdrawn_on": iso_date(cells.get("withdrawn_on", "")),
        ATTACHMENTS: _attachments(seen),
    }
    fields |= shown_target(cells, secret) | _texts(cells) | _articles(cells, troubles)
    return Normalised(fields, _measure(fields), tuple(troubles))


def iso_date(text: str) -> str | None:
    """`2026-11-03`, `2026-11`, `2026`, or `03.11.2026` as spreadsheets rewrite it; None for "".

    Raises ValueError (`Unread` is one) where it is no such date."""
    stated = clean(text)
    if not stated:
        return None
    if len(stated) == 4 and stated.isdecimal():
        return str(read_date(f"{stated}-01-01"))[:4]
    if len(stated) == 7:
        return str(read_date(f"{stated}-01"))[:7]
    if "/" in stated:  # day and month, or month and day: nobody can tell
        raise ValueError("a date with slashes")
    return read_date(stated).isoformat()


def quote_of(cells: Mapping[str, str]) -> str:
    """The row as it states the act: who, what, when, by whom, on what ground; never the note."""
    names = ("acted_on", "code", "authority", "articles", "stated_reason")
    said = [clean(cells.get(name, "")) for name in names]
    if is_private(cells):
        return "; ".join(without_name(text, cells["target"]) for text in said if text)
    return "; ".join(text for text in [clean(cells["target"]), *said] if text)


def _attachments(seen: Observation) -> list[dict[str, Any]]:
    stated = seen.fields.get(ATTACHMENTS)
    return [json.loads(one) for one in stated] if isinstance(stated, list) else []


def _texts(cells: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: clean(cells.get(name, "")) or None for name in TEXTS}
    if is_private(cells):
        for name in _SAYS_NAMES:
            found[name] = without_name(found[name], cells["target"]) if found[name] else None
    return found


def _articles(cells: Mapping[str, str], troubles: list[Trouble]) -> dict[str, Any]:
    stated = clean(cells.get("articles", ""))
    read = [article._asdict() for article in read_articles(stated)]
    if stated and not read:
        words = "No article of a law can be read here, such as «ст. 20.3.3 ч. 1 КоАП РФ»."
        troubles.append(Trouble("unknown-value", "articles", words))
    return {"articles": read} | ({"articles_raw": stated} if stated else {})


def _measure(fields: Mapping[str, Any]) -> dict[str, Any]:
    names = ("code", "direction", "target", "target_type", "acted_on", "authority", "articles")
    return {name: fields[name] for name in (*names, "stated_reason")}
