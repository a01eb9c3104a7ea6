"""The blob store: bytes under the SHA-256 of what they are, written once, never overwritten.

Layout: `evidence/blobs/ab/cd/<sha256>.zst`; the name is the digest of the uncompressed bytes, so
`zstd -d` and `sha256sum` check a blob without this program. A write is tmp, fsync, rename, fsync
of the folder: after kill -9 there is the whole blob or none.
"""

import errno
import hashlib
import os
import secrets
from pathlib import Path

import zstandard

from storage.errors import BlobError, DiskFull, StorageError

COMPRESSION_LEVEL = 3
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


class BlobStore:
    """Content-addressed bytes below one folder.

    behind: another store that is read where this one has not the blob, and never written."""

    def __init__(self, root: Path, behind: "BlobStore | None" = None) -> None:
        self.root = root
        self.behind = behind

    def path(self, digest: str) -> Path:
        """Where a blob of this digest lies, or would."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise BlobError(f"'{digest[:80]}' is not a SHA-256 digest in lower-case hexadecimal.")
        return self.root / digest[:2] / digest[2:4] / f"{digest}.zst"

    def put(self, data: bytes) -> str:
        """Store bytes, return their digest. Raises DiskFull, BlobError on a torn namesake."""
        digest = sha256(data)
        path = self.path(digest)
        if path.is_symlink() or path.exists():
            self._compare(path, digest)
            return digest
        try:
            self._write(path, zstandard.ZstdCompressor(COMPRESSION_LEVEL).compress(data))
        except OSError as error:
            raise _explain(error, path) from error
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of a blob, checked against its name. Raises BlobError."""
        path = self.path(digest)
        if path.is_symlink():
            raise BlobError(f"{path} is a symbolic link: a blob must be a plain file.")
        try:
            packed = path.read_bytes()
        except FileNotFoundError:
            if self.behind is not None:
                return self.behind.get(digest)
            raise BlobError(f"Blob {digest} is missing: {path} does not exist.") from None
        data = _unpack(packed, digest)
        if sha256(data) != digest:
            raise BlobError(f"Blob {digest} holds other bytes than its name says ({path}).")
        return data

    def _compare(self, path: Path, digest: str) -> None:
        """An existing name is adopted only if its bytes are right; a torn one stays as it is."""
        try:
            self.get(digest)
        except BlobError as error:
            kept = path.with_suffix(f".torn-{secrets.token_hex(4)}")
            raise BlobError(
                f"{error} The file is left as it is; move it to {kept.name} and run again: "
                "the bytes will then be stored beside it."
            ) from error

    def _write(self, path: Path, packed: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.parent / f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(file.fileno())
            os.rename(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        sync_folder(path.parent.parent)
        sync_folder(self.root)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unpack(packed: bytes, digest: str) -> bytes:
    """Decompress the whole frame: a cut frame is an error here, not fewer bytes."""
    try:
        engine = zstandard.ZstdDecompressor().decompressobj()
        data = engine.decompress(packed)
    except zstandard.ZstdError as error:
        raise BlobError(f"Blob {digest} is corrupt: {error}.") from error
    if not engine.eof or engine.unused_data:
        raise BlobError(f"Blob {digest} is cut or has bytes behind its end.")
    return data


def _explain(error: OSError, path: Path) -> StorageError:
    if error.errno in NO_SPACE:
        return DiskFull(
            f"No space to store evidence at {path}: {error.strerror}. "
            "Free some space and run again; what was stored before is intact."
        )
    return BlobError(
        f"Cannot store evidence at {path}: {error.strerror}. Check the disk and run again; "
        "what was stored before is intact."
    )
