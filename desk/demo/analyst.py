"""The table that an analyst keeps by hand, with the files that prove its acts."""

import csv
from pathlib import Path

from desk.demo.story import Week, known_in, story

COLUMNS = (
    "id", "code", "target", "target_type", "acted_on", "evidence", "author", "entered_on",
    "authority", "source_url",
)  # fmt: skip


def write_table(folder: Path, week: Week) -> Path | None:
    """The table as it stands in a week, beside its attachments; None before its first act."""
    acts = known_in(story()["analyst"]["act"], week)
    if not acts:
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    for act in acts:
        (folder / act["evidence"]).write_text(act["attachment"], encoding="utf-8")
    path = folder / "acts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        table.writeheader()
        table.writerows(acts)
    return path
