"""Register of foreign agents kept by the Ministry of Justice."""

from collections.abc import Iterator

from crawler.documents.json_form import load_json
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spiders.designations.itsalt_mirror import ItsaltMirror
from crawler.spiders.designations.minjust_registry import MinjustRegistry, bad, quoted
from crawler.spiders.designations.running_number import running_number
from pipelines.observation import Observation
from pipelines.reading import BadRow, Said

QUOTED = ("number", "name", "legal_basis", "listed_on", "delisted_on", "urls", "published_on")
# Keys of the mirror's JSON, made by its keepers from the Ministry's PDF. Its columns of personal
# data (`dob`, `snils`, `address`) are never read.
MIRROR = {
    "id": "number", "fullName": "name", "law": "legal_basis", "dateIn": "listed_on",
    "dateOut": "delisted_on", "datePubl": "published_on", "resources": "urls",
    "members": "members", "inn": "inn", "ogrn": "ogrn", "regNum": "registration_number",
}  # fmt: skip


class AgentsMinjust(ItsaltMirror, MinjustRegistry):
    """Interface, else spreadsheet; imports also take the public mirror's JSON."""

    name = "agents_minjust"

    def row(self, page: Page, cells: dict[str, str], locator: str) -> Observation | BadRow:
        number = running_number(cells["number"])
        if number is None:
            return bad(cells, locator, "№ п/п", "The number of this row is not a number.")
        return Observation(
            (number,), cells | {"number": number}, locator, quoted(cells, QUOTED), page.part
        )

    def read_mirror(self, page: Page) -> Iterator[Said]:
        rows = load_json(page.text)
        if not isinstance(rows, list) or not rows:
            raise PageChanged("The mirror's file is not a list of rows.")
        for index, row in enumerate(rows):
            if not isinstance(row, dict) or not {"id", "fullName", "dateIn", "dateOut"} <= {*row}:
                raise PageChanged(f"Row {index} of the mirror lacks a key that all rows have.")
            cells = {ours: str(row[theirs]) for theirs, ours in MIRROR.items() if theirs in row}
            yield self.row(page, cells, f"/{index}")
