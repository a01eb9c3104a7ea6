"""HUDOC: saved answers and what is read of them, windows, paging, names of applicants."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.errors import CorruptBody, PageChanged, SourceError, TruncatedBody
from crawler.importing import import_files
from crawler.page import Page
from crawler.replay import replay
from crawler.spider import Ask
from crawler.spiders.rulings.rulings_hudoc import CAP, RulingsHudoc
from pipelines.observation import Observation
from pipelines.reading import BadRow, Declared, Oddity, OnPage, Said
from pipelines.ruling import normalise_ruling
from storage.config import Config
from storage.queries import Filters, records
from storage.store import Store, open_writer
from tests.captured import real
from tests.chaos.server import LyingServer, Reply, Request

PAGES = Path(__file__).parents[1] / "pages" / "rulings_hudoc"
SECRET = b"a secret of tests" * 2
SPEC = RulingsHudoc.spec
NAMES = (
    "zarechnykh", "sidorchukova", "tikhomerov", "polynova", "lugovaya", "oreshkin", "beregovaya",
    "gorelov", "vetlugin", "dalneva",
)  # fmt: skip
FIRST, LAST = "2021-01-01", "2021-12-31"


def page(body: bytes, part: str = "2021", **context: Any) -> Page:
    """An answer as a file brings it, or as a crawl does where `context` is given."""
    return Page(
        url="https://hudoc.echr.coe.int/app/query/results", body=body, form="results",
        fetch_id="1-1", digest=f"digest of {len(body)}", at=datetime(2026, 11, 22, tzinfo=UTC),
        part=part, context=context,
    )  # fmt: skip


def answer(total: int, rows: list[dict[str, Any]]) -> bytes:
    """An answer of HUDOC with these columns."""
    return json.dumps(
        {"resultcount": total, "results": [{"columns": row} for row in rows]}
    ).encode()


def row(number: int, **columns: str) -> dict[str, str]:
    """The columns of one fictional judgment."""
    return {
        "itemid": f"001-{number}", "docname": f"CASE OF FOND {number} AND OTHERS v. RUSSIA",
        "appno": f"{number}/15", "kpdate": "2021-03-09T00:00:00", "respondent": "RUS",
        "article": "10", "violation": "10", "languageisocode": "ENG",
        "ecli": f"ECLI:CE:ECHR:2021:0309JUD{number:06}15",
        "documentcollectionid2": "CASELAW;JUDGMENTS;CHAMBER;ENG",
    } | columns  # fmt: skip


def said(*pages: Page) -> list[Said]:
    """What one spider says of pages in their order."""
    spider = RulingsHudoc()
    return [one for page in pages for one in spider.read(page)]


def observed(some: Iterable[Said]) -> list[Observation]:
    """The rulings among what was said."""
    bare = (one.seen if isinstance(one, OnPage) else one for one in some)
    return [one for one in bare if isinstance(one, Observation)]


def declared(some: Iterable[Said]) -> int:
    """The count that stands at the end."""
    return [one.rows for one in some if isinstance(one, Declared)][-1]


def normal(seen: Observation) -> dict[str, Any]:
    """Everything that a table would hold of a row, and its issues."""
    result = normalise_ruling(seen, SPEC, "rulings_hudoc", SECRET)
    return {
        "key": list(seen.key), "locator": seen.locator, "quote": seen.quote,
        "fields": dict(result.fields), "measure": dict(result.measure),
        "issues": [[one.kind, one.heading, one.text] for one in result.troubles],
    }  # fmt: skip


SAVED = {
    "judgments": ["judgments.json"], "no_ecli": ["no_ecli.json"], "decisions": ["decisions.json"],
    "window": ["window_page_1.json", "window_page_2.json"], "empty": ["empty.json"],
}  # fmt: skip


@pytest.mark.parametrize("name", SAVED)
def test_saved_answers_say_what_the_json_beside_them_says(name: str) -> None:
    heard = said(*(page((PAGES / file).read_bytes()) for file in SAVED[name]))
    other = [one for one in heard if isinstance(one, Oddity | BadRow)]
    found = {"declared": declared(heard), "rows": [normal(seen) for seen in observed(heard)]}
    expected = PAGES / f"{name}.expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected.name} was written: read it against the page and commit it")
    assert found == json.loads(expected.read_text("utf-8"))
    assert other == []


def test_no_word_of_a_masked_applicant_is_kept_anywhere() -> None:
    kept = ""
    for files in SAVED.values():
        rows = observed(said(*(page((PAGES / file).read_bytes()) for file in files)))
        kept += json.dumps([normal(seen) for seen in rows], ensure_ascii=False).casefold()
    raw = "".join(path.read_text("utf-8") for path in PAGES.glob("*.json")).casefold()
    assert all(name in raw for name in NAMES)
    assert [name for name in NAMES if name in kept] == []
    assert "ooo veter peremen" in kept


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("CASE OF ECODEFENCE AND OTHERS v. RUSSIA", ["ECODEFENCE"]),
        ("CASE OF OOO FLAVUS AND OTHERS v. RUSSIA", ["OOO FLAVUS"]),
        ("CASE OF ANDREY RYLKOV FOUNDATION AND OTHERS v. RUSSIA", ["ANDREY RYLKOV FOUNDATION"]),
        ("AFFAIRE ROMASHKA, LLC, ET TIKHOMEROVA c. RUSSIE", ["ROMASHKA, LLC", None]),
        ("CASE OF NOVAYA GAZETA AND TIKHOMEROV v. RUSSIA (no. 2)", ["NOVAYA GAZETA", None]),
        ("CASE OF GEORGIA v. RUSSIA (II)", ["Georgia"]),
        ("CASE OF TIKHOMEROV AND OTHERS v. THE REPUBLIC OF MOLDOVA AND RUSSIA", [None]),
        ("CASE OF CHURCH v. RUSSIA", [None]),
        ("T.V. TIKHOMEROVA v. Russia and 3 other applications", [None]),
        ("A.B. v. RUSSIA", [None]),
    ],
)
def test_organisations_and_states_are_named_and_everybody_else_is_masked(
    title: str, names: list[str | None]
) -> None:
    seen = observed(said(page(answer(1, [row(1, docname=title)]))))[0]
    parties = [p for p in normal(seen)["fields"]["parties"] if p["role"] == "applicant"]
    assert [party.get("name") for party in parties] == names
    assert all(("initials" in party) == (party.get("name") is None) for party in parties)


def test_the_same_family_name_has_the_same_hash_and_another_key_gives_another() -> None:
    seen = [row(1, docname="CASE OF TIKHOMEROV v. RUSSIA"), row(2, docname="TIKHOMEROV v. RUSSIA")]
    one, other = observed(said(page(answer(2, seen))))
    hashes = {normal(each)["fields"]["parties"][0]["hash"] for each in (one, other)}
    foreign = normalise_ruling(one, SPEC, "rulings_hudoc", b"another secret of tests")
    assert len(hashes) == 1 and None not in hashes
    assert foreign.fields["parties"][0]["hash"] not in hashes


@pytest.mark.parametrize(
    ("columns", "outcome"),
    [
        ({"violation": "", "nonviolation": "10", "conclusion": "No violation of Article 10"},
         "no_violation"),
        ({"violation": "6", "nonviolation": "10"}, "violation"),
        ({"violation": "", "conclusion": "Violation of Article 10"}, None),
        ({"violation": "", "conclusion": "Inadmissible (Art. 35;Art. 36)"}, "inadmissible"),
        ({"violation": "", "conclusion": "Partly admissible;Remainder inadmissible"},
         "admissible"),
        ({"violation": "", "conclusion": "Radiation du rôle"}, "struck_out"),
        ({"violation": "", "documentcollectionid2": "CASELAW;COMMUNICATEDCASES;ENG"}, "pending"),
    ],
)  # fmt: skip
def test_violations_come_from_their_fields_and_never_from_the_text(
    columns: dict[str, str], outcome: str | None
) -> None:
    told = normal(observed(said(page(answer(1, [row(1, **columns)]))))[0])
    assert told["fields"]["outcome"] == outcome
    assert told["fields"]["direction"] == ("remedy" if outcome == "violation" else None)
    assert bool(told["issues"]) == (outcome is None)


@pytest.mark.parametrize(
    "columns",
    [
        {"kpdate": "2021-06-14T00:00:00"},
        {"kpdate": "2021-06-14T00:00:00.0Z"},
        {"kpdate": "14/06/2021 00:00:00"},
        {"kpdate": "", "judgementdate": "14/06/2021 00:00:00"},
    ],
)
def test_every_form_of_a_date_is_the_same_day(columns: dict[str, str]) -> None:
    told = normal(observed(said(page(answer(1, [row(1, **columns)]))))[0])
    assert told["fields"]["decided_on"] == told["measure"]["acted_on"] == "2021-06-14"


def test_a_french_row_waits_for_its_english_twin_whatever_the_order_of_pages() -> None:
    first, second = (page((PAGES / f"window_page_{i}.json").read_bytes()) for i in (1, 2))
    for order in ((first, second), (second, first)):
        heard = said(*order)
        told = {seen.key[0]: seen for seen in observed(heard)}
        assert declared(heard) == len(observed(heard)) == len(told) == 3
        assert told["ECLI:CE:ECHR:2021:0504JUD009003114"].fields["itemid"] == "001-900033"
    late = [one for one in said(first, second) if isinstance(one, OnPage)]
    assert [one.page.digest for one in late] == [first.digest]


@pytest.mark.fault(3)
def test_a_missing_page_or_a_document_seen_twice_is_a_missing_document() -> None:
    first, second = (page((PAGES / f"window_page_{i}.json").read_bytes()) for i in (1, 2))
    for pages in ((first,), (second,), (first, first)):
        heard = said(*pages)
        assert declared(heard) > len(observed(heard))
    moved = said(page(answer(3, [row(1), row(2)])), page(answer(3, [row(2)])))
    assert declared(moved) == len(observed(moved)) + 1


def test_a_year_with_nothing_declares_nothing() -> None:
    assert said(page((PAGES / "empty.json").read_bytes())) == [Declared(0, "2021")]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"resultcount": 1, "results": [{"columns": {"itemid": "001-', TruncatedBody),
        (b"<html><body>Service unavailable</body></html>", PageChanged),
        (b'{"error": "bad query"}', PageChanged),
        (b'{"results": []}', PageChanged),
        (b'{"resultcount": 1, "results": [{"itemid": "001-1"}]}', PageChanged),
        (answer(1, [{"itemid": "001-1", "docname": "X v. RUSSIA", "appno": "1/15"}]), PageChanged),
        (b'{"resultcount": 1, "results": [{"columns": {"itemid": "1", "itemid": "2"}}]}',
         CorruptBody),
    ],
)  # fmt: skip
def test_an_answer_of_another_form_is_refused(body: bytes, error: type[SourceError]) -> None:
    with pytest.raises(error):
        said(page(body))


def test_a_bad_row_still_counts_and_an_unknown_column_is_an_issue() -> None:
    rows = [row(1, novelty="x"), row(2) | {"itemid": ""}]
    heard = said(page(answer(2, rows)))
    assert [one.heading for one in heard if isinstance(one, BadRow)] == ["itemid"]
    assert [one.heading for one in heard if isinstance(one, Oddity)] == ["novelty"]
    assert declared(heard) == 2


def test_documents_of_another_year_or_state_than_asked_are_no_rows_of_the_part() -> None:
    rows = [row(1), row(2, kpdate="2020-03-10T00:00:00"), row(3, respondent="UKR")]
    heard = said(page(answer(3, rows), first=FIRST, last=LAST, start=0))
    assert [one.kind for one in heard if isinstance(one, Oddity)] == ["outside-window"] * 2
    assert declared(heard) == len(observed(heard)) == 1


def spider_asked(**attributes: Any) -> RulingsHudoc:
    """A spider as the driver makes it."""
    return RulingsHudoc(today=date(2026, 11, 22), **attributes)


def test_parts_are_whole_years_from_1998_or_those_that_since_and_until_touch() -> None:
    assert spider_asked().parts() == [str(year) for year in range(1998, 2027)]
    asked = spider_asked(since=date(2020, 6, 1), until=date(2022, 1, 1))
    assert asked.parts() == ["2020", "2021", "2022"]
    assert spider_asked(since=date(2025, 1, 1), until=date(2030, 1, 1)).parts() == ["2025", "2026"]


def test_the_query_is_encoded_once_and_names_state_articles_languages_and_year() -> None:
    asked = next(spider_asked().ask("2021", 0, SPEC.endpoint[0]))
    assert " " not in asked.url and '"' not in asked.url and "%25" not in asked.url
    fields = {name: values[0] for name, values in parse_qs(urlsplit(asked.url).query).items()}
    assert '(respondent="RUS")' in fields["query"]
    articles = re.findall(r'article="(\d+)"', fields["query"])
    assert articles == ["5", "6", "8", "10", "11", "18"]
    assert re.findall(r'languageisocode="(\w+)"', fields["query"]) == ["ENG", "FRE"]
    assert 'kpdate>="2021-01-01T00:00:00.0Z" AND kpdate<="2021-12-31T' in fields["query"]
    assert (fields["start"], fields["length"]) == ("0", "500")


def follow(total: int, count: int, first: str, last: str, start: int) -> list[Ask]:
    """What a crawl asks after a page of `count` rows."""
    rows = [row(start + number) for number in range(count)]
    asked = page(answer(total, rows), first=first, last=last, start=start)
    return list(spider_asked().follow(asked))


def test_paging_goes_on_from_the_rows_that_really_came() -> None:
    assert follow(7, 7, FIRST, LAST, 0) == []
    assert follow(7, 0, FIRST, LAST, 3) == []
    (onward,) = follow(7, 3, FIRST, LAST, 0)
    assert onward.context == {"first": FIRST, "last": LAST, "start": 3}


def test_a_window_above_the_cap_is_halved_within_its_part() -> None:
    asked = follow(CAP + 1, 2, FIRST, LAST, 0)
    spans = [(one.part, one.context["first"], one.context["last"]) for one in asked]
    assert spans == [("2021", FIRST, "2021-07-02"), ("2021", "2021-07-03", LAST)]
    with pytest.raises(SourceError) as caught:
        follow(CAP + 1, 2, FIRST, FIRST, 0)
    assert caught.value.reason == "too-large"


def test_a_halved_window_is_whole_only_with_both_halves() -> None:
    whole = page(answer(CAP + 1, [row(1)]), first=FIRST, last=LAST, start=0)
    early = page(answer(1, [row(1)]), first=FIRST, last="2021-07-02", start=0)
    late = page(answer(1, [row(2)]), first="2021-07-03", last=LAST, start=0)
    heard = said(whole, early)
    assert declared(heard) > len(observed(heard))
    heard = said(whole, early, late)
    assert declared(heard) == len(observed(heard)) == 2


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new home."""
    opened = open_writer(Config(home=tmp_path / "home"))
    yield opened
    opened.close()


def kept(store: Store) -> dict[str, dict[str, Any]]:
    """Key -> record as the commands show it."""
    with store.read() as connection:
        return {one["key"][0]: one for one in records(connection, Filters(source="rulings_hudoc"))}


def test_files_of_several_years_become_parts_that_stay_the_same_when_replayed(
    store: Store, tmp_path: Path
) -> None:
    saved = tmp_path / "answer_2026-11-20.json"
    saved.write_bytes(answer(3, [row(1), row(2, kpdate="2020-03-10T00:00:00"), row(3)]))
    (run,) = import_files(store, "rulings_hudoc", [saved])
    assert (run["verdict"], run["observed"], run["parts"]) == ("complete", 3, {"complete": 2})
    again = replay(store, RulingsHudoc)
    assert again is not None
    assert (again["verdict"], again["changes"]["appeared"]) == ("complete", 0)


def test_an_imported_window_has_its_evidence_on_the_page_of_each_row(store: Store) -> None:
    files = [PAGES / "window_page_1.json", PAGES / "window_page_2.json"]
    (run,) = import_files(store, "rulings_hudoc", files)
    assert (run["verdict"], run["observed"]) == ("complete", 3)
    for key, record in kept(store).items():
        body = store.blobs.get(record["digest"]).decode()
        place = json.loads(body)["results"][int(record["locator"].split("/")[2])]["columns"]
        assert place["ecli"] == key
    (partly,) = import_files(store, "rulings_hudoc", files[1:])
    assert (partly["verdict"], partly["reasons"]) == ("partial", ["count-mismatch"])


def hudoc(request: Request) -> Reply:
    """A HUDOC of seven judgments of 2021 and one of 2020: it filters years and pages by three."""
    year = re.search(r'kpdate>="(\d{4})', request.query["query"])
    assert year is not None
    rows = [row(n) for n in range(7)] + [row(8, kpdate="2020-03-10T00:00:00")]
    fit = [one for one in rows if one["kpdate"].startswith(year[1])]
    start = int(request.query["start"])
    return Reply(
        body=answer(len(fit), fit[start : start + 3]),
        headers=[("Content-Type", "application/json; charset=utf-8")],
    )


def crawl(home: Path, server: LyingServer, *more: str) -> dict[str, Any]:
    """One run of the command in a process of its own."""
    home.mkdir(exist_ok=True)
    (home / "unsilenced.toml").write_text(
        f'home = "{home / "data"}"\n[source.rulings_hudoc]\nbase_url = "{server.url("")}"\n'
        f'allow = ["127.0.0.1:{server.port}"]\ndelay_s = 0.0\n'
    )
    command = [sys.executable, "-c", "from desk.cli import main; main()", "crawl", "rulings_hudoc"]
    done = subprocess.run(
        [*command, "--json", *more],
        capture_output=True, text=True, timeout=120, check=False, cwd=Path(__file__).parents[2],
        env={**os.environ, "UNSILENCED_CONFIG": str(home / "unsilenced.toml")},
    )  # fmt: skip
    assert done.stdout, done.stderr
    run: dict[str, Any] = json.loads(done.stdout)["runs"][-1]
    return run


def test_a_crawl_reads_all_years_page_by_page_and_empty_years_are_no_failure(
    tmp_path: Path,
) -> None:
    with LyingServer() as server:
        server.route("/app/query/results", hudoc)
        run = crawl(tmp_path, server)
        assert (run["verdict"], run["observed"], run["reasons"]) == ("complete", 8, [])
        again = crawl(tmp_path, server, "--since", "2021-05-01", "--until", "2021-06-01")
    assert (again["verdict"], again["parts"]) == ("unchanged", {"unchanged": 1})


def test_a_source_that_shows_nothing_in_any_year_has_failed(tmp_path: Path) -> None:
    with LyingServer() as server:
        nothing = Reply(body=answer(0, []), headers=[("Content-Type", "application/json")])
        server.route("/app/query/results", lambda request: nothing)
        run = crawl(tmp_path, server, "--since", "2020-01-01", "--until", "2021-12-31")
    assert (run["verdict"], run["reasons"]) == ("failed", ["empty"])


@pytest.mark.real
def test_a_captured_judgment_reads_as_ecodefence() -> None:
    found = json.loads(real("courts", "hudoc", "derived_001-217751.json").read_text("utf-8"))
    columns = {
        "itemid": found["itemid"], "docname": found["title"], "appno": found["app_no"],
        "kpdate": f"{found['date']}T00:00:00", "respondent": found["country"],
        "conclusion": found["conclusion"], "article": found["articles"], "ecli": found["ecli"],
        "violation": found["violation"], "nonviolation": found["nonviolation"],
        "documentcollectionid2": found["collection"], "doctypebranch": found["doc_type"],
        "languageisocode": found["language"],
    }  # fmt: skip
    told = normal(observed(said(page(answer(1, [columns]), part="2022")))[0])
    assert told["key"] == ["ECLI:CE:ECHR:2022:0614JUD000998813"]
    fields = told["fields"]
    assert (fields["outcome"], fields["decided_on"]) == ("violation", "2022-06-14")
    assert (fields["case_number"], len(fields["case_numbers"])) == ("9988/13", 61)
    assert told["measure"]["target"] == "ECODEFENCE"
    assert told["issues"] == []
