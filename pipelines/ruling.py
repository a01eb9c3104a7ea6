"""A decision of a court: which reader of its card or row knows what it means."""

from pipelines.court_parties import PublicName, nobody
from pipelines.court_ruling import normalise_court
from pipelines.observation import Observation
from pipelines.reading import Normalised
from pipelines.spec import Spec
from pipelines.strasbourg import normalise_strasbourg


def normalise_ruling(
    seen: Observation, spec: Spec, source: str, secret: bytes, public: PublicName = nobody
) -> Normalised:
    """The contract's fields of a ruling: of Strasbourg where the spec says so, else of a Russian
    court, whose cards say themselves which proceeding they are of.

    secret: the home's key of hashes; public: the names that may be told (rule 8 of the design)."""
    if spec.settings.get("proceeding") == "echr":
        return normalise_strasbourg(seen, spec, source, secret)
    return normalise_court(seen, source, secret, public)
