"""Whom an announcement of the Ministry of Justice is about, and which sentences are about whom.

A subject stands as `И.О. Фамилия` or by its title in quotes, as the subject of its sentence: names
behind the verb are others ("взаимодействует с И.О. Фамилией"). No item was captured (2026-11), so
the reading is tolerant of order and form; who reads nothing from an item must say so loudly.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.other_persons import PERSON_IN_TEXT
from pipelines.persons import name_key
from pipelines.sentences import sentences
from pipelines.stated_reasons import codes_of
from pipelines.text import match_key

INCLUSION, EXCLUSION = "inclusion", "exclusion"
PERSON, TITLE = "person", "title"

_TITLE = re.compile(r"«([^«»]{1,150}(?:«[^«»]{1,80}»[^«»]{0,80})?)»?")
_LAW = re.compile(r"(?:закон\w*|№\s*[\d-]+-фз)\s*$|^об?\s", re.IGNORECASE)
# Verbs with which reasons begin; what stands before the first of them is the subject.
_VERB = re.compile(
    r"\b(?:распростран|участв|принима(?=л|[ею]т)|взаимодейств|сотруднич|выступа|осуществля|прожива"
    r"|получа|оказыва|финансир|размеща|созда(?=[лею]|ва)|явля|призыва|дискредитир|собира"
    r"|публик(?=ова|уе|ую)|находи|организ(?=ов)|формир(?=ова|уе|ую))[а-яё]*",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:[,;]|\sи)\s(?:[а-яё]+\s){0,4}$|[\s,;.]+$"
)  # `, а также фонд ` before a name
_REGISTER = re.compile(r"реестр", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}\s[а-яё]{3,8}\s\d{4}|\d{1,2}\.\d{1,2}\.\d{4}")
_WORD = re.compile(r"[а-яё]{2,}", re.IGNORECASE)
ONLY_NAMED = 3  # `журналистка М.В. Иванова;` says nothing of her
_LISTED = re.compile(r"\b(?:включ(?:ен|ил)|внес(?:ен|л)|пополн)[а-яё]*", re.IGNORECASE)
_EXCLUDED = re.compile(r"\bисключ(?:ен|ил)[а-яё]*", re.IGNORECASE)


@dataclass(slots=True)
class Subject:
    """One subject of an item, with the sentences about it and where they stand.

    A list may name it in another case first: the name is that of the first sentence about it."""

    name: str
    is_person: bool
    kind: str
    place: int
    paragraphs: list[str]
    sentences: list[str] = field(default_factory=list)

    def say(self, words: str, place: int, paragraph: str, name: str) -> None:
        """Add a sentence about it."""
        if not self.sentences:
            self.name, self.place, self.paragraphs = name, place, []
        if paragraph not in self.paragraphs:
            self.paragraphs.append(paragraph)
        self.sentences.append(words)


def read_subjects(paragraphs: Sequence[str]) -> list[Subject]:
    """The subjects of an item in their order; one named again is the same subject."""
    found: dict[tuple[str, str], Subject] = {}
    kind = INCLUSION
    for place, paragraph in enumerate(paragraphs):
        current: list[Subject] = []
        for sentence in sentences(paragraph):
            kind = _kind(sentence, kind)
            named = list(_named(sentence, kind))
            if named:
                current = [_meet(found, one, kind, place, paragraph) for one in named]
            told = _words(sentence, named, current, kind)
            for number, (one, words) in enumerate(zip(current, told, strict=True)):
                if words:
                    one.say(words, place, paragraph, named[number][0] if named else one.name)
    return list(found.values())


def decision_day(paragraphs: Sequence[str]) -> str:
    """The day of the decision where a sentence about the register states it, else nothing."""
    for paragraph in paragraphs:
        for sentence in sentences(paragraph):
            day = _DAY.search(sentence)
            if day and _REGISTER.search(sentence):
                return day[0]
    return ""


def own_name(title: str) -> str:
    """What stands in a title's quotes, for comparing: `проект «Гроза»` and `«ГРОЗА»` are one."""
    quoted = _TITLE.search(title)
    return match_key(quoted[1] if quoted else title)


def _kind(sentence: str, kind: str) -> str:
    """The list that a sentence opens holds for what follows it."""
    if _EXCLUDED.search(sentence):
        return EXCLUSION
    return INCLUSION if _LISTED.search(sentence) else kind


def _named(sentence: str, kind: str) -> Iterator[tuple[str, bool, int]]:
    """Name, whether a person, place: all of a sentence that lists, else those before its verb."""
    lists = _LISTED.search(sentence) or _EXCLUDED.search(sentence)
    verb = None if lists else _VERB.search(sentence)
    head = sentence[: verb.start()] if verb else sentence
    persons = [(one.start(), one[0].strip(), True) for one in PERSON_IN_TEXT.finditer(head)]
    titles = [
        (one.start(), one[0], False)
        for one in _TITLE.finditer(head)
        if not _LAW.search(head[: one.start()]) and not _LAW.search(one[1])
    ]
    names = sorted(persons + titles)
    if not (lists or verb):  # `М.В. Иванов и фонд «Былина»`, or a verb that we do not know
        names = names if len(_WORD.findall(head)) <= 4 * len(names) else names[:1]
    for place, name, is_person in names:
        yield name, is_person, place


def _meet(
    found: dict[tuple[str, str], Subject],
    one: tuple[str, bool, int],
    kind: str,
    place: int,
    paragraph: str,
) -> Subject:
    name, is_person, _start = one
    key = (kind, (name_key(name) or match_key(name)) if is_person else own_name(name))
    return found.setdefault(key, Subject(name, is_person, kind, place, [paragraph]))


def _words(
    sentence: str, named: list[tuple[str, bool, int]], current: list[Subject], kind: str
) -> list[str | None]:
    """What the sentence says of each subject; None where it only names it."""
    if not current:
        return []
    if kind == EXCLUSION:
        return _grounds(sentence, named, len(current))
    if codes_of(sentence, kind):
        return [sentence] * len(current)
    bare = _TITLE.sub("", PERSON_IN_TEXT.sub("", sentence)) if named else ""
    says = not _LISTED.search(sentence) and (not named or len(_WORD.findall(bare)) > ONLY_NAMED)
    return [sentence if says else None] * len(current)


def _grounds(sentence: str, named: list[tuple[str, bool, int]], count: int) -> list[str | None]:
    """Of a sentence that excludes several, each gets the words up to the next name."""
    if len(named) < 2:
        return [sentence if codes_of(sentence, EXCLUSION) else None] * count
    ends = [place for _name, _person, place in named[1:]] + [len(sentence)]
    parts = [
        _NEXT.sub("", sentence[place:end])
        for (_name, _person, place), end in zip(named, ends, strict=True)
    ]
    known: list[str | None] = []
    for part in reversed(parts):  # `А.Б. Иванов и В.Г. Петров в связи с ...`: the last words of all
        known.insert(0, part if codes_of(part, EXCLUSION) or not known else known[0])
    return known
