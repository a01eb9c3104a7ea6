"""A JSON document too large to be held as objects, taken apart value by value.

The blocklist's JSON form has about a million records in one list. Only one record at a time is
decoded, and each comes with its place in the body, so that a kept record can be found again.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from crawler.documents.json_form import DECODER, fault, load_json
from crawler.errors import CorruptBody, TruncatedBody

BLANKS = re.compile(rb"[ \t\r\n]*")
WINDOW = 2**18  # bytes decoded at once; doubled while a value does not end in it


class Element(NamedTuple):
    """A value and its bytes `start`-`end` of the body."""

    start: int
    end: int
    value: Any


class JsonReader:
    """Walks through the bytes of one document. Raises TruncatedBody and CorruptBody."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.place = 3 if body.startswith(b"\xef\xbb\xbf") else 0
        # Latin-1 has one character a byte, so that places in the text are places in the body.
        self._text, self._base = "", 0

    def sign(self) -> bytes:
        """The next byte that is no blank, not taken; empty at the end of the body."""
        found = BLANKS.match(self._body, self.place)
        assert found is not None
        self.place = found.end()
        return self._body[self.place : self.place + 1]

    def take(self, wanted: bytes) -> None:
        """Step over the one byte that must stand here."""
        found = self.sign()
        if not found:
            raise TruncatedBody(f"the JSON text ends where `{wanted.decode()}` was expected")
        if found != wanted:
            raise CorruptBody(f"not JSON at byte {self.place}: no `{wanted.decode()}`")
        self.place += 1

    def value(self) -> Element:
        """Decode the value that stands here and step over it."""
        if not self.sign():
            raise TruncatedBody("the JSON text ends where a value was expected")
        start = self.place
        value, end = self._decode(start, WINDOW)
        part = self._body[start:end]
        if not part.isascii():
            value = load_json(f"[{_utf8(part)}]")[0]
        self.place = end
        return Element(start, end, value)

    def elements(self) -> Iterator[Element]:
        """The values of the list that begins here."""
        self.take(b"[")
        if self.sign() == b"]":
            self.take(b"]")
            return
        while True:
            yield self.value()
            if self.sign() == b"]":
                break
            self.take(b",")
        self.take(b"]")

    def members(self) -> Iterator[Element]:
        """The keys of the object that begins here; the caller takes each key's value itself."""
        self.take(b"{")
        while self.sign() != b"}":
            yield self.value()
            if self.sign() != b"}":
                self.take(b",")
        self.take(b"}")

    def finish(self) -> None:
        """Nothing but blanks may follow."""
        if self.sign():
            raise CorruptBody(f"something stands after the JSON value, at byte {self.place}")

    def _decode(self, start: int, window: int) -> tuple[Any, int]:
        inside = start - self._base
        if not 0 <= inside < len(self._text):
            self._look(start, window)
            inside = 0
        try:
            value, end = DECODER.raw_decode(self._text, inside)
        except json.JSONDecodeError as error:
            if self._base + len(self._text) >= len(self._body):
                raise fault(self._text, error) from error
            if inside == 0:
                window *= 2
            self._text = ""
            return self._decode(start, window)
        return value, self._base + end

    def _look(self, start: int, window: int) -> None:
        self._base, self._text = start, self._body[start : start + window].decode("latin-1")


def _utf8(part: bytes) -> str:
    try:
        return part.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorruptBody(f"the JSON text is not UTF-8: {error.reason}") from error
