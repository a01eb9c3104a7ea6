"""OONI: windows, paging, closure, quota, and the verdicts, read over real HTTP on this machine."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.catalogue import chosen, spider_of
from crawler.importing import import_files
from crawler.replay import replay as read_again
from crawler.spiders.blockings.reachability_ooni import hosts, is_askable
from storage import queries
from storage.config import Config
from storage.queries import Filters
from storage.store import open_writer
from tests.chaos.server import LyingServer, Reply, Request
from tests.crawler.ooni_server import ANOMALY, CONFIRMED, OK, Ooni, incident, measured
from tests.crawler.served_crawl import stored
from tests.page_reading import PAGES

ROOT = Path(__file__).parents[2]
NAME = "reachability_ooni"
TODAY = datetime.now(UTC).date()
LAST = TODAY - timedelta(days=2)
FIRST = LAST - timedelta(days=13)
HEADER = "url,category_code,category_description,date_added,source,notes\n"


class Home:
    """A home in a folder, its source played by one server; crawls run in processes of their own."""

    def __init__(self, folder: Path, server: LyingServer) -> None:
        self.folder = folder
        self.config = Config(home=folder / "data")
        (folder / "unsilenced.toml").write_text(
            f'home = "{folder / "data"}"\n[source.{NAME}]\nbase_url = "{server.url("")}"\n'
            f'allow = ["127.0.0.1:{server.port}"]\ndelay_s = 0.0\n'
        )

    def command(self, *words: str) -> str:
        """What a person sees of a command."""
        return self._run("-c", "from desk.cli import main; main()", *words)

    def crawl(self, *more: str, name: str = NAME) -> dict[str, Any]:
        """The newest run of the source."""
        run: dict[str, Any] = json.loads(self._run("-m", "crawler", "crawl", name, *more))["runs"][
            -1
        ]
        return run

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            capture_output=True, text=True, timeout=180, check=False, cwd=ROOT,
            env={**os.environ, "COLUMNS": "2000",
                 "UNSILENCED_CONFIG": str(self.folder / "unsilenced.toml")},
        )  # fmt: skip
        assert done.stdout, done.stderr
        return done.stdout

    def imported(self, name: str, *files: Path) -> dict[str, Any]:
        """The run that reads these files."""
        with closing(open_writer(self.config)) as store:
            return import_files(store, name, files)[-1]

    def list_domains(self, *domains: str, file: str = "ru.csv") -> None:
        """Make these known as news media of the test lists."""
        path = self.folder / file
        rows = "".join(f"https://{name}/,NEWS,News Media,2026-01-01,me,\n" for name in domains)
        path.write_text(HEADER + rows)
        self.imported("media_citizenlab", path)

    def read(self, question: str, **chosen: Any) -> list[dict[str, Any]]:
        """What a list of `queries` shows of the source."""
        with closing(open_writer(self.config)) as store, store.read() as connection:
            return list(getattr(queries, question)(connection, Filters(source=NAME, **chosen)))

    def verdicts(self) -> dict[str, str]:
        """Domain -> verdict as `records` shows it."""
        rows = self.read("records", part="aggregation")
        return {row["key"][0]: row["fields"]["verdict"] for row in rows}

    def fields(self, domain: str) -> dict[str, Any]:
        """What is held of a domain."""
        found = [row for row in self.read("records") if row["key"] == [domain]]
        fields: dict[str, Any] = found[0]["fields"]
        return fields


@pytest.fixture
def server() -> Iterator[LyingServer]:
    with LyingServer() as one:
        yield one


@pytest.fixture
def home(tmp_path: Path, server: LyingServer) -> Home:
    return Home(tmp_path, server)


def blocked(host: str, count: int = 60, **more: Any) -> list[Any]:
    """A site that nearly every probe in four networks fails to open, for two weeks."""
    states = [OK if number % 15 == 0 else ANOMALY for number in range(count)]
    return measured(host, states, first=FIRST, days=14, **more)


def reachable(host: str, count: int = 40) -> list[Any]:
    """A site that opens."""
    return measured(host, [OK] * count, first=FIRST, days=14)


def test_every_domain_has_the_verdict_of_the_rule_and_its_numbers(
    home: Home, server: LyingServer
) -> None:
    pages = (("ru.block_1", "nat"),)
    vague = (("vague_1", "vbw"),)
    Ooni(
        [
            *blocked("closed.example"),
            *blocked("www.half.example", 30),
            *blocked("half.example", 30),
            *measured("named.example", [CONFIRMED] * 40, first=FIRST, days=10, prints=pages),
            *measured("vague.example", [CONFIRMED] * 40, first=FIRST, days=10, prints=vague),
            *blocked("other-page.example", kind="http-diff"),
            *reachable("open.example"),
            *measured("few.example", [ANOMALY] * 9, first=FIRST, days=9),
            *measured("one-network.example", [ANOMALY] * 50, first=FIRST, days=14, networks=1),
            *measured("one-day.example", [ANOMALY] * 50, first=FIRST, days=1),
            *measured("two-days.example", [ANOMALY] * 50, first=FIRST, days=2),
            *measured("torn.example", [ANOMALY, OK] * 20, first=FIRST, days=14),
        ]
    ).serve(server)
    expected = {
        "closed.example": "likely_blocked", "half.example": "likely_blocked",
        "named.example": "confirmed_blocked", "vague.example": "unclear",
        "other-page.example": "unclear", "open.example": "reachable",
        "few.example": "insufficient", "one-network.example": "insufficient",
        "one-day.example": "insufficient", "two-days.example": "unclear",
        "torn.example": "unclear", "silent.example": "unknown",
    }  # fmt: skip
    home.list_domains(*expected)
    run = home.crawl()
    assert (run["verdict"], run["reasons"], run["observed"]) == ("complete", [], len(expected))
    assert home.verdicts() == expected
    closed = home.fields("closed.example")
    assert (closed["window_from"], closed["window_to"]) == (str(FIRST), str(LAST))
    assert (closed["measurements"], closed["anomaly"], closed["ok"]) == (60, 56, 4)
    assert (closed["networks"], closed["rule"], closed["read"]) == (4, "web-1", 60)
    assert closed["kinds"] == [{"kind": "http-failure", "measurements": 56}]
    assert home.fields("named.example")["fingerprints"] == ["ru.block_1"]
    assert home.fields("silent.example")["measurements"] == 0


def test_only_another_verdict_is_news_and_no_verdict_is_an_act(
    home: Home, server: LyingServer
) -> None:
    ooni = Ooni([*reachable("turned.example"), *reachable("open.example")]).serve(server)
    home.list_domains("turned.example", "open.example")
    assert home.crawl()["baseline"]
    ooni.measurements += reachable("open.example", 41)[40:]
    ooni.relabel("turned.example", ANOMALY)
    assert home.crawl()["changes"]["changed"] == 2
    changes = [c for c in home.read("changes") if c["change"] == "changed"]
    told = {c["key"][0]: (c["before"].get("verdict"), c["after"].get("verdict")) for c in changes}
    assert told["turned.example"] == ("reachable", "likely_blocked")
    assert told["open.example"] == (None, None)
    assert home.read("measures") == []
    assert home.crawl()["verdict"] == "unchanged"


@pytest.mark.parametrize("count", [1200, 1000])  # also where the last page is an empty one
def test_a_long_list_is_read_to_its_end_page_by_page(
    home: Home, server: LyingServer, count: int
) -> None:
    ooni = Ooni(blocked("closed.example", count)).serve(server)
    home.list_domains("closed.example")
    assert home.crawl()["verdict"] == "complete"
    asked = [one.query for one in ooni.asked if one.path.endswith("/measurements")]
    assert [one["offset"] for one in asked] == ["0", "500", "1000"]
    assert len({one["until"] for one in asked}) == 1
    assert home.fields("closed.example")["read"] == count


def test_the_window_asked_is_over_and_includes_its_first_and_last_day(
    home: Home, server: LyingServer
) -> None:
    edges = [
        *measured("edge.example", [ANOMALY] * 20, first=FIRST, days=1),
        *measured("edge.example", [ANOMALY] * 40, first=LAST, days=1)[20:],
    ]
    outside = measured("edge.example", [OK] * 60, first=LAST + timedelta(days=1), days=1)[40:]
    before = measured("edge.example", [OK] * 80, first=FIRST - timedelta(days=1), days=1)[60:]
    Ooni([*edges, *outside, *before]).serve(server)
    home.list_domains("edge.example")
    home.crawl()
    fields = home.fields("edge.example")
    assert (fields["measurements"], fields["ok"], fields["read"]) == (40, 0, 40)


@pytest.mark.fault(25)
def test_a_list_that_is_shorter_than_the_counts_judges_nothing(
    home: Home, server: LyingServer
) -> None:
    ooni = Ooni(blocked("closed.example")).serve(server)
    home.list_domains("closed.example")
    home.crawl()
    before = home.fields("closed.example")
    ooni.measurements = blocked("closed.example", 120)
    ooni.lost = {one.number for one in ooni.measurements[::10]}
    run = home.crawl()
    assert (run["verdict"], run["changes"]["changed"]) == ("complete", 0)
    assert home.fields("closed.example") == before
    (issue,) = home.read("issues")
    assert (issue["kind"], issue["heading"]) == ("unread-row", "measurements")
    assert "120 measurements are counted, only 108" in issue["text"]


@pytest.mark.fault(23, 24)
def test_paging_that_never_ends_is_noticed_on_its_second_page(
    home: Home, server: LyingServer
) -> None:
    ooni = Ooni(blocked("closed.example", 600)).serve(server)
    asked: list[str] = []

    def endless(request: Request) -> Reply:
        asked.append(request.query["offset"])
        again = replace(request, query=request.query | {"offset": "0"})
        body = json.loads(bytes(ooni.list(again).body))  # type: ignore[arg-type]
        body["metadata"]["offset"] = int(request.query["offset"])
        return Reply(body=json.dumps(body).encode(), headers=[("Content-Type", "application/json")])

    server.route("/api/v1/measurements", endless)
    home.list_domains("closed.example")
    run = home.crawl()
    assert run["verdict"] == "failed"
    assert "layout-changed" in run["reasons"]
    assert asked == ["0", "500"]
    assert home.verdicts() == {}


@pytest.mark.fault(25)
def test_rows_that_shift_between_pages_are_counted_once(home: Home, server: LyingServer) -> None:
    ooni = Ooni(blocked("closed.example", 1200)).serve(server)

    def shifting(request: Request) -> Reply:
        """A late measurement of the first day pushes every later page by one row."""
        if int(request.query["offset"]) == 500:
            late = measured("closed.example", [ANOMALY] * 1201, first=FIRST, days=1)[1200:]
            ooni.measurements += late
        return ooni.list(request)

    server.route("/api/v1/measurements", shifting)
    home.list_domains("closed.example")
    assert home.crawl()["verdict"] == "complete"
    assert home.fields("closed.example")["read"] == 1200
    assert home.verdicts() == {"closed.example": "likely_blocked"}


def test_counts_that_contradict_each_other_judge_nothing(home: Home, server: LyingServer) -> None:
    ooni = Ooni(reachable("open.example")).serve(server)

    def growing(request: Request) -> Reply:
        if request.query["axis_x"] == "probe_asn":
            ooni.measurements += reachable("open.example", 41)[40:]
        return ooni.counts(request)

    server.route("/api/v1/aggregation", growing)
    home.list_domains("open.example")
    home.crawl()
    assert home.verdicts() == {}
    (issue,) = home.read("issues")
    assert issue["text"] == "By days 40 measurements are counted, by networks 41."


def test_a_refusal_is_told_in_the_words_of_the_server(home: Home, server: LyingServer) -> None:
    Ooni(reachable("open.example")).serve(server)
    home.list_domains("open.example")
    home.crawl()
    words = b'{"error": "Choose time_grain between day, week", "v": 0}'
    for status in (400, 200):
        server.route("/api/v1/aggregation", Reply(status=status, body=words))
        run = home.crawl()
        assert (run["verdict"], run["reasons"]) == ("partial", ["question-refused"])
        assert "Choose time_grain between day, week" in home.command("status")
    assert home.verdicts() == {"open.example": "reachable"}


def test_a_window_of_more_than_180_days_is_never_asked(home: Home, server: LyingServer) -> None:
    ooni = Ooni(reachable("open.example")).serve(server)
    home.list_domains("open.example")
    run = home.crawl("--since", str(LAST - timedelta(days=180)))
    assert "window-too-long" in run["reasons"]
    assert ooni.asked == []
    run = home.crawl("--since", str(LAST - timedelta(days=179)))
    assert (run["verdict"], run["reasons"]) == ("complete", [])
    run = home.crawl("--since", str(TODAY))
    assert "window-not-closed" in run["reasons"]


@pytest.mark.fault(21)
def test_after_a_429_the_server_is_asked_again_when_it_says_so(
    home: Home, server: LyingServer
) -> None:
    ooni = Ooni(reachable("open.example")).serve(server)
    times: list[datetime] = []

    def busy(request: Request) -> Reply:
        if request.query["axis_x"] == "probe_asn":
            return ooni.counts(request)
        times.append(datetime.now(UTC))
        if len(times) == 1:
            return Reply(
                status=429, headers=[("Retry-After", "2")], body=b'{"error": "quota exceeded"}'
            )
        return ooni.counts(request)

    server.route("/api/v1/aggregation", busy)
    home.list_domains("open.example")
    assert home.crawl()["verdict"] == "complete"
    assert (times[1] - times[0]).total_seconds() >= 1.9


def test_a_spent_quota_changes_nothing_and_the_next_run_begins_anew(
    home: Home, server: LyingServer
) -> None:
    ooni = Ooni([*blocked("closed.example"), *reachable("open.example")]).serve(server)
    home.list_domains("closed.example", "open.example")
    ooni.headers = [("X-RateLimit-Remaining", "0")]
    run = home.crawl()
    assert "quota" in run["reasons"]
    assert run["verdict"] == "failed"
    assert home.verdicts() == {}
    assert not [one for one in ooni.asked if one.path.endswith("/measurements")]
    ooni.headers = [("X-RateLimit-Remaining", "399000")]
    assert home.crawl()["verdict"] == "complete"
    assert home.verdicts() == {"closed.example": "likely_blocked", "open.example": "reachable"}


@pytest.mark.fault(22)
def test_a_run_that_is_refused_half_way_leaves_what_was_known(
    home: Home, server: LyingServer
) -> None:
    ooni = Ooni(reachable("a.example")).serve(server)
    home.list_domains(*[f"a{n}.example" for n in range(50)], "a.example")
    home.crawl()
    before = home.fields("a.example")
    ooni.relabel("a.example", ANOMALY)
    asked: list[Request] = []

    def refusing(request: Request) -> Reply:
        asked.append(request)
        return ooni.counts(request) if len(asked) < 3 else Reply(status=429)

    server.route("/api/v1/aggregation", refusing)
    run = home.crawl()
    assert (run["verdict"], run["changes"]["changed"]) == ("partial", 0)
    assert "http-429" in run["reasons"]
    assert home.fields("a.example") == before
    server.route("/api/v1/aggregation", ooni.counts)
    run = home.crawl()
    changes = home.read("changes", run=run["run"])
    assert [c["key"] for c in changes if "verdict" in c["fields"]] == [["a.example"]]


def test_an_empty_window_is_unknown_and_never_reachable(home: Home, server: LyingServer) -> None:
    ooni = Ooni(reachable("open.example")).serve(server)
    home.list_domains("open.example")
    home.crawl()
    ooni.measurements = []
    run = home.crawl()
    assert (run["verdict"], run["changes"]["gone"]) == ("complete", 0)
    assert home.verdicts() == {"open.example": "unknown"}


def test_the_same_silence_about_another_window_is_no_unchanged_answer(
    home: Home, server: LyingServer
) -> None:
    Ooni().serve(server)
    home.list_domains("silent.example")
    assert home.crawl("--until", str(LAST - timedelta(days=1)))["verdict"] == "complete"
    assert home.crawl()["verdict"] == "complete"
    assert home.fields("silent.example")["window_to"] == str(LAST)
    assert home.crawl()["verdict"] == "unchanged"


def test_a_row_of_a_register_shows_what_was_measured_of_its_domains(
    home: Home, server: LyingServer
) -> None:
    Ooni(blocked("closed.example")).serve(server)
    home.list_domains("closed.example")
    home.crawl()
    listed, measured_row = (
        json.loads(line) for line in home.command("show", "closed.example", "--json").splitlines()
    )
    (beside,) = listed["reachability"]
    assert (listed["source"], beside["verdict"]) == ("media_citizenlab", "likely_blocked")
    assert (beside["measurements"], beside["rule"]) == (60, "web-1")
    assert beside["fact"] == measured_row["fact"]
    shown = " ".join(home.command("show", "closed.example").split())
    words = "signs of blocking, lasting and in several networks (56 of 60 measurements show signs"
    assert shown.count(words) == 2


def test_without_a_list_of_domains_nothing_is_asked(home: Home, server: LyingServer) -> None:
    ooni = Ooni().serve(server)
    run = home.crawl()
    assert run["verdict"] == "failed"
    assert "no-domains" in run["reasons"]
    assert ooni.asked == []


def test_domains_that_are_new_to_us_come_a_few_at_a_time(home: Home, server: LyingServer) -> None:
    ooni = Ooni(reachable("a0.example")).serve(server)
    home.list_domains("a0.example")
    home.crawl()
    home.list_domains(*[f"a{n}.example" for n in range(60)], file="global.csv")
    run = home.crawl()
    assert (run["verdict"], run["observed"]) == ("complete", 26)
    assert len(ooni.asked[-1].query["domain"].split(",")) == 2 * 26


def test_reports_of_incidents_are_told_by_domain_without_their_authors(
    home: Home, server: LyingServer
) -> None:
    ooni = Ooni(reachable("open.example")).serve(server)
    ooni.incidents = [
        incident(11, "Two sites blocked", ["www.closed.example", "open.example"]),
        incident(12, "A messenger blocked", [], end_time="2026-11-12T00:00:00Z"),
        incident(13, "A draft", ["draft.example"], published=False),
        incident(14, "Another country", ["abroad.example"], CCs=["KZ"]),
    ]
    home.list_domains("open.example")
    run = home.crawl()
    assert (run["verdict"], run["parts"]) == ("complete", {"complete": 2})
    rows = home.read("records", part="incidents")
    assert [row["key"] for row in rows] == [
        ["closed.example"], ["incident", "12"], ["open.example"],
    ]  # fmt: skip
    first = rows[0]["fields"]
    assert (first["verdict"], first["window_from"]) == ("reported", "2026-11-10")
    assert first["incidents"][0]["title"] == "Two sites blocked"
    assert first["incidents"][0]["url"] == "https://explorer.ooni.org/findings/11"
    assert "marina" not in json.dumps(rows).casefold()
    database = (home.folder / "data" / "unsilenced.sqlite").read_bytes()
    assert b"marina@" not in database
    assert b"marina@" in stored(home.folder / "data")  # in the bytes that were received alone


def test_stored_pages_replay_to_the_same_verdicts(home: Home, server: LyingServer) -> None:
    Ooni([*blocked("closed.example"), *reachable("open.example")]).serve(server)
    home.list_domains("closed.example", "open.example", "silent.example")
    home.crawl()
    before = home.verdicts()
    run = json.loads(home.command("replay", NAME, "--json"))["runs"][-1]
    assert (run["verdict"], run["changes"]["reparsed"]) == ("complete", 0), run
    assert home.verdicts() == before
    assert "all well" in home.command("verify", "--blobs", "--replay")


def test_imported_files_become_the_state_of_their_window_and_replay_alike(
    home: Home, server: LyingServer
) -> None:
    files = [PAGES / NAME / f"{name}.json" for name in ("measurements", "days", "networks")]
    run = home.imported(NAME, *files)
    assert (run["verdict"], run["observed"], run["reasons"]) == ("complete", 3, [])
    assert home.verdicts()["zakrytaya-gazeta.example"] == "likely_blocked"
    with closing(open_writer(home.config)) as store:
        again = read_again(store, spider_of(NAME))
    assert again is not None
    assert (again["verdict"], again["changes"]["reparsed"], again["observed"]) == ("complete", 0, 3)
    assert home.imported(NAME, files[1])["verdict"] == "failed"
    assert len(home.verdicts()) == 3


def test_only_domains_to_which_an_answer_leads_back_are_asked() -> None:
    assert hosts("радио.рф") == ("xn--80aimyg.xn--p1ai", "www.xn--80aimyg.xn--p1ai")
    askable = ("news.example", "радио.рф", "a.b.example")
    assert all(map(is_askable, askable))
    assert not any(map(is_askable, ("under_score.example", "STRASSE.example", "straße-ﬁ.example")))


def test_the_source_is_chosen_with_those_about_blockings() -> None:
    config = Config(home=Path("nowhere"))
    assert NAME in chosen(config, [], "blocking", everything=False)
    assert chosen(config, [], "reachability", everything=False) == [NAME]
    assert NAME not in chosen(config, [], "ruling", everything=False)


def test_the_alias_of_the_source_means_the_source(home: Home, server: LyingServer) -> None:
    Ooni(reachable("open.example")).serve(server)
    home.list_domains("open.example")
    assert home.crawl(name="measured_ooni")["source"] == NAME


def test_a_release_keeps_measurements_apart_with_their_own_licence(
    home: Home, server: LyingServer
) -> None:
    ooni = Ooni([*reachable("turned.example")]).serve(server)
    ooni.incidents = [incident(11, "A site blocked", ["closed.example"])]
    home.list_domains("turned.example")
    home.crawl()
    ooni.relabel("turned.example", ANOMALY)
    home.crawl()
    home.command("publish")
    latest = home.folder / "data" / "releases" / "latest"
    apart = latest / "noncommercial"
    with (apart / "reachability.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["domain"]: row for row in csv.DictReader(file)}
    assert rows["turned.example"]["verdict"] == "likely_blocked"
    assert "40 of 40 measurements show signs" in rows["turned.example"]["in_words"]
    assert rows["closed.example"]["in_words"] == "OONI reports an incident: A site blocked"
    with (apart / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        told = [(row["domain"], row["before"], row["after"]) for row in csv.DictReader(file)]
    assert ("turned.example", "reachable", "likely_blocked") in told
    assert "CC BY-NC-SA 4.0" in (apart / "LICENCE.txt").read_text("utf-8")
    assert "noncommercial/" in (latest / "README.txt").read_text("utf-8")
    for path in [*latest.glob("csv/*"), latest / "release.sqlite"]:
        assert b"likely_blocked" not in path.read_bytes(), path.name
        assert b"closed.example" not in path.read_bytes(), path.name
    manifest = (latest / "MANIFEST.sha256").read_text("utf-8")
    assert "noncommercial/reachability.csv" in manifest
