"""What the settings of Scrapy keep shut."""

from pathlib import Path

import pytest

from crawler import settings

ROOMS = ("crawler", "pipelines", "storage", "schedules", "desk")


@pytest.mark.fault(123)
def test_no_room_unpickles_and_no_setting_of_scrapy_brings_pickles_back() -> None:
    words = ("pickle", "marshal", "shelve", "dill")
    root = Path(__file__).parents[2]
    sources = [p for room in ROOMS for p in (root / room).rglob("*.py")]
    assert len(sources) > 20
    imports = [
        f"{path.name}: {line}"
        for path in sources
        for line in path.read_text("utf-8").splitlines()
        if line.strip().startswith(("import ", "from ")) and any(w in line for w in words)
    ]
    assert imports == []
    assert (settings.JOBDIR, settings.HTTPCACHE_ENABLED) == (None, False)
    assert settings.EXTENSIONS["scrapy.extensions.spiderstate.SpiderState"] is None
