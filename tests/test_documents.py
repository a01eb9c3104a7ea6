"""The documents are true: generated pages are fresh, links lead somewhere, commands exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.catalogue import places, spec_of
from docs.command_line import leaves
from docs.generate import files, put
from docs.proofs import proofs, table_of_faults
from pipelines.protect import FIELDS
from pipelines.reachability_rule import Rule

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# `unsilenced verify --fact F1` in backticks or on a line of its own, maybe behind a path or prompt
COMMAND = re.compile(
    r"(?:^ +(?:\$ )?|`|-- |bin/|ExecStart=\S*)unsilenced ((?:--config \S+ )?[a-z].*?)(?:`|$)", re.M
)
EXAMPLE = re.compile(r"make ([a-z]+)")


def page_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sorted(files()), ids=page_id)
def test_a_generated_page_is_fresh(path: Path) -> None:
    assert path.read_text("utf-8") == files()[path], "run `make docs` and commit what it wrote"


def test_a_page_without_its_marked_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place marked x"):
        put("text", {"x": "part"})


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_every_relative_link_leads_to_a_file_and_heading(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        if "://" in target:
            continue
        name, _hash, heading = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.is_file(), f"{target} leads nowhere"
        assert not heading or heading in anchors(file), f"{target} has no such heading"


def anchors(path: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.+)$", path.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_every_command_that_a_page_shows_exists_with_its_options(path: Path) -> None:
    known = {name: set(options(command)) for name, command in leaves()}
    for line in COMMAND.findall(path.read_text("utf-8")):
        words = re.sub(r"^--config \S+ ", "", line.split("#")[0]).split()
        name = next((n for n in (" ".join(words[:2]), words[0]) if n in known), None)
        groups = {leaf.split()[0] for leaf in known}
        assert name is not None or (len(words) == 1 and words[0] in groups), f"{line}: no command"
        shown = {word.split("=")[0] for word in words if re.match(r"--[a-z]", word)}
        assert name is None or shown <= known[name] | {"--config", "--as-of"}, line


def options(command: object) -> Iterator[str]:
    for parameter in command.params:  # type: ignore[attr-defined]
        yield from parameter.opts


def test_the_readme_shows_commands() -> None:
    assert len(COMMAND.findall((ROOT / "README.md").read_text("utf-8"))) > 5


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_every_make_target_that_a_page_shows_exists(path: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text("utf-8")))
    code = re.findall(r"`(make [^`]+)`|^ {4}(make .*)$", path.read_text("utf-8"), re.MULTILINE)
    shown = {name for pair in code for text in pair for name in EXAMPLE.findall(text)}
    assert shown <= targets


def test_every_fault_is_numbered_once_and_every_mark_has_its_fault() -> None:
    numbers = [int(row["number"]) for row in table_of_faults()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(proofs()) <= set(numbers)


def test_every_source_has_a_spec_and_is_in_the_catalogue() -> None:
    catalogue = (ROOT / "docs" / "sources.md").read_text("utf-8")
    spiders = {
        path.stem
        for path in (ROOT / "crawler" / "spiders").glob("*/*.py")
        if re.search(r"^    name = ", path.read_text("utf-8"), re.MULTILINE)
    }
    assert spiders == set(places())
    for name in spiders:
        assert spec_of(name).about.strip()
        assert f"\n## {name}\n" in catalogue


def test_no_page_names_a_path_of_the_machine_it_was_written_on() -> None:
    for path in PAGES:
        assert not re.search(r"/(?:work|tmp|root|home/\w)[/\b]", path.read_text("utf-8")), path


def test_every_file_that_a_page_names_in_backticks_exists() -> None:
    rooms = ("crawler", "pipelines", "storage", "schedules", "desk", "docs", "tests")
    files_here = [path for room in rooms for path in (ROOT / room).rglob("*.*")]
    places_here = {path.relative_to(ROOT).as_posix() for path in files_here}
    names = {path.name for path in files_here} | {"unsilenced.toml"}
    for page in PAGES:
        if page.name in ("faults.md", "sources.md"):
            continue  # they name pages and addresses of others
        for name in re.findall(r"`([\w/]+\.(?:py|toml|sql))`", page.read_text("utf-8")):
            assert name in (places_here if "/" in name else names), f"{page.name} names {name}"


REGISTERS = sorted((ROOT / "docs" / "registers").glob("*.md"))


@pytest.mark.parametrize("path", REGISTERS, ids=page_id)
def test_a_page_about_a_register_is_true_to_its_toml(path: Path) -> None:
    spec, text = spec_of(path.stem), path.read_text("utf-8")
    assert f"(../sources.md#{path.stem})" in text
    for law in re.findall(r"\b\d{2,3}-FZ\b", spec.legal_basis.replace("No. ", "")):
        assert law in text
    for heading in ("What it is", "Who decides and who executes", "What it does not show",
                    "How often it changes", "What works from where", "Known mishaps"):  # fmt: skip
        assert f"**{heading}.**" in text, heading
    read = {*spec.headings, *spec.heading_patterns, *spec.default_headings} & FIELDS[spec.family]
    assert not [field for field in read if f"`{field}`" not in text]


def test_every_register_has_its_page() -> None:
    named = {name for name in places() if spec_of(name).family == "designation"}
    written = {path.stem for path in REGISTERS}
    assert named | {"blocked_rkn", "blocked_zapretinfo"} <= written <= set(places())


def test_the_page_about_measurements_states_the_rule_as_the_toml_has_it() -> None:
    settings = spec_of("reachability_ooni").settings
    text = (ROOT / "docs" / "registers" / "reachability_ooni.md").read_text("utf-8")
    for name in Rule.NUMBERS:
        assert f"| `{name}` | {settings[name]} |" in text


def test_numbers_of_a_register_page_are_those_of_the_toml() -> None:
    materials = (ROOT / "docs/registers/extremist_materials_minjust.md").read_text("utf-8")
    assert (
        f"{len(spec_of('extremist_materials_minjust').gaps)} numbers were never used" in materials
    )
    agents = (ROOT / "docs/registers/agents_minjust.md").read_text("utf-8")
    assert spec_of("agents_minjust").every.startswith("fri 17:30")
    assert "Fridays at 17:00" in agents


REGISTERS = sorted((ROOT / "docs" / "registers").glob("*.md"))
CHAPTERS = (
    "What it is.", "Who decides and who executes.", "What it does not show.",
    "How often it changes.", "What is healthy.", "What works from where.", "Known mishaps.",
)  # fmt: skip


@pytest.mark.parametrize("path", REGISTERS, ids=page_id)
def test_the_page_of_a_register_is_whole_and_states_the_bounds_of_its_source(path: Path) -> None:
    spec, text = spec_of(path.stem), path.read_text("utf-8")
    assert [chapter for chapter in CHAPTERS if f"**{chapter}**" not in text] == []
    (healthy,) = re.findall(r"(?s)\*\*What is healthy\.\*\*(.+?)\n\n", text)
    bounds = (spec.expect.at_least, spec.expect.at_most)
    stated = [f"{bound:,}" for bound in bounds if bound is not None]
    stated += [limit for limit in (spec.fresh_for, spec.state_for) if limit]
    assert [one for one in stated if one not in healthy] == []
