"""The Moscow courts over loopback: both layouts, the control request, paging, lies, masking."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.errors import PageChanged, TruncatedBody
from crawler.moscow.card import read_card
from crawler.moscow.listing import read_listing
from crawler.weeks import due_weeks
from pipelines.court_card import LISTS, TEXTS
from tests.captured import real
from tests.chaos.server import LyingServer
from tests.crawler.court_home import CourtHome
from tests.crawler.moscow_portal import Case, MoscowPortal, card, document_path, whole

NAME = "rulings_mosgorsud"
WEEK = ("crawl", "--since", "2026-06-01", "--until", "2026-06-07")
KOAP = 'articles = ["КоАП 20.3.3"]\n'


def uuid(number: int) -> str:
    return f"df043061-4638-11ed-8d08-{number:012x}"


@pytest.fixture
def server() -> Iterator[LyingServer]:
    with LyingServer() as running:
        yield running


def home(tmp_path: Path, server: LyingServer) -> CourtHome:
    return CourtHome(tmp_path / "home", server, KOAP)


@pytest.mark.parametrize("layout", ["2026", "2018"])
def test_a_week_of_searches_becomes_cases_and_keeps_no_private_name(
    tmp_path: Path, server: LyingServer, layout: str
) -> None:
    ban = Case(
        uuid(2), "3а-0021/2026 ∼ Ма-0020/2026", alias="mgs", section="first-admin", article="",
        category="174 d2360d8 О признании информационных материалов, распространяемых посредством "
        "сети Интернет, экстремистскими", role="Административный истец",
        name="Прокуратура города Москвы", state="Удовлетворено, 16.06.2026",
    )  # fmt: skip
    near = Case(uuid(3), article="ст. 20.3.31 ч.1")  # the search takes substrings
    portal = MoscowPortal(server, [Case(uuid(1)), ban, near], layout)
    place = home(tmp_path, server)
    run = place.run(NAME, *WEEK)
    assert (run["verdict"], run["reasons"]) == ("complete", [])
    found = {one["key"][0]: one["fields"] for one in place.records(NAME)}
    assert set(found) == {uuid(1), uuid(2)}
    fine = found[uuid(1)]
    assert fine["court_code"] == "77RS0027" and fine["proceeding"] == "administrative"
    assert fine["case_numbers"] == ["05-0174/2026", "М-0170/2026"]
    assert fine["uid"] == "77RS0027-02-2026-000667-40"
    assert fine["judge"] == "Судьин С.С." and fine["outcome"] == "penalty"
    assert fine["decided_on"] == "2026-06-09"
    assert [party["initials"] for party in fine["parties"]] == ["В.А.Т."]
    assert fine["act_url"].endswith(document_path(portal.cases[0]))
    assert found[uuid(2)]["proceeding"] == "cas"
    assert ("text-missing", "act") in place.issues()
    assert "Ветлугин" not in place.without_evidence() and "Скопир" not in place.without_evidence()
    assert not any(query.get("codex", "").startswith("Ст.") for query in portal.asked)


def test_the_act_is_stored_as_it_came_and_only_once(tmp_path: Path, server: LyingServer) -> None:
    case = Case(uuid(1))
    MoscowPortal(server, [case])
    place = home(tmp_path, server)
    place.run(NAME, *WEEK)
    run = place.run(NAME, *WEEK)
    asked = [hit for hit in server.hits if hit.path == document_path(case)]
    assert run["verdict"] in ("complete", "unchanged") and len(asked) == 1


@pytest.mark.parametrize(
    ("document", "told"),
    [("later", []), ("forbidden", [("text-missing", "publication forbidden")]), ("none", [])],
)
def test_an_act_that_is_prepared_is_no_issue_and_a_forbidden_one_is(
    tmp_path: Path, server: LyingServer, document: str, told: list[tuple[str, str]]
) -> None:
    MoscowPortal(server, [Case(uuid(1), document=document)])
    place = home(tmp_path, server)
    assert place.run(NAME, *WEEK)["verdict"] == "complete"
    assert place.issues() == told


def test_the_spelling_that_the_search_takes_is_found_by_control_requests(
    tmp_path: Path, server: LyingServer
) -> None:
    portal = MoscowPortal(server, [], spelling=lambda codex: codex.startswith("Ст. "))
    portal.add(Case(uuid(1), article="Ст. 20.3.3"))
    place = home(tmp_path, server)
    run = place.run(NAME, *WEEK)
    assert run["verdict"] == "complete"
    assert [one["key"] for one in place.records(NAME)] == [[uuid(1)]]


@pytest.mark.parametrize("lie", ["deaf search", "search filters nothing"])
def test_a_search_that_does_not_pass_its_control_is_not_believed(
    tmp_path: Path, server: LyingServer, lie: str
) -> None:
    MoscowPortal(server, [Case(uuid(1))], lie=lie)
    place = home(tmp_path, server)
    run = place.run(NAME, *WEEK)
    assert run["verdict"] == "failed" and run["reasons"] == ["control-failed"]
    assert place.records(NAME) == []
    assert not any("20.3.3" in hit.path for hit in server.hits)


@pytest.mark.fault(18, 19, 21)
@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ("captcha", "captcha"), ("maintenance", "maintenance"), ("429", "http-429"),
        ("empty page", "layout-changed"), ("layout changed", "layout-changed"),
        ("new heading", "layout-changed"), ("cut", "truncated-body"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_never_an_empty_one(
    tmp_path: Path, server: LyingServer, lie: str, reason: str
) -> None:
    MoscowPortal(server, [Case(uuid(1), category="174 d2360d8")], lie=lie)
    place = home(tmp_path, server)
    run = place.run(NAME, *WEEK)
    assert run["verdict"] in ("failed", "partial") and reason in run["reasons"]
    assert place.records(NAME) == []


def test_all_pages_of_a_list_are_read(tmp_path: Path, server: LyingServer) -> None:
    cases = [Case(uuid(n), number=f"05-{n:04}/2026") for n in range(40)]
    MoscowPortal(server, cases, layout="2018")
    place = home(tmp_path, server)
    run = place.run(NAME, *WEEK)
    assert run["verdict"] == "complete" and len(place.records(NAME)) == 40


@pytest.mark.fault(24, 25)
@pytest.mark.parametrize(
    ("lie", "reason"),
    [("shifted pages", "count-mismatch"), ("repeats its last page", "other-page")],
)
def test_pages_that_do_not_close_make_the_week_partial(
    tmp_path: Path, server: LyingServer, lie: str, reason: str
) -> None:
    MoscowPortal(server, [Case(uuid(n), number=f"05-{n:04}/2026") for n in range(20)], lie=lie)
    place = home(tmp_path, server)
    run = place.run(NAME, *WEEK)
    assert run["verdict"] in ("partial", "failed") and reason in run["reasons"]


def test_hearings_lead_back_to_cases_that_are_open(tmp_path: Path, server: LyingServer) -> None:
    case = Case(uuid(1), state="Назначено судебное заседание, 09.06.2026")
    portal = MoscowPortal(server, [case])
    place = home(tmp_path, server)
    place.run(NAME, *WEEK)
    assert [one["fields"]["outcome"] for one in place.records(NAME)] == ["pending"]
    case.state = "Вынесено постановление о назначении административного наказания, 23.06.2026"
    portal.lie = "cases vanish"  # the search shows the case no more: it came in weeks ago
    run = place.run(NAME, "crawl")
    assert [one["fields"]["outcome"] for one in place.records(NAME)] == ["penalty"]
    assert run["changes"]["changed"] == 1
    assert any("/rs/tverskoj/hearing" in hit.path for hit in server.hits)


def test_a_replay_reads_the_stored_pages_to_the_same_cases(
    tmp_path: Path, server: LyingServer
) -> None:
    MoscowPortal(server, [Case(uuid(1)), Case(uuid(2), article="ст. 20.3.31 ч.1")])
    place = home(tmp_path, server)
    place.run(NAME, *WEEK)
    before = place.records(NAME)
    run = place.run(NAME, "replay")
    assert run["verdict"] == "complete" and sum(run["changes"].values()) == 0
    assert place.records(NAME) == before


def test_a_saved_list_is_imported_row_by_row_without_a_filter(
    tmp_path: Path, server: LyingServer
) -> None:
    cases = [Case(uuid(n), f"05-{n:04}/2026", article="ст. 12.8") for n in range(3)]
    portal = MoscowPortal(server, cases)
    file = tmp_path / "list.html"
    file.write_bytes(bytes(portal._paged(cases, 1, "hearing").body))
    place = home(tmp_path, server)
    run = place.run(NAME, "import", str(file))
    assert (run["verdict"], run["observed"]) == ("complete", 3)
    assert "Ветлугин" not in place.without_evidence()


def test_a_page_cut_within_its_table_is_no_list() -> None:
    body = bytes(whole("<table class='search-form__table'><tr><td>").body).decode()
    with pytest.raises(TruncatedBody):
        read_listing(body.removesuffix("</html>"))
    with pytest.raises(PageChanged):
        read_card(body)


def test_a_week_is_read_while_it_runs_and_again_as_it_grows_old() -> None:
    today, name = date(2026, 6, 17), "search:adm"  # a Wednesday of week 25
    assert due_weeks(name, {}, today)[:2] == ["2026-W25", "2026-W24"]
    read = {f"{name}:2026-W24": [date(2026, 6, 15)], f"{name}:2026-W25": [today]}
    assert "2026-W24" not in due_weeks(name, read, today)
    assert "2026-W25" in due_weeks(name, read, today)
    assert "2026-W24" in due_weeks(name, read, date(2026, 6, 15) + timedelta(weeks=2))


@pytest.mark.real
def test_the_captured_card_says_what_a_reader_sees_on_it() -> None:
    page = real("courts", "mosgorsud_html", "first-admin-card.html").read_text("utf-8")
    read = read_card(page)
    assert set(read.fields) <= set(TEXTS) | set(LISTS)
    assert read.unread == []
    stated = {name: read.fields[name] for name in ("uid", "case_number", "judge", "state")}
    assert stated == {
        "uid": "77OS0000-01-2020-003295-18", "case_number": "3а-3843/2020 ~ Ма-0639/2020",
        "judge": "Михалева Т.Д.", "state": "Удовлетворено, 16.10.2020",
    }  # fmt: skip
    assert read.fields["party_roles"] == ["Административный истец", "Административный ответчик"]
    assert read.own_id == "f89bca93-e99c-46fa-b65d-03be99e914d6"
    states = [one.state for one in read.documents]
    assert (len(states), states.count("there"), states.count("later")) == (17, 4, 1)
    assert read.act is not None and read.act.kind == "Мотивированное решение"


@pytest.mark.real
def test_the_captured_list_has_its_cut_cells_whole() -> None:
    page = real("courts", "mosgorsud_html", "search-mgs-participant.html").read_text("utf-8")
    listing = read_listing(page)
    assert (listing.layout, len(listing.rows), listing.bad) == ("2026", 11, [])
    first = listing.rows[0]
    assert first.cells["number"] == "3а-2719/2023 (3а-4960/2022) ~ Ма-5065/2022"
    assert first.cells["first"] == "Отказано в удовлетворении, 23.01.2023"
    assert [role for role, _names in first.parties] == [
        "Административный истец", "Административный ответчик",
    ]  # fmt: skip
    assert len(first.parties[0][1].split(",")) == 126
    assert "раскрыть" not in page.join(str(row.parties) for row in listing.rows[:1])


def test_a_card_has_the_same_fields_in_both_layouts() -> None:
    read = [read_card(bytes(whole(card(Case(uuid(1)), x)).body).decode()) for x in ("2026", "2018")]
    assert read[0].fields == read[1].fields
