"""A row of a reference list of others: which domains are media, who is held to be persecuted."""

from typing import Any

from pipelines.designation import text_of
from pipelines.domains import host_of, read_ips, site_of, url_parts
from pipelines.observation import Observation
from pipelines.reading import Normalised, Trouble
from pipelines.spec import Spec
from pipelines.text import clean


def normalise_reference(seen: Observation, spec: Spec) -> Normalised:
    """The contract's fields of a reference; a code that the legend lacks becomes a trouble."""
    if "list" in seen.fields:
        return _of_persons(seen)
    url = clean(text_of(seen.fields.get("url")))
    stated = clean(text_of(seen.fields.get("category")))
    category = spec.look_up("category", stated) if stated else None
    fields: dict[str, Any] = {"url": url, "domain": site_of(url), "category": category}
    troubles = []
    if stated != (category or ""):
        fields["category_raw"] = stated
    if category is None:
        words = "This category is not in the legend." if stated else "No category is stated."
        troubles.append(Trouble("unknown-value", "category", words))
    if host_of(url) is None and not read_ips(url_parts(url).hostname or "").ips:  # https://1.1.1.1/
        troubles.append(Trouble("unread-domain", "url", "The address names no domain."))
    return Normalised(fields, {}, tuple(troubles))


def _of_persons(seen: Observation) -> Normalised:
    """A person of a trusted list. A row whose person is not named keeps its place without a name;
    the list's own page about the person is no site of that person, so there is no domain."""
    raw = {name: clean(text_of(value)) for name, value in seen.fields.items()}
    fields: dict[str, Any] = {
        "name": raw.get("name") or None, "list": raw["list"], "url": raw.get("url") or None,
        "listed_on": None, "domain": None, "category": None,
    }  # fmt: skip
    return Normalised(fields, {})
