"""Where the captured files of real sources stand: outside the repository, never copied into it.

`REAL` is the folder named by the variable UNSILENCED_REAL, else the one beside the checkout, else
None. Tests that need it are marked `real` and skip without it.
"""

import os
from pathlib import Path

import pytest


def _found() -> Path | None:
    named = os.environ.get("UNSILENCED_REAL")
    if named is not None:
        return Path(named) if Path(named).is_dir() else None
    beside = Path(__file__).parents[1].parent / "shared" / "real"
    return beside if beside.is_dir() else None


REAL: Path | None = _found()


def captured(name: str) -> Path:
    """The path of one captured file or folder; skips the test, with the reason, where absent."""
    if REAL is None:
        pytest.skip("the captured files are not beside the repository (UNSILENCED_REAL)")
    path = REAL / name
    if not path.exists():
        pytest.skip(f"captured file absent: {name}")
    return path
