"""A fictional mirror of the undesirable register as a git repository: so many days of history.

Additions, renames, exclusions, days without a change, days with two commits, a file that is taken
away and put back; and what truly happened on which day.
"""

import json
import random
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

SOURCE = "undesirable_minjust"
FIRST_DAY = date(2023, 1, 2)
FIRST_ROWS = 30
Rows = list[dict[str, str]]


@dataclass
class Mirror:
    """A fictional mirror: its commits, and what truly happened on which day."""

    folder: Path
    commits: list[tuple[datetime, bytes | None]] = field(default_factory=list)
    truth: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def commit(self, at: datetime, rows: Rows | None) -> None:
        """A commit with these rows; None takes the file away."""
        text = None if rows is None else json.dumps(rows, ensure_ascii=False, indent=2).encode()
        self.commits.append((at, text))

    def write(self) -> Path:
        """The repository, written in one go."""
        run = ["git", "-C", str(self.folder)]
        subprocess.run(["git", "init", "-q", str(self.folder)], check=True)
        stream = b"".join(_commit(at, body) for at, body in self.commits)
        subprocess.run([*run, "fast-import", "--quiet"], input=stream, check=True)
        subprocess.run([*run, "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
        return self.folder


def _commit(at: datetime, body: bytes | None) -> bytes:
    head = f"commit refs/heads/main\ncommitter M <m@example.org> {int(at.timestamp())} +0000\n"
    file = b"D registry.json\n" if body is None else b"M 100644 inline registry.json\n"
    data = b"" if body is None else f"data {len(body)}\n".encode() + body + b"\n"
    return head.encode() + b"data 6\nupdate\n" + file + data


def row(number: int, on: date) -> dict[str, str]:
    """One organisation in the mirror's form, NBSP and blanks included."""
    day = f"{on:%d.%m.%Y}"
    return {
        "id": str(number), "fullName": f"Fund of Tests {number} («Фонд проверок {number}»), США",
        "decisionInMinjust": f"№ {number}-р от {day}\u00a0", "decisionInGenproc": day,
        "decisionOutMinjust": " ", "decisionOutGenproc": "\u00a0", "dateIn": day, "dateOut": "",
    }  # fmt: skip


def mirror_of(
    days: int, folder: Path, *, first: int = FIRST_ROWS, least: int = 0, seed: int = 7
) -> Mirror:
    """So many days, the first of them with `first` rows, `least` new ones each day or more."""
    chance = random.Random(seed)
    mirror = Mirror(folder)
    rows = [row(n, FIRST_DAY) for n in range(1, first + 1)]
    for day in range(days):
        at = datetime.combine(FIRST_DAY, datetime.min.time(), UTC) + timedelta(days=day, hours=9)
        if day:
            _one_day(chance, mirror, rows, at, least)
        if day % 50 == 20:  # a mishap of the keepers, mended the same day
            mirror.commit(at - timedelta(hours=2), rows[:5])
        if day % 50 == 30:
            mirror.commit(at - timedelta(hours=1), None)
        mirror.commit(at, rows)
    return mirror


def _one_day(chance: random.Random, mirror: Mirror, rows: Rows, at: datetime, least: int) -> None:
    old = list(rows)
    for _ in range(max(least, chance.choice([0, 0, 1, 1, 2]))):
        rows.append(row(len(rows) + 1, at.date()))
        mirror.truth[("appeared", rows[-1]["id"], "")] = at
    if chance.random() < 0.1:
        _edit(mirror, chance.choice(old), at, "fullName", "name", f"Renamed on {at:%Y-%m-%d}")
    if chance.random() < 0.05:
        standing = [one for one in old if not one["dateOut"]]
        _edit(mirror, chance.choice(standing), at, "dateOut", "delisted_on", f"{at:%d.%m.%Y}")


def _edit(
    mirror: Mirror, one: dict[str, str], at: datetime, cell: str, name: str, value: str
) -> None:
    one[cell] = value
    mirror.truth[("changed", one["id"], name)] = at
