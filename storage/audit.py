"""The hash chain: every act of the program and of a person, in order, not to be edited unseen.

hash = SHA-256(0x00 || prev || entry), where the entry holds SHA-256(salt || payload) and not the
payload: payload and salt can be erased for legal reasons and the chain still verifies.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from storage.models import Audit, AuditPayload

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: number of entries and hash of the last one."""

    size: int
    hash: str


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_hash(
    prev: str, seq: int, at: str, actor: str, kind: str, subject: str, payload_sha256: str
) -> str:
    """Hash of one entry."""
    body = canonical([seq, at, actor, kind, subject, payload_sha256])
    return hashlib.sha256(b"\x00" + bytes.fromhex(prev) + body.encode()).hexdigest()


def payload_hash(salt: str, payload: str) -> str:
    """Salted commitment to a payload."""
    return hashlib.sha256(bytes.fromhex(salt) + payload.encode()).hexdigest()


def head(connection: Connection) -> Head:
    """The newest entry, or the beginning of an empty chain."""
    row = connection.execute(
        select(Audit.seq, Audit.hash).order_by(Audit.seq.desc()).limit(1)
    ).first()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def append(
    connection: Connection, *, at: str, actor: str, kind: str, subject: str, payload: Any
) -> Head:
    """Add one entry inside the caller's transaction."""
    last = head(connection)
    seq, salt, text = last.size + 1, secrets.token_hex(16), canonical(payload)
    digest = payload_hash(salt, text)
    value = entry_hash(last.hash, seq, at, actor, kind, subject, digest)
    connection.execute(
        insert(Audit).values(
            seq=seq, at=at, actor=actor, kind=kind, subject=subject,
            payload_sha256=digest, prev=last.hash, hash=value,
        )
    )  # fmt: skip
    connection.execute(insert(AuditPayload).values(seq=seq, salt=salt, payload=text))
    return Head(seq, value)


def faults(connection: Connection) -> Iterator[str]:
    """What is wrong with the chain; the first bad entry is named first."""
    last = Head(0, GENESIS)
    rows = connection.execute(
        select(Audit, AuditPayload.salt, AuditPayload.payload)
        .outerjoin(AuditPayload, AuditPayload.seq == Audit.seq)
        .order_by(Audit.seq)
    )
    for row in rows:
        if row.seq != last.size + 1:
            yield f"audit entry {last.size + 1} is missing: the next one there is {row.seq}"
            return
        if row.prev != last.hash:
            yield f"audit entry {row.seq} does not follow from entry {last.size}"
            return
        value = entry_hash(
            row.prev, row.seq, row.at, row.actor, row.kind, row.subject, row.payload_sha256
        )
        if value != row.hash:
            yield f"audit entry {row.seq} was edited: its hash does not match its content"
            return
        if row.salt is not None and payload_hash(row.salt, row.payload) != row.payload_sha256:
            yield f"the payload of audit entry {row.seq} was edited"
            return
        last = Head(row.seq, row.hash)


def hash_at(connection: Connection, size: int) -> str | None:
    """Hash of the entry that was the head when the chain had `size` entries."""
    if size == 0:
        return GENESIS
    return connection.execute(select(Audit.hash).where(Audit.seq == size)).scalar()
