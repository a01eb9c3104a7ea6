"""The collector's process: `python -m crawler VERB ...`, started by the desk and the scheduler.

Prints one JSON object on standard output; everything else goes to standard error. Exit codes are
those of the contract: 0, 2 usage or configuration, 3 not read whole, 4 we failed.
"""

import argparse
import json
import os
import sys
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.announced import match_announcements
from crawler.catalogue import (
    CURATED,
    chosen,
    known,
    listing,
    places,
    require_crawled,
    spec_of,
    spider_of,
)
from crawler.limits import limit_process
from crawler.log_lines import write_plain_lines
from crawler.rebuild import rebuild
from pipelines.spec import facts_of
from storage.approve import approve, source_of
from storage.config import Config, load
from storage.errors import NoRecord, Refused, StorageError
from storage.queries import Filters, changes
from storage.scratch import scratch_store
from storage.store import Store, at_moment, exists, open_reader, open_writer

DIFF_LIMIT = 1_000  # changes that a dry run lists; `changes` in its JSON counts all
NOT_WHOLE = ("partial", "held", "failed", "interrupted")


def main(arguments: list[str]) -> int:
    """Run one verb; every error ends here in plain words."""
    os.umask(0o077)
    write_plain_lines()
    options = _parser().parse_args(arguments)
    limit_process(options.memory_limit)
    try:
        answer = _answer(options)
    except (Refused, NoRecord) as error:
        print(f"unsilenced: {error}", file=sys.stderr)
        return 2
    except StorageError as error:
        print(f"unsilenced: {error}", file=sys.stderr)
        return 4
    except OSError as error:
        print(f"unsilenced: {error}. Check the disk; what was stored is intact.", file=sys.stderr)
        return 4
    try:
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    except OSError as error:  # what was done stays done: the record tells it
        print(f"unsilenced: the answer could not be printed: {error.strerror}.", file=sys.stderr)
        return 4
    return max((exit_code(run) for run in answer.get("runs", [])), default=0)


def exit_code(run: dict[str, Any]) -> int:
    """The contract's exit code of one run."""
    if "we-failed" in run["reasons"]:
        return 4
    if run["verdict"] == "partial" and set(run["reasons"]) == {"limited"}:
        return 0
    return 3 if run["verdict"] in NOT_WHOLE else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crawler")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--as-of")
    parser.add_argument("--memory-limit", type=int, metavar="BYTES")
    verbs = parser.add_subparsers(dest="verb", required=True)
    crawl = verbs.add_parser("crawl")
    crawl.add_argument("name")
    crawl.add_argument("--since", type=date.fromisoformat)
    crawl.add_argument("--until", type=date.fromisoformat)
    crawl.add_argument("--limit", type=int)
    crawl.add_argument("--dry-run", action="store_true")
    files = verbs.add_parser("import")
    files.add_argument("name")
    files.add_argument("files", nargs="*", type=Path)
    files.add_argument("--url")
    files.add_argument("--git", type=Path)
    files.add_argument("--daily", action="store_true")
    files.add_argument("--again", action="store_true")
    files.add_argument("--attachments", type=Path)
    files.add_argument("--template", action="store_true")
    for verb in ("sources", "verify-replay", "rebuild"):
        verbs.add_parser(verb)
    files.add_argument("--archive", action="store_true")
    files.add_argument("--since", type=date.fromisoformat)
    files.add_argument("--until", type=date.fromisoformat)
    choice = verbs.add_parser("choose")
    choice.add_argument("names", nargs="*")
    choice.add_argument("--family")
    choice.add_argument("--all", action="store_true")
    approval = verbs.add_parser("approve")
    approval.add_argument("run", type=int)
    approval.add_argument("--reason", required=True)
    approval.add_argument("--actor", required=True)
    look = verbs.add_parser("sample")
    look.add_argument("name")
    look.add_argument("files", nargs="*", type=Path)
    look.add_argument("--count", type=int, required=True)
    look.add_argument("--seed", type=int, required=True)
    look.add_argument("--only-issues", action="store_true")
    look.add_argument("--actor", required=True)
    new = verbs.add_parser("new")
    new.add_argument("name")
    new.add_argument("--family", required=True)
    again = verbs.add_parser("replay")
    again.add_argument("name")
    again.add_argument("--since")
    return parser


def _answer(options: argparse.Namespace) -> dict[str, Any]:
    if options.config:
        os.environ["UNSILENCED_CONFIG"] = str(options.config)
    config = load()
    if options.verb == "sources":
        return {"sources": listing(config)}
    if options.verb == "choose":
        return {"chosen": chosen(config, options.names, options.family, options.all)}
    if options.verb == "import" and options.template:
        return _template(known(options.name))
    if options.verb == "crawl":
        require_crawled(known(options.name))
    if options.verb == "verify-replay":
        from crawler.recheck import recheck

        reader = open_reader(config)
        return recheck(reader) if reader else {"checked": 0, "faults": [], "notes": []}
    if options.verb == "new":
        from crawler.new_source import new_source

        return {"written": new_source(options.name, options.family)}
    if options.verb == "sample":
        return _sample(config, options)
    if options.verb == "crawl" and options.dry_run:
        return {"runs": _rehearse(config, options)}
    store = open_writer(config)
    at_moment(store, options.as_of)
    try:
        if options.verb == "rebuild":
            return rebuild(store)
        if options.verb == "import" and options.archive:
            return _copies(store, options)
        return {"runs": _runs(store, options)}
    finally:
        store.close()


def _sample(config: Config, options: argparse.Namespace) -> dict[str, Any]:
    """Rows beside what was read from them; looking at stored bytes is written into the audit."""
    from crawler.sample import sample

    wanted = {"count": options.count, "seed": options.seed, "only_issues": options.only_issues}
    name = known(options.name)
    if options.files:
        with scratch_store(config) as scratch:
            return sample(scratch, name, **wanted, files=options.files)
    if not exists(config):
        raise NoRecord("Nothing was ever collected here. Name files to sample.")
    store = open_writer(config)
    at_moment(store, options.as_of)
    try:
        answer = sample(store, name, **wanted)
        with store.write() as connection:
            for digest in answer["digests"]:
                payload = {"for": "sample", "source": name}
                store.log(connection, "evidence-read", digest, payload, actor=options.actor)
        store.checkpoint()
        return answer
    finally:
        store.close()


def _rehearse(config: Config, options: argparse.Namespace) -> list[dict[str, Any]]:
    """`--dry-run`: the whole crawl in a copy, and what it would have changed."""
    with scratch_store(config) as store:
        at_moment(store, options.as_of)
        runs = _runs(store, options)
        with store.read() as connection:
            for run in runs:
                found = changes(connection, Filters(run=run["run"]))
                run |= {"dry_run": True, "diff": list(islice(found, DIFF_LIMIT))}
        return runs


def _runs(store: Store, options: argparse.Namespace) -> list[dict[str, Any]]:
    if options.verb == "approve":
        return [_approve(store, options)]
    # Scrapy is imported only from here on: the other verbs must not wait for it.
    name = known(options.name)
    if options.verb == "import":
        return _import(store, name, options)
    if options.verb == "replay":
        from crawler.replay import replay

        result = replay(store, spider_of(name), options.since)
        return [result] if result else []
    from crawler.crawl import crawl

    return crawl(store, name, limit=options.limit, since=options.since, until=options.until)


def _import(store: Store, name: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Files of one state, or the states in a mirror's git history."""
    if options.since or options.until:
        raise Refused("--since and --until belong to `import NAME --archive`.")
    if options.git is not None:
        from crawler.git_history import import_history

        if options.files or options.url:
            raise Refused("--git takes the files out of the clone: name no files and no --url.")
        return import_history(store, name, options.git, daily=options.daily, again=options.again)
    if options.attachments is not None and name != CURATED:
        raise Refused(f"--attachments belongs to `import {CURATED}` alone.")
    if not options.files or options.daily or options.again:
        raise Refused("Name the files to import, or a clone with --git CLONE [--daily] [--again].")
    if name == CURATED:
        from crawler.curated_files import import_curated

        return import_curated(store, options.files, options.url, options.attachments)
    from crawler.importing import import_files

    return import_files(store, name, options.files, options.url)


def _copies(store: Store, options: argparse.Namespace) -> dict[str, Any]:
    """What a web archive keeps of a source."""
    from crawler.crawl import read_copies

    if options.files or options.git or options.url or options.daily or options.attachments:
        raise Refused("--archive asks the archive that the source names: give it no files.")
    return read_copies(store, known(options.name), options.since, options.until)


def _template(name: str) -> dict[str, Any]:
    """The beginning of a file that an analyst fills in."""
    if name != CURATED:
        raise Refused(f"--template belongs to `import {CURATED}` alone.")
    from crawler.spiders.curated.table import template

    return {"template": template()}


def _approve(store: Store, options: argparse.Namespace) -> dict[str, Any]:
    source = source_of(store, options.run)
    facts = facts_of(source, spec_of(source), places()[source])
    result = approve(store, facts, options.run, options.reason, options.actor)
    match_announcements(store, source, options.run)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
