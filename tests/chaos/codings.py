"""Content codings as a server would make them: encoders, and bombs that are made while sent."""

import gzip
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Protocol

import brotli
import zstandard

MIB = 1 << 20
CODINGS = ("gzip", "deflate", "br", "zstd")


class Stream(Protocol):
    """An encoder that takes pieces."""

    def compress(self, data: bytes) -> bytes: ...
    def flush(self) -> bytes: ...


class BrotliStream:
    """Brotli's own encoder under the names that the others use."""

    def __init__(self) -> None:
        self._encoder = brotli.Compressor(quality=3)

    def compress(self, data: bytes) -> bytes:
        return bytes(self._encoder.process(data))

    def flush(self) -> bytes:
        return bytes(self._encoder.finish())


def stream(coding: str) -> Stream:
    """A fresh encoder of a coding; zstd frames carry a checksum."""
    if coding == "gzip":
        return zlib.compressobj(6, zlib.DEFLATED, 31)
    if coding == "deflate":
        return zlib.compressobj(6, zlib.DEFLATED, 15)
    if coding == "raw-deflate":
        return zlib.compressobj(6, zlib.DEFLATED, -15)
    if coding == "br":
        return BrotliStream()
    if coding == "zstd":
        return zstandard.ZstdCompressor(write_checksum=True).compressobj()
    raise ValueError(coding)


def encode(body: bytes, coding: str) -> bytes:
    """A body in one coding, or untouched for "identity"."""
    if coding == "identity":
        return body
    encoder = stream(coding)
    return encoder.compress(body) + encoder.flush()


def with_wrong_crc(body: bytes) -> bytes:
    """A whole gzip stream whose CRC (bytes -8 to -5) is off by one bit."""
    coded = bytearray(gzip.compress(body, mtime=0))
    coded[-8] ^= 1
    return bytes(coded)


def bomb_pieces(coding: str, mib: int = 300) -> Iterator[bytes]:
    """That many MiB of zeros in a coding, made piece by piece: small on the wire."""
    encoder, zeros = stream(coding), bytes(MIB)
    for _ in range(mib):
        piece = encoder.compress(zeros)
        if piece:
            yield piece
    yield encoder.flush()


@cache
def bomb(coding: str, mib: int = 300) -> bytes:
    """The same as one body of bytes."""
    return b"".join(bomb_pieces(coding, mib))
