"""Every run is a child process of its own: a crash, a leak or a hang in it stays in it."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GRACE_S = 30.0  # between asking a child to stop and killing it
MEMORY_LIMIT_BYTES = 4 * 1024**3  # a child bounds itself: a hostile file hurts one run only
OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024
_children: "set[subprocess.Popen[bytes]]" = set()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a child left: its runs, its exit code, and why it was stopped, if it was."""

    answer: dict[str, Any]
    code: int
    stopped: str = ""

    @property
    def runs(self) -> list[dict[str, Any]]:
        """The runs that the child made."""
        return list(self.answer.get("runs", []))


def collect(
    arguments: list[str], *, config: Path | None = None, time_limit_s: float | None = None
) -> Outcome:
    """Run the collector with these arguments and wait; its errors go to our standard error.

    A child that outlives its limit is asked to stop, then killed with its whole group."""
    command = [sys.executable, "-m", "crawler", *run_options(config), *arguments]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    _children.add(child)
    try:
        output, _none = child.communicate(timeout=time_limit_s)
        stopped = ""
    except subprocess.TimeoutExpired:
        output, stopped = _stop(child), "time-limit"
    except KeyboardInterrupt:
        output, stopped = _stop(child), "interrupted"
    finally:
        _children.discard(child)
    return Outcome(answer_in(output), child.returncode, stopped)


def run_options(config: Path | None) -> list[str]:
    """What every run is told before its verb."""
    options = ["--memory-limit", str(MEMORY_LIMIT_BYTES)]
    return options if config is None else [*options, "--config", str(config)]


def stop_children() -> None:
    """Ask every child of this process to stop: its run is marked interrupted, evidence kept."""
    for child in list(_children):
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)


def _stop(child: "subprocess.Popen[bytes]") -> bytes:
    """SIGTERM, a while, then SIGKILL to the group: a blocked callback ignores SIGTERM."""
    os.killpg(child.pid, signal.SIGTERM)
    try:
        output, _none = child.communicate(timeout=GRACE_S)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        output, _none = child.communicate()
    return output


def answer_in(output: bytes) -> dict[str, Any]:
    """The JSON object on a child's output; empty where it died before it could say anything."""
    for line in reversed(output[-OUTPUT_LIMIT_BYTES:].decode("utf-8", "replace").splitlines()):
        try:
            found = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def sources(config: Path | None = None) -> list[dict[str, Any]]:
    """Every source with its spec in short, as the collector knows them."""
    return list(collect(["sources"], config=config).answer.get("sources", []))
