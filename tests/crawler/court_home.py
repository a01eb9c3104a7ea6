"""A home into which court sources crawl from a server of this machine, and what it then holds."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.config import load
from storage.queries import Filters, issues, records
from storage.store import open_writer
from tests.chaos.server import LyingServer
from tests.crawler.served_crawl import stored

ROOT = Path(__file__).parents[2]


@dataclass
class CourtHome:
    """One installation; `server` plays all its sources."""

    path: Path
    server: LyingServer
    settings: str = ""  # lines of the source's own table

    def _config(self, source: str) -> Path:
        self.path.mkdir(exist_ok=True)
        file = self.path / "unsilenced.toml"
        file.write_text(
            f'home = "{self.path / "data"}"\n[source.{source}]\n'
            f'base_url = "{self.server.url("")}"\nallow = ["127.0.0.1:{self.server.port}"]\n'
            f"delay_s = 0.0\n{self.settings}",
            "utf-8",
        )
        return file

    def run(self, source: str, *words: str) -> dict[str, Any]:
        """One command of the crawler in a process of its own; returns the run."""
        command, *more = words
        done = subprocess.run(
            [sys.executable, "-m", "crawler", command, source, *more],
            capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
            env={**os.environ, "UNSILENCED_CONFIG": str(self._config(source))},
        )  # fmt: skip
        assert done.stdout, done.stderr
        self.output = done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)["runs"][-1]
        return found

    def records(self, source: str) -> list[dict[str, Any]]:
        """Every record of a source."""
        store = open_writer(load(self.path / "unsilenced.toml"))
        with store.read() as connection:
            return list(records(connection, Filters(source=source)))

    def issues(self) -> list[tuple[str, str]]:
        """Kind and heading of every open issue."""
        store = open_writer(load(self.path / "unsilenced.toml"))
        with store.read() as connection:
            return [(one["kind"], one["heading"]) for one in issues(connection, Filters())]

    def without_evidence(self) -> str:
        """Everything that the home holds and printed, but for the stored pages."""
        blobs = self.path / "data" / "evidence"
        moved = self.path.parent / f"{self.path.name} evidence"
        if blobs.exists():
            blobs.rename(moved)
        try:
            return stored(self.path).decode("utf-8", "replace") + self.output
        finally:
            if moved.exists():
                moved.rename(blobs)
