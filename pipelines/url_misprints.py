"""Addresses of the blocking register as they were meant: misprints repaired by rule.

What is repaired, as usher2/u2ckdump repairs it for operators: `http:/x`, `htp://x`, `https//x`,
backslashes, a comma for a dot and blanks in the host, `*.` before it, a dot behind it, and the
fragment, which no server and no filter ever sees. A fragment that begins `#!` or `#/` stays: some
sites name their pages by it (`https://web.telegram.org/#/im?p=@name`, 2018). The spelling of the
register is kept beside (`urls_raw`).
"""

import re

# `https://site.example/page`, `HTTP://сайт.рф`; nothing to repair
_PLAIN = re.compile(r"https?://[^\s/?#\\,*]+(?<!\.)(?:[/?][^\\#]*)?", re.IGNORECASE)
# `http:/`, `htp://`, `https//`, `http;//`, `hhttp:///`, `ttp://`, `http:\\`
_SCHEME = re.compile(
    r"(?:h+t*p+|h+t+|t+p+)(s?)\s?(?::\s?[/\\]{1,3}|[;,.]?[/\\]{2,3})", re.IGNORECASE
)
NAMES_A_PAGE = ("!", "/")
_HOST_ENDS = re.compile(r"[/?#]")
_BLANKS = re.compile(r"\s+")
_SEVERAL = re.compile(r",\s|[;|]")  # `site.example, other.example` are two


def repaired(url: str) -> str:
    """The address without its misprints; one of another kind (`newcamd://...`) as it is."""
    if _PLAIN.fullmatch(url):
        return url
    found = _SCHEME.match(url)
    if found is None:
        return url
    rest = url[found.end() :].replace("\\", "/")
    ends = _HOST_ENDS.search(rest)
    place = len(rest) if ends is None else ends.start()
    return f"http{found[1].lower()}://{_host(rest[:place])}{_without_fragment(rest[place:])}"


def repaired_host(name: str) -> str:
    """A domain without its misprints; a cell that names several as it is."""
    if _SEVERAL.search(name):
        return name
    return _host(name.replace("\\", "/").partition("/")[0])


def _host(text: str) -> str:
    return _BLANKS.sub("", text).replace(",", ".").removeprefix("*.").strip(".")


def _without_fragment(rest: str) -> str:
    before, _sign, fragment = rest.partition("#")
    return rest if fragment.startswith(NAMES_A_PAGE) else before
