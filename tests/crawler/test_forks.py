"""A collector that forks: every run has a process, its end is told whatever it was."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from schedules.forks import forks

# `main` of a collector that needs no Scrapy: it dies, refuses, or says who it is.
SCRIPT = """
import os, signal, sys
from crawler import forks
forks.warm = lambda: None
def main(arguments):
    if arguments == ["die"]:
        os.kill(os.getpid(), signal.SIGKILL)
    if arguments == ["break"]:
        raise ValueError("broken")
    print('{"process": %d}' % os.getpid(), flush=True)
    return 3
sys.exit(forks.serve(main))
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "unsilenced.toml"
    path.write_text(f'home = "{tmp_path / "home"}"\n')
    return path


def test_what_becomes_of_a_run_becomes_of_it_alone(tmp_path: Path) -> None:
    asked = ["tell", "die", "break", "tell"]
    requests = [
        json.dumps({"n": n, "arguments": [word], "answer": str(tmp_path / f"{n}.json")})
        for n, word in enumerate(asked)
    ]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input="\n".join(requests) + "\n",
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    told = {one["n"]: one["code"] for one in map(json.loads, done.stdout.splitlines())}
    assert (done.returncode, told) == (0, {0: 3, 1: -9, 2: 1, 3: 3})
    assert "ValueError: broken" in done.stderr
    processes = {json.loads((tmp_path / f"{n}.json").read_text())["process"] for n in (0, 3)}
    assert len(processes) == 2


def test_runs_go_side_by_side_and_each_gets_its_own_answer(config: Path) -> None:
    with forks(config) as collector:
        known = collector.collect(["sources"])
        unknown = collector.collect(["crawl", "no_such_source"])
        chosen = collector.collect(["choose", "agents_minjust"])
        assert chosen.result(120).answer == {"chosen": ["agents_minjust"]}
        assert (unknown.result(120).code, unknown.result(120).answer) == (2, {})
        assert len(known.result(120).answer["sources"]) > 10


def test_a_collector_that_is_gone_leaves_nobody_waiting(config: Path) -> None:
    with forks(config) as collector:
        collector._child.kill()
        collector._listener.join(60)
        assert collector.collect(["sources"]).result(60).code == 1


def test_nothing_that_is_imported_early_starts_the_reactor() -> None:
    script = (
        "import sys\nfrom crawler.forks import warm\nwarm()\n"
        "sys.exit('twisted.internet.reactor' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], check=False, timeout=60)
    assert done.returncode == 0
