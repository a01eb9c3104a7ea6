"""Accounts on platforms out of addresses: `https://t.me/sota_vision` is telegram, `sota_vision`.

An author's page on somebody else's site (`theins.ru/authors/ezhov`) is told here too: by the rule
of its path it is a page of the author, and the site is no domain of the author's. What the rules
are is data (`accounts.toml`).
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import unquote

from pipelines.domains import host_of, is_platform
from pipelines.protect import AddressPart

TELEGRAM, AUTHOR_PAGE = "telegram", "author page"

_LATIN = str.maketrans("аеорсху", "aeopcxy")
_PATH = re.compile(r"^(?:(?:https?|ftp):/{1,3})?[^/?#\\\s]*/?", re.IGNORECASE)
# `/author/irina-busygina/`, `/ru/auth/...`, `/select/authors/...`, `/blogs/91`, `/profile/8894`
_AUTHOR = re.compile(
    r"(?:[\w-]+/){0,2}?(?:(?:authors?|auth|avtor|autor|columnists?|experts?|profile|users?)/"
    r"(?P<handle>[^/?#]+)|blogs/(?P<id>[0-9]+))",
    re.IGNORECASE,
)


class _Rule(NamedTuple):
    name: str
    paths: tuple[re.Pattern[str], ...]
    below: bool


def account_of(url: str) -> dict[str, str | None] | None:
    """Platform, handle and id of an account's address; null for a site that is no platform.

    `platform` of an author's page is `author page` and its `site` the host. Handles keep their
    spelling, percent codes undone; an address that names no account has neither handle nor id."""
    host = host_of(url)
    if host is None:
        return None
    path = _PATH.sub("", url, count=1)
    rule, below = _rule(host.translate(_LATIN))
    if rule is not None and (below or is_platform(host)):
        found = next((m for p in rule.paths if (m := p.match(path))), None)
        named = found.groupdict() if found else {}
        handle = below or named.get("handle")
        return _account(rule.name, handle, named.get("id"), host)
    if is_platform(host):
        return _account(host, None, None, host)
    if author := _AUTHOR.match(path):
        return _account(AUTHOR_PAGE, author["handle"], author["id"], host)
    return None


def _account(
    platform: str, handle: str | None, number: str | None, host: str
) -> dict[str, str | None]:
    """`handle` without `@` and percent codes."""
    plain = unquote(handle).lstrip("@").rstrip(".") if handle else None
    return {
        "platform": platform, "handle": AddressPart(plain) if plain else None,
        "id": AddressPart(number) if number else None, "site": host,
    }  # fmt: skip


def _rule(host: str) -> tuple[_Rule | None, str | None]:
    """The platform's rule, and the label below its host where that names the account."""
    labels = host.split(".")
    for place in range(len(labels) - 1):
        rule = _rules().get(".".join(labels[place:]))
        if rule is not None:
            below = ".".join(labels[:place]) if rule.below and place else None
            return rule, below
    return None, None


@cache
def _rules() -> dict[str, _Rule]:
    table = tomllib.loads(files("pipelines").joinpath("accounts.toml").read_text("utf-8"))
    found: dict[str, _Rule] = {}
    for row in table["platform"]:
        paths = tuple(re.compile(path, re.IGNORECASE) for path in row["paths"])
        for host in row["hosts"]:
            name = row.get("name", host)
            found[host] = _Rule(name, paths, row.get("below", False))
    return found
