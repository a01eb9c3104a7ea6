"""`python -m crawler` with one fault of our own in it: reading row 50 of the register raises.

python -m tests.chaos.broken_parser crawl agents_minjust
"""

import sys
from typing import Any, NoReturn

from crawler.__main__ import main
from crawler.page import Page
from crawler.spiders.designations.agents_minjust import AgentsMinjust
from pipelines.reading import Said

READ = AgentsMinjust.row


def raises_at_fifty(spider: AgentsMinjust, page: Page, cells: dict[str, str], place: str) -> Said:
    """The parser as it is, but for one row."""
    if cells["number"] == "50":
        fault()
    return READ(spider, page, cells, place)


def fault() -> NoReturn:
    """A bug as bugs are: not one of our typed errors."""
    nothing: Any = None
    nothing.strip()
    raise AssertionError("not reached")


if __name__ == "__main__":
    AgentsMinjust.row = raises_at_fifty  # type: ignore[method-assign]
    sys.exit(main(sys.argv[1:]))
