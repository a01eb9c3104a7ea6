"""The chain of decisions behind a designation, where a register states it in cells of its own.

The prosecutor decides that an organisation is undesirable, the Ministry enters it two or three
weeks later. Four shapes are met in the prosecutor's column: `№1 от 28.07.2015`,
`№ 2 от 26.11.2015`, `от 26.04.2017`, `14.08.2024`; the Ministry's is
always `№ 1076-р от 29.07.2015`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.dates import Unread, read_date
from pipelines.reading import Trouble
from pipelines.text import clean

_CELL = re.compile(
    r"(?:(?:№|N[o°]?\.?)\s*(?P<number>[0-9][0-9A-Za-zА-Яа-яё/.-]{0,30}))?"
    r"\s*(?:от\s+)?(?P<date>[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})?(?:\s*(?:г\.|года))?"
)
_BARE_NUMBER = re.compile(r"[0-9]{1,6}(?:-?[а-яё]{1,3})?", re.IGNORECASE)  # `1076-р`, a column
# raw field -> field of its date where the register has one, kind of act
CELLS = {
    "prosecutor_decision": ("", "recognition"),
    "minjust_order": ("listed_on", "inclusion"),
    "prosecutor_cancellation": ("", "cancellation"),
    "minjust_exclusion_order": ("delisted_on", "exclusion"),
}


class Decision(NamedTuple):
    """Number and ISO date of an act, each None where the cell does not state it."""

    number: str | None
    date: str | None


def read_decision(cell: str, formats: Sequence[str] = ()) -> Decision:
    """One cell, blank ones (a space, NBSP) included. Raises Unread for any other shape."""
    text = clean(cell)
    if not text:
        return Decision(None, None)
    if _BARE_NUMBER.fullmatch(text):
        return Decision(text, None)
    found = _CELL.fullmatch(text)
    if found is None:
        raise Unread("unknown-form", cell)
    stated = found["date"]
    day = read_date(stated, formats).isoformat() if stated else None
    return Decision(found["number"], day)


def read_chain(
    raw: Mapping[str, str],
    dates: Mapping[str, Any],
    authorities: Mapping[str, str],
    formats: Sequence[str],
    troubles: list[Trouble],
) -> list[dict[str, Any]]:
    """All decisions of a row in the order of the acts; a cell that is not understood is a trouble.

    dates: `listed_on` and `delisted_on` as read from columns of their own."""
    chain = []
    for field, (dated, kind) in CELLS.items():
        try:
            number, day = read_decision(raw.get(field, ""), formats)
        except Unread as error:
            words = f"The cell of a decision cannot be read: {error.reason}."
            troubles.append(Trouble("unread-decision", field, words))
            number, day = None, None
        day = day or dates.get(dated)
        if number or day:
            authority = authorities.get("prosecutor" if "prosecutor" in field else "authority")
            chain.append({"authority": authority, "date": day, "number": number, "kind": kind})
    return chain


def date_of(chain: Sequence[Mapping[str, Any]], kind: str) -> str | None:
    """The date of the act of this kind, where the chain has it."""
    return next((act["date"] for act in chain if act["kind"] == kind), None)
