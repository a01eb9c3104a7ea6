"""A copy of the Supreme Court's search in both layouts; the persons are fictional.

The older layout follows the captured page, the newer one public programs of October 2026."""

import json
from dataclasses import dataclass, field

from tests.chaos.server import LyingServer, Reply, Request

PAGE = 20


@dataclass
class Claim:
    """One case or complaint. `kind`: CASE or APPEAL."""

    own_id: str
    number: str = "5-АД26-11-К2"
    kind: str = "CASE"
    uid: str = "77RS0027-02-2026-000667-40"
    received: str = "25.09.2026"
    proceeding: str = "Производство по делам об административных правонарушениях"
    claim: str = ""
    ended: str = "Жалоба (представление) оставлена без удовлетворения"
    applicant: str = "Ветлугин Аркадий Титович"


@dataclass
class SupremeCourt:
    """The court behind a server. `lie`: what it answers instead."""

    server: LyingServer
    claims: list[Claim] = field(default_factory=list)
    layout: str = "old"
    lie: str = ""

    def __post_init__(self) -> None:
        self.server.route("/lk/practice/claims", self._answer)

    def _answer(self, request: Request) -> Reply:
        if self.lie == "maintenance":
            return whole("<p>Сайт временно недоступен. Ведутся технические работы.</p>")
        if self.lie == "captcha":
            return whole("<h1>Подтвердите, что вы не робот</h1>")
        if self.lie == "429":
            return Reply(status=429, headers=(("Retry-After", "0"),), body=b"")
        if self.lie == "layout changed":
            return whole("<form><input name='uniqueNumber'></form><p>Поиск по делам</p>")
        wanted, kind = request.query.get("uniqueNumber"), request.query["claimType"]
        found = [c for c in self.claims if c.kind == kind and wanted in (None, c.uid)]
        if self.layout == "old":
            count = len(found) + (self.lie == "counter lies")
            return whole(f"<div>НАЙДЕНО: {count}</div>" + "".join(map(old_row, found)))
        number = int(request.query.get("page", "0"))
        start = number * PAGE - (self.lie == "shifted pages" and number > 0)
        return new_page(found[start : start + PAGE], len(found), start + PAGE >= len(found))


def whole(body: str) -> Reply:
    """A page in its shell."""
    text = f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"
    return Reply(body=text.encode())


def facts(claim: Claim) -> list[tuple[str, str]]:
    """Labels and values of a row; a complaint states no UID."""
    known = [
        ("Дата поступления:", claim.received), ("Вид судопроизводства:", claim.proceeding),
        ("Инстанция:", "Кассация на вступившее в силу судебное решение"),
        ("Уникальный идентификатор дела:", claim.uid if claim.kind == "CASE" else ""),
        ("Суд 1-ой инстанции:", "Тверской районный суд. Номер дела 1-ой инстанции: 05-0174/2026"),
        ("По иску:", claim.claim), ("Заявители:", claim.applicant),
    ]  # fmt: skip
    return [(label, value) for label, value in known if value]


def old_row(claim: Claim) -> str:
    """A row of the older layout."""
    shelf = "cases" if claim.kind == "CASE" else "appeals"
    rows = "".join(
        f'<div class="row vs-item-detail"><div class="col-md-2"></div><div class="col-md-3">{a}'
        f'</div><div class="col-md-7 vs-items-additional-info"> {b}</div></div>'
        for a, b in facts(claim)
    )
    end = (
        '<div class="row vs-item-detail"><div class="col-md-2 lato-bold-text">14.10.2026</div>'
        f'<div class="col-md-1"></div><div class="col-md-7 vs-items-black">{claim.ended}'
        "<div>Докладчик:&nbsp;<span>Судьин С.С.</span></div></div></div>"
    )
    return (
        f'<div class="vs-items-body " data-subscribe-claim-id="{claim.own_id}"><div class="row">'
        f'<a href="https://vsrf.ru/lk/practice/{shelf}/{claim.own_id}">{claim.number}</a></div>'
        f"{rows}{end}</div>"
    )


def new_page(shown: list[Claim], total: int, last: bool) -> Reply:
    """A page of the newer layout: rows as HTML within JSON within a script."""
    rows = "".join(
        f'<div class="CaseStyle_case_item__x"><a href="/lk/practice/claims/{one.own_id}">'
        f"{one.number}</a>"
        + "".join(f"<span>{a}</span><span>{b}</span>" for a, b in facts(one))
        + "</div>"
        for one in shown
    )
    rows += (
        '<div class="CaseStyle_case_item__x"><a href="https://kad.arbitr.ru/Card/1">А40-1</a></div>'
    )
    items = {"content": rows, "totalElements": total + 1, "last": last}
    if not last:
        items["content"] = rows[: rows.rindex('<div class="CaseStyle_case_item__x"')]
    data = json.dumps({"props": {"pageProps": {"initialItemsData": items}}}, ensure_ascii=False)
    script = f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    return whole(f"<h1>Информация по делам и жалобам</h1><p>Найдено: {total + 1}</p>{script}")
