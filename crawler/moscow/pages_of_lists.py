"""The pages of one query put together: none is missing, none was shifted while we read.

A case that arrives or leaves between two requests moves all rows: one then stands on two pages, and
another on none. The portal repeats its last page past the end.
"""

from dataclasses import dataclass, field

from crawler.errors import SourceError
from crawler.moscow.listing import Listing
from crawler.moscow.query import PAGE_ROWS


@dataclass(slots=True)
class Query:
    """What is known of one query while its pages are read, in whatever order they come."""

    pages: dict[int, list[str]] = field(default_factory=dict)
    last: int | None = None
    total: int | None = None

    def take(self, listing: Listing, asked: int) -> int:
        """Note a page; returns how many rows of it are new.

        SourceError `other-page`: another page came than was asked for; `count-mismatch`: pages were
        shifted, cut short, or do not add up to the counter."""
        if listing.page is not None and listing.page != asked:
            raise SourceError(
                f"Page {asked} was asked for and page {listing.page} came.", reason="other-page"
            )
        ids = [row.link.uuid for row in listing.rows]
        earlier = {one for page, some in self.pages.items() if page != asked for one in some}
        if listing.pages is None and listing.total is None and ids and set(ids) <= earlier:
            return 0  # past the end of a list that does not count its pages
        if earlier & set(ids):
            raise _mismatch("A case stands on two pages: they were shifted while they were read.")
        self.pages[asked] = ids
        self.total = self.total if listing.total is None else listing.total
        self.last = self.last if listing.pages is None else listing.pages
        self._close(listing, asked)
        return len(ids)

    def _close(self, listing: Listing, asked: int) -> None:
        read = len(listing.rows) + len(listing.bad)
        if self.last is not None and asked < self.last and read < PAGE_ROWS:
            raise _mismatch(f"Page {asked} of {self.last} has {read} rows of {PAGE_ROWS}.")
        is_whole = len(self.pages) >= (self.last or 1)
        seen = sum(map(len, self.pages.values())) + len(listing.bad)
        if self.total is not None and is_whole and seen != self.total:
            raise _mismatch(f"The portal counts {self.total} cases and shows {seen}.")


def further_pages(listing: Listing, asked: int) -> list[int]:
    """The pages that this one shows to be there: all of them, or the next of an uncounted list."""
    if listing.pages is not None:
        return list(range(2, listing.pages + 1)) if asked == 1 else []
    full = len(listing.rows) + len(listing.bad) >= PAGE_ROWS
    return [asked + 1] if full else []


def _mismatch(words: str) -> SourceError:
    return SourceError(words, reason="count-mismatch")
