"""Organisations that an announcement of the Prosecutor General declares "undesirable".

Wording since 2021: `принято решение о признании нежелательной ... деятельности иностранной
неправительственной организации Project Media, Inc. («Проект Медиа») (США). Поводом ...`; several
bodies may share one decision, each closed by its state in a bracket.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.countries import country_of
from pipelines.sentences import sentences

# `деятельности иностранной неправительственной организации X`, `деятельность международных
# неправительственных организаций: X`
_BODIES = re.compile(
    r"деятельност\w+\s+(?:(?:следующ|иностранн|международн|неправительственн|некоммерческ)\w+"
    r"[\s,-]*(?:и\s|или\s)?){1,6}организаци\w+[\s:–—-]*",
    re.IGNORECASE,
)
_UNDESIRABLE = re.compile(r"нежелательн", re.IGNORECASE)
_CANCELLED = re.compile(r"(?:отмен|утратил)[а-яё]*", re.IGNORECASE)
_BRACKET = re.compile(r"\(([^()]*)\)")
_STATE = re.compile(r"[А-ЯЁ][а-яёА-ЯЁ .-]{1,60}")
_DAY = re.compile(r"\d{1,2}\s[а-яё]{3,8}\s\d{4}|\d{1,2}\.\d{1,2}\.\d{4}")
_BETWEEN = re.compile(r"^(?:[\s,;:–—.-]|и\s|а также\s)+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]$")
_END_OF_TEXT = "распечатать"  # the button under the text, and everything behind it


@dataclass(frozen=True, slots=True)
class Body:
    """A body as the text states it: name with its translation, state, day of the decision."""

    name: str
    country: str
    decided_on: str
    cancelled: bool
    place: int
    text: str
    sentences: list[str] = field(default_factory=list)


def read_bodies(paragraphs: Sequence[str]) -> list[Body]:
    """The bodies of all decisions of an item; the sentences behind a decision are its reasons."""
    found: list[Body] = []
    of_decision: list[Body] = []
    for place, sentence in _told(paragraphs):
        named = _BODIES.search(sentence)
        groups = list(_groups(sentence[named.end() :])) if named else []
        if named and groups and _UNDESIRABLE.search(sentence):
            day = _DAY.search(sentence) or _DAY.search(" ".join(paragraphs))
            of_decision = [
                Body(name, state, day[0] if day else "", bool(_CANCELLED.search(sentence)),
                     place, sentence)
                for name, state in groups
            ]  # fmt: skip
            found += of_decision
        else:
            for body in of_decision:
                body.sentences.append(sentence)
    return found


def _told(paragraphs: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Sentences with the paragraph that they begin in; a list goes on over several paragraphs."""
    begun, text = 0, ""
    for place, paragraph in enumerate(paragraphs):
        if paragraph.casefold().startswith(_END_OF_TEXT):
            break
        if not text:
            begun = place
        text = f"{text} {paragraph}".strip()
        if _SENTENCE_END.search(paragraph):
            yield from ((begun, one) for one in sentences(text))
            text = ""
    yield from ((begun, one) for one in sentences(text))


def _groups(text: str) -> Iterator[tuple[str, str]]:
    """Name and state of each body: a bracket that holds a state closes it."""
    start = 0
    for bracket in _BRACKET.finditer(text):
        inside = bracket[1].strip()
        last = not text[bracket.end() :].lstrip().startswith("(")
        if country_of(inside) is None and not (last and _STATE.fullmatch(inside)):
            continue  # `(«перевод»)`, `(BYLINA)`
        name = _BETWEEN.sub("", text[start : bracket.start()]).strip(" ,")
        start = bracket.end()
        if name:
            yield name, inside
