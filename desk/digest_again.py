"""Who was designated before, excluded, and is designated again: told beside the new designation.

The earlier row has another number in the register; that both are one subject is a match by their
full name, which a person may confirm or reject.
"""

import json
import sqlite3
from dataclasses import replace

from desk import words
from desk.digest_model import Item, Section
from desk.words import Lang, say
from storage.identities import AGAIN

KEY = "designations"
_EARLIER = "SELECT evidence FROM matches WHERE kind = ? AND left_record = ? ORDER BY id"


def told(
    connection: sqlite3.Connection, sections: tuple[Section, ...], lang: Lang
) -> tuple[Section, ...]:
    """The sections, with the earlier designation beside each one that is not the first."""
    return tuple(
        replace(one, items=tuple(_with_earlier(connection, item, lang) for item in one.items))
        if one.key == KEY
        else one
        for one in sections
    )


def _with_earlier(connection: sqlite3.Connection, item: Item, lang: Lang) -> Item:
    rows = connection.execute(_EARLIER, (AGAIN, item.record)).fetchall()
    found = [(say("text", "again", lang), _words(json.loads(row[0]), lang)) for row in rows]
    return replace(item, details=(*found, *item.details)) if found else item


def _words(told: dict[str, str], lang: Lang) -> str:
    return say(
        "text", "earlier", lang, number=told["earlier_number"],
        listed=words.date_words(told["listed_on"], lang),
        excluded=words.date_words(told["delisted_on"], lang),
    )  # fmt: skip
