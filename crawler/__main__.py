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
from crawler.catalogue import chosen, known, listing, places, spec_of, spider_of
from crawler.limits import limit_process
from crawler.log_lines import write_plain_lines
from pipelines.spec import facts_of
from storage.approve import approve, source_of
from storage.config import Config, load
from storage.errors import NoRecord, Refused, StorageError
from storage.queries import Filters, changes
from storage.scratch import scratch_store
from storage.store import Store, at_moment, open_reader, open_writer

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
    verbs.add_parser("sources")
    verbs.add_parser("verify-replay")
    choice = verbs.add_parser("choose")
    choice.add_argument("names", nargs="*")
    choice.add_argument("--family")
    choice.add_argument("--all", action="store_true")
    approval = verbs.add_parser("approve")
    approval.add_argument("run", type=int)
    approval.add_argument("--reason", required=True)
    approval.add_argument("--actor", required=True)
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
    if options.verb == "verify-replay":
        from crawler.recheck import recheck

        reader = open_reader(config)
        return recheck(reader) if reader else {"checked": 0, "faults": [], "notes": []}
    if options.verb == "crawl" and options.dry_run:
        return {"runs": _rehearse(config, options)}
    store = open_writer(config)
    at_moment(store, options.as_of)
    try:
        return {"runs": _runs(store, options)}
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
    if options.git is not None:
        from crawler.git_history import import_history

        if options.files or options.url:
            raise Refused("--git takes the files out of the clone: name no files and no --url.")
        return import_history(store, name, options.git, daily=options.daily)
    from crawler.importing import import_files

    if not options.files or options.daily:
        raise Refused("Name the files to import, or a clone with --git CLONE [--daily].")
    return import_files(store, name, options.files, options.url)


def _approve(store: Store, options: argparse.Namespace) -> dict[str, Any]:
    source = source_of(store, options.run)
    facts = facts_of(source, spec_of(source), places()[source])
    result = approve(store, facts, options.run, options.reason, options.actor)
    match_announcements(store, source, options.run)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
