"""The real collector's command in a child process that can be traced, hindered and killed.

A nursery has everything loaded and forks one child for each command: a system call that is
counted is then one of the import itself, not one of the thousands with which Python starts.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PR_SET_PTRACER, ANY_TRACER = 0x59616D61, -1
WRITE_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
PATIENCE_S = 60.0
SYSTEM_CALLS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "rename")


@dataclass(frozen=True)
class End:
    """How a child ended: exit code (negative: a signal), what it said, what it acknowledged."""

    code: int
    words: str
    runs: tuple[dict[str, Any], ...]

    @property
    def killed(self) -> bool:
        """Did it die by SIGKILL?"""
        return self.code == -signal.SIGKILL


class Nursery:
    """Starts children; use as a context."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nursery-"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.collector_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == "ready"

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        shutil.rmtree(self.folder)

    def run(self, home: Path, *arguments: str, inject: str | None = None) -> End:
        """One command in a home; `inject` is what strace shall do to it."""
        self.start(home, *arguments, traced=inject is not None)
        if inject is not None:
            tracer = trace(self.pid, self.folder / "trace", inject)
            end = self.end()
            tracer.wait()
            return end
        return self.end()

    def start(self, home: Path, *arguments: str, traced: bool = False) -> None:
        """Fork a child; it waits for its tracer where it is to be traced."""
        order = {"home": str(home), "arguments": arguments, "traced": traced}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order | {"folder": str(self.folder)}) + "\n")
        self._process.stdin.flush()
        self.pid = int(self._read())

    def end(self) -> End:
        """Wait for the child."""
        code = int(self._read())
        said = (self.folder / "out").read_text()
        lines = [json.loads(line) for line in said.splitlines() if line.endswith("}")]
        runs = tuple(run for line in lines for run in line.get("runs", []))
        return End(code, (self.folder / "err").read_text(), runs)

    def calls(self, home: Path, *arguments: str) -> Counter[str]:
        """How often an undisturbed command makes each system call."""
        assert self.run(home, *arguments, inject="").code == 0
        lines = (self.folder / "trace").read_text().splitlines()
        return Counter(n for line in lines for n in SYSTEM_CALLS if f" {n}(" in f" {line}")

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def trace(pid: int, output: Path, inject: str) -> "subprocess.Popen[bytes]":
    """Attach strace; it ends with the process."""
    names = inject.partition(":")[0] or ",".join(SYSTEM_CALLS)
    command = [
        "strace",
        "-f",
        "-qq",
        "-o",
        str(output),
        "-e",
        f"trace={names}",
        "-e",
        "signal=none",
    ]
    command += ["-e", f"inject={inject}"] if inject else []
    return subprocess.Popen([*command, "-p", str(pid)])


def require_strace() -> None:
    """Skip, with the reason, where processes cannot be traced."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: faults cannot be injected into system calls")
    probe = subprocess.run(
        ["strace", "-qq", "-o", os.devnull, "-e", "trace=write", "true"], capture_output=True
    )
    if probe.returncode:
        pytest.skip(f"strace cannot trace here: {probe.stderr.decode().strip()[:80]}")


def _nursery() -> None:
    """The process that forks: loads all that an import needs by making one."""
    with tempfile.TemporaryDirectory() as folder:
        _make_one(Path(folder))
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os._exit(_child(order))
        status = os.waitpid(pid, 0)[1]
        print(os.waitstatus_to_exitcode(status), flush=True)


def _make_one(folder: Path) -> None:
    from tests.chaos.registers import REG
    from tests.chaos.world import World

    world = World(folder)
    world.show(REG(3))
    world.store.close()


def _child(order: dict[str, Any]) -> int:
    """The command itself; it tells its number once nothing but the command is left to do."""
    import traceback

    from crawler.__main__ import main

    os.environ["UNSILENCED_HOME"] = order["home"]
    said = [os.open(f"{order['folder']}/{name}", WRITE_NEW) for name in ("out", "err")]
    status = _let_trace()
    print(os.getpid(), flush=True)
    os.dup2(said[0], 1)
    os.dup2(said[1], 2)
    if order["traced"]:
        _wait_for_tracer(status)
    try:
        return main(order["arguments"])
    except BaseException:
        traceback.print_exc()
        return 1


def _let_trace() -> int:
    """Let anybody trace us (where Yama guards that); where to look whether somebody does."""
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY_TRACER, 0, 0, 0)
    return os.open("/proc/self/status", os.O_RDONLY)


def _wait_for_tracer(status: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while b"TracerPid:\t0\n" in os.pread(status, 4096, 0) and time.monotonic() < end:
        time.sleep(0.002)


if __name__ == "__main__":
    _nursery()
