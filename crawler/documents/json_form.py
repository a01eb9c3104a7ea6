"""JSON as RFC 8259 has it: what the standard module forgives silently is an error here."""

import json
import math
import re
from typing import Any

from crawler.documents.limits import parser_limit
from crawler.errors import CorruptBody, PageChanged, TruncatedBody

SHOWN_CHARS = 40
JSONP = re.compile(r"[A-Za-z_$][\w$.]*\s*\(")  # `callback({"a": 1});`
GUARD = re.compile(r"\)\]\}'|while\s*\(|for\s*\(")  # `)]}',` before the value, against inclusion
CUT_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{0,4})?\Z")  # `"\u04` and nothing after it
CUT_WORD = re.compile(
    r"(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-|\.|\.?[eE][+-]?)\Z"  # `tru`, `-`, the `e+` of `1e+`
)


def load_json(text: str) -> Any:
    """The object or list that `text` holds; integers of any length stay exact.

    TruncatedBody: the text ends inside the value. CorruptBody: it is not JSON, has something after
    its end, a key twice, NaN, a number past the range of a double, or half a surrogate pair.
    PageChanged: it is not meant to be JSON (HTML, JSONP), or it is a bare number or word, which
    could be cut without a sign. SourceError `parser-limit`: nested past the stack.
    """
    text = text.removeprefix("\ufeff")
    _check_start(text)
    try:
        value = DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise fault(text, error) from error
    except RecursionError as error:
        raise parser_limit("JSON nested deeper than the parser's stack") from error
    except ValueError as error:  # an integer of more than 4300 digits
        raise parser_limit(f"JSON number refused: {error}") from error
    _check_surrogates(text, value)
    return value


def _check_start(text: str) -> None:
    """Refuse what is not a JSON object or list, saying what it looks like."""
    start = text.lstrip()[:SHOWN_CHARS]
    if start == "":
        raise TruncatedBody("the body is empty where JSON was expected")
    if start[0] in "{[":
        return
    if start[0] == "<":
        raise PageChanged("an HTML or XML page stands where JSON was expected")
    if GUARD.match(start):
        raise PageChanged("a guard against inclusion stands before the JSON value")
    if JSONP.match(start):
        raise PageChanged("JSONP (a function call) stands where JSON was expected")
    raise PageChanged("neither a JSON object nor a JSON list: the body starts with something else")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of `pairs`; CorruptBody when a key stands twice (readers would disagree)."""
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise CorruptBody(f"JSON key {key[:SHOWN_CHARS]!r} stands twice in one object")
        seen.add(key)
    return value


def _constant(word: str) -> Any:
    raise CorruptBody(f"JSON holds {word}, which is no JSON number")


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise CorruptBody(f"JSON number {digits[:SHOWN_CHARS]} is past the range of a double")
    return value


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, strict=True
)


def fault(text: str, error: json.JSONDecodeError) -> TruncatedBody | CorruptBody:
    """Was the text cut at its end, or is it wrong in the middle?"""
    where = f"line {error.lineno}, column {error.colno}"
    if _is_cut(text, error):
        return TruncatedBody(f"the JSON text ends inside a value ({where}: {error.msg})")
    return CorruptBody(f"not JSON at {where}: {error.msg}")


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    rest = text[error.pos :].strip()
    if rest == "" or error.msg.startswith("Unterminated string"):
        return True
    if error.msg.startswith("Invalid") and CUT_ESCAPE.search(text[-6:]):
        return len(text) - error.pos <= 6  # the broken escape is the last thing of the text
    return len(rest) <= 4 and CUT_WORD.match(rest) is not None


def _check_surrogates(text: str, value: Any) -> None:
    r"""Refuse half a surrogate pair (`\ud83d` alone): no UTF-8 file or database can hold it."""
    if "\\ud" not in text and "\\uD" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise CorruptBody("JSON holds half a surrogate pair, which is no character") from error
