"""Decisions of courts that a list states inside its text: kind, court, date, number.

The federal list of extremist materials writes `(решение Таганского районного суда г. Москвы от
04.06.2020)`, before 2008 `решение вынесено Первомайским районным судом г. Омска от 23.11.2006`;
the list of terrorist organisations `Верховный Суд Российской Федерации, от 14.02.2003 №
ГКПИ 03-116, вступило в силу 04.03.2003`. Read on 5441 rows of 2025-07-22. The court is given in
the nominative; a word that no rule knows keeps its case.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.dates import Unread, read_date
from pipelines.text import clean

LONGEST = 20_000  # signs; the longest text of the lists has 9,000
# `27. 05.2008`, `05,03.2010`, `16.09. 2015`: blanks and commas for points are slips of the list
_DATE = (
    r"(?P<{0}>[0-9]{{1,2}}\s?[.,]\s?[0-9]{{1,2}}\s?[.,]\s?[0-9]{{4}}"
    r"|[0-9]{{1,2}}\s[а-я]{{3,8}}\s[0-9]{{4}})(?![0-9])"
)
_ACT = (
    r"(?:(?:апелляц|кассац|надзорн|заочн|дополнительн|частн)[а-яё]+\s)?"
    r"(?:решени[еeяюий]м?|решениями|определени[еeяюий]м?|приговор(?:ом|а|у|ы)?"
    r"|постановлени[еeяюий]м?)"  # a Latin e stands in № 2441
)
# `(решение ... суда ... от 01.02.2010`; the court is what stands between the act and its date
_DECIDED = re.compile(
    rf"(?<![а-яё])(?P<act>{_ACT})(?P<court>(?:(?!(?<![а-яё]){_ACT}[\s,)]).){{1,320}}?)"
    rf"(?:(?<![а-яё])от\s?|[,\s]){_DATE.format('day')}(?:\s?г(?:ода|\.))?",
    re.IGNORECASE,
)
# ` и от 14.01.2015`, `, от 14.01.2026`, ` и Московского городского суда от 02.02.2012`
_AGAIN = re.compile(
    rf"\s?(?:,|;|и)\s?(?P<court>(?:(?!(?<![а-яё]){_ACT}[\s,)])[^;()]){{0,200}}?)"
    rf"(?<![а-яё])от\s?{_DATE.format('day')}(?:\s?г(?:ода|\.))?",
    re.IGNORECASE,
)
# `Верховный Суд Российской Федерации, от 14.02.2003 № ГКПИ 03-116, вступило в силу 04.03.2003`
# `2-й Западный окружной военный суд от 18.06.2020 № 2-7/2020`, `районный суд г. Самары от ...`,
# `от 04.03.2022 № 3а-206/2022 (3а-2113/2021), вступило в силу 22.04.2022`
_TERSE = re.compile(
    rf"(?:(?P<before>{_ACT})\s)?"
    r"(?P<court>(?:(?<![0-9])[0-9]{1,2}-й\s)?(?:[А-ЯЁа-яё-]+\s){0,6}?суд(?:а|ом)?"
    r"(?:\s(?:[^,.;()№0-9]|(?<=\s[гпс])\.){1,120}?)?)"
    rf"\s?,?\s(?P<act>{_ACT}\s)?от\s{_DATE.format('day')}(?:\sг\.)?"
    r"(?:\s?,?\s?(?:№\s?(?P<number>[^,;()]{1,40}?(?:\s?\([^,;()]{1,40}\))?"
    r"(?=\s?[,;.(]|\sвступ|$))|\(?б/н\)?))?"
    rf"(?:\s?,?\s?вступил[аои]?\sв\s(?:законную\s)?силу\s(?:с\s)?{_DATE.format('force')})?",
    re.IGNORECASE,
)
# `решение Ленинского районного суда`, whatever follows; `Верховный Суд ..., от`
_NAMED = re.compile(
    rf"(?<![а-яё])(?:{_ACT}[^()]{{1,200}}?(?<![а-яё])[сc]уд(?:а|ом)?|[сc]уд[^()]{{0,120}},?\sот)"
    r"(?![а-яё])",
    re.IGNORECASE,
)
_WORDS = r"(?:[А-ЯЁа-яё-]+(?:ого|его|им|ым|ый|ий|ой)\s){0,5}"
# `Третьего кассационного суда общей юрисдикции`, `Первомайским районным судом г. Омска`,
# `2-й Западный окружной военный суд`, `2-го Западного окружного военного суда`
_COURT = re.compile(
    rf"(?:(?<![0-9.-])(?P<ordinal>[0-9]{{1,2}})-(?:й|го|м)\s)?(?P<words>{_WORDS})"
    r"(?<![а-яё])(?P<suit>[сc]уд)(?:а|ом|у)?(?![а-яё])(?P<tail>.*)",
    re.IGNORECASE,
)
_SAME = re.compile(r"(?:того|этого) же суда", re.IGNORECASE)
# `определение о разъяснении решения суда Бутырского районного суда` (№ 1394, 1802): the act is the
# first word, the second one is the decision that it explains
_ABOUT = re.compile(
    r"(?<![а-яё])(?P<act>определени[еяй])\s(?:о|об)\s(?:разъяснении|исправлении|отмене|изменении)"
    r"(?:\s[а-яё-]{1,20}){0,3}?\s(?:решени|приговор|постановлени|определени)[а-яё]{0,3}\s(?:суда\s)?",
    re.IGNORECASE,
)
# `поворот исполнения решения Сургутского городского суда ... от 26 марта 2010 г.` (№ 632)
_UNDONE = re.compile(r"(?:исполнени[ея]|отмен[а-яё]{1,6})\s$", re.IGNORECASE)
# `решение Центрального районного города Комсомольска-на-Амуре` (№ 4178): the word for the court is
# left out, and only of a district or a town court can it be
_WORDLESS = re.compile(
    r"^(?P<words>(?:[А-ЯЁ][а-яё-]+ого\s)(?:районного|городского))\s(?P<tail>(?:города|г\.)\s?[А-ЯЁ].*)"
)
_JUSTICE = re.compile(r"миров[а-яё]+ судь[а-яё]+(?P<tail>.*)", re.IGNORECASE)
_KINDS = (("решени", "решение"), ("определени", "определение"), ("постановлени", "постановление"))
_MANNERS = (
    ("апелляц", "апелляционное"), ("кассац", "кассационное"), ("надзорн", "надзорное"),
    ("заочн", "заочное"), ("дополнительн", "дополнительное"), ("частн", "частное"),
)  # fmt: skip
# adjectives that stress their ending; all others of the lists end in -ый or -ий
_STRESSED = {
    "городск": "городской", "краев": "краевой", "областн": "областной", "окружн": "окружной",
    "тверск": "тверской", "заводск": "заводской", "донск": "донской", "втор": "второй",
    "шест": "шестой", "седьм": "седьмой", "восьм": "восьмой",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as stated; `in_force_on` and `number` only where the text names them.

    undone: the text tells that it is taken back, it is not the act of the text itself."""

    authority: str
    date: str
    kind: str
    number: str | None = None
    in_force_on: str | None = None
    undone: bool = False

    def stated(self, kind: str | None = None) -> dict[str, str | None]:
        """The object of the field `decisions`."""
        found = {
            "authority": self.authority, "date": self.date, "number": self.number,
            "kind": kind or self.kind,
        }  # fmt: skip
        return found | ({"in_force_on": self.in_force_on} if self.in_force_on else {})


def read_decisions(text: str) -> list[Decision]:
    """All decisions that a text names with court and date, in its order, none twice."""
    line = _ABOUT.sub(r"\g<act> ", clean(text[:LONGEST]))
    found: list[Decision] = []
    for match in _DECIDED.finditer(line):
        kind = kind_of(match["act"])
        same = found[-1].authority if found and _SAME.search(match["court"]) else None
        decision = _decision(match["court"], match["day"], kind, same)
        if decision is None:
            continue
        if _UNDONE.search(line, 0, match.start()):
            decision = replace(decision, undone=True)
        found.append(decision)
        found.extend(_further(line, match.end(), decision))
    return list(dict.fromkeys(found))


def read_terse(text: str) -> list[Decision]:
    """The same of a cell that names courts without the word for their act, with numbers."""
    found = []
    for match in _TERSE.finditer(clean(text[:LONGEST])):
        act = match["before"] or match["act"]
        kind = kind_of(act) if act else "решение"
        decision = _decision(match["court"], match["day"], kind)
        if decision is not None:
            force = _day(match["force"]) if match["force"] else None
            number = match["number"].strip() if match["number"] else None
            found.append(Decision(decision.authority, decision.date, kind, number, force))
    return list(dict.fromkeys(found))


def names_decision(text: str) -> bool:
    """Does the text name an act of a court at all, readable or not?"""
    return _NAMED.search(clean(text[:LONGEST])) is not None


def names_no_day(text: str) -> bool:
    """Does the text date a court's decision by a day that never was (`от 17.02.1012`, № 855)?"""
    return any(
        nominative(match["court"]) is not None and _day(match["day"]) is None
        for match in _DECIDED.finditer(clean(text[:LONGEST]))
    )


def kind_of(act: str) -> str:
    """`апелляционного определения` as `апелляционное определение`."""
    words = act.casefold().split()
    last = words[-1]
    noun = next((whole for stem, whole in _KINDS if last.startswith(stem)), "приговор")
    for stem, manner in _MANNERS:
        if len(words) > 1 and words[0].startswith(stem):
            return f"{manner} {noun}"
    return noun


def nominative(court: str) -> str | None:
    """`Таганского районного суда г. Москвы` as `Таганский районный суд г. Москвы`; None: no court.

    What stands before the court (a chamber, "вынесено", a presidium) is left out."""
    line = clean(court).strip(" ,.;")
    found = _COURT.search(line)
    if found is None:
        return _without_word(line)
    words = [_adjective(word) for word in found["words"].split()]
    tail = found["tail"].strip(" ,.;–-")
    if not words and not tail:
        return None
    if found["ordinal"] is not None and words:
        words = [f"{found['ordinal']}-й", *words]
    return " ".join([*words, found["suit"].replace("c", "с"), *([tail] if tail else [])])


def _without_word(line: str) -> str | None:
    """A justice of the peace, or a court whose very word is left out."""
    justice = _JUSTICE.search(line)
    if justice is not None:
        return f"мировой судья{justice['tail']}".strip(" ,")
    bare = _WORDLESS.match(line)
    if bare is None:
        return None
    words = " ".join(_adjective(word) for word in bare["words"].split())
    return f"{words} суд {bare['tail']}"


def _further(line: str, place: int, first: Decision) -> Iterator[Decision]:
    """Dates that follow a decision, of the same court or of another that is named."""
    last = first
    while (match := _AGAIN.match(line, place)) is not None:
        court = match["court"].strip(" ,")
        name = last.authority if not court else nominative(court)
        day = _day(match["day"])
        if name is None or day is None:
            return
        last = Decision(name, day, first.kind)
        yield last
        place = match.end()


def _decision(court: str, day: str, kind: str, same: str | None = None) -> Decision | None:
    name, date = same or nominative(court), _day(day)
    return None if name is None or date is None else Decision(name, date, kind)


def _day(text: str) -> str | None:
    """The date, its slips mended; None where there is no such day."""
    tidy = re.sub(r"\s?[.,]\s?", ".", text) if text[-5] in ".,0123456789 " else text
    try:
        return read_date(tidy).isoformat()
    except Unread:
        return None


def _adjective(word: str) -> str:
    """An adjective of the genitive or the instrumental in the nominative."""
    lower = word.casefold()
    for ending in ("ого", "ым", "им"):
        stem = lower.removesuffix(ending)
        if stem != lower and stem in _STRESSED:
            return word[: len(stem)] + _STRESSED[stem][len(stem) :]
    for pattern, ending in ((r"([сц]к)(?:ого|им)$", r"\1ий"), (r"(ть)(?:его|им)$", "тий")):
        changed = re.sub(pattern, ending, word, flags=re.IGNORECASE)
        if changed != word:
            return changed
    return re.sub(r"([нврт])(?:ого|ым)$", r"\1ый", word, flags=re.IGNORECASE)
