"""A row of a reference list of others: which domains are media, who is held to be persecuted."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from pipelines.designation import text_of
from pipelines.domains import host_of, is_platform, read_ips
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
    if host_of(url) is None and not read_ips(_parts(url).hostname or "").ips:  # https://1.1.1.1/
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


def site_of(url: str) -> str | None:
    """The domain that a URL stands for: none where it is a page on a platform of others.

    `https://vk.com/grani_ru/` is listed as news; that makes vk.com no news medium."""
    host = host_of(url)
    if host is None:
        return None
    parts = _parts(url)
    is_page = bool(parts.path.strip("/") or parts.query)
    return None if is_page and is_platform(host) else host


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url if "//" in url else f"//{url}")
    except ValueError:  # `http://[broken`
        return urlsplit("")
