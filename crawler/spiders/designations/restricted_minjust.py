"""Persons under "temporary restrictive measures", as the Ministry lists them."""

from crawler.page import Page
from crawler.spiders.designations.minjust_registry import MinjustRegistry, bad, quoted
from crawler.spiders.designations.running_number import running_number
from pipelines.observation import Observation
from pipelines.reading import BadRow

QUOTED = ("number", "name", "legal_basis", "listed_on", "delisted_on")


class RestrictedMinjust(MinjustRegistry):
    """Interface, else spreadsheet. Nobody has published its columns: they are told by words."""

    name = "restricted_minjust"

    def row(self, page: Page, cells: dict[str, str], locator: str) -> Observation | BadRow:
        number = running_number(cells["number"])
        if number is None:
            return bad(cells, locator, "№", "The number of this row is not a number.")
        return Observation(
            (number,), cells | {"number": number}, locator, quoted(cells, QUOTED), page.part
        )
