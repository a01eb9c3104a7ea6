"""Text from outside made safe to store and to print: secrets masked, control characters shown."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

MASK = "***"
SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*(?:@[^/?#\s@]*)*@")  # http://user:secret@host
# Cc control, Cf bidi marks and zero width, Cs lone surrogates, Zl and Zp line ends
_UNPRINTED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    r"""The text with what a terminal would act on, or hide, written as `\x1b` or `\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if unicodedata.category(char) in _UNPRINTED:
        return char.encode("unicode_escape", "surrogatepass").decode("ascii")
    return char


def header_pairs(headers: Mapping[bytes, Iterable[bytes]]) -> list[tuple[str, str]]:
    """Header lines as pairs of printable ASCII; bytes beyond it as `\\xd0`, secrets as `***`."""
    return [
        (_ascii(name), MASK if _ascii(name).lower() in SECRET_HEADERS else _value(value))
        for name, values in headers.items()
        for value in values
    ]


def _value(raw: bytes) -> str:
    """A header's value; `Location` and its like may carry a URL with a secret in it."""
    return _USERINFO.sub(f"{MASK}@", _ascii(raw))


def _ascii(raw: bytes) -> str:
    text = raw.decode("latin-1")
    return "".join(c if " " <= c <= "~" else f"\\x{ord(c):02x}" for c in text)


def without_userinfo(url: str) -> str:
    """The URL without `user:secret@`, for logs and records."""
    try:
        parts = urlsplit(url)
    except ValueError:  # not a URL at all: nothing before an @ is shown
        return printable(url.rpartition("@")[2])
    if "@" not in parts.netloc:
        return printable(url)
    netloc = f"{MASK}@{parts.netloc.rpartition('@')[2]}"
    return printable(urlunsplit(parts._replace(netloc=netloc)))
