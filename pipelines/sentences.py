"""Sentences of a Russian text: a full stop after an initial, `г.` or `Inc.` ends none."""

import re

# Before the stop two small letters, a closing sign or two capitals (`РФ.`, `США.`); after it a
# capital or an opening quote. `М.В. Иванов`, `г. Москва`, `Inc. («Проект»)` are not divided.
_END = re.compile(
    r"(?:(?<=[а-яё]{2})|(?<=[»)\]…])|(?<=[А-ЯЁ]{2})|(?<=\d))[.!?]+[»)]?\s+(?=[А-ЯЁ«\"–—])"
)


def sentences(paragraph: str) -> list[str]:
    """The sentences of one paragraph, each with its own end."""
    found, start = [], 0
    for end in _END.finditer(paragraph):
        found.append(paragraph[start : end.end()].strip())
        start = end.end()
    found.append(paragraph[start:].strip())
    return [one for one in found if one]
