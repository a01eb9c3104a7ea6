"""The two answers of the Ministry's interface, taken apart: `/info` and `/values`.

Source: sources dossier, section 0 and addendum B1; raw `/info` is known by its use only.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from crawler.documents.json_form import load_json
from crawler.errors import PageChanged
from crawler.page import Page
from pipelines.reading import Said, StateAt
from storage.audit import canonical
from storage.evidence import sha256

# Solr's own keys: no column of the register, rewritten for all rows at each reload.
TECHNICAL = {"id", "grid_s", "_version_", "lastModified_l"}


def info_columns(page: Page) -> list[tuple[str, str]]:
    """Key and title of each column of a register; a title may be empty, then the key stands."""
    info = load_json(page.text)
    columns = info.get("columns") if isinstance(info, Mapping) else None
    if not isinstance(columns, list) or not columns:
        raise PageChanged("/info names no columns.")
    found = []
    for column in columns:
        if not isinstance(column, Mapping) or not isinstance(column.get("name"), str):
            raise PageChanged("/info has a column without a name.")
        if column["name"] not in TECHNICAL and not column["name"].endswith("_dt"):
            found.append((column["name"], (column.get("title") or column["name"]).strip()))
    return found


def read_info(page: Page) -> Iterator[Said]:
    """`/info` states the moment of the register's state, in milliseconds of the epoch."""
    info = load_json(page.text)
    if isinstance(info, Mapping) and isinstance(info.get("lastModified"), int):
        yield StateAt(epoch(info["lastModified"]), page.part)


def page_rows(page: Page) -> tuple[int, list[dict[str, Any]]]:
    """Declared size and rows of one `/values` answer. Raises PageChanged."""
    answer = load_json(page.text)
    if not isinstance(answer, Mapping) or not isinstance(answer.get("values"), list):
        raise PageChanged("The answer has no list `values`.")
    size = answer.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
        raise PageChanged(
            "The answer declares no size: an empty register is an error.", reason="empty"
        )
    rows = answer["values"]
    if not rows and not page.context.get("offset"):  # a later one falls short of the size
        raise PageChanged(f"The answer has none of the {size} rows it declares.", reason="empty")
    if not all(isinstance(row, dict) for row in rows):
        raise PageChanged("A row of `values` is not an object.")
    return size, rows


def first_of(page: Page, rows: list[dict[str, Any]]) -> str:
    """A mark of the page's first row. Raises PageChanged where the page before began with it."""
    mark = sha256(canonical(rows[0]).encode())[:16]
    if page.context.get("before") == mark:
        raise PageChanged("The interface gives the same rows at two places of its list.")
    return mark


def epoch(milliseconds: int) -> datetime:
    """A moment of the register. Its clock is UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def cell(value: Any) -> str:
    """A value of a row as text: numbers keep their digits, nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool | dict | list | float):
        raise PageChanged("A cell of `values` is neither text nor a whole number.")
    return str(value)
