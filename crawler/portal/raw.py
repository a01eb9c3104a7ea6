"""A card's own labels and columns under the names that every reader of court cards knows.

What a card says under a label that nobody reads becomes an issue by its label: never a value, and
never dropped in silence.
"""

from collections.abc import Iterable, Iterator

from crawler.portal.card import ABOUT, CaseCard
from crawler.portal.courts import Court
from crawler.portal.tables import Table
from pipelines.observation import Raw

# Label of a fact of the case -> our name for it.
FACTS = {
    "уникальный идентификатор дела": "uid",
    "дата поступления": "received_on",
    "дата рассмотрения": "decided_on",
    "дата рассмотрения дела в первой инстанции": "decided_on",
    "дата вступления в законную силу": "in_force_on",
    "дата вступления постановления (определения) в законную силу": "in_force_on",
    "результат рассмотрения": "outcome",
    "результат рассмотрения дела": "outcome",
    "судья": "judge",
    "судья (мировой судья)": "judge",
    "категория дела": "category",
    "номер протокола об ап": "protocol",
    "номер по предыдущей регистрации": "previous_number",
}
# Facts that say nothing of the case which we keep: its way through the building.
PASSED_OVER = frozenset(
    {
        "номер здания, название обособленного подразделения", "признак рассмотрения дела",
        "дата истребования дела (материала)", "дата поступления истребованного дела (материала)",
        "результат в отношении решения по жалобе на постановление",
        "результат в отношении решения по жалобе на решение", "судебный участок",
        "порядок рассмотрения", "дата передачи дела судье",
    }
)  # fmt: skip
PARTY_TABS = ("СТОРОНЫ", "УЧАСТНИКИ", "ЛИЦА")
PARTY = {
    "вид лица, участвующего в деле": "party_roles",
    "фамилия / наименование": "party_names",
    "фамилия": "party_names",
    "фамилия / имя / отчество": "party_names",
    "перечень статей": "party_articles",
    "результат в отношении лица": "party_results",
    "результат рассмотрения": "party_results",
    "результат": "party_results",
    "инн": "party_inns",
}
EVENT = {
    "наименование события": "event_names",
    "дата": "event_dates",
    "результат события": "event_results",
}
ACCUSED = "лицо, в отношении которого ведётся производство"  # a row of the tab ЛИЦА has no role
BELOW = ("номер дела в первой инстанции", "номер дела (материала) в первой инстанции")
URL_COLUMN, KIND_COLUMN = "url ресурса", "вид информации"


def raw_fields(card: CaseCard, court: Court, delo_id: str, url: str) -> dict[str, Raw]:
    """The raw fields of a card by the names of `pipelines.court_card`."""
    fields: dict[str, Raw] = {
        "court": court.name, "court_code": court.code, "kind": delo_id,
        "case_number": card.number, "act_url": url if card.acts else "",
    }  # fmt: skip
    for table in card.tables(*ABOUT):
        for label, fact in table.facts:
            name = FACTS.get(label.casefold())
            if name and not fields.get(name):
                fields[name] = fact.text
    fields |= _parties(card) | _columns(card.tables("ДВИЖЕНИЕ"), EVENT)
    fields["lower_numbers"] = list(_lower(card))
    fields |= _claims(card.tables("ТРЕБОВАНИЯ"))
    if card.acts:
        fields["act_text"] = card.acts[-1].text
        fields["act_title"] = card.acts[-1].title
    return {name: value for name, value in fields.items() if value}


def unread_labels(card: CaseCard) -> Iterator[str]:
    """Labels of facts that nobody reads."""
    for table in card.tables(*ABOUT):
        for label, _fact in table.facts:
            if label.casefold() not in FACTS and label.casefold() not in PASSED_OVER:
                yield label


def _parties(card: CaseCard) -> dict[str, Raw]:
    """All tables of persons as one: the tab ЛИЦА states no role, its rows are the accused."""
    rows: list[dict[str, str]] = []
    for table in card.tables(*PARTY_TABS):
        for row in table.rows:
            named = {PARTY[k.casefold()]: v for k, v in row.items() if k.casefold() in PARTY}
            named.setdefault("party_roles", ACCUSED)
            rows.append(named)
    return {
        name: [row.get(name, "") for row in rows]
        for name in dict.fromkeys(PARTY.values())
        if any(name in row for row in rows)
    }


def _columns(tables: Iterable[Table], names: dict[str, str]) -> dict[str, Raw]:
    rows = [row for table in tables for row in table.rows]
    return {
        name: [row[heading] for row in rows for heading in row if heading.casefold() == label]
        for label, name in names.items()
        if any(heading.casefold() == label for row in rows for heading in row)
    }


def _lower(card: CaseCard) -> Iterator[str]:
    for table in card.tables("РАССМОТРЕНИЕ В НИЖЕСТОЯЩЕМ СУДЕ"):
        fact = table.fact(*BELOW)
        if fact and fact.text:
            yield fact.text


def _claims(tables: Iterable[Table]) -> dict[str, Raw]:
    """Addresses that a ruling restricts, under chapters 27.1 and 27.2 of the KAS."""
    kinds, urls = [], []
    for row in (row for table in tables for row in table.rows):
        url = next((v for k, v in row.items() if k.casefold().startswith(URL_COLUMN)), "")
        if url:
            urls.append(url)
            kinds.append(
                next((v for k, v in row.items() if k.casefold().startswith(KIND_COLUMN)), "")
            )
    return {"claim_urls": urls, "claim_kinds": kinds} if urls else {}


def _under(row: dict[str, str], heading: str) -> str:
    """The cell under the heading that begins with these words."""
    return next((text for name, text in row.items() if name.casefold().startswith(heading)), "")
