"""The same key on another row of the source's own database: somebody must look.

A register numbers its rows for people, and its database has a number of its own for each. When the
two come apart, rows were dealt out anew, and what is known of one subject may now stand under the
key of another. The technical number is a field: it makes no record and no news.
"""

import json
from typing import TYPE_CHECKING

from storage.delta import Delta
from storage.report import PartReport
from storage.staged_row import Issue

if TYPE_CHECKING:
    from storage.runs import OpenRun

KIND = "row-identity-changed"
NAMED_AT_MOST = 10


def tell(run: "OpenRun", report: PartReport, delta: Delta) -> None:
    """One issue for a read in which rows have another technical number than before."""
    field = run.facts.alarm_field
    if field is None or run.trigger == "replay":
        return
    keys = [" / ".join(json.loads(one.key)) for one in delta.changed if field in one.fields]
    if not keys:
        return
    named = ", ".join(keys[:NAMED_AT_MOST]) + (", ..." if len(keys) > NAMED_AT_MOST else "")
    words = (
        f"{len(keys)} of {report.observed} rows have another technical number under the same key: "
        f"{named}. See whether each still names the same subject."
    )
    run.issue(Issue(KIND, field, words, "", None, report.key, report.endpoint))
