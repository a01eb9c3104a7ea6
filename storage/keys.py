"""The secrets of a home: made once, readable by their owner alone."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.errors import StorageError
from storage.evidence import sync_folder


def private_folder(path: Path) -> Path:
    """A folder for us alone (0700), whatever the umask."""
    path.mkdir(parents=True, exist_ok=True)
    os.chmod(path, 0o700)
    return path


def write_private(path: Path, data: bytes) -> None:
    """Write a file for us alone (0600) whole or not at all."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, path)
    sync_folder(path.parent)


class Keys:
    """The keys of one home: signing of checkpoints, hashing of persons and hidden rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def signing(self) -> Ed25519PrivateKey:
        """The Ed25519 key that signs checkpoints."""
        return Ed25519PrivateKey.from_private_bytes(self._secret("checkpoint.key"))

    def hashing(self) -> bytes:
        """The HMAC key of keyed hashes; a lost key makes old hashes unmatchable."""
        return self._secret("hashing.key")

    def _secret(self, name: str) -> bytes:
        path = self.folder / name
        if not path.exists():
            private_folder(self.folder)
            write_private(path, secrets.token_bytes(32))
        data = path.read_bytes()
        if len(data) != 32:
            raise StorageError(f"{path} is not a key of this program (32 bytes); restore it.")
        return data
