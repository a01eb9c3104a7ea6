"""The Ministry's interface as the lying server plays it, and homes that read it by command.

Every crawl is `python -m crawler crawl agents_minjust` in a process of its own: what a test sees
is what an operator would see.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage.config import load
from storage.models import Fetch
from storage.queries import Filters, changes, issues, records, runs
from storage.store import Store, open_reader
from storage.verify import verify
from tests.chaos.register_forms import GRID, LIMIT_CAP, api_info, api_page, xlsx
from tests.chaos.registers import REG, Register
from tests.chaos.server import Handler, LyingServer, Reply, Request
from tests.chaos.world_state import State, take

ROOT = Path(__file__).parents[2]
SOURCE = "agents_minjust"
VALUES, INFO, EXPORT = (f"/rest/registry/{GRID}/{name}" for name in ("values", "info", "export"))
JSON_TYPE = [("Content-Type", "application/json;charset=utf-8")]
XLSX_TYPE = [
    (
        "Content-Type",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
]
NOT_FOUND = Reply(status=404, body=b"<h1>404 Not Found</h1>")
CHILD_TIMEOUT_S = 90
# The state that a healthy register states: yesterday, so that it is neither stale nor of tomorrow.
YESTERDAY = datetime.now(UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0) - timedelta(
    days=1
)


def reg(count: int) -> Register:
    """REG(n) whose state is of yesterday."""
    return REG(count).at(YESTERDAY)


def json_reply(body: bytes) -> Reply:
    """An answer of the interface."""
    return Reply(body=body, headers=JSON_TYPE)


class Ministry:
    """The register's three addresses on a lying server; each may be told to lie by itself.

    As the real site does, `export` is there too; `only_interface` takes it away, so that a fault
    of `/values` is the whole story.
    """

    def __init__(self, server: LyingServer) -> None:
        self.server = server

    def serve(self, register: Register, *, cap: int = LIMIT_CAP) -> None:
        """Answer healthily from now on; at most `cap` rows a page."""
        self.server.hits.clear()
        self.server.route(INFO, json_reply(api_info(register)))
        self.server.route(VALUES, lambda request: values(register, request, cap))
        self.server.route(EXPORT, Reply(body=xlsx(register), headers=XLSX_TYPE))

    def only_interface(self, register: Register, *, cap: int = LIMIT_CAP) -> None:
        """The same without the spreadsheet."""
        self.serve(register, cap=cap)
        self.server.route(EXPORT, NOT_FOUND)

    def lie(self, path: str, handler: Handler | Reply) -> None:
        """Let one address answer otherwise."""
        self.server.route(path, handler)

    def lie_everywhere(self, reply: Reply) -> None:
        """Let every address give this answer."""
        for path in (INFO, VALUES, EXPORT):
            self.server.route(path, reply)


def values(register: Register, request: Request, cap: int = LIMIT_CAP) -> Reply:
    """One healthy answer of POST /values."""
    asked = request.json()
    return json_reply(api_page(register, asked["offset"], min(asked["limit"], cap)))


def on_page(number: int, lie: Callable[[Reply], Reply], register: Register, cap: int) -> Handler:
    """Healthy pages, but for page `number` (from 1), of which `lie` makes another answer."""

    def handler(request: Request) -> Reply:
        page = request.json()["offset"] // cap + 1
        reply = values(register, request, cap)
        return lie(reply) if page == number else reply

    return handler


@dataclass(frozen=True)
class Crawl:
    """What one command said: its code, the runs of its JSON, both outputs."""

    code: int
    runs: list[dict[str, Any]]
    out: str = field(repr=False)
    err: str = field(repr=False)

    @property
    def run(self) -> dict[str, Any]:
        """The last run."""
        assert self.runs, self.err
        return self.runs[-1]

    @property
    def verdict(self) -> str:
        """Verdict of the last run."""
        return str(self.run["verdict"])

    @property
    def reasons(self) -> set[str]:
        """Reasons of the last run."""
        return set(self.run["reasons"])


@dataclass(frozen=True)
class Home:
    """A home in a folder of its own, configured for one server."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, server: LyingServer, **keys: Any) -> "Home":
        """A fresh home whose configuration names the server and lets it be asked."""
        folder.mkdir()
        (folder / "unsilenced.toml").write_text(config_text(server, **keys), encoding="utf-8")
        return cls(folder)

    def copy(self, folder: Path) -> "Home":
        """The same home elsewhere."""
        shutil.copytree(self.folder, folder)
        return Home(folder)

    def configure(self, server: LyingServer, **keys: Any) -> None:
        """Write another configuration."""
        (self.folder / "unsilenced.toml").write_text(config_text(server, **keys), encoding="utf-8")

    @property
    def config_file(self) -> Path:
        """Where the configuration stands."""
        return self.folder / "unsilenced.toml"

    def crawl(
        self, *options: str, source: str = SOURCE, env: Mapping[str, str] | None = None
    ) -> Crawl:
        """`python -m crawler crawl` to its end."""
        return self.command("crawl", source, *options, env=env)

    def command(self, *arguments: str, env: Mapping[str, str] | None = None) -> Crawl:
        """Any verb of the collector to its end."""
        child = self.start(*arguments, env=env)
        out, err = child.communicate(timeout=CHILD_TIMEOUT_S)
        lines = out.splitlines()
        answer = json.loads(lines[-1]) if lines else {}
        return Crawl(child.returncode, answer.get("runs", []), out, err)

    def start(
        self, *arguments: str, env: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        """A verb of the collector, not waited for."""
        return subprocess.Popen(
            [sys.executable, "-m", "crawler", "--config", str(self.config_file), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=plain_environment() | dict(env or {}),
        )

    def store(self) -> Store:
        """The record for reading."""
        store = open_reader(load(self.config_file))
        assert store is not None
        return store


def plain_environment() -> dict[str, str]:
    """Our environment without what would choose another home or a proxy."""
    foreign = ("UNSILENCED_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    return {k: v for k, v in os.environ.items() if not k.upper().startswith(foreign)}


def config_text(server: LyingServer, **keys: Any) -> str:
    """A configuration; `keys` of the source's table replace the usual ones."""
    table = {
        "base_url": server.url("").rstrip("/"),
        "allow": [f"127.0.0.1:{server.port}"],
        "delay_s": 0.0,
        "time_limit_s": 20.0,
    } | keys
    head, identity = 'home = "data"\n', table.pop("identity", "")
    source = table.pop("source", SOURCE)
    lines = [f"{key} = {json.dumps(value)}" for key, value in table.items() if value is not None]
    return "\n".join([head, identity, f"[source.{source}]", *lines, ""])


@dataclass(frozen=True)
class Look:
    """Everything that a home holds at one moment."""

    records: dict[str, dict[str, Any]]
    changes: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    issues: list[dict[str, Any]]
    fetches: list[dict[str, Any]]
    faults: list[str]
    state: State = field(repr=False)

    def statuses(self) -> dict[str, str]:
        """Key -> status."""
        return {key: row["status"] for key, row in self.records.items()}

    def names(self) -> dict[str, str]:
        """Key -> name."""
        return {key: row["fields"]["name"] for key, row in self.records.items()}

    def issue_kinds(self) -> set[str]:
        """Which kinds of issues are open."""
        return {issue["kind"] for issue in self.issues}


def look(home: Home) -> Look:
    """Read a home, and verify it with all its blobs."""
    store = home.store()
    try:
        with store.read() as connection:
            rows = connection.execute(Fetch.__table__.select()).mappings()
            return Look(
                records={r["key"][0]: r for r in records(connection, Filters())},
                changes=list(changes(connection, Filters())),
                runs=list(runs(connection, Filters())),
                issues=list(issues(connection, Filters())),
                fetches=[dict(row) for row in rows],
                faults=verify(store, blobs=True).faults,
                state=take(store),
            )
    finally:
        store.close()
