"""The operator's own list of sites that are media or political: `reference` in `unsilenced.toml`.

One address a line, a domain or a URL; what stands behind a `#` is a remark.
"""

from pathlib import Path

from pipelines.domains import site_of
from pipelines.text import clean
from storage.errors import Refused


def listed_sites(path: Path) -> list[str]:
    """The domains of the list, each once. Raises Refused with file and line.

    A page on a platform is no site: it would make every page there ours."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The list {path}, named as `reference`, cannot be read: {error}") from error
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        stated = clean(line.partition("#")[0])
        if not stated:
            continue
        site = site_of(stated)
        if site is None:
            raise Refused(f"{path}, line {number}: this is no site of its own.")
        found[site] = None
    return list(found)
