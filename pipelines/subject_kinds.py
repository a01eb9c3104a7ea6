"""What a designated subject is: an outlet, a journalist, an NGO, an association, ...

Ordered rules in `subject_kinds.toml`; each answer tells the rule that gave it, and where none
decides the answer is `review`. It is our reading, not the register's: a newer reference list may
change it, which is no change of the source.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pipelines.domains import is_platform, registrable
from pipelines.taxonomy import REVIEW

Lookup = Callable[[str], str | None]
NO_RULE = "none"
LONGEST_NAME = 300  # signs of a name that rules look at


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules look at. `names`: own name, name, other names; `form`: the legal form."""

    source: str
    target_type: str
    basis: str = ""
    form: str | None = None
    names: Sequence[str] = ()
    domains: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind of subject and the rule that gave it."""

    kind: str
    rule: str


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    rule: str
    sources: frozenset[str]
    targets: frozenset[str]
    forms: frozenset[str]
    categories: frozenset[str]
    basis: re.Pattern[str] | None
    start: re.Pattern[str] | None
    word: re.Pattern[str] | None


def subject_kind(subject: Subject, reference: Lookup = lambda _domain: None) -> Verdict:
    """The kind by the first rule that fits. `reference` gives the category of a domain, or null."""
    names = [name[:LONGEST_NAME] for name in subject.names]
    for rule in _rules():
        if _fits(rule, subject, names) and _is_listed(rule, subject.domains, reference):
            return Verdict(rule.kind, rule.rule)
    return Verdict(REVIEW, NO_RULE)


def _fits(rule: _Rule, subject: Subject, names: Iterable[str]) -> bool:
    """All conditions of a rule but the reference lists."""
    told = (
        not rule.sources or subject.source in rule.sources,
        not rule.targets or subject.target_type in rule.targets,
        not rule.forms or subject.form in rule.forms,
        rule.basis is None or rule.basis.search(subject.basis) is not None,
    )
    if not all(told):
        return False
    if rule.start is not None and not any(rule.start.match(name) for name in names):
        return False
    return rule.word is None or any(rule.word.search(name) for name in names)


def _is_listed(rule: _Rule, domains: Iterable[str], reference: Lookup) -> bool:
    if not rule.categories:
        return True
    for domain in domains:
        if is_platform(domain):
            continue
        if (reference(domain) or reference(registrable(domain))) in rule.categories:
            return True
    return False


@cache
def _rules() -> tuple[_Rule, ...]:
    table = tomllib.loads(files("pipelines").joinpath("subject_kinds.toml").read_text("utf-8"))
    return tuple(_rule(row) for row in table["rule"])


def _rule(row: dict[str, Any]) -> _Rule:
    patterns = {
        name: re.compile(row[name], re.IGNORECASE) if name in row else None
        for name in ("basis", "start", "word")
    }
    return _Rule(
        kind=row["kind"], rule=row["rule"], sources=frozenset(row.get("source", ())),
        targets=frozenset(row.get("target_type", ())), forms=frozenset(row.get("form", ())),
        categories=frozenset(row.get("reference", ())), **patterns,
    )  # fmt: skip
