"""Pages of sudact.ru: an answer of its search and the page of one document.

Forms: independent programs that agree (2019-2026); no page has been captured. The search answers
`{"status": "new"}` until it has finished; then `content` holds the hits as HTML.
"""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.documents.html_form import select, tree
from crawler.documents.json_form import load_json
from crawler.documents.nodes import attribute, text_of
from crawler.errors import PageChanged, TruncatedBody

DOC = re.compile(
    r"^/(?P<section>regular|magistrate|arbitral|vsrf)/doc/(?P<id>[0-9A-Za-z]{10,14})/?$"
)
TOTAL = re.compile(r"(\d[\d \u00a0]*)\s*документ")
NUMBERED = re.compile(r"^\d+\.\s+")  # `1. Постановление № 5-12/2024 …` in a list
START = re.compile(r'<hr[^>]*class="hr-h1"[^>]*>')
# The text of an act has no end mark of its own: it ends before the first of these.
ENDS = (
    "<!--AdFox START-->", '<div class="h-col2', '<div class="relates-block', 'class="b-email-wrap',
    'id="box_send_doc"', "<footer",
)  # fmt: skip
# `<адрес>`, `<дата>` stand in the page unescaped; a parser takes them for tags and eats them.
PLACEHOLDER = re.compile(r"<([А-Яа-яЁё*.][^<>]{0,80})>")


@dataclass(frozen=True, slots=True)
class Hit:
    """One document of an answer: id, section, title without its running number, court line."""

    own_id: str
    section: str
    title: str
    court_line: str

    @property
    def url(self) -> str:
        """Its address, without the search that led to it."""
        return f"https://sudact.ru/{self.section}/doc/{self.own_id}/"


@dataclass(slots=True)
class Answer:
    """One answer of the search. `total` is None where the site does not count."""

    is_finished: bool
    total: int | None = None
    hits: list[Hit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Act:
    """The page of one document."""

    own_id: str
    title: str
    court_line: str
    text: str


def read_answer(text: str) -> Answer:
    """The answer of the search. PageChanged: another form than it ever had."""
    body = load_json(text)
    if not isinstance(body, dict) or not {"status", "search_status"} & set(body):
        raise PageChanged("The answer of the search has no status.")
    content = body.get("content") or ""
    status = str(body.get("search_status") or body.get("status"))
    if status != "finished":
        return Answer(is_finished=False)
    if not isinstance(content, str):
        raise PageChanged("The answer of the search has no text in `content`.")
    found = TOTAL.search(str(body.get("total_found") or ""))
    total = int(re.sub(r"\D", "", found[1])) if found else None
    answer = Answer(is_finished=True, total=total)
    for item in select(tree(f"<div>{content}</div>"), "ul.results > li"):
        links = select(item, "h4 > a")
        match = DOC.match(urlsplit(attribute(links[0], "href") or "").path) if links else None
        if match is None:
            raise PageChanged("A hit of the search has no link to a document.")
        courts = select(item, ".b-justice")
        title = NUMBERED.sub("", _line(text_of(links[0])))
        court = _line(text_of(courts[0])) if courts else ""
        answer.hits.append(Hit(match["id"], match["section"], title, court))
    return answer


def read_act(text: str, url: str) -> Act:
    """The document of a page. PageChanged: no title, court or text; TruncatedBody: cut."""
    start = START.search(text)
    root = tree(_escaped(text))
    titles, courts = select(root, "h1"), select(root, ".b-justice")
    if start is None or not titles or not courts:
        raise PageChanged("The page has no title, court or text of an act.")
    rest = text[start.end() :]
    ends = [place for mark in ENDS if (place := rest.find(mark)) >= 0]
    if not ends:
        raise TruncatedBody("The page ends within the text of the act.")
    body = tree(f"<div>{_escaped(rest[: min(ends)])}</div>")
    match = DOC.match(urlsplit(url).path) or _own_link(text)
    if match is None:
        raise PageChanged("Neither the address nor the page says which document this is.")
    lines = html.unescape(text_of(body)).replace("\u00a0", " ").splitlines()
    act = "\n".join(line for raw in lines if (line := " ".join(raw.split())))
    return Act(match["id"], _line(text_of(titles[0])), _line(text_of(courts[0])), act)


def _escaped(text: str) -> str:
    return PLACEHOLDER.sub(r"&lt;\1&gt;", text)


def _own_link(text: str) -> re.Match[str] | None:
    found = re.search(r'<link rel="canonical" href="([^"]+)"', text)
    return DOC.match(urlsplit(found[1]).path) if found else None


def _line(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())
