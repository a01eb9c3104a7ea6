"""Files that prove an analyst's rows: found, kept as evidence, never opened by a parser."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.evidence import sha256

MISSING = "evidence-missing"


class NoEvidence(Exception):
    """A named file cannot prove anything; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file: the name by which rows call it, its bytes and their digest."""

    name: str
    body: bytes
    digest: str


class Attachments:
    """The files beside a table: those of one folder, and those that were named one by one."""

    def __init__(self, folder: Path, named: Sequence[Path], max_size: int) -> None:
        self.folder = folder.resolve()
        self.named = {path.name: path for path in named}
        self.max_size = max_size
        self._read: dict[str, Attachment] = {}

    def get(self, name: str) -> Attachment:
        """The file that a row calls `name`. Raises NoEvidence."""
        if name not in self._read:
            self._read[name] = self._open(name)
        return self._read[name]

    def unused(self) -> list[str]:
        """Files that were named on the command line and that no row names."""
        return [name for name in self.named if name not in self._read]

    def _open(self, name: str) -> Attachment:
        path = self.named.get(name) or self._inside(name)
        try:
            size = path.stat().st_size if path.is_file() else None
            if size is None:
                raise NoEvidence("a file that it names is not there.")
            if size > self.max_size:
                raise NoEvidence(f"a file that it names is over {self.max_size // 2**20} MiB.")
            body = path.read_bytes()
        except OSError as error:
            raise NoEvidence(f"a file that it names cannot be read: {error.strerror}.") from error
        if not body:
            raise NoEvidence("a file that it names is empty.")
        return Attachment(name, body, sha256(body))

    def _inside(self, name: str) -> Path:
        """The path of a name within the folder, links followed: nothing outside of it is read."""
        try:
            path = (self.folder / name).resolve()
        except (OSError, ValueError) as error:  # a NUL, a circle of links
            raise NoEvidence("a name in it is no file name.") from error
        if not path.is_relative_to(self.folder):
            raise NoEvidence("a name in it leads out of the folder of the attachments.")
        return path
