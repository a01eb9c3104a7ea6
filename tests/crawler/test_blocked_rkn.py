"""dump.xml: parts cut anywhere, records that say the same, and what must never be kept."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.importing import import_files
from crawler.replay import replay
from crawler.spiders.blockings.blocked_rkn import BlockedRkn
from pipelines import kept_lines
from storage.config import Config
from storage.queries import Filters, records
from storage.store import Store, open_writer
from tests.big_register import Truth, row, truth, write, xml_record
from tests.captured import real
from tests.chaos.server import LyingServer, Reply, Request
from tests.crawler.served_crawl import crawl, stored
from tests.page_reading import PAGES, Reading, read_bytes, read_pages

NAME = "blocked_rkn"
SAVED = PAGES / NAME
COMMIT = "651631341f24e18405daa94c560c6aaf708d9951"
FEED = "/fz139/vigruzki/commits/main.atom"
RAW = "/fz139/vigruzki/{}/dump.xml.{:02}"
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>'
    f"<id>tag:github.com,2008:Grit::Commit/{COMMIT}</id></entry></feed>"
).encode()
WHOLE = (SAVED / "form_2_4.xml").read_bytes()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new home."""
    opened = open_writer(Config(home=tmp_path / "home"))
    yield opened
    opened.close()


def dump(*inner: str, updated: str | None = None) -> bytes:
    """A dump of these records; without a date it is of this hour."""
    moment = updated or f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}+00:00"
    head = '<?xml version="1.0" encoding="windows-1251"?>'
    root = f'<reg:register updateTime="{moment}" formatVersion="2.4" xmlns:reg="http://rsoc.ru">'
    return "\n".join([head, root, *inner, "</reg:register>\n"]).encode("cp1251")


def record(number: int, ips: str = "192.0.2.1", sign: str = "AA", page: str = "a") -> str:
    """One decision of the Prosecutor General."""
    addresses = "".join(f"<ip>{ip}</ip>" for ip in ips.split())
    return (
        f'<content id="{number}" includeTime="2024-05-17T10:00:00" entryType="3" hash="{sign}" '
        f'ts="2024-05-1{len(sign)}T10:00:00"><decision date="2024-05-12" org="Генпрокуратура" '
        f'number="27-31-2024/Ид{number}-24"/><url><![CDATA[http://site{number}.example/{page}]]>'
        f"</url><domain><![CDATA[site{number}.example]]></domain>{addresses}</content>"
    )


def bring(store: Store, folder: Path, files: dict[str, bytes]) -> dict[str, Any]:
    """Import files as one state; returns the run."""
    for name, body in files.items():
        (folder / name).write_bytes(body)
    return import_files(store, NAME, [folder / name for name in files])[-1]


def cut_at(body: bytes, *places: int) -> dict[str, bytes]:
    """The numbered parts of a body that is cut at these places."""
    bounds = [0, *places, len(body)]
    return {f"dump.xml.{n:02}": body[start:end] for n, (start, end) in enumerate(pairwise(bounds))}


def said(reading: Reading) -> list[tuple[str, ...]]:
    """What was read, and where."""
    return [(one.key, one.locator, one.quote, one.fields) for one in reading.kept.rows]


def serve(server: LyingServer, where: str, parts: Sequence[bytes]) -> None:
    """Parts at a commit or a branch, as raw files come."""
    for number, body in enumerate(parts):
        reply = Reply(body=body, headers=[("Content-Type", "application/octet-stream")])
        server.route(RAW.format(where, number), reply)


def test_parts_cut_inside_records_are_read_as_one_at_the_commit_that_the_feed_names(
    tmp_path: Path,
) -> None:
    captcha = record(4, page="captcha").replace("<ip>192.0.2.1</ip>", "")
    body = dump(record(1), record(2), record(3), captcha)
    places = (400, 700, body.index(b'<content id="4"'))  # the last part begins as HTML does
    with LyingServer() as server:
        server.route(FEED, Reply(body=ATOM, headers=[("Content-Type", "application/atom+xml")]))
        serve(server, COMMIT, list(cut_at(body, *places).values()))
        serve(server, "main", [dump(record(9))])
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["reasons"], run["observed"]) == ("complete", [], 4)
    assert run["parts"] == {"complete": 1}


def test_without_a_feed_the_branch_is_read_and_must_stand_still(tmp_path: Path) -> None:
    with LyingServer() as server:
        serve(server, "main", list(cut_at(dump(record(1), record(2)), 500).values()))
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["observed"]) == ("complete", 2)


def test_parts_of_two_states_are_no_complete_run(tmp_path: Path) -> None:
    asked: list[str] = []

    def moving(request: Request) -> Reply:
        asked.append(request.path)
        return Reply(body=dump(record(1), updated=f"2099-01-0{len(asked)}T00:00:00")[:300])

    with LyingServer() as server:
        server.route(RAW.format("main", 0), moving)
        rest = dump(record(1), updated="2099-01-01T00:00:00")[300:]
        server.route(RAW.format("main", 1), Reply(body=rest))
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["reasons"]) == ("partial", ["mixed-states"])


def test_a_list_of_parts_that_ends_too_early_is_partial_and_changes_nothing(
    tmp_path: Path,
) -> None:
    body = dump(*map(record, range(1, 6)))
    with LyingServer() as server:
        server.route(FEED, Reply(body=ATOM, headers=[("Content-Type", "application/atom+xml")]))
        serve(server, COMMIT, [body[:1200]])
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["reasons"]) == ("partial", ["truncated-body"])
    assert set(run["changes"].values()) == {0}


def test_one_file_is_read_where_there_are_no_parts(tmp_path: Path) -> None:
    with LyingServer() as server:
        server.route("/fz139/vigruzki/main/dump.xml", Reply(body=dump(record(1))))
        run = crawl(tmp_path, server, NAME)
    assert (run["verdict"], run["observed"]) == ("complete", 1)


def test_a_second_crawl_of_the_same_parts_is_unchanged_and_of_new_ones_reads_all(
    tmp_path: Path,
) -> None:
    first = dump(record(1), record(2), record(3))
    # the middle part keeps its bytes, and is read behind the new first one
    second = first.replace(b"site1.example/a", b"site1.example/b")
    third = second[:900] + second[900:].replace(b"site3.example/a", b"site3.example/c")
    with LyingServer() as server:
        serve(server, "main", list(cut_at(first, 700, 900).values()))
        runs = [crawl(tmp_path, server, NAME), crawl(tmp_path, server, NAME)]
        serve(server, "main", list(cut_at(second, 700, 900).values()))
        runs.append(crawl(tmp_path, server, NAME))
        serve(server, "main", list(cut_at(third, 700, 900).values()))
        runs.append(crawl(tmp_path, server, NAME))
    assert [run["verdict"] for run in runs] == ["complete", "unchanged", "complete", "complete"]
    assert [run["changes"]["changed"] for run in runs] == [0, 0, 1, 1]


def test_an_old_dump_is_stale(tmp_path: Path) -> None:
    with LyingServer() as server:
        serve(server, "main", [dump(record(1), updated="2024-07-04T12:30:03+03:00")])
        run = crawl(tmp_path, server, NAME)
    assert "stale" in run["reasons"]


@pytest.mark.parametrize("first", range(60, len(WHOLE) - 60, 83))
def test_wherever_a_dump_is_cut_its_parts_say_what_the_whole_says(first: int) -> None:
    whole = read_bytes(NAME, {"dump.xml": WHOLE})
    places = [place for place in (first, first + 40) if place > 400]
    parts = read_bytes(NAME, cut_at(WHOLE, *places))
    assert parts.errors == []
    assert said(parts) == said(whole)
    assert parts.kept.tally == whole.kept.tally
    kept = [one for lines in parts.kept.lines for one in kept_lines.unpack(lines)]
    assert all(WHOLE[start:end] == stretch for start, end, stretch in kept)
    assert len(kept) == 4  # the root and three records


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["dump.xml.01"], "page-missing"),
        (["dump.xml.00", "dump.xml.02"], "page-missing"),
        (["dump.xml.01", "dump.xml.00", "dump.xml.02"], "page-missing"),
        (["dump.xml.00", "dump.xml.01"], "truncated-body"),
    ],
)
def test_parts_that_are_no_whole_are_refused_and_change_nothing(
    store: Store, tmp_path: Path, names: list[str], reason: str
) -> None:
    body = dump(*map(record, range(1, 9)), updated="2024-05-18T12:00:00+03:00")
    bring(store, tmp_path, {"dump.xml": body})
    parts = cut_at(body.replace(b"05-18", b"05-19"), 1000, 2000)
    run = bring(store, tmp_path, {name: parts[name] for name in names})
    assert (run["verdict"], run["reasons"]) == ("partial", [reason])
    assert set(run["changes"].values()) == {0}
    with store.read() as connection:
        assert [one["status"] for one in records(connection, Filters())] == ["listed"] * 8


def test_signs_and_times_of_a_record_are_no_change_and_addresses_no_news(
    store: Store, tmp_path: Path
) -> None:
    days = [f"2024-05-1{day}T12:00:00" for day in (6, 7, 8)]
    bring(store, tmp_path, {"a.xml": dump(record(1), record(2), updated=days[0])})
    signs = dump(record(1, sign="BBB"), record(2), updated=days[1])
    assert set(bring(store, tmp_path, {"b.xml": signs})["changes"].values()) == {0}
    moved = dump(record(1, ips="192.0.2.7 192.0.2.8"), record(2, page="b"), updated=days[2])
    run = bring(store, tmp_path, {"c.xml": moved})
    assert (run["changes"]["changed"], run["changes"]["appeared"]) == (2, 0)
    with store.read() as connection:
        told = connection.exec_driver_sql(
            "SELECT fields, volatile FROM change WHERE kind = 'changed' ORDER BY id"
        )
        assert {(fields, bool(volatile)) for fields, volatile in told} == {
            ('["ips"]', True), ('["urls"]', False),
        }  # fmt: skip


def test_the_order_of_addresses_and_attributes_is_no_change(store: Store, tmp_path: Path) -> None:
    two = record(1).replace("</url>", "</url><url><![CDATA[http://b.example/]]></url>")
    start = two.index("<url>")
    middle = two.index("</url>") + len("</url>")
    end = two.index("<domain>")
    turned = two[:start] + two[middle:end] + two[start:middle] + two[end:]
    other = turned.replace('id="1" ', "").replace(' hash="AA"', ' hash="AA" id="1"')
    bring(store, tmp_path, {"a.xml": dump(two, updated="2024-05-16T12:00:00")})
    run = bring(store, tmp_path, {"b.xml": dump(other, updated="2024-05-17T12:00:00")})
    assert (run["verdict"], set(run["changes"].values())) == ("complete", {0})


def test_a_replay_of_kept_records_finds_the_same_rows_and_keeps_the_counts(
    store: Store, tmp_path: Path
) -> None:
    bring(store, tmp_path, cut_at(WHOLE, 500, 900))
    before = facts(store)
    run = replay(store, BlockedRkn)
    assert run is not None
    assert (run["verdict"], run["changes"]["reparsed"], run["absent"]) == ("complete", 0, 0)
    assert facts(store) == before
    assert len(before) == 3


def facts(store: Store) -> list[tuple[str, str, str]]:
    """What every record says, and where."""
    with store.read() as connection:
        found = records(connection, Filters(source=NAME))
        return sorted((str(one["key"]), one["locator"], str(one["fields"])) for one in found)


def test_a_harmful_address_is_in_no_file_of_the_home_and_on_no_screen(
    store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    body = (SAVED / "harmful.xml").read_bytes()
    broken = body.replace(b"]]></url>", b"]]>&canary;</url>", 1)
    for name in ("harmful.xml", "nobody_knows.xml"):
        import_files(store, NAME, [SAVED / name])
    run = bring(store, tmp_path, {"broken.xml": broken})
    assert run["reasons"] == ["corrupt-body"]
    store.close()
    assert b"canary" not in stored(store.home)
    assert "canary" not in "".join(capfd.readouterr()) + caplog.text


@pytest.mark.fault(51)
@pytest.mark.parametrize("name", ["doctype.xml", "entity.xml"])
def test_a_dump_with_a_doctype_or_an_entity_is_refused(name: str) -> None:
    reading = read_pages(NAME, [SAVED / name])
    assert reading.kept.rows == []
    assert reading.errors[0].partition(":")[0] in ("parser-limit", "corrupt-body")


@pytest.mark.fault(51)
def test_a_doctype_in_front_of_a_later_part_is_not_the_parsers_to_see() -> None:
    evil = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    parts = cut_at(WHOLE, 500)
    parts["dump.xml.01"] = evil + parts["dump.xml.01"]
    reading = read_bytes(NAME, parts)
    assert reading.errors[0].startswith("corrupt-body")
    assert reading.kept.rows == []


@pytest.mark.fault(44)
def test_a_text_past_the_parsers_limit_is_refused_and_not_dropped() -> None:
    long = record(1).replace("/a]]>", f"/{'a' * 11_000_000}]]>")
    reading = read_bytes(NAME, {"dump.xml": dump(long, record(2))})
    assert reading.errors[0].startswith("parser-limit")
    endless = dump(record(1).replace("</content>", "x" * (17 * 2**20)))
    assert read_bytes(NAME, {"dump.xml": endless}).errors[0].startswith("corrupt-body")


def test_two_records_of_one_number_are_an_issue() -> None:
    reading = read_bytes(NAME, {"dump.xml": dump(record(1), record(1, page="b"))})
    assert [one.kind for one in reading.kept.issues] == ["duplicate-key"]
    assert len(reading.kept.rows) == 1


@pytest.mark.fault(68)
@pytest.mark.parametrize("reorder", [False, True])
def test_the_synthetic_register_and_its_next_day_are_read_as_they_are(
    store: Store, tmp_path: Path, *, reorder: bool
) -> None:
    known = truth(3000)
    first = write(tmp_path / "1", "xml", 3000, 1, part_bytes=300_000)
    assert len(first) > 2
    before = import_files(store, NAME, first)[-1]
    assert (before["observed"], before["changes"]["appeared"]) == (known.rows, known.kept)
    assert counts(store) == known.counted
    after = import_files(
        store, NAME, write(tmp_path / "2", "xml", 3000, 2, part_bytes=300_000, reorder=reorder)
    )[-1]
    assert (after["verdict"], after["observed"]) == ("complete", known.rows_next)
    assert after["changes"]["appeared"] == known.appeared
    assert after["changes"]["changed"] == known.readdressed + known.edited
    assert after["absent"] == known.removed
    assert min(known.appeared, known.removed, known.readdressed, known.edited) > 0
    store.close()
    assert b"canary" not in stored(store.home)


def counts(store: Store) -> dict[str, int]:
    """Rows that are only counted, by agency, of the state held."""
    with store.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT agency, sum(rows) FROM tally WHERE run_id = 0 GROUP BY 1"
        )
        return {str(kind): int(rows) for kind, rows in found}


def test_the_synthetic_register_is_always_the_same_and_has_harmful_rows() -> None:
    known: Truth = truth(1000)
    assert (known.counted["roskomnadzor"], known.kept) == (100, 40)
    assert xml_record(row(2, 1)).splitlines()[1:3] == [
        ' <decision date="2022-03-03" number="" org=""/>',
        " <domain><![CDATA[*.media2.example]]></domain>",
    ]
    assert 'hash="0000000000000000000000013C6EF364"' in xml_record(row(2, 1))


COUNTS = {  # records, records that are kept, those without an agency
    "dump_2015-08-20T1500.filtered.xml": (879, 875, 0),
    "dump_2015-08-20T1900.filtered.xml": (879, 875, 0),
    "dump.xml.02_2021-09-07T2245_tail.filtered.xml": (250, 0, 0),
    "dump.xml.03_2024-06-11T1605_tail.filtered.xml": (943, 563, 563),
}


@pytest.mark.real
@pytest.mark.parametrize("name", COUNTS)
def test_no_record_of_a_captured_dump_is_dropped_or_not_understood(name: str) -> None:
    reading = read_pages(NAME, [real("dumpxml", name)])
    (report,) = reading.intake.reports.values()
    hidden = [one for one in reading.kept.rows if json.loads(one.fields)["agency"] is None]
    assert (report.observed, len(reading.kept.rows), len(hidden)) == COUNTS[name]
    assert (reading.errors, reading.kept.issues) == ([], [])
    assert sum(reading.kept.tally.values()) == report.observed - len(reading.kept.rows)


@pytest.mark.real
def test_four_captured_hours_of_2015_without_a_change_make_none(store: Store) -> None:
    hours = [real("dumpxml", f"dump_2015-08-20T{hour}.filtered.xml") for hour in ("1500", "1900")]
    before, after = (import_files(store, NAME, [path])[-1] for path in hours)
    assert (before["verdict"], before["baseline"]) == ("complete", True)
    assert (after["verdict"], set(after["changes"].values())) == ("complete", {0})


@pytest.mark.real
@pytest.mark.parametrize("name", COUNTS)
def test_a_captured_dump_says_the_same_in_parts_and_a_raw_tail_is_refused(name: str) -> None:
    body = real("dumpxml", name).read_bytes()
    third = len(body) // 3
    parts = cut_at(body, third, 2 * third)
    assert said(read_bytes(NAME, parts)) == said(read_bytes(NAME, {"dump.xml": body}))
    tail = read_bytes(NAME, {"dump.xml.03": parts["dump.xml.02"].removesuffix(b"</reg:register>")})
    assert [one.partition(":")[0] for one in tail.errors] == ["page-missing"]
    assert tail.kept.rows == []
