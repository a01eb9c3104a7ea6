"""Which normaliser reads the rows of which family, with what it needs from the home."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipelines.intake import Normaliser
from pipelines.spec import Spec
from storage.errors import Refused
from storage.public_persons import public_persons
from storage.queries import reference_categories
from storage.reference_domains import OPERATOR, known_domains
from storage.store import Store


def normaliser(store: Store, source: str, spec: Spec) -> Normaliser:
    """The normaliser for a source's rows. Raises Refused for a family that has none.

    Imports are made where they are needed: a run loads the readers of its own family only."""
    if spec.family == "designation" and "decisions" in spec.settings:
        from pipelines.court_lists import normalise_court_list

        return partial(normalise_court_list, source=source, reference=_reference(store))
    if spec.family == "designation":
        from pipelines.designation import normalise_designation

        return partial(normalise_designation, source=source, reference=_reference(store))
    if spec.family == "blocking":
        from pipelines.blocking import normalise_blocking

        return partial(normalise_blocking, reference=_known(store, source))
    if spec.family == "ruling":
        from pipelines.court_parties import public_among
        from pipelines.ruling import normalise_ruling

        with store.read() as connection:
            public = public_among(public_persons(connection))
        secret = store.keys.hashing()
        return partial(normalise_ruling, source=source, secret=secret, public=public)
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


def _reference(store: Store) -> Callable[[str], str | None]:
    """The category of a domain in the reference lists that stand now."""
    with store.read() as connection:
        return reference_categories(connection).get


def _known(store: Store, source: str) -> Callable[[str], str | None]:
    """The category of a domain that any list of ours knows: the reference lists, the registers of
    designations, the operator's own list. Raises Refused where that list cannot be read."""
    from pipelines.operator_list import listed_sites
    from pipelines.political import REFERENCE_CATEGORIES

    with store.read() as connection:
        found = known_domains(connection, REFERENCE_CATEGORIES)
    own = store.config.of(source).reference
    for domain in listed_sites(Path(own)) if own else ():
        if found.get(domain) not in REFERENCE_CATEGORIES:
            found[domain] = OPERATOR
    return found.get
