"""Persons persecuted for political reasons, as OVD-Info's interface lists their prosecutions."""

from collections.abc import Iterator
from typing import Any

from crawler.documents.json_form import load_json
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spider import SourceSpider
from pipelines.observation import Observation, Raw
from pipelines.reading import BadRow, Declared, Said

OF_AGE = 18
AGE = "age_persecution_began"


class PersecutedOvdinfo(SourceSpider):
    """A row is one prosecution of one person; a person with several has several rows."""

    name = "persecuted_ovdinfo"

    def sniff(self, page: Page) -> str:
        _listed(page)
        return self.spec.endpoint[0].form

    def read(self, page: Page) -> Iterator[Said]:
        total, rows = _listed(page)
        minors = {_id(row) for row in rows if _is_minor(row)}
        for index, row in enumerate(rows):
            own_id, place = _id(row), f"/data/{index}"
            if not own_id:
                words = "A row does not say which person it is about."
                yield BadRow(None, "person_id", words, place)
                continue
            name = "" if own_id in minors else str(row.get("name_ru") or "").strip()
            fields: dict[str, Raw] = {"name": name, "list": self.spec.settings["list"]}
            quote = f"person_id={own_id}" + (f" | name_ru={name}" if name else "")
            yield Observation((own_id,), fields, place, quote, page.part)
        yield Declared(total, page.part)


def _listed(page: Page) -> tuple[int, list[dict[str, Any]]]:
    """The counter and the rows. PageChanged: another form than `{"total": N, "data": [...]}`."""
    body = load_json(page.text)
    rows = body.get("data") if isinstance(body, dict) else None
    if not isinstance(rows, list) or type(body.get("total")) is not int:
        raise PageChanged("The answer has no `total` or no list `data`.")
    if not all(isinstance(row, dict) for row in rows):
        raise PageChanged("A row of `data` is no object.")
    if rows and not any(row.get("name_ru") for row in rows):
        raise PageChanged("No row of the list has the field `name_ru`.")
    return body["total"], rows


def _id(row: dict[str, Any]) -> str:
    value = row.get("person_id")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _is_minor(row: dict[str, Any]) -> bool:
    """Was the person a child when the persecution began? Children are never named."""
    age = str(row.get(AGE) if row.get(AGE) is not None else "")
    return age.isdecimal() and int(age) < OF_AGE
