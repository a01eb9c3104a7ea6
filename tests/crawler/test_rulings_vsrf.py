"""The Supreme Court over loopback: asked by known UIDs, both layouts, lies, masking."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.supreme.claims import read_claims
from crawler.supreme.raw import home_of, raw_fields
from pipelines.court_card import LISTS, TEXTS
from tests.captured import real
from tests.chaos.server import LyingServer
from tests.crawler.court_home import CourtHome
from tests.crawler.moscow_portal import Case, MoscowPortal
from tests.crawler.supreme_court import Claim, SupremeCourt

NAME = "rulings_vsrf"
BAN = "о признании информации запрещённой к распространению"
COMPLAINT = Claim("21-33970283", number="5-ЖАД26-2", kind="APPEAL")


@pytest.fixture
def server() -> Iterator[LyingServer]:
    with LyingServer() as running:
        yield running


def knowing(tmp_path: Path, server: LyingServer) -> CourtHome:
    """A home that knows one case of Moscow, and so its UID."""
    MoscowPortal(server, [Case("df043061-4638-11ed-8d08-000000000001")])
    home = CourtHome(tmp_path / "home", server, 'articles = ["КоАП 20.3.3"]\n')
    home.run("rulings_mosgorsud", "crawl", "--since", "2026-06-01", "--until", "2026-06-07")
    return home


@pytest.mark.parametrize("layout", ["old", "new"])
def test_a_known_uid_leads_to_case_and_complaint(
    tmp_path: Path, server: LyingServer, layout: str
) -> None:
    home = knowing(tmp_path, server)
    foreign = Claim("12-1", uid="11RS0001-01-2021-021221-14")
    SupremeCourt(server, [Claim("12-34154493"), COMPLAINT, foreign], layout)
    run = home.run(NAME, "crawl")
    assert (run["verdict"], run["reasons"]) == ("complete", [])
    found = {one["key"][0]: one["fields"] for one in home.records(NAME)}
    assert set(found) == {"12-34154493", "21-33970283"}
    case = found["12-34154493"]
    assert case["court"] == "Верховный Суд Российской Федерации"
    assert case["uid"] == "77RS0027-02-2026-000667-40"
    assert (case["proceeding"], case["instance"]) == ("administrative", "cassation")
    assert "05-0174/2026" in case["case_numbers"] and case["received_on"] == "2026-09-25"
    if layout == "old":
        assert (case["judge"], case["decided_on"]) == ("Судьин С.С.", "2026-10-14")
        assert case["outcome"] == "upheld"
    else:  # the list shows no movement: how the case ended is unknown, not open
        assert case["outcome"] is None
    assert [party["initials"] for party in case["parties"]] == ["В.А.Т."]
    assert found["21-33970283"]["uid"] is None
    assert "Ветлугин" not in home.without_evidence()


def test_a_uid_is_not_asked_again_the_next_day(tmp_path: Path, server: LyingServer) -> None:
    home = knowing(tmp_path, server)
    SupremeCourt(server, [Claim("12-34154493")])
    home.run(NAME, "crawl")
    before = len(server.hits)
    home.run(NAME, "crawl")
    assert len(server.hits) == before


def test_a_week_is_read_whole_and_only_what_is_looked_for_is_kept(
    tmp_path: Path, server: LyingServer
) -> None:
    some = [Claim(f"12-3415{n:04}", uid=f"77RS0027-01-2026-{n:06}-40") for n in range(45)]
    some[7].claim = BAN
    SupremeCourt(server, some, "new")
    home = CourtHome(tmp_path / "home", server)
    run = home.run(NAME, "crawl", "--since", "2026-09-21", "--until", "2026-09-27")
    assert (run["verdict"], run["reasons"]) == ("complete", [])
    assert [one["key"] for one in home.records(NAME)] == [["12-34150007"]]
    assert sum("page=2" in hit.path for hit in server.hits) == 1


@pytest.mark.parametrize(
    ("lie", "layout", "reason"),
    [
        ("captcha", "old", "captcha"), ("maintenance", "old", "maintenance"),
        ("429", "old", "http-429"), ("layout changed", "old", "layout-changed"),
        ("counter lies", "old", "count-mismatch"), ("shifted pages", "new", "count-mismatch"),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_never_a_complete_one(
    tmp_path: Path, server: LyingServer, lie: str, layout: str, reason: str
) -> None:
    some = [Claim(f"12-3415{n:04}", claim=BAN) for n in range(30)]
    SupremeCourt(server, some, layout, lie)
    home = CourtHome(tmp_path / "home", server)
    run = home.run(NAME, "crawl", "--since", "2026-09-21", "--until", "2026-09-27")
    assert run["verdict"] in ("failed", "partial") and reason in run["reasons"]


@pytest.mark.real
def test_the_captured_page_says_what_a_reader_sees_on_it() -> None:
    claims = read_claims(real("courts", "vsrf_html", "vsrf_search_uid.html").read_text("utf-8"))
    assert (claims.total, len(claims.rows)) == (1, 1)
    fields, unread = raw_fields(claims.rows[0])
    assert unread == [] and set(fields) <= set(TEXTS) | set(LISTS)
    assert (claims.rows[0].own_id, home_of(fields)) == ("12-34154493", "supreme:civil:2023")
    wanted = ("case_number", "received_on", "uid", "category", "lower_numbers", "judge", "outcome")
    assert [fields[name] for name in wanted] == [
        "3-КГ23-1-К3", "25.01.2023", "11RS0001-01-2021-021221-14", "об обязании выдать документы",
        ["2-1649/2022"], "Жубрин М.А.", "Отказ в передаче дела в суд кассационной инстанции",
    ]  # fmt: skip
