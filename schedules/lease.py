"""One scheduler a home: a lock that dies with its process keeps a second one idle."""

import fcntl
import os
from pathlib import Path

from storage.errors import Refused
from storage.keys import private_folder


class Lease:
    """Held by the scheduler that runs; releasing it is ending the process, however it ends."""

    def __init__(self, home: Path) -> None:
        private_folder(home)
        self._path = home / "scheduler.lock"
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> None:
        """Take the lease. Raises Refused naming who holds it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._path.read_text(encoding="utf-8").strip() or "unknown"
            raise Refused(
                f"Another scheduler of this home is running (process {holder}). "
                "One is enough; stop it first if you want this one to take over."
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go."""
        os.close(self._descriptor)
