"""The aggregator over loopback: cookie and polling, pages that begin anew, acts of known cases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.catalogue import listing
from crawler.errors import PageChanged, TruncatedBody
from crawler.sudact.matching import is_act_of
from crawler.sudact.pages import Hit, read_act, read_answer
from storage.config import Config, SourceConfig
from tests.chaos.server import LyingServer, Reply, Request
from tests.crawler.court_home import CourtHome
from tests.crawler.moscow_portal import Case, MoscowPortal

NAME = "rulings_sudact"
TITLE = "Постановление № 5-174/2026 от 9 июня 2026 г. по делу № 5-174/2026"
COURT = "Тверской районный суд (Город Москва) - Административные правонарушения"
ACT = (
    "Дело № 5-174/2026<br>УИД <номер обезличен><br>Судья Судьин С.С.<br>УСТАНОВИЛ:<br>"
    "Ветлугин А.Т., проживающий: <адрес>, <дата> разместил запись.<br>ПОСТАНОВИЛ:<br>"
    "ФИО1 признать виновным в совершении правонарушения, предусмотренного ч. 1 ст. 20.3.3 КоАП РФ, "
    "и назначить наказание в виде административного штрафа в размере 30 000 (тридцать тысяч) "
    "рублей.<br>"
)


@dataclass
class Aggregator:
    """sudact.ru behind a server. `waits`: answers `new` so often before it has finished."""

    server: LyingServer
    hits: list[tuple[str, str, str]] = field(default_factory=list)  # id, title, court
    waits: int = 2
    lie: str = ""
    polls: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        cookie = (("Set-Cookie", "sessionid=abc; Path=/"),)
        start = Reply(body=b"<html><body>poisk</body></html>", headers=cookie)
        self.server.route("/regular/doc/", start)
        self.server.route("/regular/doc_ajax/", self._answer)
        for own_id, title, court in self.hits:
            self.server.route(f"/regular/doc/{own_id}/", document(title, court, self.lie))

    def _answer(self, request: Request) -> Reply:
        self.polls.append(request)
        if self.lie == "429":
            return Reply(status=429, headers=(("Retry-After", "0"),), body=b"")
        if self.lie == "captcha":
            return Reply(body="<html><body><h1>Подтвердите, что вы не робот</h1></body>".encode())
        if self.lie == "another form":
            return Reply(body=b'{"results": []}')
        if "sessionid=abc" not in request.headers.get("cookie", ""):
            return Reply(body=b'{"status": "error"}')
        if request.count <= self.waits or self.lie == "never finishes":
            return Reply(body=b'{"status": "new"}')
        rows = "".join(
            f'<li><h4><a href="/regular/doc/{own_id}/?regular-txt=">1. {title}</a></h4>'
            f'<div class="b-justice">{court}</div></li>'
            for own_id, title, court in self.hits
        )
        body = {"search_status": "finished", "content": f'<ul class="results">{rows}</ul>'}
        total = 9604 if self.lie == "begins anew" else len(self.hits)
        body["total_found"] = f"Найдено {total // 1000}\u00a0{total % 1000:03} документа"
        return Reply(body=json.dumps(body).encode())


def document(title: str = TITLE, court: str = COURT, lie: str = "") -> Reply:
    """The page of one act: its text has no end of its own."""
    end = "" if lie == "cut act" else "<!--AdFox START--><footer></footer></body></html>"
    text = (
        f'<html><body><h1>{title}</h1><div class="b-justice">{court}</div>'
        f'<hr class="hr-h1">{ACT}{end}'
    )
    return Reply(body=text.encode())


@pytest.fixture
def server() -> Iterator[LyingServer]:
    with LyingServer() as running:
        yield running


def knowing(tmp_path: Path, server: LyingServer) -> CourtHome:
    """A home that knows one decided case of Moscow without a text."""
    MoscowPortal(server, [Case("df043061-4638-11ed-8d08-000000000001")])
    home = CourtHome(tmp_path / "home", server, 'articles = ["КоАП 20.3.3"]\n')
    home.run("rulings_mosgorsud", "crawl", "--since", "2026-06-01", "--until", "2026-06-07")
    return home


def test_the_text_of_a_known_case_is_found_with_cookie_and_polling(
    tmp_path: Path, server: LyingServer
) -> None:
    home = knowing(tmp_path, server)
    same_number = ("AbCdEfGhIj02", TITLE, "Ленинский районный суд г. Перми (Пермский край) - Иное")
    site = Aggregator(server, [("SIHFCW0LBAdQ", TITLE, COURT), same_number])
    run = home.run(NAME, "crawl")
    assert (run["verdict"], run["reasons"]) == ("complete", [])
    (record,) = home.records(NAME)
    assert record["key"] == ["SIHFCW0LBAdQ"] and record["part"] == "regular:2026"
    fields = record["fields"]
    assert fields["case_number"] == "5-174/2026" and fields["decided_on"] == "2026-06-09"
    assert fields["sanction"]["amount_rub"] == 30_000 and fields["act_text_digest"]
    assert fields["uid"] is None
    assert len(site.polls) == 3
    asked = site.polls[0]
    assert asked.headers["x-requested-with"] == "XMLHttpRequest" and "referer" in asked.headers
    assert asked.query["regular-date_from"] == "30.05.2026"
    assert "regular-date_to" not in asked.query or not asked.query["regular-date_to"]
    assert not any("AbCdEfGhIj02" in hit.path for hit in server.hits)
    kept = home.without_evidence()
    assert "Ветлугин" not in kept and "sessionid" not in kept


def test_a_list_that_begins_anew_is_left_at_its_first_repeated_document(
    tmp_path: Path, server: LyingServer
) -> None:
    home = knowing(tmp_path, server)
    site = Aggregator(server, [("SIHFCW0LBAdQ", TITLE, COURT)], waits=0, lie="begins anew")
    assert home.run(NAME, "crawl")["verdict"] == "complete"
    assert len(site.polls) == 2


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ("429", "http-429"), ("captcha", "captcha"), ("another form", "layout-changed"),
        ("never finishes", "search-unfinished"), ("cut act", "truncated-body"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_reason_and_no_absence(
    tmp_path: Path, server: LyingServer, lie: str, reason: str
) -> None:
    home = knowing(tmp_path, server)
    Aggregator(server, [("SIHFCW0LBAdQ", TITLE, COURT)], lie=lie)
    run = home.run(NAME, "crawl")
    assert run["verdict"] in ("failed", "partial") and reason in run["reasons"]
    assert home.records(NAME) == []


def test_words_in_angle_brackets_are_text_of_the_act() -> None:
    body = document().body
    assert isinstance(body, bytes)
    act = read_act(body.decode(), "https://sudact.ru/regular/doc/SIHFCW0LBAdQ/")
    assert "проживающий: <адрес>, <дата> разместил" in act.text
    assert act.text.splitlines()[0] == "Дело № 5-174/2026"


@pytest.mark.parametrize(
    "text", ["<html><body><h1>Поиск</h1></body></html>", '{"content": "<ul></ul>"}', "[]"]
)
def test_another_page_is_no_answer_and_no_act(text: str) -> None:
    with pytest.raises((PageChanged, TruncatedBody)):
        read_act(text, "https://sudact.ru/regular/doc/SIHFCW0LBAdQ/")
    if not text.startswith("<"):
        with pytest.raises(PageChanged):
            read_answer(text)


@pytest.mark.parametrize(
    ("title", "court", "is_his"),
    [
        (TITLE, COURT, True),
        (TITLE.replace("174", "175"), COURT, False),
        (TITLE.replace("9 июня", "9 августа"), COURT, False),
        (TITLE, "Ленинский районный суд г. Перми (Пермский край) - Иное", False),
        (TITLE, "Тверской районный суд (Тверская область)", False),
        ("Постановление по делу № 5-174/2026", COURT, False),
    ],
)
def test_an_act_is_that_of_a_case_only_by_number_court_and_day(
    title: str, court: str, is_his: bool
) -> None:
    hit = Hit("SIHFCW0LBAdQ", "regular", title, court)
    own = "Тверской районный суд города Москвы"
    assert is_act_of(hit, "05-0174/2026", own, "2026-06-09") is is_his


def test_it_is_switched_off_until_the_operator_wants_it() -> None:
    def enabled(config: Config) -> bool:
        return next(bool(row["enabled"]) for row in listing(config) if row["source"] == NAME)

    assert not enabled(Config())
    assert enabled(Config(source={NAME: SourceConfig(enabled=True)}))
    assert not enabled(Config(source={NAME: SourceConfig(delay_s=1.0)}))
