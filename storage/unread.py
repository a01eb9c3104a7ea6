"""Dates that a state shows and that do not read: what was known of them before still stands.

A date that is null beside its raw twin (`delisted_on: null`, `delisted_on_raw: "31.02.2026"`) was
there and could not be read. If the record holds that date, taking the row as it is would tell that
the date was withdrawn: an exclusion undone, which nobody stated. Such a row counts as present and
is not judged until it reads; its issue says so. Texts are another matter: a name whose place a
register fills with "excluded" is null beside its raw twin too, and that is the news.
"""

import json

from sqlalchemy import Connection, bindparam, select, update

from storage.delta import RAW, Scope, staged
from storage.models import Record, Revision, Stage
from storage.staged_row import UNREAD

DATES = ("_on", "_at")  # how the contract's names of dates and moments end


def hold_back(connection: Connection, scope: Scope) -> int:
    """Mark the staged rows that would turn a known date into an unread one; how many they are."""
    rows = connection.execute(
        select(Stage.key, Stage.fields, Revision.fields)
        .join(Record, (Record.part_id == Stage.part_id) & (Record.key == Stage.key))
        .join(Revision, Revision.id == Record.revision_id)
        .where(
            staged(scope), Stage.content_hash != UNREAD,
            Stage.content_hash != Revision.content_hash,
            Stage.fields.contains(f'{RAW}"', autoescape=True),
        )
    )  # fmt: skip
    keys = [key for key, now, before in rows if loses(json.loads(before), json.loads(now))]
    if keys:
        connection.execute(
            update(Stage)
            .where(staged(scope), Stage.key == bindparam("row_key"))
            .values(content_hash=UNREAD, judged_hash=UNREAD),
            [{"row_key": key} for key in keys],
        )
    return len(keys)


def loses(before: dict[str, object], now: dict[str, object]) -> bool:
    """Would a row turn a date that is known into one that does not read?"""
    unread = [name.removesuffix(RAW) for name, raw in now.items() if raw and name.endswith(RAW)]
    return any(
        before.get(name) and now.get(name) is None for name in unread if name.endswith(DATES)
    )
