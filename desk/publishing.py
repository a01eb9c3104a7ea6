"""Commands that give data away: publish, digest."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from desk import output
from desk.cli import AsJson, app, now
from desk.digest import make_digest
from desk.digest_model import as_json as digest_json
from desk.digest_render import render
from desk.release import publish as make_release
from storage.errors import NoRecord
from storage.keys import write_private
from storage.store import Store


class Language(StrEnum):
    """Languages of the digest."""

    EN = "en"
    RU = "ru"


class Format(StrEnum):
    """Forms of the digest."""

    MD = "md"
    HTML = "html"
    TXT = "txt"


def _record() -> Store:
    store = now.reader()
    if store is None:
        raise NoRecord("There is no database yet: `unsilenced crawl` or `import` makes one.")
    return store


@app.command()
def publish(as_json: AsJson = False) -> None:
    """Make a release of everything that may be shown: SQLite, CSV, Parquet, manifest."""
    release = make_release(_record())
    if as_json:
        output.one(
            {
                "folder": str(release.folder), "latest": str(release.latest),
                "data_version": release.data_version, "rows": release.rows,
                "notes": list(release.notes),
            }
        )  # fmt: skip
        return
    output.console.print(f"release {release.folder}", markup=False)
    output.console.print(f"    {sum(release.rows.values())} rows in {len(release.rows)} tables")
    for note in release.notes:
        output.console.print(f"    {note}", markup=False)
    output.console.print(f"    the newest is always {release.latest}", markup=False)


@app.command()
def digest(
    week: Annotated[str | None, typer.Option(help="An ISO week, such as 2026-W47.")] = None,
    lang: Annotated[Language, typer.Option(help="Language.")] = Language.EN,
    format_: Annotated[Format, typer.Option("--format", help="Form.")] = Format.MD,
    out: Annotated[Path | None, typer.Option("-o", help="Write all forms here.")] = None,
    as_json: AsJson = False,
) -> None:
    """The week written up: what happened, and what could not be read."""
    made = make_digest(_record(), week, lang.value)
    if as_json:
        output.one(digest_json(made))
    elif out is None:
        print(render(made, format_.value))
    else:
        out.mkdir(parents=True, exist_ok=True)
        for form in Format:
            path = out / f"{made.week}.{lang.value}.{form.value}"
            write_private(path, render(made, form.value).encode())
            output.console.print(str(path), markup=False)
