"""The collector as a process: exit codes, signals, what it prints, opens, asks and tells."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.certificates import Authority
from tests.chaos.conftest import HEALTHY, Enduring
from tests.chaos.intact import WHOLE, facts
from tests.chaos.ministry import (
    EXPORT,
    INFO,
    NOT_FOUND,
    ROOT,
    SOURCE,
    VALUES,
    Home,
    Ministry,
    look,
    plain_environment,
    values,
)
from tests.chaos.server import LyingServer, Reply, Request

SECRET = "hunter2-canary-7f3a"
CAP = 20


def wait_for(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so; a test that waits in vain fails."""
    ends_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends_at, "waited in vain"
        time.sleep(0.05)


def slowly(request: Request) -> Reply:
    """Healthy pages of 20 rows; the third one never comes."""
    if request.json()["offset"] >= 2 * CAP:
        return Reply(hang=True)
    return values(HEALTHY, request, CAP)


def stuck(home: Home, ministry: Ministry) -> "subprocess.Popen[str]":
    """A crawl that has read two pages and waits for the third."""
    ministry.serve(HEALTHY)
    ministry.lie(VALUES, slowly)
    child = home.start("crawl", SOURCE)
    wait_for(lambda: sum(hit.path == VALUES for hit in ministry.server.hits) >= 3)
    return child


def test_an_unknown_source_is_a_wrong_use_and_names_the_known_ones(home: Home) -> None:
    crawl = home.crawl(source="agents_ministry")
    assert (crawl.code, crawl.out) == (2, "")
    assert SOURCE in crawl.err and "Traceback" not in crawl.err


def test_an_unknown_key_of_the_configuration_is_named_with_its_line(
    home: Home, server: LyingServer
) -> None:
    home.configure(server, dealy_s=1)
    crawl = home.crawl()
    assert (crawl.code, crawl.out) == (2, "")
    assert "dealy_s" in crawl.err and "line " in crawl.err


def test_a_limit_is_a_partial_run_that_is_no_failure(
    enduring: Enduring, ministry: Ministry
) -> None:
    ministry.serve(HEALTHY.added(1))
    crawl = enduring.home.crawl("--limit", "30")
    after = look(enduring.home)
    assert (crawl.code, crawl.verdict, crawl.reasons) == (0, "partial", {"limited"})
    assert crawl.run["observed"] == 30
    assert facts(after) == facts(enduring.before)


def test_standard_output_is_one_json_object_whatever_is_logged(
    enduring: Enduring, ministry: Ministry
) -> None:
    ministry.lie(VALUES, Reply(status=302, headers=[("Location", "http://192.0.2.1/")]))
    ministry.lie(EXPORT, NOT_FOUND)
    crawl, _after = enduring.endure("redirect")
    assert len(crawl.out.splitlines()) == 1
    assert set(json.loads(crawl.out)) == {"runs"}
    assert "offsite-redirect" in crawl.err


@pytest.mark.fault(57)
def test_a_bug_in_a_parser_is_our_failure_although_scrapy_ends_well(
    home: Home, ministry: Ministry
) -> None:
    before = look(home)
    ministry.serve(HEALTHY.added(1))
    child = subprocess.run(
        [sys.executable, "-m", "tests.chaos.broken_parser", "--config", str(home.config_file),
         "crawl", SOURCE],
        capture_output=True, text=True, cwd=ROOT, env=plain_environment(), check=False,
    )  # fmt: skip
    (run,) = json.loads(child.stdout)["runs"]
    assert (child.returncode, run["verdict"], run["reasons"]) == (4, "failed", ["we-failed"])
    after = look(home)
    assert facts(after) == facts(before) and after.faults == []
    crawl = home.crawl()
    assert (crawl.code, crawl.verdict, crawl.run["changes"]["appeared"]) == (0, "complete", 1)


@pytest.mark.fault(103)
def test_a_crawl_asked_to_stop_is_interrupted_and_the_next_one_is_whole(
    home: Home, ministry: Ministry
) -> None:
    before = look(home)
    child = stuck(home, ministry)
    asked_at = time.monotonic()
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=60)
    assert time.monotonic() - asked_at < 30
    (run,) = json.loads(out)["runs"]
    assert (child.returncode, run["verdict"]) == (3, "interrupted"), err
    after = look(home)
    assert facts(after) == facts(before) and after.faults == []
    assert {f["form"] for f in after.fetches if f["run_id"] == run["run"]} >= {"info", "values"}
    ministry.serve(HEALTHY)
    assert home.crawl().verdict in WHOLE


@pytest.mark.fault(75)
def test_a_killed_crawl_is_marked_interrupted_by_the_next_start(
    home: Home, ministry: Ministry
) -> None:
    before = look(home)
    child = stuck(home, ministry)
    child.kill()
    child.communicate()
    ministry.serve(HEALTHY)
    assert home.crawl().verdict in WHOLE
    after = look(home)
    assert after.runs[-2]["verdict"] == "interrupted"
    assert facts(after) == facts(before) and after.faults == []


def test_scrapy_crawl_writes_rows_and_makes_the_same_record(
    server: LyingServer, ministry: Ministry, tmp_path: Path
) -> None:
    made = Home.make(tmp_path / "scrapy", server)
    rows = tmp_path / "rows.jsonl"
    environment = plain_environment() | {"UNSILENCED_CONFIG": str(made.config_file)}
    command = [sys.executable, "-m", "scrapy", "crawl", SOURCE, "-O", str(rows)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    written = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    after = look(made)
    assert [r["verdict"] for r in after.runs] == ["complete"] and after.faults == []
    assert {row["key"][0]: row["fields"]["name"] for row in written} == after.names()
    assert len(written) == 200


@pytest.mark.fault(122)
def test_a_crawl_opens_no_port(home: Home, ministry: Ministry) -> None:
    child = stuck(home, ministry)
    try:
        assert listening(child.pid) == []
        assert listening(os.getpid()), "the table of sockets was not read"
    finally:
        child.kill()
        child.communicate()


def listening(process: int) -> list[str]:
    """Addresses on which a process listens for TCP."""
    links = Path(f"/proc/{process}/fd").iterdir()
    own = {os.readlink(link) for link in links if link.is_symlink()}
    tables = [Path(f"/proc/{process}/net/{name}") for name in ("tcp", "tcp6")]
    lines = [line.split() for t in tables if t.exists() for line in t.read_text().splitlines()[1:]]
    return [line[1] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in own]


@pytest.mark.fault(127)
def test_a_secret_in_the_configuration_or_the_environment_is_told_nowhere(
    home: Home, ministry: Ministry, server: LyingServer
) -> None:
    text = home.config_file.read_text("utf-8")
    exit_lines = f'[exit.ru]\nproxy = "http://user:{SECRET}@127.0.0.1:9"\n'
    home.config_file.write_text(f"{text}\n{exit_lines}", "utf-8")
    cookie = [("Set-Cookie", f"session={SECRET}"), ("Content-Type", "text/html")]
    ministry.lie(INFO, Reply(status=500, headers=cookie, body=b"<h1>500</h1>"))
    location = f"http://user:{SECRET}@127.0.0.1:{server.port}/x"
    ministry.lie(VALUES, Reply(status=302, headers=[("Location", location)]))
    ministry.lie(EXPORT, NOT_FOUND)
    crawl = home.crawl(env={"UNSILENCED_CANARY": SECRET})
    assert crawl.code == 3
    assert SECRET not in crawl.out + crawl.err
    data = home.folder / "data"
    files = [path for path in data.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite" for path in files)
    assert [p for p in files if SECRET.encode() in p.read_bytes()] == []


@pytest.mark.fault(128)
def test_a_proxy_in_the_environment_is_not_used(
    enduring: Enduring, ministry: Ministry, server: LyingServer
) -> None:
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    crawl, _after = enduring.endure("proxy", **dict.fromkeys(names, server.internal_url("")))
    assert crawl.code == 0
    assert server.internal_hits == []


@pytest.mark.fault(130)
def test_a_server_can_write_no_line_of_its_own_into_the_log(
    enduring: Enduring, ministry: Ministry
) -> None:
    forged = "http://192.0.2.1/%0Aforged\x1b[31m\u202eline"
    ministry.lie(INFO, Reply(status=302, headers=[("Location", forged)]))
    ministry.lie(VALUES, Reply(headers=[("Refresh", f"0;url={forged}")], body=b"<p>moved</p>"))
    ministry.lie(EXPORT, NOT_FOUND)
    crawl, _after = enduring.endure("forged line")
    assert "192.0.2.1" in crawl.err
    assert not {"\x1b", "\u202e"} & set(crawl.err)
    assert not any(line.startswith("forged") for line in crawl.err.splitlines())


def test_the_operators_delay_stands_between_any_two_requests(
    home: Home, ministry: Ministry, server: LyingServer
) -> None:
    home.configure(server, delay_s=0.5)
    ministry.only_interface(HEALTHY, cap=50)
    ministry.lie(INFO, Reply(status=503, body=b"<h1>busy</h1>"))
    assert home.crawl().code == 0
    times = [hit.time for hit in server.hits]
    assert len(times) == 7  # /info three times, four pages
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) >= 0.4  # 0.1 s for the way of one request to the server's clock


@pytest.mark.fault(28)
def test_a_root_of_the_operators_bundle_vouches_for_the_server(
    tmp_path: Path, first_home: Home
) -> None:
    home = first_home.copy(tmp_path / "home")
    authority, stranger = Authority(), Authority("Another root")
    with LyingServer(tls=authority.context(tmp_path)) as secure:
        Ministry(secure).serve(HEALTHY)
        codes = {}
        for name, root in (("stranger", stranger), ("ours", authority)):
            (home.folder / f"{name}.pem").write_bytes(root.pem)
            home.configure(secure, ca_bundle=f"{name}.pem")
            crawl = home.crawl()
            codes[name] = (crawl.code, sorted(crawl.reasons))
        assert codes == {"stranger": (3, ["tls"]), "ours": (0, [])}
        roots = {f["tls_root"] for f in look(home).fetches if f["status"] == 200}
    assert "extra" in roots


def tree(folder: Path) -> dict[str, Any]:
    """Every file below a folder with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_dry_run_says_what_would_change_and_leaves_no_trace(
    home: Home, ministry: Ministry, tmp_path: Path
) -> None:
    before = look(home)
    files = tree(home.folder / "data")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    ministry.serve(HEALTHY.added(2).renamed(7, "Вымыслов Аверьян Саввич"))
    rehearsal = home.crawl("--dry-run", env={"TMPDIR": str(scratch)})
    assert (rehearsal.code, rehearsal.verdict) == (0, "complete")
    assert rehearsal.run["changes"] | {"appeared": 2, "changed": 1} == rehearsal.run["changes"]
    told = {(c["change"], c["key"][0]) for c in rehearsal.run["diff"]}
    assert told == {("appeared", "201"), ("appeared", "202"), ("changed", "7")}
    assert list(scratch.iterdir()) == []
    assert tree(home.folder / "data") == files
    assert look(home) == before
    real = home.crawl()
    assert real.run["run"] == rehearsal.run["run"]
    assert real.run["changes"] == rehearsal.run["changes"]


def test_a_dry_run_before_the_first_run_makes_no_home(
    server: LyingServer, ministry: Ministry, tmp_path: Path
) -> None:
    made = Home.make(tmp_path / "fresh", server)
    rehearsal = made.crawl("--dry-run")
    assert (rehearsal.code, rehearsal.run["baseline"]) == (0, True)
    assert [path.name for path in made.folder.iterdir()] == ["unsilenced.toml"]


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_written_on_a_terminal_and_nowhere_else(
    terminal: bool, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.serve(HEALTHY, cap=CAP)
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler", "--config", str(enduring.home.config_file),
         "crawl", SOURCE],
        stdout=subprocess.PIPE, stderr=slave if terminal else subprocess.PIPE,
        cwd=ROOT, env=plain_environment(),
    )  # fmt: skip
    out, err = child.communicate(timeout=60)
    os.set_blocking(master, False)
    shown = os.read(master, 65536) if terminal else err
    os.close(slave)
    os.close(master)
    assert child.returncode == 0
    assert (b"agents_minjust: 1 pages" in shown) == terminal
    assert SOURCE.encode() in out and b"\r" not in out
