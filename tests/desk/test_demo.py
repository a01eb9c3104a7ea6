"""`demo` run once, from the command line to its last word: what it promises is there."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zstandard

from desk.demo import agents, home, restricted
from desk.demo.home import prepare
from desk.demo.story import SOURCES, story, weeks
from storage import queries
from storage.config import load
from storage.errors import Refused
from storage.queries import Filters
from storage.store import Store, open_reader, open_writer
from storage.verify import verify

ROOT = Path(__file__).parents[2]
COMMAND = "from desk.cli import main; main()"
IN_PASSING = ("Утаённова", "Присказкин")
HOLDERS = ("agents_minjust", "restricted_minjust", "curated", "news_minjust")
LIMIT_S = 400  # about 25 s of computing and 15 s of waiting; a busy machine needs more

pytestmark = pytest.mark.timeout(LIMIT_S)


@dataclass(frozen=True)
class Demo:
    """One demo that has ended."""

    folder: Path
    code: int
    said: str
    complained: str


def unsilenced(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """The command line in a process of its own, in a folder that is no checkout."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("UNSILENCED")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", COMMAND, *arguments],
        cwd=cwd, env=environment | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo in its default folder."""
    cwd = tmp_path_factory.mktemp("somewhere")
    done = unsilenced("demo", cwd=cwd)
    return Demo(cwd / "demo", done.returncode, done.stdout, done.stderr)


@pytest.fixture
def record(demo: Demo) -> Iterator[Store]:
    """The record that it made."""
    store = open_reader(load(demo.folder / "unsilenced.toml"))
    assert store is not None
    yield store
    store.close()


def looks(store: Store, source: str) -> list[dict[str, Any]]:
    """The runs of a source, one a week."""
    with store.read() as connection:
        return list(queries.runs(connection, Filters(source=source)))


def changed(store: Store, source: str, week: int, kind: str) -> dict[str, dict[str, Any]]:
    """Changes of one kind that the look of a week found, by the first part of their key."""
    run = looks(store, source)[week - 1]["run"]
    with store.read() as connection:
        found = list(queries.changes(connection, Filters(run=run)))
    return {change["key"][0]: change for change in found if change["change"] == kind}


def test_the_demo_ends_well_and_nothing_confusing_is_printed(demo: Demo) -> None:
    assert (demo.code, demo.complained) == (0, "")
    assert not re.search(r"Traceback|Warning|WARNING|ERROR", demo.said)
    assert "all well" in demo.said


def test_every_source_is_looked_at_three_times(record: Store) -> None:
    verdicts = {source: [run["verdict"] for run in looks(record, source)] for source in SOURCES}
    whole = ["complete"] * 3
    assert verdicts == dict.fromkeys(SOURCES, whole) | {
        "media_citizenlab": ["complete", "complete", "failed"],
        "rulings_hudoc": ["complete", "complete", "failed"],
        "blocked_zapretinfo": ["complete", "partial", "complete"],
        "extremist_materials_minjust": ["complete", "complete", "unchanged"],
        "terrorist_orgs_fsb": ["complete", "unchanged", "complete"],
    }


def test_what_the_real_lists_do_to_texts_is_read(record: Store) -> None:
    with record.read() as connection:
        rows = list(queries.records(connection, Filters(source="extremist_materials_minjust")))
    dirty = next(row["fields"] for row in rows if row["key"] == ["251"])
    assert dirty["name"].startswith('Статья «Два берега…» в газете "Речные небылицы"')
    assert dirty["decisions"][0]["date"] == "2026-05-12"


def test_a_material_whose_text_is_replaced_is_excluded_and_not_removed(record: Store) -> None:
    struck = changed(record, "extremist_materials_minjust", 2, "changed")["211"]
    assert struck["before"]["name"].startswith("Листовка «Образец – 211»")
    assert struck["after"]["name"] is None
    with record.read() as connection:
        row = next(queries.about(connection, struck["fact"]))
        measures = list(queries.measures(connection, Filters()))
    assert row["status"] == "listed"
    assert "exclusion" in {one["kind"] for one in row["fields"]["decisions"]}
    assert "removed" not in {one["status"] for one in measures}


def test_a_division_of_an_organisation_is_an_addition_under_its_number(record: Store) -> None:
    with record.read() as connection:
        run = looks(record, "extremist_orgs_minjust")[1]["run"]
        (new,) = list(queries.changes(connection, Filters(run=run)))
    assert new["change"] == "appeared"
    assert new["key"] == ["102", "Отделение «Небывалый маяк – Степь»"]
    assert changed(record, "extremist_orgs_minjust", 3, "changed").keys() == {"103"}


def test_what_is_announced_waits_until_a_register_shows_it(demo: Demo, record: Store) -> None:
    with record.read() as connection:
        found = {
            row["fields"]["subject"]: row
            for source in ("news_minjust", "news_genproc")
            for row in queries.records(connection, Filters(source=source))
        }
        listed = list(queries.records(connection, Filters(source="undesirable_minjust")))[-1]
    assert len(found) == 8
    waiting = {name for name, row in found.items() if row["state"] == "announced"}
    assert waiting == {"Fable Broadcasting Ltd."}
    assert found["Nowhere Press Fund"]["register_record"] == listed["id"]
    lines = [line for line in demo.said.splitlines() if "Nowhere Press Fund" in line]
    assert lines[0].endswith("no register shows it yet")
    assert lines[1].endswith("announced before, on 11 November 2026")


def test_what_an_analyst_enters_is_told_with_its_author(demo: Demo, record: Store) -> None:
    assert [run["verdict"] for run in looks(record, "curated")] == ["complete", "complete"]
    with record.read() as connection:
        rows = list(queries.records(connection, Filters(source="curated")))
    assert {row["key"][0] for row in rows} == {"demo-001", "demo-002", "demo-003"}
    assert "a private person: lawyer_persecution, November 2026; entered by" in demo.said
    text = (demo.folder / "digest" / "2026-W47.en.md").read_text(encoding="utf-8")
    assert "Nowhere Radio: denial of entry" in text
    assert "A private person; the case is not identified" in text


def test_the_same_blocking_in_two_sources_is_one_act(demo: Demo, record: Store) -> None:
    for source in ("blocked_zapretinfo", "blocked_roskomsvoboda"):
        run = looks(record, source)[2]["run"]
        with record.read() as connection:
            told = [change["after"] for change in queries.changes(connection, Filters(run=run))]
        assert "gazeta-vymyslova.example" in str(told)
    text = (demo.folder / "digest" / "2026-W47.en.md").read_text(encoding="utf-8")
    assert text.count("**gazeta-vymyslova.example: blocked by") == 1
    assert text.count("stands in another source too") == 1
    assert "| Blockings | 4 (4 people/outlets) |" in text
    assert "golos-sopok.example: blocked without any entry in a register" in text


def test_an_addition_is_seen(record: Store) -> None:
    new = changed(record, "agents_minjust", 2, "appeared")
    assert set(new) == {"1061", "1062"}
    assert new["1061"]["after"]["name"] == "Небылицына Варвара Саввична"
    assert new["1061"]["after"]["listed_on"] == "2026-11-13"


def test_an_exclusion_is_a_change_of_a_row_that_stays(record: Store) -> None:
    excluded = changed(record, "agents_minjust", 2, "changed")["412"]
    assert excluded["before"]["delisted_on"] is None
    assert excluded["after"]["delisted_on"] == "2026-11-13"
    with record.read() as connection:
        row = next(queries.about(connection, excluded["fact"]))
    assert (row["status"], row["ended_on"]) == ("listed", "2026-11-13")


def test_an_edited_row_shows_what_was_and_what_is(record: Store) -> None:
    edited = changed(record, "agents_minjust", 2, "changed")["733"]
    assert edited["before"]["urls"] == ["https://agent-733.example"]
    assert edited["after"]["urls"] == ["https://novoe-zerkalo-733.example"]


@pytest.mark.fault(1)
def test_a_cut_download_changes_nothing_and_is_caught_up_a_week_later(record: Store) -> None:
    first, cut, healed = looks(record, "blocked_zapretinfo")
    assert (first["verdict"], healed["verdict"]) == ("complete", "complete")
    assert cut["verdict"] in ("partial", "failed")
    assert "truncated-body" in cut["reasons"]
    with record.read() as connection:
        assert not list(queries.changes(connection, Filters(run=cut["run"])))
    late = changed(record, "blocked_zapretinfo", 3, "appeared")
    assert "vymyshlenny-vestnik.example" in late


def test_a_row_missing_for_the_first_time_is_not_told_as_gone(record: Store) -> None:
    with record.read() as connection:
        gone = [c for c in queries.changes(connection, Filters()) if c["change"] == "gone"]
        row = next(queries.search(connection, "hronika-suda.example/delo"))
    assert gone == []
    assert row["status"] == "absent"


@pytest.mark.fault(41)
def test_a_changed_layout_is_an_alarm_of_every_list(record: Store) -> None:
    assert looks(record, "media_citizenlab")[2]["reasons"] == ["layout-changed"]
    with record.read() as connection:
        rows = list(queries.records(connection, Filters(source="media_citizenlab")))
    assert {row["status"] for row in rows} == {"listed"}


def test_a_dead_source_failed_and_its_cases_stand(record: Store) -> None:
    assert looks(record, "rulings_hudoc")[2]["reasons"] == ["connect"]
    with record.read() as connection:
        rows = list(queries.records(connection, Filters(source="rulings_hudoc")))
    assert len(rows) == 27


def test_media_are_told_among_the_blocked_sites(record: Store) -> None:
    with record.read() as connection:
        rows = list(queries.records(connection, Filters(source="blocked_zapretinfo")))
    fields = {row["key"][0]: row["fields"] for row in rows}
    hidden = fields["zerkalo-vestnika.example"]
    assert len(fields) == 6
    assert (hidden["agency"], hidden["political_rule"]) == (None, "hidden-in-reference")


def test_every_blob_is_what_its_name_says(record: Store) -> None:
    findings = verify(record, blobs=True)
    assert findings.faults == []
    assert findings.checked["blobs"] > 20


def test_the_digest_says_what_happened_and_what_could_not_be_read(demo: Demo) -> None:
    text = (demo.folder / "digest" / "2026-W47.en.md").read_text(encoding="utf-8")
    page = (demo.folder / "digest" / "2026-W47.en.html").read_text(encoding="utf-8")
    for shown in (text, page):
        assert "FICTIONAL DATA" in shown
        assert "Сказочников Мирон Тихонович" in shown
        assert "excluded from the register" in shown
        assert "vymyshlenny-vestnik.example" in shown
        assert "the page does not have the form we know" in shown
        assert "no connection could be made" in shown
    assert "No data: no source of this kind was read whole in this week." in text


def test_the_digest_of_the_week_before_tells_the_first_exclusion(demo: Demo) -> None:
    text = (demo.folder / "digest" / "2026-W46.en.md").read_text(encoding="utf-8")
    assert "excluded from the register by the Ministry of Justice on 13 November 2026" in text
    assert "OOO VYMYSHLENNYY VESTNIK" in text
    assert (demo.folder / "digest" / "2026-W46.ru.html").exists()


def test_a_release_is_there(demo: Demo) -> None:
    path = demo.folder / "releases" / "latest" / "release.sqlite"
    with closing(sqlite3.connect(path)) as release:
        assert release.execute("SELECT count(*) FROM records").fetchone()[0] > 2000


def test_what_it_says_to_try_next_works(demo: Demo) -> None:
    tries = re.findall(r"^  unsilenced (--config .*?)(?: +#.*)?$", demo.said, re.MULTILINE)
    assert len(tries) >= 9
    for line in tries:
        done = unsilenced(*line.split(), cwd=demo.folder.parent)
        assert (done.returncode, done.stderr) == (0, ""), line
        assert done.stdout.strip(), line


def private() -> list[str]:
    """SNILS, birth dates and home addresses that the registers contain, the name of a private
    person whom an analyst entered, and a name that an announcement drops in passing."""
    found = list(IN_PASSING)
    for source in (agents, restricted):
        rows = source.rows(weeks()[-1])
        found += [row[place] for row in rows for place in source.PRIVATE if row.get(place)]
    return found


def harmful() -> list[str]:
    """Parts of the addresses of gambling, drugs and forged papers in the archive's blocklist."""
    return [fill["domain"].split("-{n}")[0] for fill in story()["blocklist"]["fill"]]


def contained(canaries: list[str], text: str) -> set[str]:
    """The canaries that a text contains."""
    return {canary for canary in canaries if canary in text}


def dumped(path: Path) -> str:
    """Every value of every table of an SQLite file: raw pages may cut a text in two."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return "\n".join(connection.iterdump())


@pytest.mark.fault(114)
def test_no_personal_data_and_no_harmful_address_is_outside_the_evidence(demo: Demo) -> None:
    canaries = private() + harmful()
    # What the sources and the analyst wrote themselves is not searched.
    given = demo.folder / "evidence" / "blobs", demo.folder / "analyst"
    files = [
        path
        for path in demo.folder.rglob("*")
        if path.is_file() and not any(path.is_relative_to(folder) for folder in given)
    ]
    assert {"unsilenced.sqlite", "release.sqlite", "2026-W47.en.md"} <= {p.name for p in files}
    for path in files:
        assert not contained(canaries, path.read_bytes().decode("utf-8", "replace")), path
        if path.suffix == ".sqlite":
            assert not contained(canaries, dumped(path)), path
    assert not contained(canaries, demo.said + demo.complained)


@pytest.mark.fault(114)
def test_only_the_bytes_of_their_own_sources_hold_personal_data(demo: Demo) -> None:
    with closing(sqlite3.connect(demo.folder / "unsilenced.sqlite")) as connection:
        rows = connection.execute(
            "SELECT f.body_sha256 FROM fetch f JOIN run r ON r.id = f.run_id "
            f"WHERE r.source IN ({', '.join('?' * len(HOLDERS))}) AND f.body_sha256 IS NOT NULL",
            HOLDERS,
        )
        registers = {digest for (digest,) in rows}
    holders, seen = set(), set()
    for path in (demo.folder / "evidence" / "blobs").rglob("*.zst"):
        body = zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
        for text in (body.decode("utf-8", "replace"), body.decode("cp1251", "replace")):
            assert not contained(harmful(), text), path
            found = contained(private(), text)
            seen |= found
            holders |= {path.stem} if found else set()
    assert seen == set(private())
    assert holders <= registers


def test_a_second_demo_begins_anew_and_a_real_record_is_left_alone(tmp_path: Path) -> None:
    folder, real = tmp_path / "demo", tmp_path / "real"
    before = dict(os.environ)
    try:
        prepare(folder, {})
        (folder / "old").write_text("of the first demo")
        prepare(folder, {})
        assert not (folder / "old").exists()
        real.mkdir()
        (real / "unsilenced.toml").write_text(home.MARK + 'home = "."\n')
        os.environ["UNSILENCED_HOME"] = str(real)
        open_writer(load(real / "unsilenced.toml")).close()
        with pytest.raises(Refused, match="not a folder that a demo made"):
            prepare(real, {})
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert (real / "unsilenced.sqlite").exists()


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Refused):
        prepare(tmp_path, {})
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_of_a_masked_person_the_month_alone_is_told(demo: Demo) -> None:
    (line,) = [line for line in demo.said.splitlines() if " N. v. Russia: " in line]
    assert line.endswith("decided in November 2026")
