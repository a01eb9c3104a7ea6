"""What is stored of a world at one moment, and what was damaged between two moments."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from storage.models import Audit, Change, Fetch, IssueRow, PartRun, Record, Revision, Run
from storage.report import WHOLE
from storage.store import Store


@dataclass(frozen=True)
class State:
    """Rows that may never change once written, and the present face of every record.

    faces   key -> (status, ended_on, stated fields)     reasons  run -> why it was not whole
    """

    blobs: dict[str, int] = field(default_factory=dict)
    history: dict[tuple[str, Any], Any] = field(default_factory=dict)
    faces: dict[str, tuple[str, str | None, dict[str, Any]]] = field(default_factory=dict)
    verdicts: dict[int, str | None] = field(default_factory=dict)
    reasons: dict[int, dict[str, str]] = field(default_factory=dict)

    def rows(self, table: str) -> list[Any]:
        """The rows of one table of history."""
        return [row for (name, _id), row in self.history.items() if name == table]

    def mute_runs(self, since: "State") -> list[int]:
        """Runs that ended, are not whole and do not say why in plain words."""
        fresh = {r for r, verdict in self.verdicts.items() if verdict and r not in since.verdicts}
        return [r for r in sorted(fresh) if self.verdicts[r] not in WHOLE and not self._says(r)]

    def _says(self, run_id: int) -> bool:
        words = self.reasons.get(run_id, {})
        plain = all(len(w) > 20 and "Traceback" not in w for w in words.values())
        return bool(words) and plain


def take(store: Store) -> State:
    """Read the state of a record."""
    with store.read() as connection:
        history: dict[tuple[str, Any], Any] = {}
        for table in (Audit, Change, Fetch, Revision):
            for row in connection.execute(select(table)):
                history[(table.__tablename__, row[0])] = row
        return State(
            {path.name: path.stat().st_size for path in store.blobs.root.rglob("*.zst")},
            history,
            _faces(connection),
            {r.id: r.verdict for r in connection.execute(select(Run.id, Run.verdict))},
            _reasons(connection),
        )


def _faces(connection: Any) -> dict[str, tuple[str, str | None, dict[str, Any]]]:
    rows = connection.execute(
        select(Record.key, Record.status, Record.ended_on, Revision.fields).join(
            Revision, Revision.id == Record.revision_id
        )
    )
    faces = {}
    for row in rows:
        said = {k: v for k, v in json.loads(row.fields).items() if not k.endswith("_raw")}
        faces["/".join(json.loads(row.key))] = (row.status, row.ended_on, said)
    return faces


def _reasons(connection: Any) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(select(PartRun.run_id, PartRun.details)):
        found.setdefault(row.run_id, {}).update(json.loads(row.details))
    failed = select(IssueRow.run_id, IssueRow.text).where(IssueRow.kind == "we-failed")
    for row in connection.execute(failed):
        found.setdefault(row.run_id, {})["we-failed"] = row.text
    stopped = select(Run.id).where(Run.verdict == "interrupted")
    for run_id in connection.execute(stopped).scalars():
        found.setdefault(run_id, {})["interrupted"] = "The process of this run was ended."
    return found


@dataclass(frozen=True)
class Damage:
    """What was done to a world that the truth did not do."""

    lost: tuple[Any, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]

    @classmethod
    def between(
        cls,
        before: State,
        after: State,
        *,
        gone: Iterable[int | str] = (),
        changed: Iterable[int | str] = (),
        added: Iterable[int | str] = (),
    ) -> "Damage":
        """Compare two states; what really happened is named and is no damage."""
        true_gone, true_changed, true_added = ({str(k) for k in s} for s in (gone, changed, added))
        lost = [k for k, row in before.history.items() if after.history.get(k) != row]
        lost += [d for d, size in before.blobs.items() if after.blobs.get(d) != size]
        lost += [key for key in before.faces if key not in after.faces]
        removed = _ended(before, after) - true_gone - true_changed
        altered = set(after.faces) - set(before.faces) - true_added
        altered |= {k for k in before.faces if _restated(before, after, k)} - true_changed
        return cls(tuple(lost), tuple(sorted(removed)), tuple(sorted(altered)))


def _ended(before: State, after: State) -> set[str]:
    """Records that ended: gone from the source, or given a date of an end."""
    ended = set()
    for key, (status, ended_on, _fields) in after.faces.items():
        was = before.faces.get(key, ("listed", None, {}))
        if (status == "gone" and was[0] != "gone") or (ended_on and ended_on != was[1]):
            ended.add(key)
    return ended & set(before.faces)


def _restated(before: State, after: State, key: str) -> bool:
    return key in after.faces and after.faces[key][2] != before.faces[key][2]


# Every comparison made by the test that runs now: the table of faults is drawn from it.
LEDGER: list[Damage] = []
