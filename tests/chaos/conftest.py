"""One lying server a worker, and homes that have read a healthy register from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.chaos.intact import WHOLE, assert_history_kept, assert_world_intact, facts
from tests.chaos.ministry import Crawl, Home, Look, Ministry, look, reg
from tests.chaos.registers import Register
from tests.chaos.server import LyingServer

HEALTHY = reg(200)


@pytest.fixture(scope="session")
def server() -> Iterator[LyingServer]:
    """The server of this worker; `ministry` makes it healthy again before each test."""
    with LyingServer() as running:
        yield running


@pytest.fixture
def ministry(server: LyingServer) -> Ministry:
    """A healthy Ministry of 200 rows, spreadsheet included."""
    healthy = Ministry(server)
    healthy.serve(HEALTHY)
    return healthy


@pytest.fixture(scope="session")
def first_home(tmp_path_factory: pytest.TempPathFactory, server: LyingServer) -> Home:
    """A home that has read 200 rows once; only copies of it are used."""
    made = Home.make(tmp_path_factory.mktemp("first") / "home", server)
    Ministry(server).serve(HEALTHY)
    crawl = made.crawl()
    assert (crawl.code, crawl.verdict, crawl.run["observed"]) == (0, "complete", 200), crawl.err
    return made


@pytest.fixture
def home(first_home: Home, ministry: Ministry, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the healthy home for this test alone."""
    return first_home.copy(tmp_path_factory.mktemp("copy") / "home")


@dataclass
class Enduring:
    """A home that meets one fault after the other: none may leave a trace in its record."""

    home: Home
    register: Register
    before: Look
    endured: list[str] = field(default_factory=list)

    def endure(self, name: str, **env: str) -> tuple[Crawl, Look]:
        """One crawl under a fault; the record must be what it was before all faults."""
        crawl = self.home.crawl(env=env)
        after = look(self.home)
        assert_world_intact(self.before, after)
        self.endured.append(name)
        return crawl, after


@pytest.fixture(scope="module")
def enduring(
    first_home: Home, server: LyingServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Enduring]:
    """The home that the faults of one module share. I5: after them a healthy run is whole."""
    home = first_home.copy(tmp_path_factory.mktemp("enduring") / "home")
    shared = Enduring(home, HEALTHY, look(home))
    yield shared
    Ministry(server).serve(HEALTHY)
    crawl, after = home.crawl(), look(home)
    assert crawl.verdict in WHOLE and crawl.code == 0, (shared.endured, crawl)
    assert facts(after) == facts(shared.before), shared.endured
    assert_history_kept(shared.before, after)
