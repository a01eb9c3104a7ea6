"""Which sources there are: found by their files, loaded when they are needed."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.spec import Spec, load_spec
from storage.config import Config, SourceConfig
from storage.errors import Refused

if TYPE_CHECKING:  # loading a spider loads Scrapy, and most commands need no spider
    from crawler.spider import SourceSpider

ROOT = Path(__file__).parent / "spiders"
UNFILLED = re.compile(r"^\s*(\w+)\s*=.*FILL IN", re.MULTILINE)  # as `source new` writes them
CURATED = "curated"  # read from files with attachments, never from the web
CHOSEN_WITH = {"reachability": "blocking"}
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


def spider_of(name: str) -> "type[SourceSpider]":
    """The spider class of a source. Raises Refused for one that is not written to its end."""
    path = places()[known(name)]
    _refuse_unfilled(path)
    module = import_module(f"crawler.spiders.{path.parent.name}.{path.stem}")
    for value in vars(module).values():
        if isinstance(value, type) and getattr(value, "name", None) == path.stem:
            return value
    raise Refused(f"{path.with_suffix('.py')} defines no spider named '{path.stem}'.")


@cache
def _refuse_unfilled(path: Path) -> None:
    text = path.read_text("utf-8")
    left = [
        (text.count("\n", 0, found.start(1)) + 1, found[1]) for found in UNFILLED.finditer(text)
    ]
    if left:
        line, key = left[0]
        more = f" (and {len(left) - 1} more)" if len(left) > 1 else ""
        raise Refused(f"{path}:{line}: '{key}' is not filled in yet{more}.")


def is_crawled(spec: Spec) -> bool:
    """Is there anything of this source on the web that we read?"""
    return any(endpoint.crawled for endpoint in spec.endpoint)


def _is_enabled(spec: Spec, own: SourceConfig) -> bool:
    """Does --all and the schedule read it? One that is switched off needs the operator's word."""
    asked_for = not spec.off or "enabled" in own.model_fields_set
    return own.enabled and asked_for and not spec.retired and is_crawled(spec)


def require_crawled(name: str) -> None:
    """Raises Refused for a source that is read from files alone."""
    if not is_crawled(spec_of(name)):
        raise Refused(
            f"{name} has nothing to crawl: it is read from files. "
            f"Use `unsilenced import {name} FILE`; see docs/{name}.md."
        )


def listing(config: Config) -> list[dict[str, Any]]:
    """Every source as `unsilenced sources` shows it, with what the operator changed."""
    found = []
    for name in places():
        spec, own = spec_of(name), config.of(name)
        found.append(
            {
                "source": name, "family": spec.family, "country": spec.country,
                "title": spec.title, "publisher": spec.publisher,
                "every": own.every or spec.every,
                "enabled": _is_enabled(spec, own),
                "fresh_for": spec.fresh_for, "state_for": spec.state_for, "exit": spec.exit,
                "time_limit_s": own.time_limit_s or spec.time_limit_s,
                "endpoints": [
                    {"url": e.url, "role": e.role, "known_alive": e.known_alive}
                    for e in spec.endpoint
                ],
                "licence": spec.licence, "status_in_country": spec.status_in_country,
                "about": spec.about, "limits": spec.limits, "retired": spec.retired,
                "off": spec.off,
            }
        )  # fmt: skip
    return found


def _is_of(family: str, asked: str | None) -> bool:
    """Measurements have fields of their own, and are promised as sources about blockings."""
    return asked is None or asked in (family, CHOSEN_WITH.get(family))


def chosen(config: Config, names: list[str], family: str | None, everything: bool) -> list[str]:
    """The sources that a command line means. Raises Refused when it means none."""
    if names:
        return [known(name) for name in names]
    if not family and not everything:
        raise Refused("Name a source, a --family, or --all. `unsilenced sources` lists them.")
    rows = [row for row in listing(config) if row["enabled"] and _is_of(row["family"], family)]
    if not rows:
        raise Refused(f"No enabled source belongs to the family '{family}'.")
    return [row["source"] for row in rows]
