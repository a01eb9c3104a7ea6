"""The one test that reads all saved pages of all sources.

Where the expected JSON is missing it is written and the test fails: read it against the page.
"""

import json
from pathlib import Path

import pytest

from tests.page_reading import PAGES, read_pages

EXPECTED = ".expected.json"
# Its windows are put together out of several answers: tests/crawler/test_rulings_hudoc.py.
# The attachments of an analyst's rows lie beside them: tests/crawler/test_curated.py.
READ_ELSEWHERE = {"rulings_hudoc", "curated"}


def cases() -> list[Path]:
    """Every saved page."""
    return sorted(
        path
        for path in PAGES.glob("*/*")
        if not path.name.endswith(EXPECTED)
        and path.name != "README.md"  # what `source new` asks for
        and path.parent.name not in READ_ELSEWHERE
    )


@pytest.mark.parametrize("page", cases(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_saved_page_says_what_the_json_beside_it_says(page: Path) -> None:
    found = read_pages(page.parent.name, [page]).expected()
    expected = page.with_name(page.stem + EXPECTED)
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected.name} was written: read it against the page and commit it")
    assert found == json.loads(expected.read_text("utf-8"))


def test_no_expected_json_waits_for_its_page() -> None:
    for expected in PAGES.glob(f"*/*{EXPECTED}"):
        case = expected.name.removesuffix(EXPECTED)
        beside = [p for p in expected.parent.glob(f"{case}*.*") if not p.name.endswith(EXPECTED)]
        assert beside, f"save the page {expected.parent.name}/{case}"


def test_there_are_saved_pages() -> None:
    assert len({page.parent.name for page in cases()}) >= 2
