"""What the card of a Russian court means: the contract's fields of a ruling."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.court_card import Card, card_of
from pipelines.observation import Observation
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec

PublicName = Callable[[str], str | None]


def nobody(_name: str) -> str | None:
    """No natural person is public as a target: everybody is masked."""
    return None


@dataclass(frozen=True, slots=True)
class Bench:
    """What the reading of a card needs from outside the page.

    source   name of the source, for the kind of measure
    secret   the home's key of hashes, for the names of private persons
    public   the published name of a natural person whose full name is already public as a
             target, else null
    """

    source: str
    secret: bytes
    public: PublicName = nobody


def normalise_court(
    seen: Observation, _spec: Spec, source: str, secret: bytes, public: PublicName = nobody
) -> Normalised:
    """The contract's fields of one case of a Russian court; raw names: `court_card`."""
    card, troubles = card_of(seen)
    return normalise_card(card, Bench(source, secret, public), troubles)
