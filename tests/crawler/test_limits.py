"""A child of the scheduler bounds itself: nothing of ours runs between fork and exec."""

import subprocess
import sys
from typing import Any

import pytest

from schedules import supervisor

PROBE = (
    "import resource, sys; from crawler.__main__ import main; code = main(sys.argv[1:]); "
    "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CORE)[0])"
)


def test_a_child_bounds_its_memory_and_leaves_no_core() -> None:
    command = [sys.executable, "-c", PROBE, "--memory-limit", "3000000000", "sources"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "3000000000 0"


def test_every_child_is_given_its_bound_and_no_code_to_run_before_it_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, Any] = {}
    real = subprocess.Popen

    def start(command: list[str], **options: Any) -> Any:
        seen.update(options, command=command)
        return real(command, **options)

    monkeypatch.setattr(supervisor.subprocess, "Popen", start)
    assert supervisor.sources()
    place = seen["command"].index("--memory-limit")
    assert int(seen["command"][place + 1]) == supervisor.MEMORY_LIMIT_BYTES
    assert "preexec_fn" not in seen
