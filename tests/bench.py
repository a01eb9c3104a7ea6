"""`make bench`: what the crawl costs against the plain limit and against the usual spider.

Ratios within one run, arms in turn over several rounds, medians of CPU seconds of each child; peak
memory beside them. Prints a table and writes `bench.json`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench_arms import HISTORY_ROWS
from tests.bench_register import works
from tests.mirror_history import mirror_of

ROUNDS = 3
ROWS, SIZE = 15_000, 1_000
ARMS = ("bare", "usual", "full", "same-bytes", "list", "304", "replay", "direct")
HISTORY = ("reader", "versions", "history")
LISTS = 5
DAYS = 400  # states of a mirror's history, one a day, 350 rows on the first of them
# bench, arm, against, goal as a ratio of costs (less is better), what is compared
TABLE = (
    ("crawl, full path", "usual", "full", 1.5, "usual spider / ours: pages per CPU second"),
    ("crawl, full path", "bare", "full", None, "share of bare Scrapy"),
    ("recrawl, same bytes", "full", "same-bytes", 1.7, "full path / recrawl"),
    ("recrawl, 304", "list", "304", 2.5, "full path / recrawl"),
    ("replay", "replay", "direct", 1.3, "replay / the same parse called directly"),
    ("history, 400 days", "history", "versions", 3.5, "import --git / each version read whole"),
    ("history, 400 days", "history", "reader", None, "import --git / the reader alone"),
    ("register, next day", "csv-next", "csv-read", 3.0, "import of 1M rows / read and decode"),
    ("register, first load", "csv-first", "csv-import", 1.0, "import of 1M rows / sqlite3 .import"),
    ("dump.xml, next day", "xml-next", "xml-iterparse", 0.15, "import of 300k / lxml iterparse"),
)  # fmt: skip
REGISTER = ("register, next day", "register, first load", "dump.xml, next day")
COSTS = (
    "replay",
    "history, 400 days",
    *REGISTER,
)  # of these the goal is the most that they may cost


def main() -> int:
    """Run all arms and tell; with `register` those of the large register alone."""
    if sys.argv[1:] == ["register"]:
        return _tell([_register()])
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench_server", str(ROWS), str(SIZE)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    base = f"http://127.0.0.1:{server.stdout.readline().strip()}"
    try:
        found = [_round(base) for _number in range(ROUNDS)]
        found[0] |= _history(base)  # minutes: once is enough, its arms follow each other
        found[0] |= _register()
    finally:
        server.kill()
    return _tell(found)


def _round(base: str) -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "unsilenced.toml").write_text(_config(base), encoding="utf-8")
        return {arm: _arm(arm, base, home, _pages(arm)) for arm in ARMS}


def _history(base: str) -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        home, clone = Path(folder), Path(folder) / "clone"
        (home / "unsilenced.toml").write_text(_config(base), encoding="utf-8")
        mirror_of(DAYS, clone, first=HISTORY_ROWS, least=1).write()
        return {arm: _arm(arm, str(clone), home, DAYS) for arm in HISTORY}


def _register() -> dict[str, dict[str, Any]]:
    """A register of a million rows: its arms follow each other, once."""
    with tempfile.TemporaryDirectory() as folder:
        return {arm: _arm(arm, folder, Path(folder), 1) for arm in works(Path(folder))}


def _pages(arm: str) -> int:
    return LISTS if arm in ("list", "304") else ROWS // SIZE


def _config(base: str) -> str:
    host = base.removeprefix("http://")
    tables = [
        f'[source.{name}]\nbase_url = "{base}"\nallow = ["{host}"]\ndelay_s = 0.0\n'
        for name in ("agents_minjust", "media_citizenlab")
    ]
    return 'home = "home"\n' + "\n".join(tables)


def _arm(arm: str, base: str, home: Path, count: int) -> dict[str, Any]:
    """One arm in a child; `base` is the server's address, or the clone of a mirror."""
    environment = os.environ | {
        "UNSILENCED_CONFIG": str(home / "unsilenced.toml"),
        "BENCH_FILE": str(home / "usual.sqlite"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench_arms", arm, base, str(count), str(ROWS)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the arm '{arm}' failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _tell(found: list[dict[str, dict[str, Any]]]) -> int:
    lines = []
    for name, above, below, goal, words in TABLE:
        rounds = [one for one in found if {above, below} <= one.keys()]
        if not rounds:
            continue
        ratios = [one[above]["cpu_s"] / one[below]["cpu_s"] for one in rounds]
        ratio = round(statistics.median(ratios), 2)
        met = "" if goal is None else _verdict(name, ratio, goal)
        ours = {"crawl, full path": "full", "replay": "replay"}.get(name, below)
        ours = above if name.startswith("history") or name in REGISTER else ours
        peak = max(one[ours]["peak_mib"] for one in rounds)
        lines.append(
            {"bench": name, "ratio": ratio, "goal": goal, "met": met, "peak_mib": peak,
             "compared": words, "cpu_s": [rounds[0][arm]["cpu_s"] for arm in (above, below)]}
        )  # fmt: skip
        print(f"{name:22} {ratio:6.2f}  goal {goal or '-':>4}  {met:4} {peak:5} MiB  {words}")
    Path("bench.json").write_text(
        json.dumps({"rows": ROWS, "rounds": found, "table": lines}, indent=1), encoding="utf-8"
    )
    return 0


def _verdict(name: str, ratio: float, goal: float) -> str:
    """Replay and history may not cost more than the goal, the others must gain at least it."""
    return "yes" if (ratio <= goal if name in COSTS else ratio >= goal) else "no"


if __name__ == "__main__":
    sys.exit(main())
