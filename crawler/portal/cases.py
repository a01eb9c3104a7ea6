"""Keys, places and observations of cases, from whichever page of the portal states them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from crawler.documents.html_form import select, tree
from crawler.documents.nodes import text_of
from crawler.errors import PageChanged
from crawler.page import Page
from crawler.portal.card import CaseCard
from crawler.portal.courts import Court, court_of_host, courts
from crawler.portal.layout import layout_of
from crawler.portal.listing import ListedCase, read_listing
from crawler.portal.query import card_file, parameters
from crawler.portal.raw import raw_fields, unread_labels
from crawler.portal.rounds import Link
from crawler.portal.saved import act_link, own_case
from pipelines.court_card import quote_of
from pipelines.court_numbers import numbers_of_act, read_numbers
from pipelines.observation import Observation, Raw
from pipelines.reading import Oddity, OnPage

Key = tuple[str, ...]
SHORTEST_ACT = 100  # characters; a page of an act without its text has the heading alone
YEAR = re.compile(r"/\s?((?:19|20)\d\d)\b")


def link_of(court: Court, named: dict[str, str]) -> Link:
    """The key of a case: court, card file, and its GUID, which is written in both cases."""
    return Link(court.code, named.get("delo_id", ""), named.get("case_uid", "").casefold())


def key_of(court: Court, named: dict[str, str], number: str) -> Key:
    """The key of a case; of a saved page that does not name its GUID the court and the number."""
    if named.get("case_uid") and named.get("delo_id"):
        return tuple(link_of(court, named))
    numbers = read_numbers(number)
    if not numbers:
        raise PageChanged(f"The page names neither a case's GUID nor its number: {number[:60]!r}.")
    return (court.code, "number", numbers[0])


def home_of(court: Court, named: dict[str, str], fields: Mapping[str, Raw]) -> str:
    """The part of a case: its court, card file and year of receipt, whichever page showed it."""
    file = card_file(named.get("delo_id", ""), named.get("new") or "0")
    name = file.name if file else named.get("delo_id") or "case"
    return f"{court.code}:{name}:{year_of(fields)}"


def year_of(fields: Mapping[str, Raw]) -> str:
    """The year in which a case came in: it never changes, other than the number. An act's page
    does not state it: there the year of the number stands for it."""
    received = str(fields.get("received_on", "")).strip()
    if received[-4:].isdigit():
        return received[-4:]
    numbered = YEAR.search(str(fields.get("case_number", "")))
    return numbered[1] if numbered else "undated"


def kind_of(named: dict[str, str], words: str = "") -> str:
    """What tells kind and instance: `1540005`, `1540005/5`, else the heading of the card."""
    delo_id, new = named.get("delo_id", ""), named.get("new", "")
    if not delo_id:
        return words
    return delo_id if new in ("", "0", delo_id) else f"{delo_id}/{new}"


def observed_card(page: Page, card: CaseCard, court: Court) -> OnPage:
    """The case of a card."""
    named = own_case(tree(page.text), page.url)
    url = page.url if urlsplit(page.url).scheme in ("http", "https") else ""
    fields = raw_fields(card, court, kind_of(named, card.file), url)
    return _on(page, court, named, fields, "html:card")


def observed_row(page: Page, case: ListedCase, court: Court) -> OnPage:
    """A case as a row of a saved list states it."""
    named = parameters(case.href)
    own = court_of_host(urlsplit(case.href).hostname or "") or court
    fields: dict[str, Raw] = {
        "court": own.name, "court_code": own.code, "kind": kind_of(named),
        "case_number": case.number, "received_on": case.received, "judge": case.judge,
        "decided_on": case.decided, "outcome": case.result, "in_force_on": case.in_force,
        "information": case.information,
        "act_url": urljoin(f"http://{own.host}/", case.acts[0]) if case.acts else "",
    }  # fmt: skip
    return _on(page, own, named, fields, f"html:tr/{case.place}")


def observed_act(page: Page, court: Court) -> OnPage:
    """A case as the page of one of its acts states it."""
    root = tree(page.text)
    content = select(root, "#content")
    text = text_of(content[0]) if content else ""
    if len(text) < SHORTEST_ACT:
        raise PageChanged("The page of an act holds no text of one.")
    named = act_link(root)
    numbers, _uid = numbers_of_act(text)
    fields: dict[str, Raw] = {
        "court": court.name, "court_code": court.code, "kind": kind_of(named), "act_text": text,
        "case_number": numbers[0] if numbers else "",
        "act_url": page.url if urlsplit(page.url).scheme in ("http", "https") else "",
    }  # fmt: skip
    return _on(page, court, named, fields, "html:div#content")


def _on(
    page: Page, court: Court, named: dict[str, str], fields: dict[str, Raw], locator: str
) -> OnPage:
    known = {name: value for name, value in fields.items() if value}
    home = home_of(court, named, known)
    key = key_of(court, named, str(known.get("case_number", "")))
    return OnPage(replace(page, part=home), Observation(key, known, locator, quote_of(known), home))


def court_of(part: str) -> Court:
    """The court of a part."""
    return courts()[part.split(":")[0]]


def page_base(part: str) -> str:
    """The court's own address, also where `base_url` folds all hosts into one."""
    return f"http://{court_of(part).host}/"


def unread(card: CaseCard) -> Iterator[Oddity]:
    """An issue for each label of a card that nobody reads."""
    for label in unread_labels(card):
        yield Oddity("unknown-column", label, f"Nobody reads `{label}` of a card.")


def is_gone(text: str) -> bool:
    """Does the module answer that it has nothing at this address? In its own shell: a notice or
    another page proves nothing."""
    layout_of(tree(text))
    return read_listing(text).total == 0
