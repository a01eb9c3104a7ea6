"""The register of blocked sites in the form in which operators get it, dump.xml.

The official service gives it to operators with a qualified signature only; volunteers published it
until July 2024, as one file and since September 2019 as parts of it. An operator's own file can be
imported.
"""

from collections.abc import Iterator
from typing import Any

from crawler.documents.xml_form import check_prolog
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spiders.blockings.dump_xml import (
    HEAD_BYTES,
    DumpReader,
    is_later_part,
    looks_like_dump,
    read_kept,
    root_of,
)
from crawler.spiders.blockings.git_parts import GitParts
from pipelines import kept_lines
from pipelines.reading import Said


class BlockedRkn(GitParts):
    """Form `xml`: the dump, or a stretch of it; stretches are read in their order as one."""

    name = "blocked_rkn"
    file = "xml"
    numbered = "dump.xml.{:02}"
    branch = "/main/"
    in_order = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._readers: dict[int, DumpReader] = {}  # by endpoint: of one run's pages

    def may_be_notice(self, page: Page) -> bool:
        return not looks_like_dump(page.body)  # a later part may begin with a tag, as HTML does

    def join(self, page: Page) -> Page:
        if page.form != self.file or page.body.startswith(kept_lines.MARK):
            return page
        return self._reader(page.part, page.endpoint).join(page)

    def read_file(self, page: Page) -> Iterator[Said]:
        if page.body.startswith(kept_lines.MARK):
            return read_kept(page)
        return self._reader(page.part, page.endpoint).read(page)

    def finish_part(self, part: str, endpoint: int) -> None:
        self._reader(part, endpoint).finish()

    def moment_of(self, page: Page) -> str:
        return root_of(page.body[:HEAD_BYTES])[0].decode("ascii", "replace")

    def sniff(self, page: Page) -> str:
        if not (looks_like_dump(page.body) or is_later_part(page.url)):
            check_prolog(page.body[:HEAD_BYTES])
            raise PageChanged("The file is no dump of the register.")
        return self.file

    def _reader(self, part: str, endpoint: int) -> DumpReader:
        if endpoint not in self._readers:
            self._readers[endpoint] = DumpReader(part, self.spec.encoding)
        return self._readers[endpoint]
