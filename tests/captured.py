"""Where the real captured data stands, if it stands anywhere: one place for all tests."""

import os
from pathlib import Path
from typing import Any

import pytest


def _find() -> Path | None:
    """UNSILENCED_REAL, else `shared/real` beside the repository; None where neither is."""
    named = os.environ.get("UNSILENCED_REAL")
    beside = Path(__file__).resolve().parents[1].parent / "shared" / "real"
    folder = Path(named) if named else beside
    return folder if folder.is_dir() else None


REAL: Path | None = _find()
ABSENT = "captured data is not beside the repository (set UNSILENCED_REAL)"


def real(*parts: str) -> Path:
    """A captured file; the test is skipped, with the reason, where it is not present."""
    if REAL is None:
        pytest.skip(ABSENT)
    path = REAL.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"captured file is not there: {'/'.join(parts)}")
    return path


def every(*kinds: str) -> list[Any]:
    """All captured files of the patterns as cases of a test, by name; where there are none, one
    case that is skipped with the reason."""
    paths = sorted({path for kind in kinds for path in REAL.rglob(kind)}) if REAL else []
    cases = [pytest.param(path, id=path.name) for path in paths]
    return cases or [pytest.param(None, id="none", marks=pytest.mark.skip(reason=ABSENT))]
