"""`unsilenced.toml`: read strictly, unknown keys refused with file and line."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from storage.errors import Refused

T = TypeVar("T", bound="Strict")

NAME = "unsilenced.toml"


class Strict(BaseModel):
    """A table of a TOML file: frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Identity(Strict):
    """Who we say we are. `identify` must be set explicitly where an exit is used."""

    identify: bool | None = None
    user_agent: str | None = None


class Exit(Strict):
    """A proxy inside a country, through which some sources must be read."""

    proxy: str


class SourceConfig(Strict):
    """What the operator changes about one source; every key is optional."""

    enabled: bool = True
    base_url: str | None = None
    allow: tuple[str, ...] = ()
    ca_bundle: str | None = None
    user_agent: str | None = None
    delay_s: float | None = None
    time_limit_s: float | None = None
    every: str | None = None
    courts: tuple[str, ...] | None = None
    articles: tuple[str, ...] | None = None
    reference: str | None = None


class Config(Strict):
    """The whole configuration, paths made absolute against the file that states them."""

    home: Path = Path("data")
    database: str | None = None
    identity: Identity = Identity()
    exit: dict[str, Exit] = {}
    source: dict[str, SourceConfig] = {}
    file: Path | None = None

    @property
    def url(self) -> str:
        """Address of the database."""
        return self.database or f"sqlite:///{self.home / 'unsilenced.sqlite'}"

    def of(self, source: str) -> SourceConfig:
        """The table of one source, empty where the operator wrote none."""
        return self.source.get(source, SourceConfig())


def places() -> list[Path]:
    """Where the configuration is looked for when no option names it."""
    found = []
    if os.environ.get("UNSILENCED_CONFIG"):
        found.append(Path(os.environ["UNSILENCED_CONFIG"]))
    found.append(Path.cwd() / NAME)
    config_home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return [*found, Path(config_home) / "unsilenced" / NAME]


def load(path: Path | None = None) -> Config:
    """The configuration of this invocation. Raises Refused with file and line."""
    if path is None:
        named = os.environ.get("UNSILENCED_CONFIG")
        path = Path(named) if named else next((p for p in places() if p.is_file()), None)
    values: dict[str, Any] = {}
    base = Path.cwd()
    if path is not None:
        values, base = read_table(path), path.resolve().parent
    config = validated(Config, values, path)
    return _environment(config.model_copy(update={"file": path}), base)


def read_table(path: Path) -> dict[str, Any]:
    """A TOML file as a plain table. Raises Refused."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(
            f"There is no configuration at {path}. `unsilenced init` writes one."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path} is not valid TOML: {error}") from error


def validated(kind: type[T], values: dict[str, Any], path: Path | None) -> T:
    """Build a strict table from values read of `path`. Raises Refused naming key and line."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        keys = [str(step) for step in first["loc"]]
        words = "is not a known key" if first["type"] == "extra_forbidden" else first["msg"]
        where = f"{path}, line {_line(path, keys)}" if path else "the configuration"
        raise Refused(f"{where}: `{'.'.join(keys)}` {words}.") from error


def _line(path: Path, keys: list[str]) -> int:
    """The line of a key: under the heading of its table, else the first line that names it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heading = ".".join(k for k in keys[:-1] if not k.isdigit())
    start = 0
    for number, line in enumerate(lines):
        if re.match(rf"\s*\[+\s*{re.escape(heading)}\s*\]+", line):
            start = number
            break
    for number in range(start, len(lines)):
        if re.match(rf"\s*(\[+.*\.)?\"?{re.escape(keys[-1])}\"?\s*[\]=]", lines[number]):
            return number + 1
    return start + 1


def _environment(config: Config, base: Path) -> Config:
    """Environment over file; relative paths against the file (or the current folder)."""
    home = os.environ.get("UNSILENCED_HOME")
    chosen = Path.cwd() / home if home else base / config.home
    database = os.environ.get("UNSILENCED_DATABASE") or config.database
    if home and config.database and not os.environ.get("UNSILENCED_DATABASE"):
        database = None if _is_default(config) else config.database
    if database and database.startswith("sqlite:///") and not database.startswith("sqlite:////"):
        database = f"sqlite:///{(base / database.removeprefix('sqlite:///')).resolve()}"
    sources = {name: _absolute(table, base) for name, table in config.source.items()}
    return config.model_copy(
        update={"home": chosen.resolve(), "database": database, "source": sources}
    )


def _is_default(config: Config) -> bool:
    """The file's database lies in the file's home: a home from the environment moves both."""
    return config.database == f"sqlite:///{config.home}/unsilenced.sqlite"


def _absolute(table: SourceConfig, base: Path) -> SourceConfig:
    changes = {
        key: str((base / value).resolve())
        for key in ("ca_bundle", "reference")
        if (value := getattr(table, key))
    }
    return table.model_copy(update=changes)
