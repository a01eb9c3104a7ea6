"""HUDOC's query interface: `{"resultcount": N, "results": [{"columns": {...}}]}`.

Every value is a string, lists are joined by `;`. Source: three public clients; no raw answer is
known to be published.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from desk.demo.reply import Asked, Reply, as_json
from desk.demo.story import Table, Week, known_in, pick, story

PATH = "/app/query/results"
# ... AND (kpdate>="2026-01-01T00:00:00.0Z" AND kpdate<="2026-12-31T00:00:00.0Z")
DAYS = re.compile(r'kpdate>="(\d{4}-\d\d-\d\d)T.*kpdate<="(\d{4}-\d\d-\d\d)T')
CONCLUSION = "Violation of Article 10 - Freedom of expression-{general}"


def answer(asked: Asked, week: Week) -> Reply | None:
    """One page of the documents between two days."""
    days = DAYS.search(asked.query.get("query", ""))
    if asked.path != PATH or days is None:
        return None
    found = [row for row in rows(week) if days[1] <= row["kpdate"][:10] <= days[2]]
    start, length = int(asked.query["start"]), int(asked.query["length"])
    page = [{"columns": row} for row in found[start : start + length]]
    return as_json({"resultcount": len(found), "results": page})


def rows(week: Week) -> list[Mapping[str, str]]:
    """All documents that are published by a week."""
    told = story()["hudoc"]
    found = [
        _filling(int(year), number)
        for year, count in told["fill"].items()
        for number in range(1, count + 1)
    ]
    found += known_in(told["row"], week)
    return [_columns(place, row) for place, row in enumerate(found, 1)]


def _filling(year: int, number: int) -> Table:
    """A judgment of an earlier Tuesday."""
    tuesday = date.fromisocalendar(year, 3, 2) + timedelta(weeks=3 * number)
    others = "" if number % 3 else " AND OTHERS"
    return {
        "docname": f"CASE OF {pick('latin', number)}{others} v. RUSSIA",
        "appno": f"{98000 + number}/{year % 100 - 5}", "day": tuesday, "article": "10;10-1",
        "violation": "10;10-1", "conclusion": CONCLUSION, "chamber": "COMMITTEE",
    }  # fmt: skip


def _columns(place: int, row: Table) -> dict[str, Any]:
    day: date = row["day"]
    number, year = row["appno"].split(";")[0].split("/")
    return {
        "itemid": f"001-9{day.year}{place:03}", "docname": row["docname"], "appno": row["appno"],
        "conclusion": row["conclusion"], "importance": "3", "originatingbody": "27",
        "typedescription": "15", "kpdate": f"{day.isoformat()}T00:00:00",
        "judgementdate": f"{day:%d/%m/%Y} 00:00:00", "respondent": "RUS",
        "article": row["article"], "violation": row["violation"], "nonviolation": "",
        "ecli": f"ECLI:CE:ECHR:{day.year}:{day:%m%d}JUD{int(number):07}{year}",
        "languageisocode": "ENG", "doctype": "HEJUD", "doctypebranch": row["chamber"],
        "documentcollectionid2": f"CASELAW;JUDGMENTS;{row['chamber']};ENG",
        "extractedappno": row["appno"], "isplaceholder": "False",
    }  # fmt: skip
