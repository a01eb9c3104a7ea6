"""`verify`: does the record still say what it said? Reads only, repairs nothing.

Plain: the database's own checks, the audit chain, checkpoints, every fact against the chain. With
blobs: every blob hashed again. Exit 0 all well, 1 tampering or loss, 2 cannot check.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from storage import audit, checkpoints
from storage.audit import canonical
from storage.database import integrity
from storage.delta import content_of
from storage.errors import BlobError
from storage.evidence import sha256
from storage.models import Audit, AuditPayload, Blob, Change, Fetch, Part, Record, Revision, Run
from storage.outcome import facts_digest
from storage.queries import fact_name, find_fact
from storage.store import Store


@dataclass
class Findings:
    """What a verification saw: counts of what was checked, and everything that is wrong."""

    checked: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The object that `verify --json` prints."""
        return {
            "ok": not self.faults, "checked": self.checked, "faults": self.faults,
            "facts": self.facts, "notes": self.notes,
        }  # fmt: skip


def verify(store: Store, *, blobs: bool = False, against: Path | None = None) -> Findings:
    """Check the record. Raises StorageError when it cannot be checked."""
    findings = Findings()
    with store.read() as connection:
        findings.faults += integrity(connection)
        findings.faults += list(audit.faults(connection))
        findings.checked["audit entries"] = audit.head(connection).size
        _check_checkpoints(connection, store.home / "checkpoints" / checkpoints.FILE, findings)
        if against is not None:
            _check_against(connection, against, findings)
        _check_facts(connection, findings)
        _check_runs(connection, findings)
        if blobs:
            _check_blobs(connection, store, findings)
    return findings


def _check_checkpoints(connection: Connection, path: Path, findings: Findings) -> None:
    if not path.exists() and audit.head(connection).size == 1:
        findings.notes.append("nothing was recorded yet, and there is no checkpoint yet")
        return
    if not path.exists():
        findings.faults.append(f"there are no checkpoints at {path}: the record has no witness")
        return
    known = checkpoints.read(path)
    findings.checked["checkpoints"] = len(known)
    for checkpoint in known:
        findings.faults += _contradictions(connection, checkpoint)
    size = audit.head(connection).size
    if known and known[-1].size < size:
        findings.notes.append(
            f"{size - known[-1].size} audit entries stand after the last checkpoint"
        )


def _contradictions(connection: Connection, checkpoint: checkpoints.Checkpoint) -> list[str]:
    if not checkpoint.holds():
        return [f"the signature of the checkpoint of {checkpoint.time} is not valid"]
    value = audit.hash_at(connection, checkpoint.size)
    if value is None:
        return [
            f"the audit chain is shorter than the checkpoint of {checkpoint.time} says: entry "
            f"{checkpoint.size} is missing; the end of the chain was cut off"
        ]
    if value != checkpoint.head:
        return [
            f"the audit chain was rewritten: entry {checkpoint.size} is not the one that was "
            f"signed on {checkpoint.time}"
        ]
    return []


def _check_against(connection: Connection, path: Path, findings: Findings) -> None:
    """An older head that somebody else holds must be a prefix of the chain."""
    found = checkpoints.read(path)
    if not found:
        findings.faults.append(f"{path} contains no checkpoint")
    for checkpoint in found:
        faults = _contradictions(connection, checkpoint)
        findings.faults += [f"against {path.name}: {fault}" for fault in faults]
    findings.checked["checkpoints held by others"] = len(found)


def _check_facts(connection: Connection, findings: Findings) -> None:
    """Every revision is what its hash says, and points to a fetch that has its bytes."""
    rows = connection.execute(
        select(
            Revision.id, Revision.fields, Revision.measure, Revision.content_hash,
            Fetch.body_sha256, Revision.digest,
        ).outerjoin(Fetch, Fetch.id == Revision.fetch_id)
    )  # fmt: skip
    count = 0
    for row in rows:
        count += 1
        stated = content_of(json.loads(row.fields))
        if sha256((canonical(stated) + row.measure).encode()) != row.content_hash:
            findings.faults.append(f"fact {fact_name(row.id)} was edited: its hash does not match")
        if row.body_sha256 != row.digest:
            findings.faults.append(f"fact {fact_name(row.id)} names bytes that its fetch has not")
    findings.checked["facts"] = count
    broken = connection.execute(
        select(Record.id)
        .outerjoin(Revision, Revision.id == Record.revision_id)
        .where(Revision.id.is_(None) | (Revision.record_id != Record.id))
    ).scalars()
    findings.faults += [f"record {record_id} has no current revision" for record_id in broken]


def _check_runs(connection: Connection, findings: Findings) -> None:
    """What each run said and changed is still what the audit chain noted of it."""
    noted: dict[str, str | None] = {}
    rows = connection.execute(
        select(Audit.subject, AuditPayload.payload)
        .join(AuditPayload, AuditPayload.seq == Audit.seq)
        .where(Audit.kind.in_(("run-decided", "approved")))
        .order_by(Audit.seq)
    )
    for subject, payload in rows:
        noted[subject] = _facts_in(payload)
    for run_id in connection.execute(select(Run.id).where(Run.ended_at.is_not(None))).scalars():
        digest = noted.get(f"run {run_id}")
        if digest is not None and digest != facts_digest(connection, run_id):
            findings.faults.append(f"facts or changes of run {run_id} are not those it made")
    known = set(noted)
    changed = connection.execute(select(Change.run_id).distinct()).scalars()
    strangers = [run_id for run_id in changed if f"run {run_id}" not in known]
    findings.faults += [f"run {run_id} has changes but no audit entry" for run_id in strangers]
    findings.checked["runs"] = len(noted)


def _facts_in(payload: str) -> str | None:
    """The digest that a payload names; an edited one may name none, and is a fault already."""
    try:
        said = json.loads(payload)
    except json.JSONDecodeError:
        return None
    return said.get("facts") if isinstance(said, dict) else None


def _check_blobs(connection: Connection, store: Store, findings: Findings) -> None:
    count = 0
    for digest, size in connection.execute(select(Blob.sha256, Blob.size).order_by(Blob.sha256)):
        count += 1
        try:
            data = store.blobs.get(digest)
            if len(data) != size:
                raise BlobError(f"Blob {digest} has {len(data)} bytes, {size} were stored.")
        except BlobError as error:
            findings.faults.append(str(error))
            facts = connection.execute(
                select(Revision.id).where(Revision.digest == digest).order_by(Revision.id)
            ).scalars()
            findings.facts += [fact_name(revision_id) for revision_id in facts]
    findings.checked["blobs"] = count


def custody(store: Store, fact: str) -> dict[str, Any] | None:
    """The custody sheet of one fact: who said it, where, when, and how to check it by hand."""
    with store.read() as connection:
        revision_id = find_fact(connection, fact)
        if revision_id is None:
            return None
        row = connection.execute(
            select(Revision, Record.key.label("record_key"), Record.source, Part.key.label("part"))
            .join(Record, Record.id == Revision.record_id)
            .join(Part, Part.id == Record.part_id)
            .where(Revision.id == revision_id)
        ).one()
        fetch = connection.execute(select(Fetch).where(Fetch.id == row.fetch_id)).one()
        entry = connection.execute(
            select(Audit.seq, Audit.hash)
            .where(Audit.subject == f"run {row.run_id}", Audit.kind != "run-started")
            .order_by(Audit.seq.desc())
        ).first()
    return _sheet(store, row, fetch, entry)


def _sheet(store: Store, row: Any, fetch: Any, entry: Any) -> dict[str, Any]:
    path = store.blobs.path(row.digest)
    try:
        store.blobs.get(row.digest)
        state = "intact"
    except BlobError as error:
        state = str(error)
    return {
        "fact": fact_name(row.id), "source": row.source, "part": row.part,
        "key": json.loads(row.record_key), "fields": json.loads(row.fields), "quote": row.quote,
        "locator": row.locator, "digest": row.digest, "blob": str(path), "blob_state": state,
        "url": fetch.url, "final_url": fetch.final_url, "status": fetch.status,
        "origin": fetch.origin, "fetched_at": fetch.fetched_at, "peer": fetch.peer,
        "tls_root": fetch.tls_root, "wire_sha256": fetch.wire_sha256,
        "whole_sha256": fetch.whole_sha256, "run": row.run_id, "parser": row.parser,
        "audit": {"seq": entry.seq, "hash": entry.hash} if entry else None,
        "recompute": [
            f"zstd -dc {path} | sha256sum    # must print {row.digest}",
            f"zstd -dc {path} > body         # then look at {row.locator}",
        ],
    }  # fmt: skip


def sheet_lines(sheet: dict[str, Any]) -> Iterator[str]:
    """A custody sheet for a person to read."""
    for name, value in sheet.items():
        if name == "recompute":
            yield "check it yourself:"
            yield from (f"  {line}" for line in value)
        elif value is not None:
            shown = value if isinstance(value, str | int) else canonical(value)
            yield f"{name:>13}: {shown}"
