"""Blockings joined: who says it, since when, what ended it, and which mirrors go together."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crawler.curated_files import import_curated
from crawler.importing import import_files
from desk.cli import app
from desk.release import publish
from desk.release_build import open_file
from storage.blocked import joined
from storage.config import Config
from storage.store import Store, open_writer
from tests.captured import real

CSV, XML, ROSKOM = "blocked_zapretinfo", "blocked_rkn", "blocked_roskomsvoboda"
LISTS = "media_citizenlab"
NUMBER = "Исорг-27/3-3420-14/"
ROWS = [
    f"192.0.2.1;www.sample.media;http://www.sample.media;Генпрокуратура;{NUMBER};2014-03-13",
    "192.0.2.2;sample.media;;Генпрокуратура;27-31-2020/Ид2145-22;2022-02-24",
    "192.0.2.3;m.sample.media;;Генпрокуратура;27-31-2020/Ид2145-22;2022-02-24",
    "192.0.2.4;sample2.media;;;;2023-01-02",
    "192.0.2.5;sample-media.example.net;;;;2023-01-03",
    "192.0.2.6;sample.example;;;;2023-01-04",
    "192.0.2.7;unrelated.example;;;;2023-01-05",
    *(f"192.0.2.9;filler{n}.example;;;;2023-01-06" for n in range(40)),
]
LISTED = (
    "url,category_code,category_description,date_added,source,notes\n"
    "https://sample.media/,NEWS,News Media,2014-04-15,citizenlab,\n"
)
CONTENT = (
    '<content id="71666" includeTime="2014-03-13T18:33:42" urgencyType="1" entryType="3" '
    'hash="88189D187750CB2BD9149B65832FEF27"><decision date="2014-03-13" number="{number}" '
    'org="Генпрокуратура"/><url><![CDATA[http://www.sample.media]]></url>'
    "<domain><![CDATA[www.sample.media]]></domain><ip>192.0.2.1</ip></content>\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new home."""
    opened = open_writer(Config(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def ask(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The command line over that home: what it prints."""
    monkeypatch.setenv("UNSILENCED_HOME", str(store.home))
    monkeypatch.setenv("UNSILENCED_DATABASE", store.config.url)

    def asked(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return asked


def read_csv(store: Store, folder: Path, moment: str, rows: list[str]) -> dict[str, Any]:
    """The register's copy as of a moment."""
    path = folder / f"dump_{moment.replace(':', '')}.csv"
    head = f"Updated: {moment[:10]} {moment[11:16]}:00 +0000\n"
    path.write_bytes((head + "\n".join(rows) + "\n").encode("cp1251"))
    return import_files(store, CSV, [path])[-1]


def read_others(store: Store, folder: Path) -> None:
    """The same decision in dump.xml, in Roskomsvoboda's copy (without its number), and by hand."""
    xml = folder / "dump.xml"
    head = '<?xml version="1.0" encoding="windows-1251"?>\n<reg:register updateTime='
    head += '"2024-06-01T12:00:00+03:00" updateTimeUrgently="2024-06-01T12:00:00+03:00" '
    head += 'formatVersion="2.4" xmlns:reg="http://rsoc.ru" xmlns:tns="http://rsoc.ru">\n'
    body = head + CONTENT.format(number=NUMBER) + "</reg:register>\n"
    xml.write_bytes(body.encode("cp1251"))
    assert import_files(store, XML, [xml])[-1]["verdict"] == "complete"
    record = {
        "appearDate": "2014-03-13", "decisionDate": "2014-03-13", "domains": ["www.sample.media"],
        "ips": [], "authority": {"id": 5, "name": "Генпрокуратура"}, "urls": [], "id": 7,
    }  # fmt: skip
    snapshot = folder / "snapshot_2024-06-01.json"
    snapshot.write_text(json.dumps({"2024-06-01": [record]}), "utf-8")
    assert import_files(store, ROSKOM, [snapshot])[-1]["verdict"] == "complete"
    dpi = folder / "dpi_2024-06-01.json"
    banned = {"restriction": {"code": "ban"}, "name": "X"}
    listed = [banned | {"domains": ["only-dpi.example"]}, banned | {"domains": ["sample.media"]}]
    dpi.write_text(json.dumps(listed), "utf-8")
    assert import_files(store, ROSKOM, [dpi])[-1]["verdict"] == "complete"
    table = folder / "acts.csv"
    table.write_text(
        "id,code,target,target_type,acted_on,authority,evidence,entered_on,author\n"
        "a1,throttling,https://www.sample.media/,information_resource,2024-05-02,"
        "Роскомнадзор,proof.txt,2024-06-02,Analyst\n",
        "utf-8",
    )
    (folder / "proof.txt").write_text("slow", "utf-8")
    assert import_curated(store, [table])[-1]["verdict"] == "complete"


def of(store: Store, domain: str) -> list[dict[str, Any]]:
    """The joined blockings of a domain."""
    with store.read() as connection:
        return joined(connection, [domain])


def test_one_blocking_a_ground_with_every_source_that_states_it(
    store: Store, tmp_path: Path
) -> None:
    read_csv(store, tmp_path, "2024-06-01T10:00Z", ROWS)
    read_others(store, tmp_path)
    old, war, slow, dpi = of(store, "sample.media")
    assert old["sources"] == [XML, ROSKOM, CSV]
    assert (slow["sources"], slow["code"], slow["decided_on"]) == (
        ["curated"], "throttling", "2024-05-02",
    )  # fmt: skip
    assert (old["decision_number"], old["decided_on"], old["article"]) == (
        NUMBER, "2014-03-13", "15.3",
    )  # fmt: skip
    assert (old["since"], old["since_basis"]) == ("2014-03-13T14:33:42Z", "register")
    assert (war["sources"], war["decided_on"]) == ([CSV], "2022-02-24")
    assert war["since_basis"] == "first-look"
    assert (dpi["sources"], dpi["code"], dpi["authority"]) == (
        [ROSKOM],
        "offregister_blocking",
        None,
    )


def test_the_release_joins_as_the_home_does_and_calls_copies_copies(
    store: Store, tmp_path: Path
) -> None:
    read_csv(store, tmp_path, "2024-06-01T10:00Z", ROWS)
    read_others(store, tmp_path)
    made = publish(store, tmp_path / "releases")
    release = open_file(made.folder / "release.sqlite")
    found = [dict(row) for row in release.execute("SELECT * FROM joined_blockings ORDER BY id")]
    with store.read() as connection:
        told = joined(connection)
    names = ("domain", "authority", "decision_number", "decided_on", "since", "status", "code")
    assert [[one[n] for n in names] for one in found] == [[one[n] for n in names] for one in told]
    assert [json.loads(one["sources"]) for one in found] == [one["sources"] for one in told]
    copies = release.execute("SELECT record, first_record FROM copied_blockings").fetchall()
    first = told[[one["decision_number"] for one in told].index(NUMBER)]["rows"]
    assert {row[1] for row in copies} == {first[0]["record"]}
    assert {row[0] for row in copies} == {
        one["record"] for one in first if one["source"] in (XML, ROSKOM)
    }
    outside = [row[0] for row in release.execute("SELECT domain FROM blocked_off_register")]
    assert outside == ["only-dpi.example"]


def test_a_screen_answers_who_on_what_ground_since_when_and_who_says_so(
    store: Store, tmp_path: Path, ask: Callable[..., str]
) -> None:
    read_csv(store, tmp_path, "2024-06-01T10:00Z", ROWS)
    read_others(store, tmp_path)
    told = ask("show", "sample.media")
    assert len(told.splitlines()) < 40
    for words in (
        "sample.media  BLOCKED", f"decision {NUMBER} of 2014-03-13", "article 15.3 of law 149-FZ",
        "2014-03-13 18:33 Moscow, as a register states it", "political: yes", CSV, XML, ROSKOM,
        "m.sample.media  BLOCKED", "measured   nothing",
    ):  # fmt: skip
        assert words in told, told
    rows = [json.loads(line) for line in ask("show", "sample.media", "--json").splitlines()]
    stated = [row for row in rows if row["source"] == XML]
    assert [one["domain"] for one in stated[0]["joined"]] == ["sample.media"]
    assert stated[0]["joined"][0]["history"][0]["what"] == "decision"


def test_the_end_of_a_blocking_has_its_two_looks(
    store: Store, tmp_path: Path, ask: Callable[..., str]
) -> None:
    read_csv(store, tmp_path, "2024-06-01T10:00Z", ROWS)
    left = [row for row in ROWS if "m.sample.media" not in row]
    runs = [read_csv(store, tmp_path, f"2024-06-0{day}T10:00Z", left) for day in (2, 3)]
    assert [run["changes"]["gone"] for run in runs] == [0, 1]
    [one] = of(store, "m.sample.media")
    assert (one["status"], one["ended_on"]) == ("ended", "2024-06-03")
    events = [json.loads(line) for line in ask("timeline", "m.sample.media", "--json").splitlines()]
    [end] = [event for event in events if event["act"] == "ended"]
    assert end["proof"]["last_seen_at"] == "2024-06-01T10:00:00Z"
    assert end["proof"]["looks"] == [
        {"at": f"2024-06-0{day}T10:00:00Z", "run": run["run"]}
        for day, run in zip((2, 3), runs, strict=True)
    ]
    assert "not there 2024-06-02 13:00 Moscow" in ask("show", "m.sample.media")
    made = publish(store, tmp_path / "releases")
    release = open_file(made.folder / "release.sqlite")
    [row] = release.execute("SELECT * FROM unblockings").fetchall()
    assert (row["domain"], row["first_look_run"], row["second_look_run"]) == (
        "m.sample.media", runs[0]["run"], runs[1]["run"],
    )  # fmt: skip
    assert row["still_listed_by"] is None


def test_hosts_of_a_site_are_one_and_other_names_are_only_suggested(
    store: Store, tmp_path: Path, ask: Callable[..., str]
) -> None:
    lists = tmp_path / "ru.csv"
    lists.write_text(LISTED, "utf-8")
    import_files(store, LISTS, [lists])
    read_csv(store, tmp_path, "2024-06-01T10:00Z", ROWS)
    events = [json.loads(line) for line in ask("timeline", "sample.media", "--json").splitlines()]
    assert {one["name"] for one in events if one["act"] == "blocking"} >= {
        "sample.media", "m.sample.media",
    }  # fmt: skip
    found = [json.loads(line) for line in ask("match", "review", "--json").splitlines()]
    assert {(one["evidence"]["left"], one["rule"], one["status"]) for one in found} == {
        ("sample2.media", "numbered-name", "suggested"),
        ("sample-media.example.net", "written-out", "suggested"),
        ("sample.example", "other-suffix", "suggested"),
    }
    assert {one["evidence"]["right"] for one in found} == {"sample.media"}
    assert "sample2.media of sample.media" in ask("show", "sample2.media")


def test_a_decided_mirror_stays_decided_and_a_lost_one_is_withdrawn(
    store: Store, tmp_path: Path, ask: Callable[..., str]
) -> None:
    lists = tmp_path / "ru.csv"
    lists.write_text(LISTED, "utf-8")
    import_files(store, LISTS, [lists])
    read_csv(store, tmp_path, "2024-06-01T10:00Z", ROWS)
    found = [json.loads(line) for line in ask("match", "review", "--json").splitlines()]
    number = {one["rule"]: one["match"] for one in found}
    ask("match", "review", "--confirm", str(number["numbered-name"]), "--reason", "seen")
    events = [json.loads(line) for line in ask("timeline", "sample.media", "--json").splitlines()]
    assert "sample2.media" in {one["name"] for one in events}
    assert "sample2.media  BLOCKED" in ask("show", "sample.media")
    own = LISTED.splitlines()[1].replace("sample.media", "sample.example")
    lists.write_text(f"{LISTED}{own}\n", "utf-8")  # now it is known as a site of its own
    import_files(store, LISTS, [lists])
    left = ask("match", "review", "--status", "all", "--json")
    kept = [json.loads(line) for line in left.splitlines()]
    from_first = [one for one in kept if one["evidence"]["right"] == "sample.media"]
    assert {(one["rule"], one["status"]) for one in from_first} == {
        ("numbered-name", "confirmed"), ("written-out", "suggested"),
    }  # fmt: skip


def test_of_a_site_that_is_only_counted_nothing_is_pretended(
    store: Store, tmp_path: Path, ask: Callable[..., str]
) -> None:
    counted = "192.0.2.8;shop.example;;ФНС;2-6-14/2024-05-24-155-АИ;2024-05-24"
    read_csv(store, tmp_path, "2024-06-01T10:00Z", [*ROWS, counted])
    told = " ".join(ask("show", "shop.example").split())
    assert "No row that we keep names it." in told
    assert f"{CSV} 1." in told and "is not known" in told
    assert "shop.example" not in told


@pytest.mark.real
def test_the_analysts_question_about_grani_ru_fits_a_screen(
    store: Store, tmp_path: Path, ask: Callable[..., str]
) -> None:
    import_files(store, LISTS, [real("test-lists", "ru.csv")])
    for name in ("1205", "1405", "1505"):
        import_files(store, CSV, [real("zi", f"dump_2014-03-13T{name}Z.filtered.csv")])
    import_files(store, XML, [real("dumpxml", "dump_2015-08-20T1500.filtered.xml")])
    told = ask("show", "grani.ru")
    assert len(told.splitlines()) <= 24, told
    for words in (
        "grani.ru  BLOCKED", NUMBER, "2014-03-13 18:33 Moscow", "article 15.3", CSV, XML,
    ):  # fmt: skip
        assert words in told, told
