"""`source new`: the files of a source that somebody is about to write, with the places to fill in.

What it writes keeps the shape that the tests ask for. Until every `FILL IN` is gone the source is
refused by name and line, and it is left out of `--all` and of the schedule.
"""

import json
import re
from importlib.resources import files
from pathlib import Path
from string import Template

from storage.errors import Refused

CHECKOUT = Path(__file__).parents[1]
NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+){1,3}")
# family -> folder of its spiders, fields of a row with the one that is the key first
FAMILIES = {
    "designation": ("designations", ("number", "name", "listed_on", "delisted_on")),
    "blocking": ("blockings", ("domain", "urls", "agency", "decided_on")),
    "ruling": ("rulings", ("case_number", "court", "articles", "decided_on")),
    "reference": ("blockings", ("url", "category")),
}
SKELETON = {
    "part": "register", "errors": [], "observed": 0, "declared": None, "state_at": None,
    "rows": [], "counted": [], "issues": [],
}  # fmt: skip


def new_source(name: str, family: str, root: Path = CHECKOUT) -> list[str]:
    """Write spider, TOML, README and expected JSON; their paths within `root`.

    Raises Refused: a bad name, a family that nothing reads, no checkout, a file that is there."""
    if not NAME.fullmatch(name):
        raise Refused(f"'{name}' is not of the form subject_publisher in small Latin letters.")
    if family not in FAMILIES:
        raise Refused(f"Nothing reads the family '{family}'. Known: {', '.join(FAMILIES)}.")
    if not (root / "tests" / "pages").is_dir():
        raise Refused(f"{root} is no checkout of the program: it has no tests/pages.")
    written = contents(name, family)
    there = [path for path in written if (root / path).exists()]
    if there:
        raise Refused(f"{', '.join(there)}: there already. Nothing was written.")
    for path, text in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return list(written)


def contents(name: str, family: str) -> dict[str, str]:
    """Path within the checkout -> text, of every file of a new source."""
    folder, fields = FAMILIES[family]
    words = {
        "name": name, "family": family, "key": fields[0],
        "class_name": "".join(word.capitalize() for word in name.split("_")),
        "headings": "\n".join(f'{one} = ["FILL IN: heading of the page"]' for one in fields),
    }  # fmt: skip
    spiders, pages = f"crawler/spiders/{folder}/{name}", f"tests/pages/{name}"
    return {
        f"{spiders}.py": _template("spider", words),
        f"{spiders}.toml": _template("spec", words),
        f"{pages}/README.md": _template("pages", words),
        f"{pages}/ordinary.expected.json": json.dumps(SKELETON, indent=1) + "\n",
    }


def _template(kind: str, words: dict[str, str]) -> str:
    text = files("crawler").joinpath(f"templates/{kind}.txt").read_text("utf-8")
    return Template(text).substitute(words)
