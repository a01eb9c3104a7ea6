"""The common portal read over loopback: both layouts, several servers, and its lies."""

import json
import os
import signal
import time
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.portal.courts import Court, courts
from tests.chaos.server import LyingServer, Reply
from tests.crawler.court_portal import (
    Case,
    CourtPortal,
    PortalCourt,
    asked,
    page,
    primary_card,
)
from tests.crawler.portal_home import PortalHome

JUNE = ("--since", "2026-06-15", "--until", "2026-06-21")  # one ISO week
MONDAY = date(2026, 6, 15)
PLAIN = [c for c in courts().values() if c.level == "district" and len(c.servers) == 1]
GATED = [c for c in PLAIN if c.captcha == "yes"]
OPEN = [c for c in PLAIN if c.captcha == "no"]


def uid(number: int) -> str:
    """The GUID of a planted case."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def case(number: int, day: int = 0, **more: object) -> Case:
    """A planted case that is heard on a day of the week of June."""
    heard = MONDAY + timedelta(days=day)
    return Case(f"5-{number}/2026", uid(number), heard, **more)  # type: ignore[arg-type]


def home(path: Path, server: LyingServer, some: list[Court], delay_s: float = 0.0) -> PortalHome:
    """A home that reads these courts."""
    return PortalHome(path, server, [court.code for court in some], delay_s)


def days_asked(server: LyingServer, host: str) -> list[str]:
    """The days that a court was asked for, each as often as it was."""
    return [hit["H_date"] for hit in asked(server) if hit["host"] == host and "H_date" in hit]


@pytest.mark.parametrize("layout", ("primary", "vnkod"))
def test_cases_are_found_in_the_schedule_and_read_on_their_cards(
    layout: str, tmp_path: Path
) -> None:
    court = GATED[0]
    cases = [
        case(1), case(2, 3), case(3, 3, article="ст.12.8 ч.1 КоАП РФ"),  # not ours
        case(4, 5, article="ст.280.3 ч.1 УК РФ", delo_id="1540006"),
    ]  # fmt: skip
    with LyingServer() as server:
        CourtPortal(server, [PortalCourt(court.host, layout, cases)])
        mine = home(tmp_path, server, [court])
        run = mine.crawl(*JUNE)
    assert (run["verdict"], run["changes"]["appeared"]) == ("complete", 3)
    assert mine.cases() == {uid(1): "listed", uid(2): "listed", uid(4): "listed"}
    rows = mine.rows("SELECT court_code, proceeding, outcome, received_on FROM ruling ORDER BY 2")
    assert {row[0] for row in rows} == {court.code}
    assert [row[1] for row in rows] == ["administrative", "administrative", "criminal"]
    assert {row[3] for row in rows} == {"2026-06-01"}
    assert len(days_asked(server, court.host)) == 7


def test_each_server_of_a_court_is_asked_and_a_case_on_two_days_is_opened_once(
    tmp_path: Path,
) -> None:
    court = next(c for c in courts().values() if len(c.servers) == 2 and c.captcha == "yes")
    other = court.servers[1]
    twice = case(1)
    again = case(1, 2)
    with LyingServer() as server:
        portal = PortalCourt(court.host, "primary", [twice, again, case(2, 1, server=other)])
        CourtPortal(server, [portal])
        mine = home(tmp_path, server, [court])
        run = mine.crawl(*JUNE)
    assert run["verdict"] == "complete"
    assert set(mine.cases()) == {uid(1), uid(2)}
    cards = Counter(hit["case_uid"].casefold() for hit in asked(server) if "case_uid" in hit)
    assert set(cards.values()) == {1}
    assert {hit["srv_num"] for hit in asked(server)} == set(court.servers)


def test_a_court_that_wants_a_server_chosen_is_asked_at_those_that_it_offers(
    tmp_path: Path,
) -> None:
    court = GATED[0]
    with LyingServer() as server:
        cases = [case(1, server="7"), case(2, 2, server="9")]
        CourtPortal(server, [PortalCourt(court.host, "primary", cases, servers=("7", "9"))])
        mine = home(tmp_path, server, [court])
        mine.crawl(*JUNE)
    assert set(mine.cases()) == {uid(1), uid(2)}
    assert mine.rows("SELECT DISTINCT kind FROM issue") == [("several-servers",)]


@pytest.mark.fault(17, 18, 19, 20)
@pytest.mark.parametrize(
    ("lie", "reason"),
    (
        ("captcha", "captcha"), ("maintenance", "maintenance"), ("other day", "other-day"),
        ("unknown heading", "layout-changed"), ("blank", "empty"),
    ),
)  # fmt: skip
def test_a_court_that_lies_is_told_by_its_reason_and_the_others_are_read(
    lie: str, reason: str, tmp_path: Path
) -> None:
    liar, honest = GATED[:2]
    with LyingServer() as server:
        CourtPortal(
            server,
            [
                PortalCourt(liar.host, "primary", [case(1)], lie),
                PortalCourt(honest.host, "vnkod", [case(2)]),
            ],
        )
        mine = home(tmp_path, server, [liar, honest])
        run = mine.crawl(*JUNE)
        again = mine.crawl(*JUNE)
    for one in (run, again):
        assert (one["verdict"], one["reasons"]) == ("partial", [reason])
    assert mine.cases() == {uid(2): "listed"}
    # a court that asks for a captcha is left alone, one that is repaired is asked for each day
    times = len(days_asked(server, liar.host))
    assert times == (2 if lie == "captcha" else 14)


def test_a_day_that_cannot_be_read_does_not_stop_the_others_and_is_asked_again(
    tmp_path: Path,
) -> None:
    court = GATED[0]
    lies = {"16.06.2026"}
    with LyingServer() as server:
        portal = CourtPortal(server, [PortalCourt(court.host, "primary", [case(1, 1), case(2, 4)])])
        honest = portal._schedule

        def answer(court: PortalCourt, srv: str, day: str, count: int) -> Reply:
            if day in lies:
                return page(court, day, "<p>Что-то совсем другое</p>")
            return honest(court, srv, day, count)

        portal._schedule = answer  # type: ignore[method-assign]
        mine = home(tmp_path, server, [court])
        first = mine.crawl(as_of="2026-06-22T06:00:00Z")
        assert (first["verdict"], first["reasons"]) == ("partial", ["layout-changed"])
        assert set(mine.cases()) == {uid(2)}
        before = Counter(days_asked(server, court.host))
        lies.clear()
        mine.crawl(as_of="2026-06-23T06:00:00Z")
    assert set(mine.cases()) == {uid(1), uid(2)}
    after = Counter(days_asked(server, court.host)) - before
    assert after["16.06.2026"] == 1
    assert after["22.06.2026"] == 1
    assert after["17.06.2026"] == 0  # read yesterday: due again in a fortnight


@pytest.mark.fault(22)
def test_a_day_whose_card_failed_counts_as_unread(tmp_path: Path) -> None:
    court = GATED[0]
    broken = {uid(1)}
    with LyingServer() as server:
        portal = CourtPortal(server, [PortalCourt(court.host, "primary", [case(1, 1), case(2, 1)])])
        honest = portal._card

        def card(court: PortalCourt, case_uid: str) -> Reply:
            return Reply(status=404) if case_uid.casefold() in broken else honest(court, case_uid)

        portal._card = card  # type: ignore[method-assign]
        mine = home(tmp_path, server, [court])
        run = mine.crawl(as_of="2026-06-22T06:00:00Z")
        assert (run["verdict"], run["reasons"]) == ("partial", ["http-404"])
        assert set(mine.cases()) == {uid(2)}
        broken.clear()
        mine.crawl(as_of="2026-06-23T06:00:00Z")
    assert set(mine.cases()) == {uid(1), uid(2)}


@pytest.mark.fault(21)
def test_too_many_requests_anywhere_makes_the_whole_portal_wait(tmp_path: Path) -> None:
    some = GATED[:3]
    with LyingServer() as server:
        CourtPortal(
            server,
            [
                PortalCourt(court.host, "primary", [case(n)], "429 once" if n == 0 else "")
                for n, court in enumerate(some)
            ],
        )
        mine = home(tmp_path, server, some, delay_s=0.4)
        run = mine.crawl("--since", "2026-06-15", "--until", "2026-06-16")
        times = [hit.time for hit in server.hits]
    assert run["verdict"] == "complete"
    first = next(n for n, hit in enumerate(server.hits) if some[0].host in hit.path)
    # One request may have been on its way; then no court is asked for the two seconds that one of
    # them wanted. Without it they would follow each other in 0.4 s.
    waits = [b - a for a, b in zip(times[first:], times[first + 1 :], strict=False)]
    assert len(mine.cases()) == 3
    assert max(waits[:3]) >= 1.9


def test_no_host_and_not_the_portal_is_asked_too_soon(tmp_path: Path) -> None:
    delay_s, some = 0.5, GATED[:4]
    with LyingServer() as server:
        CourtPortal(
            server,
            [
                PortalCourt(court.host, "primary", [case(10 * n + d, d) for d in range(2)])
                for n, court in enumerate(some)
            ],
        )
        mine = home(tmp_path, server, some, delay_s)
        mine.crawl("--since", "2026-06-15", "--until", "2026-06-16")
        hits = [(hit.time, hit.path.split("/")[1]) for hit in server.hits]
    assert len(hits) == 4 * 2 + 4 * 2
    # A request that was sent in time may arrive late, so that the next one seems to come early:
    # over several gaps this evens out.
    late_s = 0.2
    gaps = [b[0] - a[0] for a, b in pairwise(hits)]
    print(f"portal: smallest gap {min(gaps):.3f} s, mean {sum(gaps) / len(gaps):.3f} s")
    assert min(gaps) >= delay_s - late_s
    for n in range(len(hits) - 4):
        assert hits[n + 4][0] - hits[n][0] >= 4 * delay_s - late_s
    for host in {host for _time, host in hits}:
        times = [at for at, whose in hits if whose == host]
        assert min(b - a for a, b in pairwise(times)) >= delay_s - late_s


def test_hundreds_of_courts_are_read_whole_and_every_planted_case_is_found_once(
    tmp_path: Path, full_chaos: bool
) -> None:
    some = [c for c in courts().values() if c.captcha == "yes"][: 300 if full_chaos else 60]
    planted, portals = {}, []
    for n, court in enumerate(some):
        server_of = court.servers[n % len(court.servers)]
        own = [case(1000 + n, server=server_of)] if n % 3 == 0 else []
        planted |= {one.case_uid: court.code for one in own}
        other = case(5000 + n, article="ст.12.26 ч.1 КоАП РФ", server=server_of)
        portals.append(PortalCourt(court.host, ("primary", "vnkod")[n % 2], [*own, other]))
    with LyingServer() as server:
        CourtPortal(server, portals)
        mine = home(tmp_path, server, some)
        started = time.monotonic()
        span = ("--since", "2026-06-15", "--until", "2026-06-15")
        run = mine.crawl(*span, as_of="2026-06-16T06:00:00Z")
        print(f"{len(server.hits)} requests in {time.monotonic() - started:.1f} s")
    assert run["verdict"] == "complete"
    found = {
        json.loads(key)[2]: json.loads(key)[0] for (key,) in mine.rows("SELECT key FROM record")
    }
    assert found == planted
    told = json.loads(mine.desk("coverage", "--json"))
    (week,) = told["weeks"]
    known = len(courts())
    assert week == {
        "source": "rulings_sudrf", "week": "2026-W25", "courts": known, "read_whole": len(some),
        "read_partly": 0, "captcha": 0, "failed": 0, "never": known - len(some),
    }  # fmt: skip
    assert len(told["not_read"]) == 4


def test_coverage_says_why_a_court_was_not_read(tmp_path: Path) -> None:
    whole, gate, broken, some_days = GATED[:4]
    with LyingServer() as server:
        portal = CourtPortal(
            server,
            [
                PortalCourt(whole.host, "primary", [case(1)]),
                PortalCourt(gate.host, "primary", [], "captcha"),
                PortalCourt(broken.host, "primary", [], "maintenance"),
                PortalCourt(some_days.host, "primary", []),
            ],
        )
        honest = portal._schedule

        def answer(court: PortalCourt, srv: str, day: str, count: int) -> Reply:
            if court.host == some_days.host and day == "16.06.2026":
                return Reply(status=404)
            return honest(court, srv, day, count)

        portal._schedule = answer  # type: ignore[method-assign]
        mine = home(tmp_path, server, [whole, gate, broken, some_days])
        mine.crawl(*JUNE, as_of="2026-06-22T06:00:00Z")
    (week,) = json.loads(mine.desk("coverage", "--json"))["weeks"]
    assert [week[name] for name in ("read_whole", "read_partly", "captcha", "failed")] == [1] * 4
    rows = json.loads(mine.desk("coverage", "--by", "region", "--by", "level", "--json"))["weeks"]
    mine_only = [
        row for row in rows if row["region"] == whole.region and row["level"] == "district"
    ]
    assert mine_only[0]["read_whole"] == 1
    text = mine.desk("coverage")
    assert "2026-W25" in text
    assert "magistrates" in text


@pytest.mark.parametrize("layout", ("primary", "vnkod"))
def test_the_list_by_article_meets_what_no_hearing_shows(layout: str, tmp_path: Path) -> None:
    court = OPEN[0]
    week = {"received": "17.06.2026"}
    cases = [case(n, 4, heard=False, **week) for n in range(1, 9)]
    cases += [case(20, 4, heard=False, article="ст.20.3 ч.1 КоАП РФ", **week)]
    with LyingServer() as server:
        CourtPortal(server, [PortalCourt(court.host, layout, cases)], page_rows=3)
        mine = home(tmp_path, server, [court])
        run = mine.crawl(*JUNE)
        cards = Counter(h.get("case_uid") or h.get("_uid") for h in asked(server))
    assert run["verdict"] == "complete"
    assert set(mine.cases()) == {one.case_uid for one in cases}
    assert {times for name, times in cards.items() if name} == {1}
    assert mine.rows("SELECT kind FROM issue") == []


@pytest.mark.parametrize(
    ("lie", "verdict", "found"),
    (("shifted once", "complete", 5), ("shifted", "partial", 4), ("page 1 for ever", "partial", 3)),
)
@pytest.mark.fault(23, 24)
def test_a_list_that_moves_between_its_pages_is_asked_once_more(
    lie: str, verdict: str, found: int, tmp_path: Path
) -> None:
    court = OPEN[0]
    cases = [case(n, heard=False, received="17.06.2026") for n in range(1, 6)]
    with LyingServer() as server:
        CourtPortal(
            server, [PortalCourt(court.host, "primary", cases, search_lie=lie)], page_rows=3
        )
        mine = home(tmp_path, server, [court])
        run = mine.crawl(*JUNE)
    assert run["verdict"] == verdict
    assert run["reasons"] == ([] if verdict == "complete" else ["count-mismatch"])
    assert len(mine.cases()) == found


@pytest.mark.parametrize(
    ("lie", "reason"),
    (("captcha", "captcha"), ("form", "captcha"), ("schedule", "malformed-request")),
)
def test_a_search_that_is_not_answered_is_never_taken_for_an_empty_one(
    lie: str, reason: str, tmp_path: Path
) -> None:
    court = OPEN[0]
    with LyingServer() as server:
        CourtPortal(server, [PortalCourt(court.host, "primary", [case(1)], search_lie=lie)])
        mine = home(tmp_path, server, [court])
        run = mine.crawl(*JUNE)
        searches = sum(hit.get("name_op") == "r" for hit in asked(server))
    assert (run["verdict"], run["reasons"]) == ("partial", [reason])
    assert set(mine.cases()) == {uid(1)}  # the schedule was read
    if reason == "captcha":
        assert searches == 1  # the gate is asked once in a run


def test_nothing_found_is_no_proof_where_no_search_of_the_court_found_anything(
    tmp_path: Path,
) -> None:
    court = OPEN[0]
    with LyingServer() as server:
        CourtPortal(server, [PortalCourt(court.host, "primary", [])])
        mine = home(tmp_path, server, [court])
        mine.crawl(*JUNE)
    assert mine.rows("SELECT kind, heading FROM issue") == [("unproven-empty", court.code)]


def test_a_killed_run_is_continued_and_no_page_is_asked_twice(tmp_path: Path) -> None:
    some = GATED[:6]
    stop_at, stopped = 12, []
    with LyingServer() as server:
        portal = CourtPortal(
            server,
            [PortalCourt(c.host, "primary", [case(n, n % 3)]) for n, c in enumerate(some)],
        )
        answer = portal.answer

        def paused(request: object) -> Reply:
            reply = answer(request)  # type: ignore[arg-type]
            if len(server.hits) >= stop_at and not stopped:
                stopped.append(True)
            return Reply(hang=True) if stopped == [True] else reply

        for court in some:
            server.route(f"/{court.host}/modules.php", paused)
        mine = home(tmp_path, server, some)
        span = ("--since", "2026-06-15", "--until", "2026-06-17")
        child = mine.start("crawl", "rulings_sudrf", *span)
        while not stopped:
            time.sleep(0.02)
        time.sleep(1.0)  # what was answered is read and stored by now
        answered = len(server.hits) - 4  # at most four were on their way and never answered
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        stopped.append(False)
        killed = [hit.path for hit in server.hits]
        run = mine.crawl(*span)
        after = [hit.path for hit in server.hits[len(killed) :]]
    assert run["verdict"] == "complete"
    assert len(mine.cases()) == 6
    asked_again = set(killed[:answered]) & set(after)
    assert asked_again == set()
    assert len(set(killed) | set(after)) == 6 * 3 + 6
    rows = mine.rows("SELECT kind, count(*) FROM fetch_mark GROUP BY kind")
    assert dict(rows)["taken"] >= answered - 4
    # the facts stand on the fetches of the run that was killed
    fetches = mine.rows("SELECT DISTINCT substr(fetch_id, 1, 2) FROM revision")
    assert ("1-",) in fetches or ("2-",) in fetches


def test_a_replay_of_a_growing_part_takes_the_newest_page_of_every_run(tmp_path: Path) -> None:
    court = GATED[0]
    first, second = case(1, 0), case(2, 5)
    with LyingServer() as server:
        CourtPortal(server, [PortalCourt(court.host, "primary", [first, second])])
        mine = home(tmp_path, server, [court])
        mine.crawl(as_of="2026-06-18T06:00:00Z")
        assert set(mine.cases()) == {uid(1)}
        first.result = (
            "Вынесено постановление о прекращении производства по делу об адм. правонарушении"
        )
        mine.crawl(as_of="2026-06-22T06:00:00Z")
        mine.crawl(as_of="2026-07-01T06:00:00Z")  # the Monday is read a second time
    outcomes = dict(mine.rows("SELECT case_number, outcome FROM ruling"))
    assert outcomes == {"5-1/2026": "terminated", "5-2/2026": "penalty"}
    before = mine.rows("SELECT key, status, revision_id FROM record")
    (run,) = mine.run("replay", "rulings_sudrf")["runs"]
    assert run["verdict"] == "complete", run
    assert set(run["changes"].values()) == {0}
    assert mine.rows("SELECT key, status, revision_id FROM record") == before
    assert mine.run("verify-replay")["faults"] == []
    assert primary_card(first) != primary_card(second)


def test_a_case_without_an_end_is_looked_at_again_and_one_that_was_withdrawn_ends(
    tmp_path: Path,
) -> None:
    court = GATED[0]
    pending = case(1, 0, result="")
    with LyingServer() as server:
        CourtPortal(server, [PortalCourt(court.host, "primary", [pending])])
        mine = home(tmp_path, server, [court])
        mine.crawl(as_of="2026-06-18T06:00:00Z")

        def cards() -> int:
            return sum(hit.get("name_op") == "case" for hit in asked(server))

        assert cards() == 1
        mine.crawl(as_of="2026-06-24T06:00:00Z")
        assert cards() == 1  # six days old
        run = mine.crawl(as_of="2026-06-25T06:00:00Z")
        assert run["verdict"] == "complete", run["reasons"]
        assert cards() == 2  # seven
        mine.crawl(as_of="2026-06-26T06:00:00Z")
        assert cards() == 2
        pending.gone = True
        run = mine.crawl(as_of="2026-07-20T06:00:00Z")
        assert (mine.cases(), run["absent"]) == ({uid(1): "absent"}, 1)
        mine.crawl(as_of="2026-07-20T12:00:00Z")
        assert mine.cases() == {uid(1): "absent"}  # six hours are no second look
        run = mine.crawl(as_of="2026-07-21T06:00:00Z")
        assert (mine.cases(), run["changes"]["gone"]) == ({uid(1): "gone"}, 1)
        before = cards()
        mine.crawl(as_of="2026-08-21T06:00:00Z")
        assert cards() == before
    (run,) = mine.run("replay", "rulings_sudrf")["runs"]
    assert run["verdict"] == "complete"
    assert set(run["changes"].values()) == {0}
    assert mine.cases() == {uid(1): "gone"}


@pytest.mark.fault(114)
def test_no_private_person_of_a_card_is_in_the_home_outside_the_evidence(tmp_path: Path) -> None:
    court = GATED[0]
    planted = case(
        1, name="ЖЕРЕБЯТНИКОВА Клавдия Тарасовна",
        act=(
            "<p>Дело № 5-1/2026</p><p>в отношении Жеребятниковой Клавдии Тарасовны, 17.03.1971 "
            "года рождения, проживающей по адресу: г. Киров, ул. Приозёрная, д. 17, кв. 93, тел. "
            "+7 912 555-66-77,</p><p>П О С Т А Н О В И Л:</p><p>назначить Жеребятниковой К.Т. "
            "административный штраф в размере 30 000 рублей.</p>"
        ),
    )  # fmt: skip
    minor = case(2, 1, name="КУДЕЯРОВ Прохор Мстиславович", category="", result="")
    with LyingServer() as server:
        CourtPortal(server, [PortalCourt(court.host, "primary", [planted, minor])])
        mine = home(tmp_path, server, [court])
        mine.crawl(*JUNE)
    assert set(mine.cases()) == {uid(1), uid(2)}
    text = mine.text_outside_evidence().casefold()
    assert "5-1/2026" in text  # what is looked through is the record
    for private in (
        "жеребятников", "клавди", "17.03.1971", "1971-03-17", "приозёрн", "555-66-77", "кудеяров",
        "прохор",
    ):  # fmt: skip
        assert private not in text, private
