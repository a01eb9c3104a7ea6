"""Functions that the statements of a release call: what is public of a record, which week it is."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from desk import words
from desk.zone import week_of, week_of_day
from storage.audit import canonical
from storage.folding import fold
from storage.masking import HIDDEN, public_view

CACHED = 65_536  # rows of one run share their moments, acts of one day their date


def lend_functions(connection: sqlite3.Connection) -> None:
    """Let the statements of a connection call them."""
    lent: dict[str, tuple[int, Callable[..., str | int | None]]] = {
        "public_fields": (2, public_fields),
        "is_masked": (2, _is_masked),
        "masked_fields": (2, masked_fields),
        "excludes": (1, _excludes),
        "public_url": (1, public_url),
        "fold": (1, _fold),
        "week_of": (1, _week_of),
        "week_of_day": (1, _week_of_day),
        "article_text": (1, lru_cache(CACHED)(words.article_text)),
    }
    for name, (arguments, function) in lent.items():
        connection.create_function(name, arguments, function, deterministic=True)


def public_fields(family: str, text: str) -> str:
    """The public fields of a revision, as canonical JSON."""
    return canonical(public_view(family, json.loads(text))[0])


def _is_masked(family: str, text: str) -> int:
    return int(family in HIDDEN and public_view(family, json.loads(text))[1])


def masked_fields(family: str, text: str) -> str:
    """The fields of a revision whose record names a private person today."""
    return canonical(public_view(family, json.loads(text) | HIDDEN[family])[0])


def public_url(url: str) -> str | None:
    """A web address without user and password; None for a file of this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return None
    return url


def _fold(text: str | None) -> str | None:
    return None if text is None else fold(text)


@lru_cache(CACHED)
def _week_of(at: str | None) -> str | None:
    return None if at is None else week_of(at)


@lru_cache(CACHED)
def _excludes(fields: str | None) -> bool:
    """Does a revision state an exclusion: by its date, or by a decision without one?"""
    return fields is not None and ('"delisted_on":"' in fields or '"kind":"exclusion"' in fields)


def _week_of_day(day: str | None) -> str | None:
    if day is None or len(day) != 10:  # a masked act shows only its month
        return None
    return week_of_day(date.fromisoformat(day))
