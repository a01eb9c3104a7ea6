"""The card of a court case as a page shows it: raw strings by fixed names.

A spider of a court portal yields one observation a case; its `fields` have the names below and no
others. Every field may be left out where the page lacks it; values are the page's own strings
(tags removed, `<br>` as line end), nothing cleaned and nothing decided.

Text fields
    court            name of the court that heard the case (page or table of courts)
    court_code       its code (`43RS0001`), of the host or the table of courts, never of the UID
    kind             what tells kind of proceeding and instance: `delo_id` of the common portal
                     (`1500001`), section of the Moscow portal (`admin`, `first-admin`), "Вид
                     судопроизводства" of the Supreme Court, or the heading of a list
    instance         words of the page where it states the instance apart ("Инстанция")
    case_number      the number as shown, with all that follows it: `ДЕЛО № 5-174/2026`,
                     `2-5/2026 (2-13/2025;) ~ М-2773/2024`, `8Г-15211/2026 [88-14715/2026]`
    previous_number  "Номер по предыдущей регистрации"
    uid              "Уникальный идентификатор дела"
    received_on, decided_on, in_force_on     dates
    judge            "Судья", "Cудья" (Latin C), "Докладчик"
    category         "Категория дела"
    protocol         "Номер протокола об АП": number and body in one cell
    outcome          "Результат рассмотрения", "Решение", the last result of the case
    outcome_unstated "yes" where the form never says how a case ended: no outcome then means
                     unknown, not pending
    state            "Текущее состояние" of the Moscow portal: `Удовлетворено, 16.10.2020`
    information      cell of a list or a hearing schedule, lines kept: `ИВАНОВ И.И. - ст.20.3.3 ч.1
                     КоАП РФ`, `КАТЕГОРИЯ: …`, `ИСТЕЦ(ЗАЯВИТЕЛЬ): …`, `ОТВЕТЧИК: …`
    act_title        title of an act at an aggregator: `Приговор № 1-254/2018 от 22 октября 2018 г.
                     по делу № 1-254/2018`
    court_line       court at an aggregator: `… районный суд г. Перми (Пермский край) - Уголовное`
    act_text         text of the newest act, paragraphs as lines
    act_url          address of that act

Lists of texts
    articles         cells that state articles of the case as a whole ("Статья КоАП РФ")
    lower_numbers    numbers of the case in lower courts ("Номер дела в первой инстанции")
    party_roles, party_names, party_articles, party_results, party_inns
                     the table of parties, one item a row in each list; an empty text where a cell
                     is empty; lists of columns that the page lacks are left out
    event_names, event_dates, event_results
                     the movement of the case, oldest first, in the same way
    claim_kinds, claim_urls
                     tab "Требования": kind of information, address to be restricted
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.observation import Observation, Raw
from pipelines.reading import Trouble

TEXTS = (
    "court", "court_code", "kind", "instance", "case_number", "previous_number", "uid",
    "received_on", "decided_on", "in_force_on", "judge", "category", "protocol", "outcome",
    "outcome_unstated", "state", "information", "act_title", "court_line", "act_text", "act_url",
)  # fmt: skip
PARTY = ("party_roles", "party_names", "party_articles", "party_results", "party_inns")
EVENT = ("event_names", "event_dates", "event_results")
PLAIN_LISTS = ("articles", "lower_numbers", "claim_kinds", "claim_urls")
LISTS = (*PLAIN_LISTS, *PARTY, *EVENT)


def quote_of(fields: Mapping[str, Raw]) -> str:
    """The one cell that states the case, for the observation's quote: result, state or number.

    Never the whole row: it names private persons, and a quote is kept as it is."""
    for name in ("outcome", "state", "case_number"):
        if (text := _text(fields.get(name))).strip():
            return text
    return ""


@dataclass(frozen=True, slots=True)
class CardParty:
    """One row of the table of parties, as the page states it."""

    role: str
    name: str
    articles: str = ""
    result: str = ""
    inn: str = ""


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One row of the movement of the case, as the page states it."""

    name: str
    date: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Raw strings of one case; empty where the page says nothing. Names: see the module."""

    court: str = ""
    court_code: str = ""
    kind: str = ""
    instance: str = ""
    case_number: str = ""
    previous_number: str = ""
    uid: str = ""
    received_on: str = ""
    decided_on: str = ""
    in_force_on: str = ""
    judge: str = ""
    category: str = ""
    protocol: str = ""
    outcome: str = ""
    outcome_unstated: str = ""
    state: str = ""
    information: str = ""
    act_title: str = ""
    court_line: str = ""
    act_text: str = ""
    act_url: str = ""
    articles: tuple[str, ...] = ()
    lower_numbers: tuple[str, ...] = ()
    parties: tuple[CardParty, ...] = ()
    events: tuple[CardEvent, ...] = ()
    claim_kinds: tuple[str, ...] = ()
    claim_urls: tuple[str, ...] = ()


def card_of(seen: Observation) -> tuple[Card, tuple[Trouble, ...]]:
    """The card that an observation states; fields of other names and torn tables are troubles."""
    unknown = sorted(set(seen.fields) - set(TEXTS) - set(LISTS))
    troubles = [Trouble("unknown-field", name, "No reader of cards knows it.") for name in unknown]
    parties = tuple(CardParty(*row) for row in _rows(seen.fields, PARTY, 2, troubles))
    events = tuple(CardEvent(*row) for row in _rows(seen.fields, EVENT, 1, troubles))
    lists: dict[str, Any] = {name: tuple(_items(seen.fields.get(name))) for name in PLAIN_LISTS}
    values: dict[str, Any] = {name: _text(seen.fields.get(name)) for name in TEXTS}
    return Card(**values, **lists, parties=parties, events=events), tuple(troubles)


def _rows(
    fields: Mapping[str, Raw], names: tuple[str, ...], mandatory: int, troubles: list[Trouble]
) -> Iterator[tuple[str, ...]]:
    """Rows of a table whose columns are lists of one length; else none, and a trouble."""
    columns = [list(_items(fields.get(name))) for name in names]
    length = len(columns[0])
    torn = any(len(column) != length for column in columns[:mandatory])
    if torn or any(column and len(column) != length for column in columns):
        words = "The columns of this table have different lengths."
        troubles.append(Trouble("torn-table", names[0], words))
        return
    for place in range(length):
        yield tuple(column[place] if column else "" for column in columns)


def _items(value: Raw) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        yield from value or ()


def _text(value: Raw) -> str:
    return value if isinstance(value, str) else "\n".join(value or ())
