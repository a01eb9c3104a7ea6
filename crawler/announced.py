"""After a run: what was announced meets the register in which it appears, whoever came second."""

from collections.abc import Iterator

from crawler.catalogue import places
from pipelines.announced_matches import Pair, settle
from pipelines.spec import load_spec
from storage.store import Store

FOLDER = "announcements"


def match_announcements(store: Store, source: str, run_id: int) -> None:
    """Suggest matches for a run of a register or of its announcements; nothing for the others."""
    for pair in _pairs():
        if source in (pair.source, pair.register):
            settle(store, pair, run_id)


def _pairs() -> Iterator[Pair]:
    for name, path in places().items():
        if path.parent.name == FOLDER:
            yield Pair(name, load_spec(path))
