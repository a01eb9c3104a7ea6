"""A lock a run: it dies with the process that makes the run, and so tells that the run is dead."""

import fcntl
import os
from pathlib import Path

from storage.keys import private_folder


def lock_path(home: Path, run_id: int) -> Path:
    """The file that is locked while a run is made."""
    return home / "locks" / f"run-{run_id}.lock"


def hold(home: Path, run_id: int) -> int:
    """A lock that dies with this process: how a later start knows that the run is dead."""
    private_folder(home / "locks")
    descriptor = os.open(lock_path(home, run_id), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def alive(home: Path, run_id: int) -> bool:
    """Does some process still hold the lock of a run?"""
    try:
        descriptor = os.open(lock_path(home, run_id), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
