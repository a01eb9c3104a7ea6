"""How a case ended and with what sanction: the words of the card, else the text of the act."""

from dataclasses import dataclass, field
from typing import Any

from pipelines.act_text import Operative
from pipelines.court_card import Card
from pipelines.court_parties import read_role
from pipelines.outcomes import (
    NONE,
    OPEN,
    PENDING,
    SUSPENDED,
    read_decision,
    read_outcome,
    split_state,
)
from pipelines.reading import Trouble
from pipelines.sanction import read_sanction
from pipelines.text import clean

ACCUSED = ("defendant", None)  # a role that nobody has read may be one
IMPOSING = ("penalty", "convicted", "verdict")  # outcomes that carry a sanction
REFINED = {"verdict": ("convicted", "acquitted", "terminated")}  # told by the text alone
# The card's word and the text's may differ in these ways without contradicting each other.
ALIKE = ({"returned", "left_without_consideration"}, {"annulled", "annulled_terminated"})


@dataclass(slots=True)
class Ending:
    """code: null where there is no outcome; dates are raw, from the state of a Moscow card."""

    raw: str = ""
    code: str | None = None
    decided_on: str = ""
    in_force_on: str = ""
    sanction: dict[str, Any] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)


def read_ending(card: Card, operative: Operative | None, instance: str | None) -> Ending:
    """The outcome of a card, refined and checked by its act; unknown words are a trouble."""
    ending = _of_card(card)
    decided = read_decision(operative.text, instance) if operative else None
    _weigh(ending, decided)
    if card.act_text and operative is None:
        words = "The part of the act that decides was not found."
        ending.troubles.append(Trouble("unread-act", "act_text", words))
    if operative is not None and ending.code in IMPOSING:
        sentence = read_sanction(operative)
        ending.sanction = sentence.sanction
        ending.troubles += sentence.troubles
        if not sentence.sanction and not sentence.troubles:
            words = "The act punishes, but no sanction was found in it."
            ending.troubles.append(Trouble("unread-sanction", "act_text", words))
    return ending


def _of_card(card: Card) -> Ending:
    """What the card itself says: its result, else its state, else its last event."""
    ending = Ending(raw=clean(card.outcome))
    state, day = split_state(card.state)
    stated = read_outcome(state)
    if stated == NONE:
        ending.in_force_on = day if "сил" in state else ""
    elif day and stated not in (
        PENDING,
        SUSPENDED,
    ):  # `Назначено судебное заседание, 20.06.2026` decides nothing
        ending.decided_on = day
    if not ending.raw and state and stated != NONE:
        ending.raw = state
    ending.code = read_outcome(ending.raw)
    if ending.raw and ending.code is None:
        words = "These words of an outcome are not known yet."
        ending.troubles.append(Trouble("unknown-value", "outcome", words))
    elif not ending.raw and not card.outcome_unstated:
        ending.code = _open_state(card, ending)
    if ending.code in (*REFINED, "other"):
        ending.code = _of_persons(card) or ending.code
    if not card.decided_on and not ending.decided_on:
        ending.decided_on = _event_day(card, ending.code)
    return ending


def _of_persons(card: Card) -> str | None:
    """The result that a criminal card states for each accused, where it is the same for all."""
    accused = [party for party in card.parties if read_role(party.role)[0] in ACCUSED]
    codes = {read_outcome(party.result) for party in accused if clean(party.result)}
    return codes.pop() if len(codes) == 1 else None


def _event_day(card: Card, code: str | None) -> str:
    """The raw date of the last event that ended the case as its result says."""
    if code is None or code in OPEN:
        return ""
    days = (event.date for event in reversed(card.events) if read_outcome(event.result) == code)
    return next(days, "")


def _open_state(card: Card, ending: Ending) -> str | None:
    """`pending` or `suspended` of a case without result; null where one must exist."""
    last = next((event.result for event in reversed(card.events) if clean(event.result)), "")
    if read_outcome(last) == SUSPENDED:
        return SUSPENDED
    decided = card.decided_on or card.in_force_on or ending.in_force_on or card.act_text
    return None if clean(decided) else PENDING


def _weigh(ending: Ending, decided: str | None) -> None:
    """The card's code, made exact by the text, or the text's where the card has none."""
    stated = ending.code
    if (decided is not None and (stated is None or stated in OPEN)) or decided in REFINED.get(
        stated or "", ()
    ):
        ending.code = decided
    elif decided is not None and stated != decided and {stated, decided} not in ALIKE:
        words = f"The card says {stated}, the act {decided}."
        ending.troubles.append(Trouble("contradiction", "outcome", words))
    if ending.code == NONE:
        ending.code = None
