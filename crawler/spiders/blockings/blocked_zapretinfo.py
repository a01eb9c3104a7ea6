"""The register of blocked sites, in the copy that volunteers (zapret-info) keep.

The copy is numbered parts `dump-00.csv`, `dump-01.csv`, ... (9 in 2019, 20 in 2024) and, until
March 2024, one `dump.csv`.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawler.errors import SourceError
from crawler.page import Page
from crawler.spiders.blockings.git_parts import GitParts
from crawler.spiders.blockings.register_csv import (
    charset_of,
    read_dump,
    require_columns,
    updated_line,
)
from pipelines.reading import Said

NUMBERED = re.compile(r"\bdump-(\d\d)\.csv$")


class BlockedZapretinfo(GitParts):
    """Form `csv`: a part, or the whole in one file."""

    name = "blocked_zapretinfo"
    file = "csv"
    numbered = "dump-{:02}.csv"
    branch = "/master/"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._numbers: dict[int, set[int]] = {}  # of the files that were read, by endpoint

    def read_file(self, page: Page) -> Iterator[Said]:
        found = NUMBERED.search(page.url)
        if found is not None:
            self._numbers.setdefault(page.endpoint, set()).add(int(found[1]))
        yield from read_dump(page)

    def finish_part(self, part: str, endpoint: int) -> None:
        """Files of a mirror that are imported carry their numbers: none may be missing."""
        numbers = self._numbers.get(endpoint, set())
        missing = sorted(set(range(max(numbers, default=-1) + 1)) - numbers)
        if missing:
            words = f"Part {missing[0]:02} of the list is not among those that were read."
            raise SourceError(words, reason="page-missing")

    def moment_of(self, page: Page) -> str:
        return updated_line(page.body).decode("ascii", "replace")

    def sniff(self, page: Page) -> str:
        require_columns(page.body, charset_of(page))
        return "csv"
