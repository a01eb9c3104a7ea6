"""Pages that somebody saved: which kind a page is, and of which court.

The UID says where a case began, not whose page it is, so it never decides (a cassation court shows
`05MS0062-…`, the UID of a magistrate).
"""

import re
from collections import Counter
from functools import cache
from urllib.parse import urlsplit

from crawler.documents.html_form import select, tree
from crawler.documents.nodes import Node, attribute, text_of
from crawler.errors import Captcha, PageChanged, SourceError
from crawler.notices import refuse_notices
from crawler.portal.columns import fold
from crawler.portal.courts import Court, court_of_host, courts
from crawler.portal.listing import NOTHING, TOTAL
from crawler.portal.query import parameters

CARD, LIST, ACT = "card", "list", "act"
REGION = re.compile(r"\s*\([^()]*\)$")  # `Второй кассационный суд общей юрисдикции (Город Москва)`


def form_of(text: str) -> str:
    """`card`, `list` or `act`.

    Raises the error of a notice; Captcha: a search form behind one; SourceError `empty`: a list
    that found nothing, which is also what a wrong search brings; PageChanged: none of the three.
    """
    refuse_notices(text)
    root = tree(text)
    if select(root, "#case_bookmarks") or (select(root, "ul.tabs") and select(root, ".casenumber")):
        return CARD
    words = fold(text_of(root))
    if TOTAL.search(words):
        return LIST
    if _case_link(root) and select(root, "#content"):
        return ACT
    if select(root, "input[name=captcha]"):
        raise Captcha("the page is a search form that asks for a captcha; no case stands on it")
    if any(phrase in words for phrase in NOTHING):
        raise SourceError(
            "the portal found nothing, which it also says to a search that it did not understand",
            reason="empty",
        )
    raise PageChanged("the page is no card, no list of cases and no act of the portal")


def court_of_page(url: str, text: str) -> Court:
    """The court: by its host, else by the `vnkod` of the page's own links, else by its name.

    SourceError `unknown-court` where none of the three tells it.
    """
    root = tree(text)
    found = court_of_host(urlsplit(url).hostname or "") or _by_links(root) or _by_name(root)
    if found is None:
        raise SourceError(
            "the page does not say which court it is of: give its address with --url",
            reason="unknown-court",
        )
    return found


def own_case(root: Node, url: str) -> dict[str, str]:
    """What the page's address says of its case, else what its link to its own register says.

    A card links cards of other registrations too: their `case_uid` is not its own."""
    named = parameters(url)
    if named.get("case_uid"):
        return named
    for href in _hrefs(root):
        asked = parameters(href)
        if asked.get("name_op") == "r_juid" and asked.get("delo_id"):
            return {"delo_id": asked["delo_id"]}
    return {}


def act_link(root: Node) -> dict[str, str]:
    """The case of an act's page, by its link "Информация по делу"."""
    return parameters(_case_link(root) or "")


def _case_link(root: Node) -> str | None:
    for node in root.iter("a"):
        if fold(text_of(node)) == "информация по делу":
            return attribute(node, "href")
    return None


def _by_links(root: Node) -> Court | None:
    codes = Counter(parameters(href).get("vnkod", "") for href in _hrefs(root))
    known = [code for code, _times in codes.most_common() if code in courts()]
    return courts()[known[0]] if len(known) == 1 else None


def _by_name(root: Node) -> Court | None:
    """The court whose name is a title or heading of the page, or stands in every row of a list."""
    for node in (*root.iter("title"), *root.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        found = _named().get(fold(text_of(node)))
        if found is not None:
            return found
    hosts = {urlsplit(href).hostname for href in _hrefs(root)} - {None, ""}
    listed = {court.code for host in hosts if (court := court_of_host(str(host)))}
    return courts()[min(listed)] if listed else None


@cache
def _named() -> dict[str, Court]:
    """Courts by name, with and without the region in brackets; a name of two is of none."""
    times: Counter[str] = Counter()
    found: dict[str, Court] = {}
    for court in courts().values():
        for name in {fold(court.name), fold(REGION.sub("", court.name))}:
            times[name] += 1
            found[name] = court
    return {name: court for name, court in found.items() if times[name] == 1}


def _hrefs(root: Node) -> list[str]:
    return [href for node in root.iter("a") if (href := attribute(node, "href"))]
