"""One real crawl in a process of its own: a plan as JSON on stdin, what happened as JSON on stdout.

    python -m tests.crawler.tiny_crawl < plan.json

A reactor does not start twice, so every crawl of a test is a child; `crawl` starts one.
"""

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

from crawler.conditional import Validators
from crawler.network import IntermediatePin, Network, Origin, scrapy_settings
from storage.fetch_facts import FetchFacts

ROOT = Path(__file__).parents[2]
CRAWL_TIMEOUT_S = 60


@dataclass
class Result:
    """What a crawl told: pages that reached the callback, typed errors, fetch records, the log."""

    pages: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    fetches: list[dict[str, Any]]
    stats: dict[str, Any]
    listeners: list[str]
    log: str = field(repr=False, default="")

    def reasons(self) -> dict[str, str]:
        """Machine word of the failure by path of the URL that was asked for first."""
        return {error["path"]: error["reason"] for error in self.errors}

    def tries(self, path: str) -> list[dict[str, Any]]:
        """The fetch records of one path, in order."""
        return [fetch for fetch in self.fetches if fetch["final_url"].endswith(path)]


def crawl(
    urls: Iterable[str | dict[str, Any]],
    *,
    env: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    held: Mapping[str, Any] | None = None,
    **network: Any,
) -> Result:
    """Crawl in a child process: requests one after the other, no delays unless asked for."""
    plan = {
        "requests": [{"url": url} if isinstance(url, str) else url for url in urls],
        "settings": {"RETRY_BACKOFF_S": 0.0, "RETRY_TIMES": 1} | dict(settings or {}),
        "network": {"delay_s": 0.0, "timeout_s": 3.0} | network,
        "held": dict(held or {}),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.crawler.tiny_crawl"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        timeout=CRAWL_TIMEOUT_S,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Result(**json.loads(done.stdout), log=done.stderr)


class Run:
    """Keeps records in a list and remembers what the plan says is held."""

    def __init__(self, held: Mapping[str, Any]) -> None:
        self.held = held
        self.fetches: list[FetchFacts] = []

    def add_fetch(self, facts: FetchFacts) -> str:
        """Its id is its place."""
        self.fetches.append(facts)
        return str(len(self.fetches) - 1)

    def validators(self, url: str) -> Validators | None:
        """What the plan holds for this path."""
        held = self.held.get("/" + url.split("/", 3)[3])
        return None if held is None else Validators(**held["validators"])

    def blob(self, digest: str) -> bytes:
        """The body that the plan holds under the digest."""
        for held in self.held.values():
            if held["validators"]["body_sha256"] == digest and held["blob"] is not None:
                return b64decode(held["blob"])
        raise FileNotFoundError(digest)


class Tiny(scrapy.Spider):  # type: ignore[misc]
    """Asks what the plan says and notes what comes."""

    name = "tiny"

    def __init__(self, plan: dict[str, Any], network: Network, result: Result) -> None:
        super().__init__()
        self.plan, self.network, self.result = plan, network, result
        self.run = Run(plan["held"])

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """One request a line of the plan."""
        for number, line in enumerate(self.plan["requests"]):
            meta = {"path": path_of(line["url"]), **line.get("meta", {})}
            if "ends_with" in meta:
                meta["ends_with"] = meta["ends_with"].encode()
            yield scrapy.Request(
                line["url"],
                callback=self.parse,
                errback=self.note_error,
                method=line.get("method", "GET"),
                body=line.get("body"),
                headers=line.get("headers"),
                meta=meta,
                dont_filter=True,
                priority=-number,
            )

    def parse(self, response: Any) -> None:
        """A page has come through."""
        self.result.listeners = listeners()
        self.result.pages.append(
            {
                "path": response.meta["path"],
                "url": response.url,
                "status": response.status,
                "kind": type(response).__name__,
                "text": response.text[-200:] if hasattr(response, "text") else None,
                "not_modified": response.meta.get("not_modified", False),
                "fetch_id": response.meta["fetch_id"],
            }
        )

    def note_error(self, failure: Any) -> None:
        """A fetch has failed for good."""
        self.result.errors.append(
            {
                "path": failure.request.meta["path"],
                "kind": type(failure.value).__name__,
                "reason": getattr(failure.value, "reason", None),
                "text": str(failure.value),
            }
        )


def path_of(url: str) -> str:
    """`/list?page=2` of a URL; the URL itself when it has no path."""
    parts = url.split("/", 3)
    return "/" + parts[3] if len(parts) > 3 else url


def listeners() -> list[str]:
    """The inodes of listening TCP sockets that this process holds."""
    own = {os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
    lines = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for line in Path(table).read_text().splitlines()[1:]
    ]
    return [line[1] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in own]


def read_network(plan: dict[str, Any]) -> Network:
    """The plan's network; without `origins`, the origins of its requests."""
    given = dict(plan["network"])
    urls = given.pop("origins", None) or [line["url"] for line in plan["requests"]]
    for name in ("ca_bundle", "cache_dir"):
        if given.get(name):
            given[name] = Path(given[name])
    if given.get("intermediate"):
        given["intermediate"] = IntermediatePin(**given["intermediate"])
    given["allow"] = frozenset(given.get("allow", ()))
    origins = frozenset(Origin.of(url) for url in urls)
    return Network(origins=origins, user_agent="unsilenced test", **given)


def as_json(facts: FetchFacts) -> dict[str, Any]:
    """A record with the lengths of its bytes and the last of them."""
    fields = asdict(facts)
    for name in ("wire", "body"):
        value = fields.pop(name)
        fields[f"{name}_length"] = None if value is None else len(value)
    return fields


def main() -> None:
    """Run the plan and print the result."""
    plan = json.load(sys.stdin)
    network = read_network(plan)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update(scrapy_settings(network), priority="cmdline")
    settings.update(plan["settings"] | {"SPIDER_MODULES": []}, priority="cmdline")
    result = Result([], [], [], {}, [])
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Tiny)
    process.crawl(crawler, plan=plan, network=network, result=result)
    process.start()
    result.stats = crawler.stats.get_stats()
    if crawler.spider is not None:
        result.fetches = [as_json(facts) for facts in crawler.spider.run.fetches]
    fields = asdict(result)
    fields.pop("log")
    print(json.dumps(fields, default=str))


if __name__ == "__main__":
    main()
