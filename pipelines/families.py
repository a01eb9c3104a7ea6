"""Which normaliser reads the rows of which family, with what it needs from the home."""

from functools import partial

from pipelines.blocking import normalise_blocking
from pipelines.designation import normalise_designation
from pipelines.intake import Normaliser
from pipelines.reference import normalise_reference
from pipelines.ruling import normalise_ruling
from pipelines.spec import Spec
from storage.errors import Refused
from storage.queries import reference_categories
from storage.store import Store


def normaliser(store: Store, source: str, spec: Spec) -> Normaliser:
    """The normaliser for a source's rows. Raises Refused for a family that has none yet."""
    if spec.family == "designation":
        return partial(normalise_designation, source=source)
    if spec.family == "blocking":
        with store.read() as connection:
            categories = reference_categories(connection)
        return partial(normalise_blocking, reference=categories.get)
    if spec.family == "ruling":
        return partial(normalise_ruling, secret=store.keys.hashing())
    if spec.family == "reference":
        return normalise_reference
    raise Refused(f"No normaliser reads the family '{spec.family}' of {source}.")
