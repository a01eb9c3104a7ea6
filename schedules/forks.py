"""Many runs out of one collector that forks: each has a process, none waits for imports."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from schedules.supervisor import GRACE_S, Outcome, answer_in, run_options

GONE = Outcome({}, 1)  # of a run whose collector died


class Forks:
    """A running `python -m crawler.forks`."""

    def __init__(self, child: "subprocess.Popen[bytes]", options: list[str], folder: Path) -> None:
        self._child = child
        self._options = options
        self._folder = folder
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Outcome]] = {}
        self._count = 0
        self._gone = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def collect(self, arguments: list[str]) -> "Future[Outcome]":
        """Begin a run with these arguments; its errors go to our standard error."""
        future: Future[Outcome] = Future()
        with self._lock:
            if self._gone:
                future.set_result(GONE)
                return future
            self._count += 1
            self._waiting[self._count] = future
            path = self._path(self._count)
            request = {
                "n": self._count,
                "answer": str(path),
                "arguments": [*self._options, *arguments],
            }
            assert self._child.stdin is not None
            self._child.stdin.write(json.dumps(request).encode() + b"\n")
            self._child.stdin.flush()
        return future

    def end(self) -> None:
        """No more requests: it leaves by itself, or it is killed with its whole group."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            self._child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        self._listener.join()

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.json"

    def _listen(self) -> None:
        """Settle each run as it ends, and all that are left when the collector is gone."""
        assert self._child.stdout is not None
        for line in self._child.stdout:
            told = json.loads(line)
            path = self._path(told["n"])
            output = path.read_bytes() if path.exists() else b""
            self._waiting.pop(told["n"]).set_result(Outcome(answer_in(output), told["code"]))
        with self._lock:
            for future in self._waiting.values():
                future.set_result(GONE)
            self._gone = True
        self._child.stdout.close()


@contextmanager
def forks(config: Path) -> Iterator[Forks]:
    """A collector that forks; when the block is left, with all its runs ended."""
    options = run_options(config)
    with tempfile.TemporaryDirectory(prefix="unsilenced-") as folder:
        child = subprocess.Popen(
            [sys.executable, "-m", "crawler.forks"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        collector = Forks(child, options, Path(folder))
        try:
            yield collector
        except BaseException:
            os.killpg(child.pid, signal.SIGTERM)
            raise
        finally:
            collector.end()
