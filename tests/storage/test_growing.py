"""Parts that grow page by page: what is held is looked up part by part, when it is asked for."""

from pathlib import Path

import pytest

from storage.config import Config
from storage.sightings import HeldParts
from storage.store import Store, open_writer


def test_what_is_held_of_a_part_is_looked_up_once_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_writer(Config(home=tmp_path / "home"))
    looks = []
    read = Store.read

    def counted(self: Store) -> object:
        looks.append(1)
        return read(self)

    monkeypatch.setattr(Store, "read", counted)
    held = HeldParts(store, "rulings_sudrf")
    assert looks == []
    assert held.get("43RS0001:adm:2026") is None
    assert held.get("43RS0001:adm:2026") is None
    assert len(looks) == 1
