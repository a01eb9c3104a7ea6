"""One answer of HUDOC's query interface: `{"resultcount": N, "results": [{"columns": {...}}]}`.

Every value is a string, lists are joined by `;`. Columns that are empty in a row may be left out
of it, so a column counts as missing only where no row of the answer has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.documents.json_form import load_json
from crawler.errors import PageChanged
from crawler.page import Page
from pipelines.dates import Unread, read_date
from pipelines.reading import BadRow
from pipelines.spec import Spec

MANDATORY = (("itemid",), ("docname",), ("appno",), ("kpdate", "judgementdate"))


@dataclass(frozen=True, slots=True)
class Row:
    """One document as the answer states it."""

    columns: Mapping[str, str]
    locator: str

    def get(self, name: str) -> str:
        """A column, empty where the row leaves it out."""
        return self.columns.get(name, "").strip()

    @property
    def day(self) -> str:
        """Date of the document in ISO form, else its raw string."""
        raw = self.get("kpdate") or self.get("judgementdate")
        try:
            return read_date(raw).isoformat()
        except Unread:
            return raw

    @property
    def year(self) -> str | None:
        """Calendar year of the document, None where its date cannot be read."""
        day = self.day
        return day[:4] if len(day) == 10 and day[:4].isdecimal() else None

    @property
    def key(self) -> tuple[str, ...]:
        """ECLI; older documents without one: applications and day; without both: item id."""
        if self.get("ecli"):
            return (self.get("ecli"),)
        if self.get("appno") and self.day:
            return (self.get("appno"), self.day)
        return (self.get("itemid"),)

    def kind(self, spec: Spec) -> str | None:
        """judgment, decision, communicated, summary, resolution; None where nothing says it."""
        words = [*self.get("documentcollectionid2").split(";"), self.get("doctype")]
        known = (spec.look_up("document", word) for word in words if word)
        return next((kind for kind in known if kind is not None), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """`total` documents fit the query; `rows` of them are on this page."""

    total: int
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]

    def columns(self) -> list[str]:
        """Names of all columns that some row has, in order."""
        return list(dict.fromkeys(name for row in self.rows for name in row.columns))


def read_answer(page: Page) -> Answer:
    """The answer in a page. Raises PageChanged where it is not of HUDOC's form."""
    body = load_json(page.text)
    if not isinstance(body, dict) or not isinstance(body.get("results"), list):
        raise PageChanged("The answer has no list `results`.")
    rows, bad = [], []
    for index, item in enumerate(body["results"]):
        locator = f"/results/{index}/columns"
        read = _row(item, locator)
        if isinstance(read, Row):
            rows.append(read)
        else:
            bad.append(read)
    if bad and not rows:
        raise PageChanged("No item of `results` has readable `columns`.")
    _require_columns(rows)
    return Answer(_total(body.get("resultcount")), tuple(rows), tuple(bad))


def _total(value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal():
        raise PageChanged("The answer states no `resultcount`.")
    return int(text)


def _row(item: Any, locator: str) -> Row | BadRow:
    columns = item.get("columns") if isinstance(item, dict) else None
    if not isinstance(columns, dict):
        return BadRow(None, "columns", "This item has no `columns`.", locator)
    texts = {name: "" if value is None else value for name, value in columns.items()}
    texts = {name: str(v) if type(v) in (int, bool) else v for name, v in texts.items()}
    odd = [name for name, value in texts.items() if not isinstance(value, str)]
    if odd:
        return BadRow(None, odd[0], "A column of this item is not text.", locator)
    if not texts.get("itemid", "").strip():
        return BadRow(None, "itemid", "This item has no id.", locator)
    return Row(texts, locator)


def _require_columns(rows: list[Row]) -> None:
    for names in MANDATORY:
        if rows and not any(name in row.columns for row in rows for name in names):
            raise PageChanged(f"No item has the column `{names[0]}`.")
