"""Domains that our own lists know, with the category of the list: what makes a blocking ours."""

import json
from collections.abc import Collection

from sqlalchemy import Connection, select

from storage.models import Designation, Record
from storage.queries import reference_categories

REGISTER = "REGISTER"  # the registers' own: a site that the state itself names as somebody's
OPERATOR = "OPERATOR"  # a list that the operator keeps
MATERIAL = "material"  # a text that was banned: the site on which it stood is not the target


def known_domains(connection: Connection, telling: Collection[str]) -> dict[str, str]:
    """Domain -> category: of the reference lists, else of the designations that name it.

    telling: categories of the lists that say enough; a domain listed under another one (shops,
    games) that a register of designations names is known by the register."""
    found = reference_categories(connection)
    for domain in sorted(set(_designated(connection))):
        if found.get(domain) not in telling:
            found[domain] = REGISTER
    return found


def _designated(connection: Connection) -> list[str]:
    rows = connection.execute(
        select(Designation.domains)
        .join(Record, Record.id == Designation.record_id)
        .where(
            Record.status != "gone", Designation.domains != "[]",
            Designation.target_type.is_distinct_from(MATERIAL),
        )
    )  # fmt: skip
    return [domain for domains in rows.scalars() for domain in json.loads(domains)]
