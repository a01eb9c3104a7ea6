"""The register of blocked sites, in the copy that volunteers (zapret-info) keep.

The copy is numbered parts `dump-00.csv`, `dump-01.csv`, ... and, until March 2024, one `dump.csv`.
Parts are of one state only at one commit, so the commit is asked first, from the feed that GitHub
makes of them. Where the feed cannot be read, the parts are read at the branch, and the first
one is read again at the end: its `Updated:` line must not have changed meanwhile.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.errors import PageChanged, SourceError
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from crawler.spiders.blockings.register_csv import (
    charset_of,
    read_dump,
    require_columns,
    updated_line,
)
from pipelines import kept_lines
from pipelines.reading import Oddity, Said
from pipelines.spec import Endpoint

# <id>tag:github.com,2008:Grit::Commit/02e8e22f00ab9a6ff3879b659833317e8d4341ff</id>, newest first
COMMIT = re.compile(r"Grit::Commit/([0-9a-f]{40})\b")
FIRST_PART = "dump-00.csv"
BRANCH = "/master/"
MOST_PARTS = 200  # 9 parts in 2019, 20 in 2024
GONE = "http-404"


class BlockedZapretinfo(SourceSpider):
    """Forms: `commits` the feed, `csv` a file of the register, `again` the first part once more."""

    name = "blocked_zapretinfo"

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        if FIRST_PART in endpoint.url and BRANCH in endpoint.url:
            yield Ask(self.spec.settings["commits"], "commits", part, index)
        else:
            yield self._first(part, index)

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form == "commits":
            yield self._first(page.part, page.endpoint, newest_commit(page.text))
        elif page.form == "csv" and FIRST_PART in self.spec.endpoint[page.endpoint].url:
            yield self._next(page)

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """No feed: the branch. No further part: the end of the list."""
        number, commit = ask.context.get("number", 0), ask.context.get("commit")
        if ask.form == "commits" or (number == 0 and commit and error.reason == GONE):
            return iter([self._first(ask.part, ask.endpoint)])
        if ask.form == "csv" and number > 0 and error.reason == GONE:
            return iter([] if commit else [self._again(ask)])
        return None

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == "csv":
            yield from read_dump(page)
        elif page.body.startswith(kept_lines.MARK):
            return  # a replay: nothing is kept of the feed and of the second look
        elif page.form == "again":
            if updated_line(page.body).decode("ascii", "replace") != page.context["updated"]:
                words = "The first part changed while the others were read."
                raise SourceError(words, reason="mixed-states")
        elif page.form == "commits" and newest_commit(page.text) is None:
            words = "The feed of commits names none: the parts are read at the branch."
            yield Oddity("layout-changed", "commits", words)

    def sniff(self, page: Page) -> str:
        require_columns(page.body, charset_of(page))
        return "csv"

    def _first(self, part: str, index: int, commit: str | None = None) -> Ask:
        url = self.spec.endpoint[index].url
        if commit:
            url = url.replace(BRANCH, f"/{commit}/")
        return Ask(url, "csv", part, index, context={"number": 0, "commit": commit})

    def _next(self, page: Page) -> Ask:
        number = page.context["number"] + 1
        if number >= MOST_PARTS:
            raise PageChanged(f"The list has more than {MOST_PARTS} parts.")
        context = dict(page.context) | {"number": number}
        if number == 1:
            context["updated"] = updated_line(page.body).decode("ascii", "replace")
        first = self._first(page.part, page.endpoint, page.context["commit"])
        url = first.url.replace(FIRST_PART, f"dump-{number:02}.csv")
        return replace(first, url=url, context=context)

    def _again(self, ask: Ask) -> Ask:
        return replace(self._first(ask.part, ask.endpoint), form="again", context=ask.context)


def newest_commit(feed: str) -> str | None:
    """The id of the newest commit that a feed names."""
    found = COMMIT.search(feed)
    return None if found is None else found[1]
