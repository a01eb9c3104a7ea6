"""Register against measurement: blocked and in no register, in a register and open all the same."""

import csv
import json
from pathlib import Path

from tests.chaos.server import LyingServer
from tests.crawler.ooni_server import Ooni, incident
from tests.crawler.test_reachability_ooni import (  # noqa: F401 (fixtures)
    Home,
    blocked,
    home,
    reachable,
    server,
)

ROWS = (
    "Updated: 2026-11-01 10:00:00 +0000\n"
    "192.0.2.1;both.example;;Генпрокуратура;27-31-2020/Ид2145-22;2022-02-24\n"
    "192.0.2.2;open.example;;Генпрокуратура;27-31-2020/Ид2145-22;2022-02-24\n"
    "192.0.2.3;page.example;http://page.example/1;Генпрокуратура;27-31-2020/Ид2146-22;2022-02-25\n"
)
DPI = [{"restriction": {"code": "ban"}, "name": "X", "domains": ["filtered.example"]}]


def test_both_ways(home: Home, server: LyingServer, tmp_path: Path) -> None:  # noqa: F811
    names = ("quiet.example", "both.example", "open.example", "page.example", "fine.example")
    Ooni(
        [
            *blocked("quiet.example"), *blocked("both.example"), *reachable("open.example"),
            *reachable("page.example"), *reachable("fine.example"),
        ],
        incidents=[incident(1, "An outage", ["both.example"])],
    ).serve(server)  # fmt: skip
    home.list_domains(*names)
    run = home.crawl()
    assert run["verdict"] == "complete", run["reasons"]
    register, dpi = tmp_path / "dump_2026-11-01.csv", tmp_path / "dpi_2026-11-01.json"
    register.write_bytes(ROWS.encode("cp1251"))
    dpi.write_text(json.dumps(DPI), "utf-8")
    home.imported("blocked_zapretinfo", register)
    home.imported("blocked_roskomsvoboda", dpi)
    told = home.command("blocked", "--difference", "--json").splitlines()
    found = {(one["kind"], one["domain"], one["verdict"]) for one in map(json.loads, told)}
    assert found == {
        ("off-register", "quiet.example", "likely_blocked"),
        ("off-register", "filtered.example", None),
        ("listed-but-reachable", "open.example", "reachable"),
    }
    listed = [json.loads(line) for line in home.command("blocked", "--json").splitlines()]
    assert [one["domain"] for one in listed] == [
        "both.example", "filtered.example", "open.example", "page.example",
    ]  # fmt: skip
    timeline = home.command("timeline", "open.example", "--json").splitlines()
    assert [json.loads(line)["act"] for line in timeline][:2] == ["blocking", "measured"]
    made = json.loads(home.command("publish", "--json"))
    path = Path(made["folder"]) / "noncommercial" / "off_register.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert {(row["kind"], row["domain"]) for row in rows} == {one[:2] for one in found}
