"""Political prisoners as Memorial lists them: two files, two parts."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from crawler.charset import decode_text
from crawler.documents.csv_form import CsvRow, read_csv
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spider import SourceSpider
from pipelines.observation import Observation
from pipelines.reading import BadRow, Said

HOST = "memopzk.org"


class PrisonersMemorial(SourceSpider):
    """A file has a heading in its first line, then a name and the address of a card a row."""

    name = "prisoners_memorial"

    def sniff(self, page: Page) -> str:
        next(iter(_rows(page)), None)
        return self.spec.endpoint[0].form

    def part_of(self, page: Page) -> str:
        """A saved file says by its name which list it is; the files themselves do not say."""
        named = [part for part in self.parts() if part in page.url]
        return named[0] if named else self.parts()[0]

    def read(self, page: Page) -> Iterator[Said]:
        for row in _rows(page):
            place = f"csv:bytes={row.start}-{row.end}"
            if row.problem is not None:
                yield BadRow(None, "row", f"A row cannot be read: {row.problem}.", place)
                continue
            name, url = (cell.strip() for cell in row.cells)
            if not name or urlsplit(url).hostname not in (HOST, f"www.{HOST}"):
                yield BadRow(None, "row", "A row lacks a name or the address of a card.", place)
                continue
            fields = {"name": name, "url": url, "list": self.spec.settings[page.part]}
            yield Observation((page.part, own_id(url)), fields, place, f"{name};{url}", page.part)


def _rows(page: Page) -> Iterator[CsvRow]:
    """The rows after the heading. PageChanged: another form than name and address."""
    encoding = decode_text(page.body, page.encoding, page.charset, is_html=False)[1]
    rows = read_csv(page.body, encoding=encoding, delimiter=";", columns=2, final_newline=False)
    heading = next(rows)
    if any("://" in cell for cell in heading.cells):
        raise PageChanged("The first line of the list is no heading any more.")
    listed = list(rows)
    if listed and not any("://" in cell for row in listed[:20] for cell in row.cells[1:]):
        raise PageChanged("The second column of the list holds no addresses.")
    yield from listed


def own_id(url: str) -> str:
    """The number of a card, `?p=12345`; where an address has none, the address itself."""
    numbers = parse_qs(urlsplit(url).query).get("p", [])
    return numbers[0] if len(numbers) == 1 and numbers[0].isdigit() else url
