"""`import NAME --git CLONE`: the states in a public mirror's git history, oldest first.

Only plumbing of the system's git is used, without the clone's pager, hooks, filters or network: a
clone is somebody else's file. Each state is imported as a file would be, dated by its commit.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import IO, Any

from crawler.catalogue import spec_of
from crawler.importing import Given, import_state
from pipelines.row_memory import RowMemory
from pipelines.spec import Git, Spec
from storage.errors import Refused
from storage.sightings import addresses
from storage.store import Store

PREFIX = "git:"
MOST_PARTS = 100  # 20 in 2024
# No lazy fetch of a partial clone, no question on the terminal, no settings of this machine.
QUIET = {
    "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "none", "LC_ALL": "C",
}  # fmt: skip


Ends = tuple[IO[bytes], IO[bytes]]  # of the process: questions to it, answers from it


@dataclass(frozen=True, slots=True)
class Version:
    """One commit that changed the register's file, and when it was made."""

    commit: str
    at: datetime


def import_history(
    store: Store, name: str, clone: Path, *, daily: bool = False, again: bool = False
) -> list[dict[str, Any]]:
    """Import each state of the register in a clone that was not imported before.

    daily: of each day (UTC) only its last state. A commit that took the file away is no state.
    again: those that were imported too: rows that were only counted then may be ours by now.
    Raises Refused where there is no clone, no such file in it, or no path for this source."""
    spec = spec_of(name)
    git = _git_of(spec, name)
    found = versions(clone, *_paths(git))
    with store.read() as connection:
        known = addresses(connection, name, PREFIX)
    wanted = last_of_each_day(found) if daily else found
    heads = (git.path, *_paths(git)[1:2])  # a state has one of them
    if again:
        known = frozenset()
    fresh = [v for v in wanted if known.isdisjoint(_address(v, head) for head in heads)]
    runs: list[dict[str, Any]] = []
    memory = RowMemory()
    for given in states(clone, git, fresh, spec.max_size):
        runs += import_state(store, name, given, memory)
        memory.next_state()
    return runs


def versions(clone: Path, *paths: str) -> list[Version]:
    """The commits of the clone's present branch that changed one of the files, oldest first."""
    if not clone.is_dir():
        raise Refused(f"There is no clone {clone}. Nothing was imported.")
    listed = _git(clone, "rev-list", "--first-parent", "--timestamp", "HEAD", "--", *paths)
    found = [
        Version(commit, datetime.fromtimestamp(int(second), UTC))
        for second, commit in (line.split() for line in reversed(listed.splitlines()))
    ]
    if not found:
        raise Refused(f"No commit of {clone} has a file {paths[0]}. Nothing was imported.")
    return found


def last_of_each_day(found: Sequence[Version]) -> list[Version]:
    """The last commit of each day (UTC), in the order of the history."""
    days = {version.at.date(): version for version in found}
    return [version for version in found if days[version.at.date()] is version]


def _git_of(spec: Spec, name: str) -> Git:
    if spec.git is None:
        raise Refused(f"No public mirror with a git history is known for '{name}'.")
    return spec.git


def _paths(git: Git) -> list[str]:
    """Every path that a state may have: the one file, then the numbered ones from 0 on."""
    numbered = [git.parts.format(number) for number in range(MOST_PARTS)] if git.parts else []
    return [git.path, *numbered]


def _address(version: Version, path: str) -> str:
    return f"{PREFIX}{version.commit}:{path}"


def states(clone: Path, git: Git, wanted: Sequence[Version], limit: int) -> Iterator[list[Given]]:
    """The files of each commit, from one process; commits without any are passed over. Where a
    commit has numbered parts and the one file, the parts are the state: the one file was cut down
    to three columns once it had grown too large (zapret-info, March 2024)."""
    if not wanted:
        return
    path, *numbered = _paths(git)
    with _batch(clone) as ends:
        for version in wanted:
            parts = takewhile(_is_there, (_given(ends, version, one, limit) for one in numbered))
            state = [one for one in parts if one is not None]
            if not state:
                state = [one for one in [_given(ends, version, path, limit)] if one is not None]
            if state:
                yield state


def _is_there(given: Given | None) -> bool:
    return given is not None


def _given(ends: Ends, version: Version, path: str, limit: int) -> Given | None:
    """A file of a commit, None where the commit has no such file."""
    questions, answers = ends
    questions.write(f"{version.commit}:{path}\n".encode())
    questions.flush()
    head = answers.readline().split()
    if head[-1:] == [b"missing"]:
        return None
    if len(head) != 3 or head[1] != b"blob":
        raise Refused(f"git does not give {path} of commit {version.commit}.")
    size = int(head[2])
    if size > limit:
        raise Refused(f"{path} of commit {version.commit} has {size} bytes, over {limit}.")
    body = answers.read(size)
    answers.read(1)  # the line's end after each body
    return Given(Path(path).name, body, version.at, _address(version, path))


@contextmanager
def _batch(clone: Path) -> Iterator[Ends]:
    child = subprocess.Popen(
        [*_command(clone), "cat-file", "--batch"], env=os.environ | QUIET,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stdin is not None and child.stdout is not None
    try:
        yield child.stdin, child.stdout
    finally:
        child.stdin.close()
        child.stdout.close()
        child.wait()


def _git(clone: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            [*_command(clone), *arguments], env=os.environ | QUIET, check=False,
            capture_output=True, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except FileNotFoundError as error:
        raise Refused("git is not installed: --git needs it.") from error
    if done.returncode:
        words = done.stderr.strip().splitlines()[-1:] or ["git failed"]
        raise Refused(f"{clone} cannot be read as a git clone: {words[0]}")
    return done.stdout


def _command(clone: Path) -> list[str]:
    return [
        "git",
        "--no-pager",
        "--literal-pathspecs",
        "-c",
        "core.fsmonitor=false",
        "-C",
        str(clone),
    ]
