"""The rules of the design that can be read off the source: directions, sizes, clocks, schema."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from crawler.catalogue import ALIASES, places
from storage import schema
from storage.models import Base

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "pipelines", "storage", "schedules", "desk", "unsilenced")
# Which rooms a room may import. `desk` and `schedules` start the crawler and never import it.
MAY_IMPORT = {
    "crawler": {"pipelines", "storage"},
    "pipelines": {"storage"},
    "storage": set(),
    "schedules": {"storage"},
    "desk": {"storage", "schedules"},
    "unsilenced": {"storage", "desk"},
}
MAX_LINES = 250
LONG = {
    "storage/models.py": "all tables and their comments in one place, which is the dictionary",
    "storage/queries.py": "every question of the desk, each a short function",
    "storage/reconcile.py": "the set statements of one reconciliation",
    "crawler/spider.py": "the base of every spider: what an author never sees",
    "crawler/__main__.py": "every verb of the collector, each a few lines",
    "pipelines/intake.py": "one page from what a spider says to staged rows",
}
# Who may ask the machine for the time beside `storage/clock.py`, and why.
CLOCKS = {
    "crawler/page.py": "a page's time of arrival is a fact of the network",
    "desk/demonstration.py": "tells a person how long the demo took",
}
CLOCK_CALLS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
    "time.monotonic", "time.localtime", "time.gmtime", "datetime.datetime.now",
    "datetime.date.today",
}  # fmt: skip
PICKLES = {"pickle", "cPickle", "dill", "shelve", "marshal", "joblib", "cloudpickle"}
CYRILLIC = re.compile("[\u0400-\u04ff]")
# Names of sources are fixed: scripts of users name them.
PROMISED_SOURCES = """
    agents_minjust undesirable_minjust extremist_orgs_minjust extremist_materials_minjust
    terrorist_orgs_fsb restricted_minjust news_minjust news_genproc blocked_zapretinfo blocked_rkn
    blocked_roskomsvoboda reachability_ooni media_citizenlab rulings_sudrf rulings_mosgorsud
    rulings_vsrf rulings_hudoc rulings_sudact prisoners_memorial persecuted_ovdinfo news_feeds
    curated
"""


def modules(room: str) -> list[Path]:
    return [p for p in sorted((ROOT / room).rglob("*.py")) if "migrations/versions" not in str(p)]


ALL = [path for room in ROOMS for path in modules(room)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(module: ast.Module) -> Iterator[str]:
    """Full names of everything that a module imports, wherever in it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield str(node.module)


def test_all_rooms_have_modules() -> None:
    assert all(modules(room) for room in ROOMS)
    assert set(MAY_IMPORT) == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_between_rooms_point_one_way(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room}
    closed = (set(ROOMS) | {"tests", "docs"}) - allowed
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in modules(room)
        for name in imported(tree(path))
        if name.split(".")[0] in closed
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ("storage", "schedules"))
def test_the_country_is_unknown_to(room: str) -> None:
    for path in (ROOT / room).rglob("*"):
        if path.suffix in (".py", ".toml", ".sql", ".mako", ".json"):
            assert not CYRILLIC.search(path.read_text("utf-8")), name_of(path)


def test_modules_are_short_or_listed_with_a_reason() -> None:
    long = {name_of(path) for path in ALL if len(path.read_text("utf-8").splitlines()) > MAX_LINES}
    assert long - set(LONG) == set(), "split it, or say in LONG why it is one thing"
    assert set(LONG) - long == set(), "no longer long: take it off the list"


def test_only_the_clock_and_listed_modules_ask_for_the_time() -> None:
    found = {
        name_of(path)
        for path in ALL
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCK_CALLS
    }
    assert "storage/clock.py" in found
    assert found - {"storage/clock.py"} == set(CLOCKS)


@pytest.mark.fault(123)
def test_no_module_imports_a_pickle() -> None:
    wrong = [
        name_of(path)
        for path in ALL
        if {name.split(".")[0] for name in imported(tree(path))} & PICKLES
    ]
    assert wrong == []


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "a module begins with a docstring"


def test_the_newest_schema_is_the_head_of_the_migrations() -> None:
    head = ScriptDirectory(str(ROOT / "storage" / "migrations")).get_current_head()
    assert head == schema.NEWEST


def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/made.sqlite")
    with engine.begin() as connection:
        schema.upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_migrations_carry_the_comments_of_the_models() -> None:
    # SQLite keeps no comments, so the comparison above cannot see them.
    text = "".join(
        path.read_text("utf-8") for path in (ROOT / "storage/migrations/versions").glob("*.py")
    )
    told = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            assert column.comment, f"{table.name}.{column.name} does not say what it holds"
            assert column.comment in told, f"{table.name}.{column.name}: not in a migration"


def test_names_of_sources_are_those_that_were_promised() -> None:
    assert set(places()) <= set(PROMISED_SOURCES.split())
    assert set(ALIASES.values()) <= set(PROMISED_SOURCES.split())


def test_a_source_has_its_spider_beside_its_spec_and_a_class_of_its_name() -> None:
    for name, spec in places().items():
        classes = [
            n.name for n in ast.walk(tree(spec.with_suffix(".py"))) if isinstance(n, ast.ClassDef)
        ]
        assert "".join(word.capitalize() for word in name.split("_")) in classes
