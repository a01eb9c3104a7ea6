"""Options and the table of faults that `pytest -m chaos` ends with."""

from collections import defaultdict
from collections.abc import Generator
from typing import Any

import pytest

from tests.chaos.world_state import LEDGER

VERDICTS = ("failed", "error", "passed", "skipped")  # from worst to best: the worst is shown


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full-chaos`: every point of the sweeps, more runs of the random ones."""
    parser.addoption(
        "--full-chaos", action="store_true", help="all points of the kill sweeps, longer searches"
    )


@pytest.fixture
def full_chaos(request: pytest.FixtureRequest) -> bool:
    """Is every point of a sweep to be tried?"""
    return bool(request.config.getoption("--full-chaos"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that proves a numbered fault belongs to `-m chaos`."""
    for item in items:
        if item.get_closest_marker("fault"):
            item.add_marker("chaos")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, None, None]:
    """Send numbers of faults and counts of damage along with the report, to any process."""
    if call.when == "setup":
        LEDGER.clear()
        numbers = {n for mark in item.iter_markers("fault") for n in mark.args}
        if numbers:
            item.user_properties.append(("faults", sorted(numbers)))
    elif call.when == "call" and item.get_closest_marker("fault"):
        removed = sum(len(damage.removed) for damage in LEDGER)
        lost = sum(len(damage.lost) for damage in LEDGER)
        item.user_properties.append(("damage", [removed, lost, len(LEDGER)]))
    yield


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """fault -> verdict -> falsely removed -> lost, where the faults were asked for."""
    if "chaos" not in config.option.markexpr and not config.getoption("--full-chaos"):
        return
    rows: dict[int, list[tuple[str, int, int, int]]] = defaultdict(list)
    for verdict in VERDICTS:
        for report in terminalreporter.stats.get(verdict, []):
            said = dict(getattr(report, "user_properties", []))
            removed, lost, looks = said.get("damage", [0, 0, 0])
            for number in said.get("faults", []):
                rows[number].append((verdict, removed, lost, looks))
    terminalreporter.section("table of faults")
    terminalreporter.write_line("fault  tests  verdict  falsely removed  lost  world looked at")
    for number, found in sorted(rows.items()):
        worst = min((row[0] for row in found), key=VERDICTS.index)
        removed, lost, looks = (sum(row[i] for row in found) for i in (1, 2, 3))
        terminalreporter.write_line(
            f"{number:>5}  {len(found):>5}  {worst:<7}  {removed:>15}  {lost:>4}  {looks:>15}"
        )
