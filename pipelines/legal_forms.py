"""Legal form and own name inside an organisation's name: `SIA «Medusa Project»` is both.

The forms are data (`legal_forms.toml`). The own name is what stands in the quotes, else the name
without the words of its form; the name as listed is kept beside both.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipelines.quotes import QUOTED_LIST, first_quoted, unquoted

_OPENING = re.compile(r"[«\"“„]")


class Form(NamedTuple):
    """The form by the spelling of the table, and the own name; null where none can be told."""

    legal_form: str | None
    own_name: str | None


class _Known(NamedTuple):
    form: str
    at: str
    pattern: re.Pattern[str]


def read_form(name: str) -> Form:
    """Legal form and own name of a listed name without its other names and its state."""
    quoted = first_quoted(name)
    inner = _cut(quoted) if quoted else (None, "")
    outer_form, bare = _cut(name)
    form = outer_form or inner[0]
    if QUOTED_LIST.fullmatch(name):
        return Form(None, quoted)
    own = _without_form(inner[1] or quoted) if quoted else bare
    return Form(form, own or None)


def _without_form(quoted: str) -> str:
    """`«Громадська організація «Вільний Ідель-Урал»`: the form stands inside the outer quotes."""
    head = _OPENING.split(quoted, maxsplit=1)[0].strip()
    if head and any(known.pattern.fullmatch(head) for known in _forms() if known.at == "head"):
        return first_quoted(quoted[len(head) :]) or quoted
    return quoted


def _cut(text: str) -> tuple[str | None, str]:
    """The form found in a text, and the text without the form's words."""
    whole = text.strip()
    head = _OPENING.split(whole, maxsplit=1)[0].strip()
    for known in _forms():
        if known.at == "head":
            if known.pattern.search(head):
                return known.form, whole
        elif found := known.pattern.search(whole):
            rest = whole[found.end() :] if known.at == "start" else whole[: found.start()]
            if rest.strip(" ,–-"):
                return known.form, unquoted(rest.strip(" ,–-"))
    return None, whole


@cache
def _forms() -> tuple[_Known, ...]:
    table = tomllib.loads(files("pipelines").joinpath("legal_forms.toml").read_text("utf-8"))
    anchors = {"head": "{}", "start": "^(?:{})", "end": r"(?:{})$"}
    return tuple(
        _Known(
            row["form"], row["at"],
            re.compile(anchors[row["at"]].format(row["pattern"]), re.IGNORECASE),
        )
        for row in table["form"]
    )  # fmt: skip
