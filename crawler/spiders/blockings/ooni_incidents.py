"""OONI's reports of incidents, one row for each domain that they name.

No body of production was ever captured (2026-11): the form is that of the published description of
21.08.2026. Who wrote a report, and with which account, is not read.
"""

from collections.abc import Iterator
from typing import Any

from crawler.errors import PageChanged
from crawler.page import Page
from crawler.spiders.blockings.ooni_answers import DAY, answer
from pipelines.domains import canonical_domain
from pipelines.observation import Observation
from pipelines.reading import BadRow, Declared, Oddity, Said
from pipelines.spec import Spec

READ = ("id", "title", "start_time", "end_time", "ASNs", "domains")
NO_DOMAIN = "incident"  # first part of the key of a report that names no domain
Report = tuple[dict[str, Any], str]


def read_incidents(page: Page, spec: Spec) -> Iterator[Said]:
    """The published reports about the source's country. Raises PageChanged for another form."""
    listed = answer(page).get("incidents")
    if not isinstance(listed, list):
        raise PageChanged("The answer has no list `incidents`.")
    yield from _unknown_columns(listed, spec)
    by_key: dict[tuple[str, ...], list[Report]] = {}
    bad = 0
    for place, one in enumerate(listed):
        locator = f"/incidents/{place}"
        if not _is_readable(one):
            bad += 1
            yield BadRow(None, "incidents", "A report has no id, title or day.", locator)
        elif _is_ours(one, spec):
            for key in _keys(one):
                by_key.setdefault(key, []).append((one, locator))
    for key, reports in sorted(by_key.items()):
        yield _observation(page, key, reports, spec)
    yield Declared(len(by_key) + bad, page.part)


def _unknown_columns(listed: list[Any], spec: Spec) -> Iterator[Oddity]:
    names = {name: None for one in listed if isinstance(one, dict) for name in one}
    for name in names:
        if name not in READ and name not in spec.noise:
            yield Oddity("unknown-column", name, f"Nobody reads the column `{name}`.")


def _is_readable(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and all(isinstance(one.get(name), str) and one[name] for name in ("id", "title"))
        and DAY.match(str(one.get("start_time"))) is not None
        and (one.get("end_time") is None or DAY.match(str(one["end_time"])) is not None)
        and all(isinstance(one.get(name) or [], list) for name in ("domains", "ASNs", "CCs"))
    )


def _is_ours(one: dict[str, Any], spec: Spec) -> bool:
    """The server filters by country; drafts are nobody's business."""
    return spec.settings["country"] in (one.get("CCs") or []) and bool(one.get("published"))


def _keys(one: dict[str, Any]) -> list[tuple[str, ...]]:
    domains = dict.fromkeys(canonical_domain(str(name)) for name in one.get("domains") or [])
    named = [(domain,) for domain in domains if domain is not None]
    return [*named] or [(NO_DOMAIN, str(one["id"]))]


def _observation(
    page: Page, key: tuple[str, ...], reports: list[Report], spec: Spec
) -> Observation:
    lines = ["\t".join(_line(one, spec)) for one, _locator in reports]
    fields: dict[str, str | list[str] | None] = {
        "domain": key[0] if len(key) == 1 else None, "incidents": lines,
    }  # fmt: skip
    quote = " | ".join(" ".join(line.split()) for line in lines)
    return Observation(key, fields, reports[0][1], quote, page.part)


def _line(one: dict[str, Any], spec: Spec) -> list[str]:
    """Id, first day, last day, address of the report, networks, title."""
    title = " ".join(str(one["title"]).split())
    ended = str(one["end_time"])[:10] if one.get("end_time") else ""
    networks = " ".join(str(number) for number in one.get("ASNs") or [])
    address = f"{spec.settings['findings']}{one['id']}"
    return [str(one["id"]), str(one["start_time"])[:10], ended, address, networks, title]
