"""Signed heads of the audit chain, kept in a text file beside the database.

One line of JSON each: origin, size, head, time, key, signature. Whoever holds an older line can
prove that the chain was rewritten since: a digest prints it, so each reader is a witness.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.audit import Head, canonical
from storage.errors import StorageError
from storage.evidence import sync_folder
from storage.keys import private_folder

FILE = "checkpoints.jsonl"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One signed head."""

    origin: str
    size: int
    head: str
    time: str
    key: str
    signature: str

    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        return canonical([self.origin, self.size, self.head, self.time, self.key]).encode()

    def line(self) -> str:
        """The checkpoint as it stands in the file and at the foot of a digest."""
        return canonical(asdict(self))

    def holds(self) -> bool:
        """Does the signature fit the key that the line names?"""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self.signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(key: Ed25519PrivateKey, *, origin: str, head: Head, time: str) -> Checkpoint:
    """A signed checkpoint of this head."""
    public = key.public_key().public_bytes_raw().hex()
    bare = Checkpoint(origin, head.size, head.hash, time, public, "")
    return Checkpoint(
        origin, head.size, head.hash, time, public, key.sign(bare.signed_bytes()).hex()
    )


def write(folder: Path, checkpoint: Checkpoint) -> None:
    """Append a checkpoint durably. Raises StorageError: what it witnesses is stored already."""
    path = folder / FILE
    try:
        _append(folder, path, checkpoint)
    except OSError as error:
        raise StorageError(
            f"The checkpoint at {path} could not be written: {error.strerror}. Check the disk; the "
            "record itself is whole, and the next command that writes makes the next checkpoint."
        ) from error


def _append(folder: Path, path: Path, checkpoint: Checkpoint) -> None:
    """A line torn by a crash is closed before the new one."""
    private_folder(folder)
    torn = path.exists() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write((b"\n" if torn else b"") + checkpoint.line().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def read(path: Path) -> list[Checkpoint]:
    """All checkpoints in a file, oldest first; text around them (a digest) is passed over.

    Raises StorageError when the file cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"{path} cannot be read: {error}") from error
    found = [_parse(line) for line in lines]
    return [checkpoint for checkpoint in found if checkpoint is not None]


def _parse(line: str) -> Checkpoint | None:
    start, end = line.find('{"head"'), line.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        return Checkpoint(**json.loads(line[start : end + 1]))
    except (json.JSONDecodeError, TypeError):
        return None
