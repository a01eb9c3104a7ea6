"""Saved pages of the common portal, as an analyst imports them."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.importing import import_files
from crawler.portal.courts import courts
from crawler.portal.query import schedule
from crawler.portal.saved import court_of_page
from crawler.replay import replay
from crawler.spiders.rulings.rulings_sudrf import RulingsSudrf
from storage.config import Config
from storage.models import Match, Record
from storage.queries import Filters, records
from storage.store import Store, open_writer
from tests.captured import real
from tests.crawler.court_portal import (
    Case,
    PortalCourt,
    link,
    listed_page,
    primary_card,
    vnkod_card,
)
from tests.crawler.court_portal import page as portal_page
from tests.page_reading import Reading, read_pages

NAME = "rulings_sudrf"
# Read off the pages by eye: key, part, and what the card says of itself.
CARDS: dict[str, tuple[list[str], str, dict[str, Any]]] = {
    "kirov_koap": (
        ["43RS0001", "number", "5-174/2026"], "43RS0001:adm:2026",
        {
            "case_numbers": ["5-174/2026", "5-78/2026"], "uid": "43RS0001-01-2026-000667-40",
            "received_on": "2026-04-15", "decided_on": "2026-06-05", "judge": "Глушков А.С.",
            "proceeding": "administrative", "instance": "first", "outcome": "penalty",
            "articles": [{"code": "КоАП РФ", "article": "19.34", "part": "1", "point": None}],
            "sanction": {"kind": "fine", "amount_rub": 100000},
            "court": "Ленинский районный суд г. Кирова",
        },
    ),
    "blag_card": (
        ["28RS0004", "number", "2-5/2026"], "28RS0004:case:2025",
        {
            "case_numbers": ["2-5/2026", "М-7523/2025"], "uid": "28RS0004-01-2025-018120-67",
            "received_on": "2025-12-15", "decided_on": None, "judge": "Приходько А.В.",
            "proceeding": "civil", "instance": "first", "articles": [],
            "court": "Благовещенский городской суд Амурской области",
        },
    ),
    "ksoyu_card_koap": (
        ["26KJ0005", "number", "16-721/2026"], "26KJ0005:adm33:2026",
        {
            # the UID is that of a magistrate in Dagestan: it does not say whose page this is
            "case_numbers": ["16-721/2026"], "uid": "05MS0062-01-2025-002379-51",
            "received_on": "2026-03-02", "decided_on": "2026-05-05", "judge": None,
            "proceeding": "administrative", "instance": "cassation", "outcome": "modified",
            "articles": [{"code": "КоАП РФ", "article": "12.15", "part": "4", "point": None}],
        },
    ),
    "vsrk_appeal": (
        ["11OS0000", "number", "33-4818/2025"], "11OS0000:g2:2025",
        {
            "case_numbers": ["33-4818/2025", "2-7212/2025", "М-5922/2025"],
            "uid": "11RS0001-01-2025-011255-03", "received_on": "2025-09-17",
            "decided_on": "2025-10-06", "judge": "Батова Л.А.", "proceeding": "civil",
            "instance": "appeal", "outcome": "upheld",
        },
    ),
}  # fmt: skip
REFUSED = {
    "ksoyu_listing_captcha_gate": "captcha",
    "sudrf_captcha_form": "captcha",
    "ksoyu_temporarily_unavailable": "maintenance",
    "ksoyu_listing_bad_new": "empty",
}


def captured(name: str) -> Path:
    """A captured page of the portal."""
    return real("courts", f"sudrf_html/{name}.html")


def as_served(path: Path, folder: Path) -> Path:
    """The page as the wire has it: windows-1251, and no `<tbody>`, which a browser adds."""
    body = path.read_bytes()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return path  # real windows-1251 bytes
    text = re.sub(r"</?tbody[^>]*>", "", text, flags=re.IGNORECASE)
    served = folder / path.name
    served.write_bytes(text.encode("cp1251", "xmlcharrefreplace"))
    return served


def read_one(path: Path) -> tuple[list[dict[str, Any]], Reading]:
    """The rows of one page as they would be stored."""
    reading = read_pages(NAME, [path])
    rows = [{"key": json.loads(r.key), **json.loads(r.fields)} for r in reading.kept.rows]
    return rows, reading


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty home."""
    return open_writer(Config(home=tmp_path / "home"))


@pytest.mark.real
@pytest.mark.parametrize("served", (False, True), ids=("saved", "as-served"))
@pytest.mark.parametrize("name", CARDS)
def test_a_captured_card_gives_the_fields_that_stand_on_it(
    name: str, served: bool, tmp_path: Path
) -> None:
    path = as_served(captured(name), tmp_path) if served else captured(name)
    (row,), reading = read_one(path)
    key, home, expected = CARDS[name]
    assert reading.errors == []
    assert row["key"] == key
    assert home in {part for part, _endpoint in reading.intake.reports}
    assert {field: row[field] for field in expected} == expected


@pytest.mark.real
@pytest.mark.parametrize("served", (False, True), ids=("saved", "as-served"))
def test_a_captured_list_makes_one_record_a_row_whatever_the_article(
    served: bool, tmp_path: Path
) -> None:
    path = captured("ksoyu_listing_adm33_koap")
    rows, reading = read_one(as_served(path, tmp_path) if served else path)
    assert reading.errors == []
    assert len(rows) == 25  # the counter says 143 for all six pages
    uids = re.findall(r"case_uid=([0-9a-f-]{36})", path.read_text(encoding="utf-8"))
    assert [row["key"] for row in rows] == [
        ["77KJ0002", "2550001", uid] for uid in dict.fromkeys(uids)
    ]
    assert {row["proceeding"] for row in rows} == {"administrative"}
    assert {row["instance"] for row in rows} == {"cassation"}
    assert rows[0]["articles"][0]["article"] == "12.27"
    assert rows[0]["received_on"] == "2026-06-05"


@pytest.mark.real
def test_a_list_over_several_courts_puts_each_row_at_its_own_court() -> None:
    rows, _reading = read_one(captured("rjuid_komi_transcription"))
    assert [(row["court_code"], row["case_number"], row["outcome"]) for row in rows] == [
        ("11RS0020", "12-56/2026", "transferred"),
        ("11RS0001", "12-461/2026", "annulled_remitted"),
        ("11RS0001", "12-879/2026", "upheld"),
    ]
    rows, _reading = read_one(captured("rjuid_spb_transcription"))
    assert [row["court_code"] for row in rows] == ["78RS0001", "78RS0006"]


@pytest.mark.real
def test_the_copy_of_a_list_for_narrow_screens_is_not_read_twice() -> None:
    (row,), _reading = read_one(captured("samara_kas_appeal_uid_results"))
    assert row["key"] == ["63OS0000", "1540005", "70f25bb3-b647-4795-a592-61e457a42ea7"]
    assert row["case_numbers"] == ["33а-647/2026", "33а-11786/2025"]
    assert (row["proceeding"], row["instance"]) == ("cas", "appeal")


@pytest.mark.real
def test_the_page_of_an_act_is_read_and_belongs_to_its_case() -> None:
    (row,), reading = read_one(captured("ksoyu_act_doc"))
    assert reading.errors == []
    assert row["key"] == ["77KJ0002", "2800001", "3128af6a-aafd-43ab-a873-18c4f46b860e"]
    assert row["case_number"] == "88-14715/2026"
    assert row["uid"] == "77RS0020-02-2025-007285-88"
    assert row["outcome"] == "upheld"
    assert row["act_text_digest"]


@pytest.mark.real
@pytest.mark.fault(17, 18, 19)
@pytest.mark.parametrize("name", REFUSED)
def test_a_captured_notice_is_refused_by_its_reason_and_changes_nothing(
    name: str, store: Store
) -> None:
    (run,) = import_files(store, NAME, [captured(name)])
    assert (run["verdict"], run["reasons"]) == ("failed", [REFUSED[name]])
    with store.read() as connection:
        assert list(records(connection, Filters(source=NAME))) == []


@pytest.mark.real
def test_all_captured_pages_import_together_and_a_replay_changes_nothing(store: Store) -> None:
    files = [captured(name) for name in (*CARDS, "ksoyu_listing_adm33_koap", "ksoyu_act_doc")]
    (run,) = import_files(store, NAME, files)
    assert (run["verdict"], run["changes"]["appeared"]) == ("complete", 30)
    (again,) = import_files(store, NAME, files)
    assert set(again["changes"].values()) == {0}
    result = replay(store, RulingsSudrf)
    assert result is not None
    assert (result["verdict"], set(result["changes"].values())) == ("complete", {0})


def saved(path: Path, case: Case, layout: str = "primary", host: str = "") -> Path:
    """A card of the copy, as somebody saves it."""
    court = PortalCourt(host, layout)
    body = primary_card(case) if layout == "primary" else vnkod_card(case)
    title = "<h1>Гиагинский районный суд Республики Адыгеи</h1>"
    path.write_bytes(portal_page(court, "06.08.2026", title + body).body)
    return path


def test_the_address_of_a_saved_card_says_court_and_key(tmp_path: Path, store: Store) -> None:
    court = courts()["43RS0001"]
    url = (
        f"http://{court.host}/modules.php?name=sud_delo&srv_num=1&name_op=case&case_id=7"
        "&case_uid=AAAA0000-0000-0000-0000-000000000001&delo_id=1500001&new=0"
    )
    file = saved(tmp_path / "card.html", Case("5-1/2026", "x", date(2026, 6, 15)))
    (run,) = import_files(store, NAME, [file], url)
    assert run["verdict"] == "complete"
    with store.read() as connection:
        (record,) = records(connection, Filters(source=NAME))
    assert record["key"] == ["43RS0001", "1500001", "aaaa0000-0000-0000-0000-000000000001"]


def test_a_page_that_names_no_court_is_refused(tmp_path: Path, store: Store) -> None:
    body = primary_card(Case("5-1/2026", "x", date(2026, 6, 15)))
    file = tmp_path / "card.html"
    file.write_bytes(portal_page(PortalCourt("x"), "06.08.2026", body).body)
    (run,) = import_files(store, NAME, [file])
    assert (run["verdict"], run["reasons"]) == ("failed", ["unknown-court"])


def test_the_host_of_a_schedule_names_its_court_in_both_spellings() -> None:
    court = courts()["43RS0001"]
    for host in (court.host, court.host.replace("--", ".")):
        url = schedule(court, "1", date(2026, 6, 15)).replace(court.host, host)
        assert court_of_page(url, "<p>x</p>") == court


def test_a_card_saved_without_its_guid_meets_the_case_that_has_one(
    tmp_path: Path, store: Store
) -> None:
    planted = Case("5-1/2026", "x", date(2026, 6, 15))
    retried = Case("5-9/2026", "y", date(2026, 6, 15))  # the same UID: tried anew
    import_files(store, NAME, [saved(tmp_path / "a.html", planted)])
    host = courts()["01RS0001"].host
    for number, case in enumerate((planted, retried)):
        url = (
            f"http://{host}/modules.php?name=sud_delo&srv_num=1&name_op=case&case_id=7"
            f"&case_uid=AAAA0000-0000-0000-0000-00000000000{number}&delo_id=1500001"
        )
        import_files(store, NAME, [saved(tmp_path / f"{number}.html", case)], url)
    with store.read() as connection:
        found = connection.execute(select(Record.id, Record.key)).all()
        keys = {number: json.loads(key) for number, key in found}
        rows = connection.execute(select(Match.kind, Match.left_record_id, Match.right_record_id))
        ((kind, left, right),) = rows.all()
    assert len(keys) == 3
    assert kind == "same-case"
    assert keys[left][1:] == ["number", "5-1/2026"]
    assert keys[right][2].endswith("0")


def test_a_row_of_a_list_never_replaces_what_a_card_stated(tmp_path: Path, store: Store) -> None:
    case = Case("5-1/2026", "aaaa0000-0000-0000-0000-000000000001", date(2026, 6, 15))
    court = PortalCourt(courts()["01RS0001"].host, "primary", [case])
    url = f"http://{court.host}{link(court, case)}"
    import_files(store, NAME, [saved(tmp_path / "card.html", case)], url)
    query = {"page": "1"}
    file = tmp_path / "list.html"
    file.write_bytes(listed_page(court, [case], query, 25).body)
    (run,) = import_files(store, NAME, [file], f"http://{court.host}/modules.php?name_op=r")
    assert (run["verdict"], set(run["changes"].values())) == ("complete", {0})
    with store.read() as connection:
        (record,) = records(connection, Filters(source=NAME))
    assert record["fields"]["uid"] == case.uid


def test_an_older_saved_card_is_history_and_no_news(tmp_path: Path, store: Store) -> None:
    court = PortalCourt(courts()["01RS0001"].host, "primary", [])
    uid = "aaaa0000-0000-0000-0000-000000000001"
    stopped = "Вынесено постановление о прекращении производства по делу"
    new = Case("5-1/2026", uid, date(2026, 6, 15), result=stopped)
    old = Case("5-1/2026", uid, date(2026, 6, 15))
    other = Case("5-2/2026", uid.replace("1", "2"), date(2026, 6, 15))
    for name, case in (("c_2026-07-02", new), ("c_2026-06-20", old), ("d_2026-06-20", other)):
        url = f"http://{court.host}{link(court, case)}"
        import_files(store, NAME, [saved(tmp_path / f"{name}.html", case)], url)
    with store.read() as connection:
        found = {r["fields"]["case_number"]: r for r in records(connection, Filters(source=NAME))}
    assert found["5-1/2026"]["fields"]["outcome"] == "terminated"
    # a case of its own is there although the part was read at a later date before
    assert found["5-2/2026"]["status"] == "listed"
