"""What single pages of the Moscow portal say: saved lists, acts, texts that are missing."""

from collections.abc import Iterator

from crawler.errors import PageChanged
from crawler.moscow.card import MoscowCard
from crawler.moscow.courts import by_code
from crawler.moscow.listing import read_listing
from crawler.moscow.query import CaseLink, case_link
from crawler.moscow.raw import address, home_of, row_fields
from crawler.page import Page
from pipelines.court_card import quote_of
from pipelines.observation import Observation
from pipelines.reading import BadRow, Oddity, Said


def saved_list(page: Page) -> Iterator[Said]:
    """A saved list: one record a row of this part, without a filter."""
    listing = read_listing(page.text)
    for row in listing.rows:
        fields = row_fields(row)
        if home_of(row.link, fields) == page.part:
            locator = f"html:tr/{row.place}"
            yield Observation((row.link.uuid,), fields, locator, quote_of(fields), page.part)
    for place, why in listing.bad:
        yield BadRow(None, "number", f"A row of the list: {why}.", f"html:tr/{place}")


def link_of(page: Page, card: MoscowCard) -> CaseLink:
    """The case of a card: by its address, else (a saved page) by what the page says of itself."""
    link = case_link(page.url)
    if link is not None:
        return link
    court = by_code().get(card.court_code)
    if court is None or not card.own_id:
        raise PageChanged("The card says neither its court nor its id; give its address (--url).")
    return CaseLink(court, "", card.own_id)


def text_missing(card: MoscowCard) -> Iterator[Said]:
    """The act is a file (doc, docx, rtf, pdf) that is kept and not read, or it is withheld.

    An act that is still being prepared is looked for again with its week, and no issue."""
    act = card.act
    if act is not None and act.state == "there":
        words = "The act is a file; it is kept as evidence and its text is not read."
        yield Oddity("text-missing", "act", words, address(act.href))
    elif act is not None and act.state == "forbidden":
        words = "The court forbids the publication of this act; that is final."
        yield Oddity("text-missing", "publication forbidden", words, f"document:{act.day}")


def refuse_page(page: Page) -> None:
    """An act is a file: a page in its place is an error of the portal, never an act."""
    if page.body.lstrip()[:1] == b"<":
        raise PageChanged("A page came where the file of an act was expected.")
