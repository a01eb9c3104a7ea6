"""A small installation with fictional rows, written through storage as a crawl would write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.involved import READING
from storage import runs
from storage.audit import canonical
from storage.clock import FixedClock, read_moment
from storage.config import Config
from storage.evidence import sha256
from storage.fetch_facts import FetchFacts
from storage.report import PartReport
from storage.source_facts import SourceFacts
from storage.staged_row import Issue, StagedRow
from storage.store import Store, open_writer

DAY = 86_400
AGENTS = SourceFacts(
    name="agents_minjust", family="designation", country="RU",
    title="Реестр иностранных агентов", publisher="Министерство юстиции Российской Федерации",
    covers="everything", every="daily", fresh_for_s=3 * DAY, state_for_s=None,
    licence="official publication", status_in_country="state publication; linking is safe",
    spec_sha256="0" * 64, parser="test-1", number_field="number", exclusion_field="delisted_on",
    reading=READING,
)  # fmt: skip
BLOCKED = replace(
    AGENTS, name="blocked_zapretinfo", family="blocking", title="Copy of the blocklist",
    publisher="zapret-info", licence="unknown", number_field=None, exclusion_field=None,
    volatile=frozenset({"ips"}),
)  # fmt: skip
COURTS = replace(
    AGENTS, name="rulings_sudrf", family="ruling", title="Courts of the portal",
    publisher="ГАС Правосудие", covers="window", number_field=None, exclusion_field=None,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a source states it."""

    key: Sequence[str]
    fields: Mapping[str, Any]
    measure: Mapping[str, Any] = field(default_factory=dict)
    quote: str | None = None
    locator: str = "row 1"


class World:
    """A home in a folder, and its clock."""

    def __init__(self, folder: Path, at: str) -> None:
        self.clock = FixedClock(read_moment(at))
        self.store: Store = open_writer(Config(home=folder / "home"), self.clock)

    def read(
        self,
        at: str,
        facts: SourceFacts,
        rows: Sequence[Row],
        *,
        part: str = "register",
        reasons: Mapping[str, str] | None = None,
        issues: Sequence[Issue] = (),
        trigger: str = "crawl",
        url: str = "https://registry.example/values",
        **fetch: Any,
    ) -> dict[str, Any]:
        """One run that sees exactly these rows, or fails with these reasons."""
        self.clock.at = read_moment(at)
        run = runs.begin(self.store, facts, trigger)
        body = canonical([[list(r.key), dict(r.fields)] for r in rows] or [at]).encode()
        told = FetchFacts(
            url=url, final_url=url, method="GET", fetched_at=datetime.now(UTC), wire=body,
            body=body, part=part, **({"status": 200} | fetch),
        )  # fmt: skip
        fetch_id = run.add_fetch(replace(told, fetched_at=self.clock.now()))
        run.stage(part, 0, [staged_row(row, facts, fetch_id, sha256(body)) for row in rows])
        for issue in issues:
            run.issue(issue)
        report = PartReport(part, observed=len(rows), pages={"1": sha256(body)})
        for reason, words in (reasons or {}).items():
            report.fail(reason, words)
        return run.finish([report])


def staged_row(row: Row, facts: SourceFacts, fetch_id: str, digest: str) -> StagedRow:
    """A row as `pipelines` would stage it."""
    fields, measure = canonical(dict(row.fields)), canonical(dict(row.measure))
    judged = {k: v for k, v in row.fields.items() if k not in facts.volatile}
    return StagedRow(
        key=canonical(list(row.key)), fields=fields, measure=measure,
        content_hash=sha256((fields + measure).encode()),
        judged_hash=sha256(canonical(judged).encode()), fetch_id=fetch_id, digest=digest,
        locator=row.locator, quote=row.quote if row.quote is not None else f"row of {row.key[0]}",
    )  # fmt: skip


def agent(
    number: int, name: str, listed_on: str, delisted_on: str | None = None, **more: Any
) -> Row:
    """A row of the register of foreign agents."""
    fields = {
        "number": str(number), "name": name, "names": [], "target_type": "person",
        "listed_on": listed_on, "delisted_on": delisted_on, "domains": [], "urls": [],
        "legal_basis": "255-ФЗ",
    } | more  # fmt: skip
    measure = {
        "code": "foreign_agent_journalist", "direction": "act", "target": name,
        "target_type": "person", "acted_on": listed_on,
        "authority": "Министерство юстиции Российской Федерации", "articles": ["255-ФЗ"],
    }  # fmt: skip
    return Row([str(number)], fields, measure, locator=f"row {number}")


def blocking(domain: str, decided_on: str, **more: Any) -> Row:
    """A row of a blocklist."""
    fields = {
        "domains": [domain], "urls": [], "ips": ["192.0.2.1"], "agency": "Роскомнадзор",
        "agency_inferred": None, "decided_on": decided_on, "political": "yes",
        "political_rule": "prosecutor-general",
    } | more  # fmt: skip
    measure = {
        "code": "website_blocking", "direction": "act", "target": domain, "target_type": "domain",
        "acted_on": decided_on, "authority": fields["agency"] or fields["agency_inferred"],
    }  # fmt: skip
    return Row([domain, "", "", "", decided_on], fields, measure)


def ruling(case: str, party: Mapping[str, Any], decided_on: str, **more: Any) -> Row:
    """A card of a court; `party` as `pipelines` writes it."""
    fields = {
        "court": "Тверской районный суд", "court_code": "77RS0027", "judge": "Судья Б. Б.",
        "case_number": case, "case_numbers": [case], "uid": f"77RS0027-01-{case}",
        "articles": [{"code": "КоАП", "article": "20.3.3", "part": "1"}], "decided_on": decided_on,
        "outcome": "fined", "direction": "act", "parties": [dict(party)],
        "act_url": f"https://court.example/{case}",
    } | more  # fmt: skip
    measure = {
        "code": "speech_fine", "direction": fields["direction"],
        "target": party.get("name") or party.get("initials"), "target_type": "person",
        "acted_on": decided_on, "authority": fields["court"], "articles": fields["articles"],
    }  # fmt: skip
    quote = f"{case} {party.get('name') or party.get('initials')}"
    return Row(["77rs0027", "1", case], fields, measure, quote, locator=f"case {case}")
