"""Which sources there are: found by their files, loaded when they are needed."""

from functools import cache
from importlib import import_module
from pathlib import Path

from crawler.spider import SourceSpider
from pipelines.spec import Spec, load_spec
from storage.errors import Refused

ROOT = Path(__file__).parent / "spiders"
ALIASES = {"measured_ooni": "reachability_ooni"}


@cache
def places() -> dict[str, Path]:
    """Name of every source -> its TOML."""
    return {path.stem: path for path in sorted(ROOT.glob("*/*.toml"))}


def known(name: str) -> str:
    """The proper name of a source. Raises Refused where there is none of that name."""
    name = ALIASES.get(name, name)
    if name not in places():
        raise Refused(f"There is no source '{name}'. Known: {', '.join(places())}.")
    return name


def spec_of(name: str) -> Spec:
    """A source's spec, without loading its spider."""
    return load_spec(places()[known(name)])


def spider_of(name: str) -> type[SourceSpider]:
    """The spider class of a source."""
    path = places()[known(name)]
    module = import_module(f"crawler.spiders.{path.parent.name}.{path.stem}")
    for value in vars(module).values():
        if isinstance(value, type) and getattr(value, "name", None) == path.stem:
            return value
    raise Refused(f"{path.with_suffix('.py')} defines no spider named '{path.stem}'.")
