"""`source new`: files that are refused until they are filled in, and read a list once they are."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crawler import catalogue
from crawler.catalogue import UNFILLED, places
from crawler.new_source import CHECKOUT, contents, new_source
from pipelines.observation import Observation
from pipelines.spec import load_spec
from storage.errors import Refused
from tests.crawler.test_court_lists import page

NAME = "blocked_example"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "tests" / "pages").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("family", ["designation", "blocking", "ruling", "reference"])
def test_four_files_are_written_and_the_spec_is_of_the_right_shape(
    checkout: Path, family: str
) -> None:
    written = new_source(NAME, family, checkout)
    assert [Path(path).name for path in written] == [
        f"{NAME}.py", f"{NAME}.toml", "README.md", "ordinary.expected.json",
    ]  # fmt: skip
    spec = load_spec(checkout / written[1])
    assert spec.family == family
    assert spec.retired  # so that it is no part of --all nor of the schedule
    compile((checkout / written[0]).read_text("utf-8"), NAME, "exec")


def test_nothing_is_overwritten(checkout: Path) -> None:
    written = new_source(NAME, "blocking", checkout)
    (checkout / written[0]).unlink()
    (checkout / written[1]).write_text("mine", "utf-8")
    with pytest.raises(Refused, match=r"blocked_example\.toml.*there already"):
        new_source(NAME, "blocking", checkout)
    assert not (checkout / written[0]).exists()
    assert (checkout / written[1]).read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "family", "words"),
    [
        ("Blocked", "blocking", "not of the form"),
        ("../../blocked_x", "blocking", "not of the form"),
        ("blocked", "blocking", "not of the form"),
        (NAME, "announcement", "Nothing reads the family"),
    ],
)
def test_a_bad_name_and_a_family_that_nothing_reads_are_refused(
    checkout: Path, name: str, family: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        new_source(name, family, checkout)


def test_outside_a_checkout_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no checkout"):
        new_source(NAME, "blocking", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_source_is_refused_by_file_line_and_key_until_it_is_filled_in(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = checkout / new_source(NAME, "blocking", checkout)[1]
    monkeypatch.setattr(catalogue, "places", lambda: {NAME: path})
    with pytest.raises(Refused, match=rf"{NAME}\.toml:1: 'title' is not filled in yet \(and \d+"):
        catalogue.spider_of(NAME)


def test_no_source_of_this_program_waits_to_be_filled_in() -> None:
    assert not [path for path in places().values() if UNFILLED.search(path.read_text("utf-8"))]


def test_a_source_that_is_filled_in_reads_its_list(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, toml, *_pages = [checkout / path for path in new_source(NAME, "blocking", checkout)]
    text = toml.read_text("utf-8")
    for field in ("domain", "urls", "agency", "decided_on"):
        text = text.replace(f'{field} = ["FILL IN: heading of the page"]', f'{field} = ["{field}"]')
    toml.write_text(text.replace("FILL IN: ", ""), "utf-8")
    module = importlib.util.spec_from_file_location("made", code)
    assert module is not None and module.loader is not None
    made = importlib.util.module_from_spec(module)
    monkeypatch.setitem(sys.modules, "made", made)
    module.loader.exec_module(made)
    body = b"domain;urls;agency;decided_on;more\r\nriver.example;;office;2026-11-01;x\r\n;;;;\r\n"
    said = list(made.BlockedExample().read(replace(page(body, {}), form="list")))
    assert [type(one).__name__ for one in said] == ["Oddity", "Observation", "BadRow"]
    assert isinstance(said[1], Observation)
    assert said[1].key == ("river.example",)


def test_the_templates_are_packed_with_the_program() -> None:
    assert (CHECKOUT / "crawler" / "templates").is_dir()
    assert "templates" not in {path.parent.name for path in places().values()}
    for path, text in contents(NAME, "blocking").items():
        assert "$" not in text, path
