"""List of organisations banned or liquidated as extremist, kept by the Ministry of Justice."""

from collections.abc import Iterator

from crawler.documents.html_form import require_end
from crawler.page import Page
from crawler.spider import Ask
from crawler.spiders.designations.itsalt_mirror import ItsaltMirror
from crawler.spiders.designations.minjust_registry import MinjustRegistry, bad
from crawler.spiders.designations.names_mirror import PART, is_names_mirror, read_names
from crawler.spiders.designations.numbered_paragraphs import Division, Item, read_items
from crawler.spiders.designations.running_number import running_number
from pipelines.court_lists import split_paragraph
from pipelines.members import cut_members
from pipelines.observation import Observation
from pipelines.reading import BadRow, Oddity, Said
from pipelines.spec import Endpoint


class ExtremistOrgsMinjust(ItsaltMirror, MinjustRegistry):
    """The page of paragraphs, else the Ministry's interface; imports also take a JSON of names."""

    name = "extremist_orgs_minjust"

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        """The interface's titles are not known, so `/info` would be of no use."""
        if endpoint.form == "values":
            yield self._values(part, index, 0, None)
        else:
            yield from super().ask(part, index, endpoint)

    def sniff(self, page: Page) -> str:
        if is_names_mirror(page):
            return "mirror"
        is_page = page.body[:512].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        return "page" if is_page else super().sniff(page)

    def part_of(self, page: Page) -> str:
        return PART if is_names_mirror(page) else super().part_of(page)

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "page":
            require_end(page.text, "</html>")
            for item in read_items(page.text):
                yield from said(item, page.part)
        else:
            yield from super().read(page)

    def read_mirror(self, page: Page) -> Iterator[Said]:
        yield from read_names(page)

    def row(self, page: Page, cells: dict[str, str], locator: str) -> Observation | BadRow:
        """A row of the interface: a number and a name, which may be the whole paragraph."""
        number = running_number(cells["number"])
        if number is None:
            return bad(cells, locator, "field_1_i", "The number of this row is not a number.")
        name = cut_members(cells["name"])
        fields = {"number": number, "name": name}
        return Observation((number,), fields, locator, f"{number}. {name}", page.part)


def said(item: Item, part: str) -> Iterator[Said]:
    """An item, then its divisions, which share what it states where they state nothing else."""
    own = cut_members(item.text)
    decided, placed = stated_of(item, own)
    fields = {"number": item.number, "name": own, "decisions": decided, "listed_on": placed}
    quote = f"{item.number}. {own}"
    yield Observation((item.number,), fields, locator_of(item.place), quote, part)
    for division in item.divisions:
        yield of_division(item.number, division, (decided, placed), part)
    for place in item.strange:
        words = "A paragraph after the end of an item belongs to no number."
        yield Oddity("unread-paragraph", item.number, words, locator_of(place))


def of_division(
    number: str, division: Division, above: tuple[str, str], part: str
) -> Observation | BadRow:
    """A division of an organisation: its key is the number above it and its own name."""
    text = cut_members(division.text)
    name, decided, placed = split_paragraph(text)
    if not name:
        words = "A paragraph under this number states no name."
        return BadRow(None, number, words, locator_of(division.place))
    fields = {
        "number": number, "name": text, "decisions": decided or above[0],
        "listed_on": placed or above[1],
    }  # fmt: skip
    return Observation((number, name), fields, locator_of(division.place), text, part)


def stated_of(item: Item, own: str) -> tuple[str, str]:
    """Decision brackets and day of placing of an item: its own, else those of its last division.

    `62. Религиозная организация ... и входящие в ее структуру ... организации:` is one sentence,
    whose decision stands after the last organisation of the enumeration. № 57 states its decision
    itself, and only the day of placing stands at the end."""
    _name, decided, placed = split_paragraph(own)
    if item.divisions and not (decided and placed):
        _name, further, last = split_paragraph(cut_members(item.divisions[-1].text))
        decided, placed = decided or further, placed or last
    return decided, placed


def locator_of(place: int) -> str:
    """A paragraph by its place in the text of the list."""
    return f"html:paragraph/{place}"
