"""A crawl of a source that a server on this machine plays, and everything that it leaves behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import zstandard

from tests.chaos.server import LyingServer


def crawl(home: Path, server: LyingServer, source: str) -> dict[str, Any]:
    """One crawl in a process of its own; returns the run."""
    home.mkdir(exist_ok=True)
    (home / "unsilenced.toml").write_text(
        f'home = "{home / "data"}"\n[source.{source}]\nbase_url = "{server.url("")}"\n'
        f'allow = ["127.0.0.1:{server.port}"]\ndelay_s = 0.0\n'
    )
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "crawl", source],
        capture_output=True, text=True, timeout=120, check=False, cwd=Path(__file__).parents[2],
        env={**os.environ, "UNSILENCED_CONFIG": str(home / "unsilenced.toml")},
    )  # fmt: skip
    assert done.stdout, done.stderr
    run: dict[str, Any] = json.loads(done.stdout)["runs"][-1]
    return run


def stored(home: Path) -> bytes:
    """Every byte that a home holds, evidence as it was before it was compressed."""
    found = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        body = path.read_bytes()
        if path.suffix == ".zst":
            body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
        found.append(body)
    return b"\n".join(found)
