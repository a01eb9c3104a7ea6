"""A home beside a copy of the courts' portal: crawls as a process, and what the record holds."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.clock import FixedClock, read_moment
from storage.config import Config
from storage.store import open_writer
from tests.chaos.server import LyingServer

NAME = "rulings_sudrf"
ROOT = Path(__file__).parents[2]


@dataclass
class PortalHome:
    """One home; `crawl` runs `python -m crawler crawl rulings_sudrf` in it."""

    path: Path
    server: LyingServer
    codes: list[str]
    delay_s: float = 0.0

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a child; the configuration is written anew each time."""
        file = self.path / "unsilenced.toml"
        file.write_text(
            f'home = "{self.path / "data"}"\n[source.{NAME}]\n'
            f'base_url = "{self.server.url("")}/{{host}}"\n'
            f'allow = ["127.0.0.1:{self.server.port}"]\ndelay_s = {self.delay_s}\n'
            f"courts = {json.dumps(self.codes)}\n",
            encoding="utf-8",
        )
        return {**os.environ, "UNSILENCED_CONFIG": str(file)}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """A crawl that runs beside the test."""
        command = [sys.executable, "-m", "crawler", *arguments]
        return subprocess.Popen(
            command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment, cwd=ROOT,
        )  # fmt: skip

    def crawl(self, *arguments: str, as_of: str | None = None) -> dict[str, Any]:
        """A crawl to its end; returns the newest run's JSON."""
        if as_of and not (self.path / "data").exists():  # only such a home takes a false clock
            clock = FixedClock(read_moment(as_of))
            open_writer(Config(home=self.path / "data"), clock, synthetic=True).close()
        moment = ["--as-of", as_of] if as_of else []
        child = self.start(*moment, "crawl", NAME, *arguments)
        out, err = child.communicate(timeout=300)
        assert child.returncode in (0, 3), err
        return dict(json.loads(out)["runs"][-1])

    def run(self, *arguments: str) -> dict[str, Any]:
        """Another verb of the collector."""
        child = self.start(*arguments)
        out, err = child.communicate(timeout=120)
        assert child.returncode in (0, 3), err
        return dict(json.loads(out))

    def desk(self, *arguments: str) -> str:
        """What a command prints."""
        command = [sys.executable, "-c", "from desk.cli import main; main()", *arguments]
        done = subprocess.run(
            command, text=True, capture_output=True, env=self.environment, cwd=ROOT, check=True
        )
        return done.stdout

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the database itself."""
        with sqlite3.connect(self.path / "data" / "unsilenced.sqlite") as connection:
            return list(connection.execute(sql, values))

    def cases(self) -> dict[str, str]:
        """Status of every record by the GUID of its case."""
        return {
            json.loads(key)[-1]: status
            for key, status in self.rows("SELECT key, status FROM record ORDER BY id")
        }

    def text_outside_evidence(self) -> str:
        """Everything in the home but the stored pages themselves, unread bytes and all."""
        found = [
            path.read_bytes()
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and "evidence" not in path.parts
        ]
        return b"\n".join(found).decode("utf-8", "replace")
