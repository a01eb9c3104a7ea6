"""What the card of a Russian court means: the contract's fields of a ruling.

The card is believed before the text of the act; where the two contradict each other, an issue says
so. A name of the card is never put in the place that the act hides. The court is that of the page,
never that of the UID, whose prefix is the first court of the case.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pipelines.act_text import Operative, operative_part, text_digest
from pipelines.articles import Article, read_articles, unread_references
from pipelines.court_card import Card, CardParty, card_of
from pipelines.court_claims import Claim, read_claim
from pipelines.court_information import read_information
from pipelines.court_kinds import Kind, read_kind
from pipelines.court_measure import measure
from pipelines.court_numbers import numbers_of_act, read_numbers, read_uid, same_number
from pipelines.court_outcome import ACCUSED, Ending, read_ending
from pipelines.court_parties import (
    PublicName,
    nobody,
    read_judge,
    read_parties,
    read_protocol,
    read_role,
    without_persons,
)
from pipelines.dates import Unread, read_date
from pipelines.observation import Observation
from pipelines.outcomes import direction_of
from pipelines.reading import Normalised, Trouble
from pipelines.text import clean
from pipelines.watched_articles import find

CODES = {"administrative": "КоАП РФ", "criminal": "УК РФ"}
# `Приговор № 1-254/2018 от 22 октября 2018 г. по делу № 1-254/2018`
_TITLE_DAY = re.compile(r"\bот\s(?P<day>[0-9]{1,2}\s[а-я]{3,8}\s[0-9]{4})")
_URL = re.compile(r"(?:https?://|www\.)[^\s,;<>«»\"]{2,2000}", re.IGNORECASE)
_TAIL = re.compile(r"[\s.,;)»-]+$")
_MINOR = re.compile(r"несовершеннолет|малолет|усыновлен|родительски", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bench:
    """What the reading of a card needs from outside the page.

    source   name of the source
    secret   the home's key of hashes, for the names of private persons
    public   the published name of a natural person whose full name is already public as a
             target, else null
    """

    source: str
    secret: bytes
    public: PublicName = nobody


@dataclass(slots=True)
class _Case:
    """What is known while one card is read."""

    card: Card
    kind: Kind
    claim: Claim
    operative: Operative | None
    troubles: list[Trouble] = field(default_factory=list)

    def trouble(self, kind: str, heading: str, words: str) -> None:
        self.troubles.append(Trouble(kind, heading, words))


def normalise_court(
    seen: Observation, source: str, secret: bytes, public: PublicName = nobody
) -> Normalised:
    """The contract's fields of one case of a Russian court; raw names: `court_card`."""
    card, troubles = card_of(seen)
    read = normalise_card(card, Bench(source, secret, public))
    return replace(read, troubles=(*troubles, *read.troubles))


def normalise_card(card: Card, bench: Bench) -> Normalised:
    """The contract's fields of a card; what is not understood becomes a trouble."""
    case = _opened(card)
    numbers, uid = _identity(case)
    articles = _articles(case)
    parties, troubles = read_parties(
        case.card.parties, bench.secret, bench.public, minors=_about_minors(case.card)
    )
    case.troubles += troubles
    if not parties:  # whoever is not known not to be a private person is masked
        parties = [{"role": "defendant", "initials": None, "hash": None, "kind": "unknown"}]
    ending = read_ending(case.card, case.operative, case.kind.instance)
    case.troubles += ending.troubles
    dates = _dates(case, ending)
    fields: dict[str, Any] = {
        "court": clean(case.card.court) or None,
        "court_code": clean(card.court_code).upper() or None,
        "judge": read_judge(card.judge),
        "case_number": numbers[0] if numbers else None,
        "case_numbers": numbers,
        "uid": uid,
        "instance": case.kind.instance,
        "proceeding": case.kind.proceeding,
        "articles": [article._asdict() for article in articles],
        **dates,
        "outcome": ending.code,
        "outcome_raw": without_persons(ending.raw) or None,
        "direction": _direction(case, ending),
        "sanction": ending.sanction,
        "parties": parties,
        "protocol_by": read_protocol(card.protocol),
        "restricted_urls": _urls(case),
        "act_url": clean(card.act_url) or None,
        "act_text_digest": text_digest(card.act_text),
    }
    return Normalised(fields, measure(fields, articles, case.claim), tuple(case.troubles))


def _opened(card: Card) -> _Case:
    """The card with its information cell and aggregator's lines put in their places."""
    told = read_information(card.information)
    court, _, kind = card.court_line.rpartition(" - ")
    known = replace(
        card,
        parties=card.parties or told.parties,
        category=card.category or told.category,
        lower_numbers=card.lower_numbers or ((told.lower_number,) if told.lower_number else ()),
        court=card.court or (court or card.court_line),
        kind=card.kind or kind,
    )
    own = read_numbers(known.case_number, known.act_title)
    read = read_kind(known.kind, known.instance, own[0] if own else "")
    case = _Case(known, read, read_claim(known.category, *known.claim_kinds), None)
    for name in Kind._fields:
        if getattr(read, name) is None:
            case.trouble("unknown-value", "kind", f"The card does not say its {name}.")
    if card.act_text:
        case.operative = operative_part(card.act_text)
    return case


def _identity(case: _Case) -> tuple[list[str], str | None]:
    """Numbers and UID of the card, checked against those of its act."""
    card = case.card
    stated = read_numbers(card.case_number, card.act_title, card.previous_number)
    numbers = read_numbers(*stated, *card.lower_numbers)
    act_numbers, act_uid = numbers_of_act(card.act_text)
    uid = read_uid(card.uid)
    if clean(card.uid) and uid is None:
        case.trouble("unread-number", "uid", "This is not a UID of a case.")
    if uid and act_uid and uid != act_uid:
        case.trouble("contradiction", "uid", "The card and its act state different UIDs.")
    if stated and act_numbers and not _share(stated, act_numbers):
        case.trouble("contradiction", "case_number", "The act states another number of the case.")
    if not stated and not act_numbers:
        case.trouble("unread-number", "case_number", "No number of the case can be read.")
    return numbers if stated else [*act_numbers, *numbers], uid or act_uid


def _share(one: Iterable[str], other: Iterable[str]) -> bool:
    others = list(other)
    return any(same_number(mine, theirs) for mine in one for theirs in others)


def _articles(case: _Case) -> list[Article]:
    """Articles of the case: of the accused, of the card, else watched ones of the decision."""
    default = CODES.get(case.kind.proceeding or "")
    cells = [*case.card.articles, *_accused(case.card.parties)]
    found: list[Article] = []
    for cell in cells:
        found += read_articles(cell, default)
        if unread_references(cell) or (clean(cell) and not read_articles(cell)):
            case.trouble(
                "unknown-value", "articles", "A reference to an article is not understood."
            )
    if not found and case.operative is not None:
        stated = read_articles(case.operative.text, default)
        found = [article for article in stated if find(article) is not None]
    return list(dict.fromkeys(found))


def _accused(parties: Iterable[CardParty]) -> list[str]:
    return [party.articles for party in parties if read_role(party.role)[0] in ACCUSED]


def _dates(case: _Case, ending: Ending) -> dict[str, str | None]:
    """The three dates; the Moscow portal gives one of them beside the state of the case."""
    card = case.card
    decided = card.decided_on or ending.decided_on
    if not decided and (title := _TITLE_DAY.search(clean(card.act_title))):
        decided = title["day"]
    cells = {
        "received_on": card.received_on,
        "decided_on": decided,
        "in_force_on": card.in_force_on or ending.in_force_on,
    }
    read = {name: _day(case, name, cell) for name, cell in cells.items()}
    ordered = [day for name in cells if (day := read[name]) is not None]
    if ordered != sorted(ordered):
        case.trouble("implausible-date", "decided_on", "The dates of the case are out of order.")
    return {name: day.isoformat() if day else None for name, day in read.items()}


def _day(case: _Case, name: str, cell: str) -> date | None:
    if not clean(cell):
        return None
    try:
        return read_date(cell)
    except Unread as error:
        case.trouble("unread-date", name, f"Not a date: {error.reason}.")
        return None


def _direction(case: _Case, ending: Ending) -> str | None:
    accused = case.kind.proceeding in CODES and case.kind.instance not in (None, "first")
    return direction_of(ending.code, challenge=case.claim.challenge, complaint=accused)


def _about_minors(card: Card) -> bool:
    return _MINOR.search(f"{card.category} {' '.join(card.claim_kinds)}") is not None


def _urls(case: _Case) -> list[str]:
    """Addresses that the claim wants restricted; of an act only where it bans content."""
    found = [url for cell in case.card.claim_urls for url in clean(cell).split()]
    if case.operative is not None and case.claim.measure == "content_ban_ruling":
        found += _URL.findall(case.operative.text)
    bare = (_TAIL.sub("", url) for url in found)
    return list(dict.fromkeys(url for url in bare if url))
