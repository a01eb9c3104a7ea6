"""A decision of a court: which reader of its card or row knows what it means."""

from pipelines.observation import Observation
from pipelines.reading import Normalised
from pipelines.spec import Spec
from pipelines.strasbourg import normalise_strasbourg

READERS = {"echr": normalise_strasbourg}


def normalise_ruling(seen: Observation, spec: Spec, source: str, secret: bytes) -> Normalised:
    """The contract's fields of a ruling, read by the kind of proceeding that the spec states.

    secret: the home's key of hashes, for the names of private persons."""
    return READERS[spec.settings["proceeding"]](seen, spec, source, secret)
