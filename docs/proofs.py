"""Which numbered faults have tests, found in the tests' source without running them."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"


def table_of_faults() -> list[dict[str, str | int]]:
    """The numbered faults."""
    rows: list[dict[str, str | int]] = tomllib.loads((TESTS / "faults.toml").read_text("utf-8"))[
        "fault"
    ]
    return rows


def proofs() -> dict[int, list[str]]:
    """Number of a fault -> the tests that carry it, as `tests/x.py::name`."""
    found: dict[int, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for number, test in _marks(ast.parse(path.read_text("utf-8"))):
            name = f"{path.relative_to(ROOT).as_posix()}::{test}"
            if name not in found.setdefault(number, []):
                found[number].append(name)
    return found


def _marks(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every number with the test, or class of tests, whose decorators name it."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                yield from ((number, node.name) for number in _numbers(decorator))
    for node in module.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets
        ):
            yield from ((number, "*") for number in _numbers(node.value))


def _numbers(tree: ast.AST) -> Iterator[int]:
    """Arguments of `pytest.mark.fault(...)` anywhere in a decorator, parameters included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
            yield from (
                a.value for a in node.args if isinstance(a, ast.Constant) and type(a.value) is int
            )


def faults_page(made: str) -> str:
    """The table of faults with the tests that prove each."""
    known, lines, section = proofs(), [], ""
    for row in table_of_faults():
        if row["section"] != section:
            section = str(row["section"])
            lines.append(
                f"\n## {section}\n\n| # | Fault | Expected | Tests |\n| --- | --- | --- | --- |\n"
            )
        tests = "<br>".join(f"`{_short(name)}`" for name in known.get(int(row["number"]), []))
        cells = [str(row["number"]), str(row["fault"]), str(row["expected"]), tests or "none yet"]
        lines.append("| " + " | ".join(text.replace("|", "\\|") for text in cells) + " |\n")
    head = (
        f"{made}# Faults and their tests\n\nWhat is done to the product on purpose, and what must "
        f"come of it. {len(known)} of {len(table_of_faults())} have a test that carries their "
        "number; a test may prove a part of a fault only: read it. `make test` runs them.\n"
    )
    return head + "".join(lines)


def _short(name: str) -> str:
    """`tests/crawler/test_tls.py::test_x` without the first folder."""
    return name.removeprefix("tests/")
