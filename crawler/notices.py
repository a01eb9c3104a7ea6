"""Notice pages, told from real ones BEFORE anything is parsed: the phrases are `notices.toml`.

A notice that passes for a page reads as "zero rows", and zero rows as "all removed". An ordinary
page that merely mentions a word of a notice must pass, so a phrase counts only where a notice has
it: in a page with hardly any text, in its title or heading, or as the beginning of a run of text
of its own; never inside a table of data. Courts' "nothing found" is no notice: a spider judges it.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import lxml.html
from lxml.etree import ParserError

from crawler.errors import Blocked, Captcha, Maintenance, PageChanged, SourceError

SHORT_CHARS = (
    1500  # visible text; captured notice pages have up to 600, ordinary ones 2200 and more
)
HEADED_CHARS = 4000  # a page that has a notice's heading and still much text is an article
RUN_CHARS = 300  # a notice is a sentence or two
LARGEST_CHARS = 1_500_000  # courts show notices in shells of 300,000; what is larger is content
PLAIN_CHARS = 500  # a notice without markup, in answer to a request for CSV or JSON
DATA_ROWS, DATA_CELLS = 3, 3  # a table with that many rows of that many filled cells holds data
BLANKS = re.compile(r"[\s\u200b\ufeff]+")
UNSEEN = ("script", "style", "template", "noscript", "title")


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of notice and the phrases it is told by; `notices.toml` explains the four lists."""

    reason: str
    sentences: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader sees of a page outside its data tables, all of it folded by `fold`."""

    text: str
    runs: tuple[str, ...]
    headings: tuple[str, ...]
    source: str
    has_data: bool


def refuse_notices(text: str) -> None:
    """Returns where a decoded body is no notice and not empty.

    Raises SourceError(`empty`, `source-error`), Maintenance(`maintenance`), Captcha(`captcha`,
    `challenge`), Blocked(`blocked`, `geo-blocked`, `login`) or PageChanged(`soft-404`).
    """
    if not fold(text):
        raise SourceError("the body is empty or blank", reason="empty")
    if len(text) > LARGEST_CHARS:
        return
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        if not _is_xml_data(text):
            _refuse_page(text)
    elif len(text) <= PLAIN_CHARS:
        _refuse(Seen(fold(text), (fold(text),), (), "", has_data=False))


def fold(text: str) -> str:
    """Lower case, ё as е, blanks (no-break and zero-width ones too) as one space."""
    return BLANKS.sub(" ", text.replace("\x00", "")).strip().casefold().replace("ё", "е")


@cache
def notices() -> tuple[Notice, ...]:
    """All kinds of notices in the order of `notices.toml`; an unknown key there is an error."""
    data = tomllib.loads(files("crawler").joinpath("notices.toml").read_text(encoding="utf-8"))
    return tuple(
        Notice(entry.pop("reason"), **{name: tuple(map(fold, v)) for name, v in entry.items()})
        for entry in data["notice"]
    )


def _is_xml_data(text: str) -> bool:
    """Whether a body is XML that is no XHTML page: a register in XML holds no notices."""
    start = text[:2000].lstrip("\ufeff \t\r\n").casefold()
    return start.startswith("<?xml") and "<html" not in start


def _refuse_page(text: str) -> None:
    """Reads an HTML page and refuses it where it is a notice, or shows nothing at all."""
    seen = _seen(text)
    _refuse(seen)
    if not seen.text and not seen.headings and not seen.has_data:
        raise SourceError("the page shows no text", reason="empty")


def _refuse(seen: Seen) -> None:
    for notice in notices():
        phrase = next(_matches(notice, seen), None)
        if phrase is not None:
            raise _error(notice.reason, f"a notice in place of the page: {phrase!r}")


def _error(reason: str, message: str) -> SourceError:
    """The typed error of a reason."""
    kinds: dict[str, type[SourceError]] = {
        "maintenance": Maintenance,
        "captcha": Captcha,
        "challenge": Captcha,
        "soft-404": PageChanged,
        "source-error": SourceError,
    }
    return kinds.get(reason, Blocked)(message, reason=reason)


def _matches(notice: Notice, seen: Seen) -> Iterator[str]:
    """The phrases of a notice that stand where a notice would have them."""
    yield from (p for p in notice.sentences if any(run.startswith(p) for run in seen.runs))
    if seen.has_data:
        return
    if len(seen.text) <= HEADED_CHARS:
        yield from (p for p in notice.headings if any(_heads(p, h) for h in seen.headings))
    if len(seen.text) <= SHORT_CHARS:
        yield from (p for p in notice.short if p in seen.text)
        yield from (p for p in notice.markup if p in seen.source)


def _heads(phrase: str, heading: str) -> bool:
    """Whether a heading is a phrase, or begins with one of more than one word."""
    return heading == phrase or (len(phrase.split()) > 1 and heading.startswith(phrase))


def _seen(text: str) -> Seen:
    """What a reader sees of a page, without its scripts and the tables that hold data."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(text.replace("\x00", "").encode(), parser=parser)
    except ParserError:  # nothing but comments or declarations
        return Seen("", (), (), "", has_data=False)
    headings = tuple(fold(node.text_content()) for node in root.iter("title", "h1", "h2"))
    unscripted = " ".join(node.text_content() for node in root.iter("noscript"))
    data = [table for table in root.iter("table") if _holds_data(table)]
    for node in [*data, *root.iter(*UNSEEN)]:
        if node.getparent() is not None:
            node.drop_tree()
    runs = tuple(filter(None, map(fold, root.itertext())))
    visible = " ".join(runs)
    if len(visible) <= RUN_CHARS:
        visible = fold(f"{visible} {unscripted}")
    source = fold(text) if len(visible) <= SHORT_CHARS else ""
    short = tuple(run for run in runs if len(run) <= RUN_CHARS)
    return Seen(visible, short, tuple(filter(None, headings)), source, has_data=bool(data))


def _holds_data(table: lxml.html.HtmlElement) -> bool:
    """Whether a table holds rows of data, and is no frame that an old page is laid out in."""
    full = 0
    for row in table.iter("tr"):
        full += sum(bool(fold(cell.text_content())) for cell in row.iter("td", "th")) >= DATA_CELLS
        if full >= DATA_ROWS:
            return True
    return False
