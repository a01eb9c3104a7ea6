"""Where the real captured data stands, if it stands anywhere: one place for all tests."""

import os
from pathlib import Path

import pytest


def _find() -> Path | None:
    """UNSILENCED_REAL, else `shared/real` beside the repository; None where neither is."""
    named = os.environ.get("UNSILENCED_REAL")
    beside = Path(__file__).resolve().parents[1].parent / "shared" / "real"
    folder = Path(named) if named else beside
    return folder if folder.is_dir() else None


REAL: Path | None = _find()


def real(*parts: str) -> Path:
    """A captured file; the test is skipped, with the reason, where it is not present."""
    if REAL is None:
        pytest.skip("captured data is not beside the repository (set UNSILENCED_REAL)")
    path = REAL.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"captured file is not there: {'/'.join(parts)}")
    return path
