"""Raw fields of a case of the Supreme Court by the names of `pipelines.court_card`."""

import re
from collections.abc import Iterator

from crawler.supreme.claims import Claim
from pipelines.court_kinds import read_kind
from pipelines.court_parties import read_role
from pipelines.observation import Raw
from pipelines.outcomes import NONE, PENDING, SUSPENDED, read_outcome
from pipelines.spec import fold

COURT = "Верховный Суд Российской Федерации"
FACTS = {
    "дата поступления": "received_on",
    "вид судопроизводства": "kind",
    "инстанция": "instance",
    "уникальный идентификатор дела": "uid",
    "судья-докладчик": "judge",
    "докладчик": "judge",
    "предмет иска": "category",
}
BELOW = re.compile(r"Номер дела 1-о?й инстанции:?\s*(\S+)")
PASSED_OVER = (
    "поступило", "судебная коллегия", "кассационный суд", "апелляционный суд", "обжалуется",
    "в интересах", "суд 2-ой инстанции", "суд 2-й инстанции", "судья", "движение по делу",
)  # fmt: skip
# Words of the way of a case through the court; what is none of them is how it ended.
ON_ITS_WAY = (
    "передано судье", "передан судье", "истребован", "назначен", "зарегистрирован", "поступил",
    "принят", "дело поступило", "рассматривается", "отложен",
)  # fmt: skip
UNENDED = (NONE, PENDING, SUSPENDED)
REPORTER = "Докладчик:"


def raw_fields(claim: Claim) -> tuple[dict[str, Raw], list[str]]:
    """The raw fields of a row, and the labels that nobody reads."""
    fields: dict[str, Raw] = {"court": COURT, "case_number": claim.number}
    unread: list[str] = []
    roles: list[str] = []
    names: list[str] = []
    lower: list[str] = []
    for label, value in claim.facts:
        known = fold(label)
        lower += BELOW.findall(f"{label}: {value}")
        if known in FACTS:
            fields.setdefault(FACTS[known], value)
        elif known.startswith("по ") or known == "категория":
            fields.setdefault("category", value)
        elif known.startswith(("статья", "статьи")):
            fields["articles"] = value.splitlines()
        elif read_role(label)[0] is not None:
            for name in filter(None, value.splitlines()):
                roles.append(label)
                names.append(name)
        elif not known.startswith(("суд 1-", "номер дела 1-", *PASSED_OVER)):
            unread.append(label)
    fields |= {"party_roles": roles, "party_names": names, "lower_numbers": lower}
    fields |= _movement(claim)
    if not claim.tells_endings and "outcome" not in fields:
        fields["outcome_unstated"] = "yes"
    return {name: value for name, value in fields.items() if value}, unread


def _movement(claim: Claim) -> dict[str, Raw]:
    """Events of the row: the last one that is not on its way is how the case ended."""
    found: dict[str, Raw] = {}
    days, words, judges = [], [], []
    for day, text in claim.events:
        name, reporter = _parted(text)
        days.append(day)
        words.append(name)
        judges += reporter
    if words:
        found |= {"event_dates": days, "event_names": words}
    for day, name in reversed(list(zip(days, words, strict=True))):
        code = read_outcome(name)
        if code not in UNENDED and (code or not fold(name).startswith(ON_ITS_WAY)):
            found |= {"outcome": name, "decided_on": day}
            break
    return found | ({"judge": judges[-1]} if judges else {})


def _parted(text: str) -> tuple[str, list[str]]:
    """The words of an event and the rapporteur that stands under them."""
    before, mark, after = text.partition(REPORTER)
    judges = [line for line in after.splitlines() if line.strip()][:1] if mark else []
    return " ".join(before.split()), [one.strip() for one in judges]


def home_of(fields: dict[str, Raw]) -> str:
    """The part of a case: kind of proceeding and year of receipt."""
    kind = read_kind(str(fields.get("kind", ""))).proceeding or "other"
    year = str(fields.get("received_on", ""))[-4:]
    return f"supreme:{kind}:{year if year.isdigit() else 'undated'}"


def cells_of(fields: dict[str, Raw]) -> Iterator[str]:
    """Cells in which articles of the case may stand."""
    articles = fields.get("articles")
    yield from articles if isinstance(articles, list) else ()
    yield str(fields.get("category", ""))
