"""Roskomsvoboda's copy of the blocklist, and its list of what is blocked without any entry.

JSON: a snapshot under its day, and services with a restriction and their domains.
"""

import json
from collections.abc import Iterator
from typing import Any

from desk.demo.blocklist import fillings
from desk.demo.reply import Asked, Reply
from desk.demo.story import Table, Week, known_in, story

REGISTER, OFF_REGISTER = "/api/v3/snapshot/", "/api/v3/dpi/"
AGENCIES = {"Генпрокуратура": 5, "МВД": 2, "ФНС": 3, "суд": 4, "": 0}


def answer(asked: Asked, week: Week) -> Reply | None:
    """The two answers of the interface."""
    if asked.path == REGISTER:
        return _as_json({f"{week.moment:%Y-%m-%d}": list(_records(week))})
    if asked.path == OFF_REGISTER:
        return _as_json([_service(row) for row in known_in(story()["off_register"]["row"], week)])
    return None


def _as_json(value: Any) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode(), "application/json")


def _records(week: Week) -> Iterator[Table]:
    """The rows of the blocklist that the copy has, with the agency where the copy knows it."""
    told = [row for row in story()["blocklist"]["row"] if row.get("copied")]
    for number, row in enumerate([*fillings(), *told], 4090001):
        if not known_in([row], week):
            continue
        agency = row.get("known_agency") or row["agency"]
        yield {
            "appearDate": f"{row['decided']}T12:00:00", "decisionDate": row["decided"],
            "domains": [row["domain"]], "urls": [u for u in row["urls"].split(" | ") if u],
            "ips": [], "authority": {"id": AGENCIES[agency], "name": agency}, "id": number,
        }  # fmt: skip


def _service(row: Table) -> Table:
    restriction = {"code": "ban"} if row["banned"] else None
    return {"restriction": restriction, "name": row["name"], "domains": row["domains"]}
