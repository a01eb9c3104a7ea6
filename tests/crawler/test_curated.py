"""`import curated`: an analyst's table and its attachments, from file to digest."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.catalogue import CURATED, chosen, require_crawled
from crawler.curated_files import import_curated
from crawler.importing import import_files
from crawler.recheck import recheck
from crawler.replay import replay
from crawler.spiders.curated.curated import Curated
from crawler.spiders.curated.table import OPTIONAL, REQUIRED, files_of, read_table, template
from desk.digest import make_digest
from desk.release import publish
from desk.release_build import open_file
from desk.words import codes
from pipelines.curated import iso_date
from pipelines.curated_person import without_name
from pipelines.taxonomy import by_hand, collected
from storage.audit import canonical
from storage.clock import FixedClock, read_moment
from storage.config import Config
from storage.errors import Refused
from storage.evidence import sha256
from storage.models import Audit, AuditPayload, Blob, Fetch
from storage.queries import Filters, changes, issues, measures, records
from storage.store import Store, open_writer
from storage.verify import verify

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "pages" / "curated"
PAGE = PAGES / "acts_2026-11-20.csv"
COLUMNS = (*REQUIRED, *OPTIONAL)
ACT = {
    "id": "em-1", "code": "entry_denial", "target": "Example Times", "target_type": "organisation",
    "acted_on": "2026-11-17", "evidence": "proof.pdf", "author": "Example Monitor",
    "entered_on": "2026-11-18", "authority": "МИД России",
}  # fmt: skip
PERSON = {
    "id": "em-2", "code": "lawyer_persecution", "target": "Выдумкин Пётр Ильич",
    "target_type": "person", "evidence": "vydumkin.pdf", "stated_reason": "дело Выдумкина",
    "source_url": "https://news.example/vydumkin", "place": "Тверь", "note": "звонил Выдумкину",
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    clock = FixedClock(read_moment("2026-11-25T12:00:00Z"))
    return open_writer(Config(home=tmp_path / "home"), clock)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The analyst's folder with what proves the acts."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "proof.pdf").write_bytes(b"%PDF a refusal")
    (folder / "vydumkin.pdf").write_bytes(b"%PDF a protocol")
    return folder


def write(desk: Path, day: str, *rows: dict[str, str], delimiter: str = ",") -> Path:
    """A table that speaks for a day."""
    lines = [delimiter.join(COLUMNS)]
    lines += [delimiter.join((ACT | row).get(name, "") for name in COLUMNS) for row in rows]
    path = desk / f"acts_{day}.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def found(store: Store) -> dict[str, dict[str, Any]]:
    with store.read() as connection:
        return {row["key"][0]: row for row in records(connection, Filters(source=CURATED))}


def opened(store: Store) -> dict[str, str]:
    with store.read() as connection:
        return {row["kind"]: row["text"] for row in issues(connection, Filters())}


def test_the_saved_table_says_what_the_json_beside_it_says(store: Store) -> None:
    (run,) = import_curated(store, [PAGE])
    assert (run["verdict"], run["observed"], run["issues"]) == ("complete", 4, 4)
    names = ("key", "locator", "quote", "fields")
    rows = [{name: row[name] for name in names} for row in found(store).values()]
    for row in rows:
        row["fields"].pop("target_hash", None)  # keyed by the secret of the home
    with store.read() as connection:
        acts = [dict(act) for act in measures(connection, Filters())]
        told = [[i["kind"], i["heading"], i["part"]] for i in issues(connection, Filters())]
    seen = {"rows": rows, "measures": acts, "issues": told}
    expected = PAGE.with_name(PAGE.stem + ".expected.json")
    if not expected.exists():
        expected.write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected.name} was written: read it against the page and commit it")
    assert seen == json.loads(expected.read_text("utf-8"))


def test_personal_data_in_a_text_reaches_no_table(store: Store) -> None:
    import_curated(store, [PAGE])
    text = canonical(list(found(store).values()))
    assert "called […], born […]" in text
    assert "123-45-67" not in text
    assert "05.03.1981" not in text


def test_every_attachment_is_a_blob_with_a_fetch_of_its_own(store: Store, desk: Path) -> None:
    import_curated(store, [write(desk, "2026-11-18", ACT)])
    digest = sha256(b"%PDF a refusal")
    assert store.blobs.get(digest) == b"%PDF a refusal"
    (attached,) = found(store)["em-1"]["fields"]["attachments"]
    assert attached == {"name": "proof.pdf", "digest": digest, "url": None}
    with store.read() as connection:
        fetch = connection.execute(select(Fetch).where(Fetch.body_sha256 == digest)).one()
    assert (fetch.origin, fetch.form, fetch.url) == ("file", "attachment", "file:proof.pdf")
    assert verify(store, blobs=True).faults == []


@pytest.mark.parametrize("evidence", ["absent.pdf", "empty.pdf", "../secret.txt", "link.txt", "."])
def test_evidence_that_is_not_there_refuses_its_row_alone(
    store: Store, desk: Path, evidence: str
) -> None:
    (desk / "empty.pdf").touch()
    (desk.parent / "secret.txt").write_text("of somebody else")
    (desk / "link.txt").symlink_to(desk.parent / "secret.txt")
    table = write(desk, "2026-11-18", ACT, {"id": "em-9", "evidence": f"proof.pdf;{evidence}"})
    (run,) = import_curated(store, [table])
    assert (run["verdict"], run["issues"]) == ("complete", 1)
    assert set(found(store)) == {"em-1"}
    assert "line 3, column evidence" in opened(store)["evidence-missing"]
    assert evidence not in opened(store)["evidence-missing"].replace(".csv", "").split(" ")
    with store.read() as connection:
        kept = set(connection.execute(select(Blob.sha256)).scalars())
    assert sha256(b"of somebody else") not in kept


def test_a_table_cannot_prove_itself(store: Store, desk: Path) -> None:
    table = write(desk, "2026-11-18", ACT, {"id": "em-9", "evidence": "acts_2026-11-18.csv"})
    import_curated(store, [table])
    assert "cannot prove itself" in opened(store)["evidence-missing"]


def test_attachments_may_lie_elsewhere_or_be_named(store: Store, desk: Path) -> None:
    scans = desk / "scans"
    scans.mkdir()
    for name in ("proof.pdf", "vydumkin.pdf"):
        shutil.move(desk / name, scans / name)
    table = write(desk, "2026-11-18", ACT)
    with pytest.raises(Refused, match="not there"):
        import_curated(store, [table])
    import_curated(store, [table], folder=scans)
    (run,) = import_curated(store, [table, scans / "proof.pdf", scans / "vydumkin.pdf"])
    assert run["verdict"] == "unchanged"
    assert "vydumkin.pdf" in opened(store)["unused-attachment"]


def test_a_missing_column_changes_nothing(store: Store, desk: Path) -> None:
    table = desk / "acts.csv"
    table.write_text("id,code,target\n1,entry_denial,Example Times\n", "utf-8")
    with pytest.raises(Refused, match=r"acts\.csv: no column for: target_type.*author.*Nothing"):
        import_curated(store, [table])
    with store.read() as connection:
        kinds = connection.execute(select(Audit.kind)).scalars().all()
    assert kinds == ["created"]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [("code", "website_blocking", "Allowed: app_store_removal"), ("id", "a b", "letters"),
     ("direction", "maybe", "act, remedy"), ("target_type", "cat", "organisation"),
     ("acted_on", "11/17/2026", "2026-11-03"), ("acted_on", "2026-13", "2026-11-03"),
     ("entered_on", "2026-05", "2026-11-03"), ("source_url", "ftp://x.example", "http"),
     ("source_url", "https://a:b@x.example/", "http"), ("author", " ", "empty"),
     ("withdrawn_on", "2026-11-19", "reason"), ("minor", "yes", "minors"),
     ("minor", "17", "minors"), ("minor", "?", "minors"), ("evidence", ";", "names no file")],
)  # fmt: skip
def test_a_bad_cell_is_named_by_line_and_column_and_never_repeated(
    store: Store, desk: Path, column: str, cell: str, words: str
) -> None:
    table = write(desk, "2026-11-18", ACT, {"id": "em-9", column: cell}, delimiter="\t")
    table.write_text(table.read_text("utf-8").replace(";", "|").replace("\t", ";"), "utf-8")
    import_curated(store, [table])
    assert set(found(store)) == {"em-1"}
    (text,) = opened(store).values()
    named = "withdrawn_reason" if words == "reason" else column
    assert f"acts_2026-11-18.csv, line 3, column {named}: " in text
    assert words in text
    assert len(cell) < 5 or cell not in text


def test_the_same_file_twice_is_unchanged(store: Store, desk: Path) -> None:
    table = write(desk, "2026-11-18", ACT, PERSON)
    assert import_curated(store, [table])[0]["verdict"] == "complete"
    (run,) = import_curated(store, [table])
    assert (run["verdict"], sum(run["changes"].values())) == ("unchanged", 0)


def test_a_row_that_is_missing_later_is_not_gone(store: Store, desk: Path) -> None:
    acts = [{"id": f"em-{n}"} for n in range(1, 41)]
    import_curated(store, [write(desk, "2026-11-18", *acts)])
    for day in ("2026-11-20", "2026-11-22"):
        (run,) = import_curated(store, [write(desk, day, {"id": "em-41", "place": day})])
        assert (run["verdict"], run["absent"]) == ("complete", 0)
    assert {row["status"] for row in found(store).values()} == {"listed"}
    again = replay(store, Curated)
    assert again is not None
    assert (again["verdict"], again["observed"]) == ("complete", 41)
    assert sum(again["changes"].values()) == 0
    assert recheck(store) == {"checked": 41, "faults": [], "notes": []}


def test_an_edited_row_is_changed_and_a_new_file_name_doubles_nothing(
    store: Store, desk: Path
) -> None:
    import_curated(store, [write(desk, "2026-11-18", ACT, PERSON)])
    (desk / "proof.pdf").write_bytes(b"%PDF a better scan")
    table = write(desk, "2026-11-19", ACT | {"authority": "ФСБ"}, PERSON)
    (run,) = import_curated(store, [table.rename(desk / "other_2026-11-19.csv")])
    assert run["changes"] == {"appeared": 0, "changed": 1, "gone": 0, "returned": 0, "reparsed": 0}
    with store.read() as connection:
        (change,) = changes(connection, Filters(run=run["run"]))
    assert change["fields"] == ["attachments", "authority"]
    assert change["before"]["authority"] == "МИД России"
    assert change["after"]["authority"] == "ФСБ"


def test_an_id_belongs_to_its_first_author(store: Store, desk: Path) -> None:
    import_curated(store, [write(desk, "2026-11-18", ACT)])
    other = {"author": "Somebody Else", "target": "Another Paper"}
    table = write(desk, "2026-11-19", ACT | other, ACT | other | {"id": "se-2"})
    (run,) = import_curated(store, [table])
    assert run["verdict"] == "complete"
    assert found(store)["em-1"]["fields"]["target"] == "Example Times"
    assert found(store)["se-2"]["fields"]["author"] == "Somebody Else"
    assert "line 2, column id: another author" in opened(store)["other-author"]


def test_the_audit_names_authors_table_and_acts(store: Store, desk: Path) -> None:
    table = write(desk, "2026-11-18", ACT, PERSON, {"id": "x-1", "author": "Somebody Else"})
    (run,) = import_curated(store, [table])
    with store.read() as connection:
        row = connection.execute(
            select(AuditPayload.payload, Audit.subject)
            .join(Audit, Audit.seq == AuditPayload.seq)
            .where(Audit.kind == "curated-file")
        ).one()
    said = json.loads(row.payload)
    assert row.subject == f"run {run['run']}"
    assert said["table"] == sha256(table.read_bytes())
    assert said["authors"] == {"Example Monitor": ["em-1", "em-2"], "Somebody Else": ["x-1"]}


def test_a_private_person_stands_by_initials_everywhere(store: Store, desk: Path) -> None:
    import_curated(store, [write(desk, "2026-11-18", ACT)])
    table = write(desk, "2026-11-19", ACT, PERSON)
    import_curated(store, [table])
    row = found(store)["em-2"]
    assert row["fields"]["target"] is None
    assert row["fields"]["target_initials"] == "В.П.И."
    assert row["fields"]["note"] == "звонил […]"
    assert row["fields"]["attachments"][0]["name"] == "attachment-1.pdf"
    assert row["quote"].endswith("дело […]")
    assert "ыдумкин" not in canonical(row)
    with store.read() as connection:
        (act,) = (m for m in measures(connection, Filters()) if m["code"] == PERSON["code"])
        urls = connection.execute(select(Fetch.url)).scalars().all()
    assert act["target"] is None
    assert "file:vydumkin.pdf" not in urls


def test_a_release_leads_nowhere_near_a_private_person(store: Store, desk: Path) -> None:
    named = PERSON | {"public_reason": "registered as a foreign agent"}
    import_curated(store, [write(desk, "2026-11-17", ACT, named)])
    import_curated(store, [write(desk, "2026-11-19", ACT | {"note": "for us"}, PERSON)])
    folder = publish(store).folder
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        for word in ("ыдумкин", "vydumkin", "В.П.И", "em-2", "Тверь", "for us", "em-2"):
            assert word.encode() not in data, (path.name, word)
    with closing(open_file(folder / "release.sqlite")) as connection:
        row = connection.execute(
            "SELECT r.key, r.masked, v.fields, v.digest, v.quote, m.acted_on, p.key AS part "
            "FROM records r JOIN revisions v ON v.fact = r.fact JOIN measures m "
            "ON m.record = r.id JOIN parts p ON p.id = r.part WHERE m.code = 'lawyer_persecution'"
        ).fetchone()
        how = dict(connection.execute("SELECT code, collected FROM codes").fetchall())
    assert (row["key"], row["masked"], row["digest"], row["quote"]) == (None, 1, None, None)
    assert row["acted_on"] == "2026-11"
    assert row["part"] == "act 2"
    assert json.loads(row["fields"]) == {
        "code": "lawyer_persecution", "direction": "act", "target_type": "person",
        "authority": "МИД России", "articles": [], "author": "Example Monitor",
        "acted_on": "2026-11",
    }  # fmt: skip
    assert how["entry_denial"] == "curated"


def test_a_digest_says_who_entered_an_act_and_tells_a_withdrawal_as_a_correction(
    store: Store, desk: Path
) -> None:
    import_curated(store, [write(desk, "2026-11-16", {"id": "em-0", "acted_on": "2025"})])
    import_curated(store, [write(desk, "2026-11-18", ACT, PERSON)])
    back = {"withdrawn_on": "2026-11-19", "withdrawn_reason": "the refusal was a forgery"}
    told = make_digest(store, "2026-W47")
    masked, named = told.section("curated").items
    assert named.headline == (
        "Example Times: denial of entry, expulsion or refused accreditation of a foreign "
        "correspondent, the Ministry of Foreign Affairs, 17 November 2026; entered by Example "
        "Monitor, not stated by a register"
    )
    assert (masked.masked, masked.url) == (True, None)
    assert masked.headline.startswith("A private person; the case is not identified (МИД России)")
    assert "ыдумкин" not in str(told)
    import_curated(store, [write(desk, "2026-11-19", ACT | back, PERSON)])
    record = found(store)["em-1"]
    assert (record["status"], record["ended_on"]) == ("listed", "2026-11-19")
    told = make_digest(store, "2026-W47", "ru")
    (item,) = told.section("removals").items
    assert item.event == "corrected"
    assert "запись отозвана, Example Monitor" in item.headline
    assert "the refusal was a forgery" in item.headline
    assert len(told.section("curated").items) == 2


def test_a_digest_without_entered_acts_has_no_section_for_them(store: Store, desk: Path) -> None:
    page = ROOT / "tests" / "pages" / "media_citizenlab" / "ru.csv"
    import_files(store, "media_citizenlab", [page])
    told = make_digest(store, "2026-W47")
    assert "curated" not in [section.key for section in told.sections]
    assert "curated" not in [figure.line for figure in told.figures]


def test_a_windows_file_of_a_spreadsheet_is_read(store: Store, desk: Path) -> None:
    table = write(desk, "2026-11-18", {"acted_on": "17.11.2026"}, {"id": "em-3"}, delimiter=";")
    text = table.read_text("utf-8") + ";" * (len(COLUMNS) - 1) + "\n"
    table.write_bytes(text.replace("\n", "\r\n").encode("cp1251"))
    import_curated(store, [table])
    fields = found(store)["em-1"]["fields"]
    assert (fields["authority"], fields["acted_on"]) == ("МИД России", "2026-11-17")
    assert len(found(store)) == 2
    table.write_bytes(text.encode("utf-16"))
    with pytest.raises(Refused, match="UTF-8"):
        import_curated(store, [table])


@pytest.mark.parametrize(
    ("stated", "date"),
    [("2026-11-03", "2026-11-03"), ("03.11.2026", "2026-11-03"), ("2026-11", "2026-11"),
     ("2026", "2026"), ("", None)],
)  # fmt: skip
def test_a_date_keeps_the_precision_that_it_was_stated_with(stated: str, date: str | None) -> None:
    assert iso_date(stated) == date


@pytest.mark.parametrize("stated", ["03/11/2026", "2026-02-30", "2026-00", "spring", "26-11-03"])
def test_a_date_is_never_guessed(stated: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        iso_date(stated)


def test_a_name_is_cut_in_every_case_of_grammar() -> None:
    text = "Выдумкину Петру и Ивановой; о Выдумкине"
    assert without_name(text, "Выдумкин Пётр Ильич") == "[…] […] и Ивановой; о […]"


def test_several_files_stand_in_one_cell() -> None:
    assert files_of("a b.pdf; c.png|c.png\nd") == ["a b.pdf", "c.png", "d"]


def test_the_template_is_a_table_without_acts() -> None:
    table = read_table(template().encode(), "utf-8")
    assert (table.entries, table.extra) == ((), ())


def test_nothing_is_crawled_and_no_list_of_sources_asks_for_it() -> None:
    with pytest.raises(Refused, match="import curated FILE"):
        require_crawled(CURATED)
    assert CURATED not in chosen(Config(home=Path("nowhere")), [], None, everything=True)
    with pytest.raises(Refused):
        chosen(Config(home=Path("nowhere")), [], CURATED, everything=False)


def test_the_command_line_crawls_nothing_and_prints_a_template(tmp_path: Path) -> None:
    def unsilenced(*words: str) -> subprocess.CompletedProcess[str]:
        code = "from desk.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=ROOT,
            env=os.environ | {"UNSILENCED_HOME": str(tmp_path / "home")}, check=False,
        )  # fmt: skip

    crawl = unsilenced("crawl", CURATED)
    assert (crawl.returncode, "it is read from files" in crawl.stderr) == (2, True)
    shown = unsilenced("import", CURATED, "--template")
    assert (shown.returncode, shown.stdout) == (0, template())
    wrong = unsilenced("import", "media_citizenlab", "--template")
    assert wrong.returncode == 2
    assert not (tmp_path / "home").exists()


def test_every_code_says_in_both_tables_how_it_is_collected() -> None:
    known = collected()
    assert {code: how for code, _en, _ru, how in codes()} == known
    assert set(known.values()) <= {"automatic", "imported", "curated", "none"}
    assert len(known) >= 28 + 9 + 1  # the taxonomy, the contract, `review`


def test_the_page_of_curated_acts_lists_every_kind_and_column() -> None:
    page = (ROOT / "docs" / "curated.md").read_text("utf-8")
    for code, how in collected().items():
        hand = "yes" if code in by_hand() else "no"
        (line,) = (one for one in page.splitlines() if one.startswith(f"| `{code}` |"))
        assert line.endswith(f"| {how} | {hand} |"), code
    described = page[page.index("## Columns") : page.index("## Rules")]
    assert {name for name in COLUMNS if f"`{name}`" not in described} == set()
