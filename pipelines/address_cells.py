"""The cell of addresses in a register: sites, accounts, messenger ids, and what cannot be read.

The registers separate by `; `, line ends or `, ` before the next address; they glue Telegram ids
(`, ID:-1001429552108`), forget the scheme, put a blank inside. Nothing is invented and nothing is
dropped: a piece that is no address stands in `unread`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import tldextract

from pipelines.accounts import AUTHOR_PAGE, TELEGRAM, account_of
from pipelines.domains import host_of, is_platform
from pipelines.text import clean, unescape

Account = dict[str, str | None]

# `, ID: – 1001846285567`
_TELEGRAM_ID = re.compile(r"(?:,\s?|\s|^)ID\s?:?\s?[-–—]?\s?(?P<id>[0-9]{5,20})", re.IGNORECASE)
_LINES = re.compile(r"[;\r\n]")
_COMMA = re.compile(r",(?=\s?(?:https?:/|www\.))", re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?|ftp):/{1,3}(?=[^\s/])", re.IGNORECASE)
_QUOTES = "\"'«»“”„ ,()<>[]"
_BARE = re.compile(r"(?:[\w*-]{1,63}\.){1,10}[^\W\d_][\w-]{1,62}\.?(?::[0-9]{1,5})?(?:[/?#]\S*)?")
_NOTHING = frozenset({"", "-", "–", "—", "нет", "отсутствует", "отсутствуют", "не имеется", "и"})
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_CHANNEL = re.compile(r"100[0-9]{10}")


@dataclass(slots=True)
class Addresses:
    """What a cell states, each once, in listed order. `accounts` are `platform`, `handle`, `id`,
    `site`; a page of a platform or of an author on somebody else's site is no own domain."""

    domains: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_addresses(cell: str) -> Addresses:
    """The addresses of a cell; a URL keeps its path's spelling, a missing scheme stays missing."""
    domains: dict[str, None] = {}
    urls: dict[str, Account | None] = {}
    lone: list[Account] = []
    unread: dict[str, None] = {}
    for part, number in _parts(cell):
        host = host_of(part)
        if host is None:
            if part:
                unread[part] = None
            if number:
                _give(number, urls, lone)
            continue
        account = urls[part] if part in urls else account_of(part)
        urls[part] = account
        if not is_platform(host) and (account is None or account["platform"] != AUTHOR_PAGE):
            domains[host] = None
        if number and account is not None:
            account["id"] = account["id"] or number
    return Addresses(list(domains), list(urls), _once([*urls.values(), *lone]), list(unread))


def read_domains_and_urls(cell: str) -> tuple[list[str], list[str]]:
    """Own domains of the subject and all URLs of a cell, without repeats, in listed order."""
    found = read_addresses(cell)
    return found.domains, found.urls


def _give(number: str, urls: dict[str, Account | None], lone: list[Account]) -> None:
    """An id on a line of its own belongs to the channel before it, else it stands alone."""
    last = next(reversed(urls.values()), None)
    if last is not None and last["platform"] == TELEGRAM and last["id"] is None:
        last["id"] = number
    else:
        lone.append({"platform": TELEGRAM, "handle": None, "id": number, "site": None})


def _once(accounts: list[Account | None]) -> list[Account]:
    """`x.com/Name` and `twitter.com/name` are one account: the first spelling stays."""
    found: dict[tuple[str, ...], Account] = {}
    for one in filter(None, accounts):
        name = one["handle"] or one["id"] or ""
        site = (one["site"] or "") if one["platform"] == AUTHOR_PAGE or not name else ""
        first = found.setdefault((one["platform"] or "", name.casefold(), site), one)
        first["id"] = first["id"] or one["id"]
    return list(found.values())


def _parts(cell: str) -> Iterator[tuple[str, str | None]]:
    """The addresses of a cell as written, each with the messenger id behind it; what is none."""
    for line in filter(str.strip, _LINES.split(unescape(cell))):
        text, start = clean(line), 0
        for found in _TELEGRAM_ID.finditer(text):
            pieces = list(_pieces(text[start : found.start()]))
            yield from ((piece, None) for piece in pieces[:-1])
            yield (pieces[-1] if pieces else ""), _number(found["id"])
            start = found.end()
        yield from ((piece, None) for piece in _pieces(text[start:]))


def _number(digits: str) -> str:
    """Ids of channels are negative; the register writes the sign in four ways or not at all."""
    return f"-{digits}" if _CHANNEL.fullmatch(digits) else digits


def _pieces(text: str) -> Iterator[str]:
    for piece in _COMMA.split(text):
        yield from (one for one in _addresses(piece.strip(_QUOTES)) if one)


def _addresses(piece: str) -> Iterator[str]:
    """One piece may hold several schemes, a broken URL, bare hosts, or words of no use."""
    starts = [found.start() for found in _SCHEME.finditer(piece)]
    yield from _words(piece[: starts[0]] if starts else piece)
    for start, end in pairwise([*starts, len(piece)]):
        yield from _mended(piece[start:end])


def _words(text: str) -> Iterator[str]:
    """Bare hosts apart, words between them together."""
    said: list[str] = []
    for word in re.split(r"[,\s]+", text):
        if _BARE.fullmatch(word):
            yield from _said(said)
            said = []
            yield word
        else:
            said.append(word)
    yield from _said(said)


def _said(words: list[str]) -> Iterator[str]:
    text = " ".join(words).strip(_QUOTES + ".:")
    if text.casefold() not in _NOTHING:
        yield text


def _mended(url: str) -> Iterator[str]:
    """A blank inside a URL (`channel_UC2KPugVH-BPDAwxTD MdMcug`) is closed; words after it that
    are none of it stand apart."""
    words = url.split()
    kept = words[0]
    for place, word in enumerate(words[1:], 1):
        if not word.isascii() or any(sign in _QUOTES for sign in word) or _is_site(word):
            yield kept.strip(_QUOTES)
            yield from _words(" ".join(words[place:]))
            return
        kept += word
    yield kept.strip(_QUOTES)


def _is_site(word: str) -> bool:
    """`www.a.org` after a blank is another address, `channel/UC...` and `page.html` are not."""
    if not _BARE.fullmatch(word):
        return False
    return bool(_SUFFIXES(re.split(r"[/?#]", word, maxsplit=1)[0]).suffix)
