"""The page of commands, from the command line's own declarations."""

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from desk.cli import app

EXIT_CODES = """## Exit codes

| Code | Means |
| --- | --- |
| 0 | all well; for `crawl`: every part was read whole or is unchanged |
| 1 | `verify` or `db check` found tampering or loss |
| 2 | wrong usage or configuration, or `verify` cannot check |
| 3 | something could not be read whole: partial, held, or failed by the world |
| 4 | the program failed: disk, database, bug |

Where one command makes several runs, the highest counts.
"""


def commands_page(made: str) -> str:
    """Every command with its arguments and options."""
    head = (
        f"{made}# Commands\n\nJSON goes to standard output alone; progress and errors go to "
        "standard error. `--config FILE` may stand before or behind every command, and so may "
        "`--as-of MOMENT` in a home that was made for synthetic data.\n"
    )
    return head + "".join(_command_text(*one) for one in leaves()) + f"\n{EXIT_CODES}"


def leaves() -> Iterator[tuple[str, Any]]:
    """Every command that does something: its words and its declaration."""
    yield from _leaves("", get_command(app))


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None or (name and getattr(command, "invoke_without_command", False)):
        yield name, command
    for word, child in (inner or {}).items():
        yield from _leaves(f"{name} {word}".strip(), child)


def _command_text(name: str, command: Any) -> str:
    shown = [p for p in command.params if not p.hidden and p.name != "help"]
    arguments = [_argument(p) for p in shown if p.param_type_name == "argument"]
    options = ["[OPTIONS]"] if len(arguments) < len(shown) else []
    usage = " ".join(["unsilenced", name, *options, *arguments])
    lines = "".join(_line(p) for p in shown)
    words = " ".join((command.help or "").split())
    return f"\n## {name}\n\n{words}\n\n```\n{usage}\n```\n" + (f"\n{lines}" if lines else "")


def _argument(parameter: Any) -> str:
    word = (parameter.metavar or parameter.name).upper().strip("_")
    word = f"{word}..." if parameter.nargs == -1 else word
    return word if parameter.required else f"[{word}]"


def _line(parameter: Any) -> str:
    words = " ".join((parameter.help or "").split())
    if parameter.param_type_name == "argument":
        return f"- `{_argument(parameter)}`: {words}\n"
    name = ", ".join(f"`{option}`" for option in parameter.opts)
    needed = " Required." if parameter.required else ""
    return f"- {name}: {words}{needed}{_default(parameter)}\n"


def _default(parameter: Any) -> str:
    value = parameter.default
    if value is None or isinstance(value, bool) or callable(value):
        return ""
    return f" Default: `{value}`."
