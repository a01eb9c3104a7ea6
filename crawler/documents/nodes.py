"""One way to look at elements of both parsers: BeautifulSoup tags and lxml elements."""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from bs4.element import CData, NavigableString, Tag

Node: TypeAlias = Any  # bs4.Tag or lxml.html.HtmlElement, which has no types

# Not shown by a browser with scripts: `<noscript>` and `<template>` hold copies of shown rows.
INERT = frozenset({"template", "noscript", "script", "style"})
BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "dl", "dd", "dt", "tr", "table", "h3", "h4"})
SPACES = re.compile(r"[ \t\r\n\f]+")  # what HTML folds; NBSP is a character of its own
AROUND_BREAK = re.compile(r" *\n[ \n]*")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)


def name_of(node: Node) -> str:
    """The element name, in small letters as both parsers have it."""
    return str(node.name if isinstance(node, Tag) else node.tag)


def attribute(node: Node, name: str) -> str | None:
    """The attribute as text; None when it is not there."""
    value = node.get(name)
    return " ".join(value) if isinstance(value, list) else value


def parts(node: Node) -> Iterator[str | Node]:
    """Texts and child elements in the order of the page, without comments."""
    if isinstance(node, Tag):
        for child in node.children:
            if isinstance(child, Tag):
                yield child
            elif type(child) in (NavigableString, CData):
                yield str(child)
        return
    yield node.text or ""
    for child in node:
        if isinstance(child.tag, str):
            yield child
        yield child.tail or ""


def parent_of(node: Node) -> Node | None:
    """The element around `node`."""
    return node.parent if isinstance(node, Tag) else node.getparent()


def text_of(node: Node) -> str:
    """The text as a browser shows it: blanks folded, `<br>` and blocks as line ends.

    NBSP stays where it stands inside the text. Comments and inert elements give nothing.
    """
    pieces: list[str] = []
    _gather(node, pieces)
    text = AROUND_BREAK.sub("\n", re.sub(" +", " ", "".join(pieces)))
    return text.strip()


def _gather(node: Node, pieces: list[str]) -> None:
    for part in parts(node):
        if isinstance(part, str):
            pieces.append(SPACES.sub(" ", part))
            continue
        name = name_of(part)
        if name in INERT:
            continue
        edge = "\n" if name in BLOCKS else " " if name in ("td", "th") else ""
        pieces.append("\n" if name == "br" else edge)
        _gather(part, pieces)
        pieces.append(edge)


def is_hidden(node: Node) -> bool:
    """Is the element itself hidden by its own attributes? Style sheets are not read."""
    if attribute(node, "hidden") is not None:
        return True
    return HIDDEN_STYLE.search(attribute(node, "style") or "") is not None


def is_inert(node: Node) -> bool:
    """Does the element stand inside a `<template>` or a `<noscript>`?"""
    above = parent_of(node)
    while above is not None:
        if name_of(above) in INERT:
            return True
        above = parent_of(above)
    return False
