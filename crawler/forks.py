"""`python -m crawler.forks`: a collector that has imported everything and forks for each run.

Starting an interpreter and importing Scrapy is more than half of a small run (2026-11). A run is a
process of its own all the same: it may crash, leak or hang alone. One request a line on standard
input, `{"n": 1, "arguments": [...], "answer": PATH}`; when the run has ended, whatever became of
it, one line `{"n": 1, "code": 0}` on standard output, and its JSON is in the file PATH.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module

from crawler.catalogue import places, spider_of

Main = Callable[[list[str]], int]
# What a crawl imports when it begins. None of them may start Twisted's reactor: a fork would
# inherit it.
EARLY = (
    "crawler.crawl", "crawler.curated_files", "crawler.replay", "scrapy.core.scheduler",
    "scrapy.core.downloader.handlers.http11", "scrapy.extensions.corestats",
    "scrapy.extensions.logstats", "sqlalchemy.dialects.sqlite",
)  # fmt: skip


def serve(main: Main) -> int:
    """Run `main` in a fork for each request until the input ends; returns when all have ended."""
    warm()
    for line in sys.stdin:
        request = json.loads(line)
        if os.fork() == 0:
            _watch(main, request["n"], request["arguments"], request["answer"])
        _reap(os.WNOHANG)
    _reap(0)
    return 0


def warm() -> None:
    """Import what runs need, before the first fork."""
    for name in EARLY:
        import_module(name)
    for source in places():
        spider_of(source)


def _reap(how: int) -> None:
    try:
        while os.waitpid(-1, how)[0]:
            pass
    except ChildProcessError:
        return


def _watch(main: Main, number: int, arguments: list[str], answer: str) -> None:
    """In a fork: run, wait for the end whatever it is, say so in one short write."""
    run = os.fork()
    if run == 0:
        _run(main, arguments, answer)
    _pid, status = os.waitpid(run, 0)
    told = {"n": number, "code": os.waitstatus_to_exitcode(status)}
    os.write(1, json.dumps(told).encode() + b"\n")
    os._exit(0)


def _run(main: Main, arguments: list[str], answer: str) -> None:
    """In the fork of a fork: what `python -m crawler` does, with the answer in a file."""
    code = 1
    try:
        file = os.open(answer, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.dup2(file, 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = main(arguments)
    except SystemExit as error:  # of argparse, which has printed its words
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # the process ends here: nobody above may go on with this copy of it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    from crawler.__main__ import main as collector

    os.umask(0o077)
    sys.exit(serve(collector))
