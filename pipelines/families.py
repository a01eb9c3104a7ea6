"""Which normaliser reads the rows of which family, with what it needs from the home."""

from functools import partial

from pipelines.intake import Normaliser
from pipelines.spec import Spec
from storage.errors import Refused
from storage.queries import reference_categories
from storage.store import Store


def normaliser(store: Store, source: str, spec: Spec) -> Normaliser:
    """The normaliser for a source's rows. Raises Refused for a family that has none.

    Imports are made where they are needed: a run loads the readers of its own family only."""
    if spec.family == "designation" and "decisions" in spec.settings:
        from pipelines.court_lists import normalise_court_list

        return partial(normalise_court_list, source=source)
    if spec.family == "designation":
        from pipelines.designation import normalise_designation

        return partial(normalise_designation, source=source)
    if spec.family == "blocking":
        from pipelines.blocking import normalise_blocking

        with store.read() as connection:
            categories = reference_categories(connection)
        return partial(normalise_blocking, reference=categories.get)
    if spec.family == "ruling":
        from pipelines.ruling import normalise_ruling

        return partial(normalise_ruling, source=source, secret=store.keys.hashing())
    if spec.family == "announcement":
        from pipelines.announcement import normalise_announcement

        return normalise_announcement
    if spec.family == "curated":
        from pipelines.curated import normalise_curated

        return partial(normalise_curated, secret=store.keys.hashing())
    if spec.family == "reachability":
        from pipelines.reachability import normalise_reachability

        return normalise_reachability
    if spec.family == "reference":
        from pipelines.reference import normalise_reference

        return normalise_reference
    raise Refused(f"No normaliser reads the family '{spec.family}' of {source}.")
