"""HTML with the silent losses of its parsers made loud.

lxml drops content at its limits without an exception (a text of 11 MB empties the document, below
255 levels text is lost), so both `tree` and `soup` look at the log of the parser. No parser can see
that a page was cut between two rows: every page needs `require_end`.
"""

import re
import warnings
from collections.abc import Iterator, Sequence

import lxml.html
from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from lxml import etree

from crawler.documents.limits import parser_limit
from crawler.documents.nodes import Node, is_inert
from crawler.errors import CorruptBody, PageChanged, TruncatedBody

MAX_TAGS = 1_000_000  # a page of the registers has up to 20,000
MAX_ATTRIBUTES = 500  # of one tag: libxml2 takes 0.1 s for 10,000 and 11 s for 100,000
CROWDED_TAG = re.compile(  # `<p a1=1 a2="2" ...`; possessive, so that its time is linear
    r"<[A-Za-z][^\s>/]*+(?:[\s/]*+[^\s>/][^\s=>/]*+"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']++))?+){" + str(MAX_ATTRIBUTES + 1) + "}"
)


def tree(text: str) -> Node:
    """The root element of `text` by lxml, for big regular tables.

    SourceError `parser-limit`: the parser would have dropped content, or the page would take it too
    long. TruncatedBody: no element at all. CorruptBody: half a surrogate pair in the text.
    """
    _check_size(text)
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = lxml.html.document_fromstring(text.encode(), parser=parser)
    except UnicodeEncodeError as error:
        raise CorruptBody("the page holds half a surrogate pair, which is no character") from error
    except etree.ParserError as error:
        raise TruncatedBody("the page is empty") from error
    for entry in parser.error_log:
        if entry.level == etree.ErrorLevels.FATAL:
            raise parser_limit(f"the page is past a limit of the parser: {entry.message}")
    return root


def soup(text: str) -> BeautifulSoup:
    """The same for irregular pages: BeautifulSoup, after `tree` has accepted the text."""
    tree(text)  # 3 % of the cost; bs4 hides the log of its own parser
    with warnings.catch_warnings():
        # an XHTML page may start with an XML declaration; it is read as HTML on purpose
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(text, "lxml")


def _check_size(text: str) -> None:
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise parser_limit(f"the page has {tags} tags, over {MAX_TAGS}")
    if CROWDED_TAG.search(text):
        raise parser_limit(f"a tag of the page has over {MAX_ATTRIBUTES} attributes")


def only(node: Node, css: str) -> Node:
    """The one element below `node` that matches `css`; copies in `<noscript>` do not count.

    PageChanged: there is none, or more than one.
    """
    found = select(node, css)
    if len(found) != 1:
        raise PageChanged(f"{len(found)} elements match {css!r} where one was expected")
    return found[0]


def select(node: Node, css: str) -> Sequence[Node]:
    """All elements below `node` that match `css`, but for those inside inert elements."""
    found: Iterator[Node] = iter(node.select(css) if isinstance(node, Tag) else node.cssselect(css))
    return [match for match in found if not is_inert(match)]


def require_end(text: str, mark: str) -> None:
    """TruncatedBody when `mark`, which stands once after the last row, is not in `text`.

    The parsers close what was cut without a word: a page of 900 rows cut in the middle gave 453
    rows and an empty log. A mark is a piece of the footer, or `</html>`.
    """
    if mark.casefold() not in text.casefold():
        raise TruncatedBody(f"the page ends before its end mark {mark!r}")
