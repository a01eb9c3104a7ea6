"""A register that volunteers keep in a public repository as numbered parts.

Parts are of one state only at one commit, so the commit is asked first, from the feed that GitHub
makes of them. Where the feed cannot be read, the parts are read at the branch, and the first one is
read again at the end: what it says of its moment must not have changed meanwhile. How many parts
there are nobody says: the list ends where the next one is not found.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from crawler.errors import PageChanged, SourceError
from crawler.page import Page
from crawler.spider import Ask, SourceSpider
from pipelines import kept_lines
from pipelines.reading import Oddity, Said
from pipelines.spec import Endpoint

# <id>tag:github.com,2008:Grit::Commit/02e8e22f00ab9a6ff3879b659833317e8d4341ff</id>, newest first
COMMIT = re.compile(r"Grit::Commit/([0-9a-f]{40})\b")
MOST_PARTS = 200
GONE = "http-404"


class GitParts(SourceSpider):
    """Forms: `commits` the feed, `again` the first part once more, and the subclass's own one.

    file      the form of a part           numbered   how parts are named, with their number
    branch    the branch in an address
    """

    file: ClassVar[str]
    numbered: ClassVar[str]
    branch: ClassVar[str]

    def moment_of(self, page: Page) -> str:
        """What the first part says of the moment of its state, as it says it."""
        raise NotImplementedError

    def read_file(self, page: Page) -> Iterator[Said]:
        """What a part says."""
        raise NotImplementedError

    def ask(self, part: str, index: int, endpoint: Endpoint) -> Iterator[Ask]:
        if self._has_parts(index) and self.branch in endpoint.url:
            yield Ask(self.spec.settings["commits"], "commits", part, index)
        else:
            yield self._first(part, index)

    def follow(self, page: Page) -> Iterator[Ask]:
        if page.form == "commits":
            yield self._first(page.part, page.endpoint, newest_commit(page.text))
        elif page.form == self.file and self._has_parts(page.endpoint):
            yield self._next(page)

    def forgive(self, ask: Ask, error: SourceError) -> Iterator[Ask] | None:
        """No feed: the branch. No further part: the end of the list."""
        number, commit = ask.context.get("number", 0), ask.context.get("commit")
        if ask.form == "commits" or (number == 0 and commit and error.reason == GONE):
            return iter([self._first(ask.part, ask.endpoint)])
        if ask.form == self.file and number > 0 and error.reason == GONE:
            return iter([] if commit else [self._again(ask)])
        return None

    def read(self, page: Page) -> Iterator[Said]:
        if page.form == self.file:
            yield from self.read_file(page)
        elif page.body.startswith(kept_lines.MARK):
            return  # a replay: nothing is kept of the feed and of the second look
        elif page.form == "again":
            if self.moment_of(page) != page.context["updated"]:
                words = "The first part changed while the others were read."
                raise SourceError(words, reason="mixed-states")
        elif page.form == "commits" and newest_commit(page.text) is None:
            words = "The feed of commits names none: the parts are read at the branch."
            yield Oddity("layout-changed", "commits", words)

    def _has_parts(self, index: int) -> bool:
        return self.numbered.format(0) in self.spec.endpoint[index].url

    def _first(self, part: str, index: int, commit: str | None = None) -> Ask:
        url = self.spec.endpoint[index].url
        if commit:
            url = url.replace(self.branch, f"/{commit}/")
        return Ask(url, self.file, part, index, context={"number": 0, "commit": commit})

    def _next(self, page: Page) -> Ask:
        number = page.context["number"] + 1
        if number >= MOST_PARTS:
            raise PageChanged(f"The list has more than {MOST_PARTS} parts.")
        context = dict(page.context) | {"number": number}
        if number == 1:
            context["updated"] = self.moment_of(page)
        first = self._first(page.part, page.endpoint, page.context["commit"])
        url = first.url.replace(self.numbered.format(0), self.numbered.format(number))
        return replace(first, url=url, context=context)

    def _again(self, ask: Ask) -> Ask:
        return replace(self._first(ask.part, ask.endpoint), form="again", context=ask.context)


def newest_commit(feed: str) -> str | None:
    """The id of the newest commit that a feed names."""
    found = COMMIT.search(feed)
    return None if found is None else found[1]
