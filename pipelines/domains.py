"""Domains and IP addresses, each in one canonical form; which hosts are platforms.

Cells that hold several addresses are taken apart in `address_cells`.
"""

import ipaddress
import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

import idna
import tldextract

from pipelines.text import clean, unescape

LONGEST_HOST = 253  # signs, RFC 1035

_PLATFORMS = tomllib.loads(files("pipelines").joinpath("platforms.toml").read_text("utf-8"))
_HOSTS = frozenset(_PLATFORMS["hosts"])
_PARENTS = frozenset(_PLATFORMS["parents"])
# The list that the package brings, nothing fetched and nothing cached on disk.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

_SCHEME = re.compile(r"(?:https?|ftp):/{1,3}", re.IGNORECASE)
_QUOTES = "\"'«»“”„ ,()<>[]"
_LATIN = str.maketrans("аеорсху", "aeopcxy")  # `wvvw.instаgrаm.com` is listed with Cyrillic а
_LABEL = re.compile(r"[\w-]{1,63}")
_IP_SEPARATOR = re.compile(r"\|")


class Ips(NamedTuple):
    """Canonical addresses and networks, and the strings that are neither."""

    ips: list[str]
    unread: list[str]


def host_of(url: str) -> str | None:
    """Canonical domain of a URL or bare host; null where there is none or it is an IP address."""
    rest = _SCHEME.sub("", url, count=1)
    return canonical_domain(re.split(r"[/?#\\\s]", rest, maxsplit=1)[0])


@lru_cache(maxsize=65536)
def canonical_domain(host: str) -> str | None:
    """Lower case, Unicode, without `www.`, `*.`, port, user or last dot; null if no domain name."""
    name = unescape(clean(host[: 4 * LONGEST_HOST])).casefold().rpartition("@")[2]
    name = re.sub(r":[0-9]{0,5}$", "", name.strip(_QUOTES)).strip(".")
    name = name.removeprefix("*.")
    name = name.removeprefix("www.") if name.count(".") > 1 else name
    if len(name) > LONGEST_HOST or "." not in name:
        return None
    labels = [_unicode_label(label) for label in name.split(".")]
    if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return None
    return ".".join(labels)


@lru_cache(maxsize=65536)
def registrable(domain: str) -> str:
    """`call.mashina.org` -> `mashina.org` by the public suffix list; a public suffix stays itself.

    A last label that the list lacks is a suffix, as the list's own default rule says.
    """
    found = _SUFFIXES(domain)
    if not found.suffix:
        return ".".join(domain.split(".")[-2:])
    return canonical_domain(found.top_domain_under_public_suffix) or domain


@lru_cache(maxsize=65536)
def site_key(domain: str) -> str:
    """The site to which a host surely belongs: the domain that somebody registered, where suffixes
    under which others give out names (`msk.ru`, `github.io`) count as suffixes too.

    A host of a platform is a site of its own."""
    found = _SUFFIXES(domain, include_psl_private_domains=True)
    site = canonical_domain(found.top_domain_under_public_suffix) if found.suffix else None
    return domain if site is None or is_platform(domain) or is_platform(site) else site


def is_platform(domain: str) -> bool:
    """Is the host a page of a platform, so that it names nobody?"""
    if domain in _PARENTS:
        return True
    labels = domain.translate(_LATIN).split(".")
    return any(".".join(labels[place:]) in _HOSTS for place in range(len(labels) - 1))


def site_of(url: str) -> str | None:
    """The domain that a URL stands for: none where it is a page on a platform of others.

    `https://vk.com/grani_ru/` is listed as news; that makes vk.com no news medium."""
    host = host_of(url)
    if host is None:
        return None
    parts = url_parts(url)
    is_page = bool(parts.path.strip("/") or parts.query)
    return None if is_page and is_platform(host) else host


def url_parts(url: str) -> SplitResult:
    """The parts of a URL or bare host; none of a broken one."""
    try:
        return urlsplit(url if "//" in url else f"//{url}")
    except ValueError:  # `http://[broken`
        return urlsplit("")


def read_ips(cell: str) -> Ips:
    """Addresses and networks joined by `|`, compressed and without repeats; bad ones apart."""
    ips: dict[str, None] = {}
    unread: list[str] = []
    for part in filter(None, (part.strip() for part in _IP_SEPARATOR.split(cell))):
        try:
            ips[_canonical_ip(part)] = None
        except ValueError:
            unread.append(part)
    return Ips(list(ips), unread)


def _canonical_ip(text: str) -> str:
    if "/" in text:
        return str(ipaddress.ip_network(text, strict=False))
    return str(ipaddress.ip_address(text))


def _unicode_label(label: str) -> str:
    """`xn--...` decoded; a label that IDNA refuses stays as it is written."""
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label
