"""A digest as Markdown, HTML or plain text. Whatever a source says is inert in each of them."""

import re
import textwrap
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from desk.digest_model import Count, Digest
from desk.words import Lang, count, date_words, field_name, say
from desk.zone import local_day

Form = Literal["md", "html", "txt"]
FORMS: tuple[Form, ...] = ("md", "html", "txt")
QUOTES = {"en": "“”", "ru": "«»"}
ITEMS_SHOWN, TEXT_SHOWN, WIDTH = 60, 400, 76
# What Markdown, or GitHub's reading of it (bare addresses, mentions, formulas), gives a meaning to:
# `[x](y)`, `<b>`, `https://`, `www.`, `@name`, `#1`, `$x$`, a list at the start of a line
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&@$]|:(?=/)|(?<=[Ww]{3})\.|^[-+=]")
# A signed line of our own: nothing in it can open a tag or close a fence.
_CHECKPOINT = re.compile(r'[\w{}":,./ -]*')


def render(digest: Digest, form: Form) -> str:
    """The whole digest in one form. Equal digests give equal text."""
    text = _environment(form).get_template(f"digest.{form}.j2").render(_values(digest))
    return _wrap(text) if form == "txt" else text


def _values(digest: Digest) -> dict[str, Any]:
    return {
        "d": digest,
        "t": partial(_say, digest.lang),
        "late": say("say", "listed_earlier", digest.lang),
        "shown": ITEMS_SHOWN,
        "number": partial(count_words, lang=digest.lang),
        "day": lambda at: local_day(at).isoformat(),
        "date": partial(date_words, lang=digest.lang),
        "field": partial(field_name, lang=digest.lang),
        "q": QUOTES[digest.lang],
        "link": safe_link,
        "checkpoint": Markup(digest.checkpoint) if _CHECKPOINT.fullmatch(digest.checkpoint) else "",
    }


def _say(lang: Lang, word: str, **values: object) -> str:
    return say("text", word, lang, **values)


@cache
def _environment(form: Form) -> Environment:
    finals: dict[Form, Callable[[Any], Any]] = {"md": markdown, "html": plain, "txt": plain}
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=form == "html",
        undefined=StrictUndefined,
        finalize=finals[form],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def plain(value: Any) -> Any:
    """A value as one line of visible signs: no control, no direction, no zero-width sign."""
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    text = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in str(value)
        if unicodedata.category(sign) not in ("Cf", "Cs", "Co")
    )
    text = " ".join(text.split(" "))
    return text if len(text) <= TEXT_SHOWN else text[: TEXT_SHOWN - 1] + "…"


def markdown(value: Any) -> Any:
    """The same, with every sign that Markdown reads behind a backslash."""
    text = plain(value)
    if isinstance(text, Markup):
        return text
    return _MARKDOWN.sub(r"\\\g<0>", text)


def safe_link(url: str | None) -> str | None:
    """An address that may become a link: http and https only, without blanks or controls."""
    if url is None or any(sign.isspace() or not sign.isprintable() for sign in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def count_words(value: Count | float | None, lang: Lang) -> str:
    """A cell of the box of figures: `6 (5 people/outlets)`, `2.5`, `no data`."""
    if value is None:
        return say("text", "no_data", lang)
    if not isinstance(value, Count):
        return f"{value:g}"
    if not value.acts:
        return "0"
    more = [count("text", "people", lang, value.subjects)]
    if value.cases is not None:
        more.append(count("text", "cases", lang, value.cases))
    return f"{value.acts} ({', '.join(more)})"


def _wrap(text: str) -> str:
    """Lines of at most 76 columns; a checkpoint stays whole, or it could not be checked."""
    return "\n".join(_wrapped(line) for line in text.split("\n"))


def _wrapped(line: str) -> str:
    if len(line) <= WIDTH or line.lstrip().startswith('{"head"'):
        return line.rstrip()
    indent = line[: len(line) - len(line.lstrip())] + "  "
    return textwrap.fill(
        line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
