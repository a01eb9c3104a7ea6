"""Registers that are whole on the wire and wrong in what they say, over real HTTP."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos.conftest import HEALTHY, Enduring
from tests.chaos.intact import WHOLE, assert_history_kept, facts
from tests.chaos.ministry import (
    EXPORT,
    INFO,
    JSON_TYPE,
    VALUES,
    YESTERDAY,
    Home,
    Ministry,
    json_reply,
    look,
)
from tests.chaos.notice_pages import NOTICES
from tests.chaos.register_forms import HEADERS, api_info, api_page
from tests.chaos.registers import Register
from tests.chaos.server import Reply

BODY = api_page(HEALTHY)
NAME = HEADERS[1]
BEHIND = {
    "maint": "maintenance", "captcha": "captcha", "smartcaptcha": "captcha",
    "ddos_guard": "challenge", "qrator": "challenge", "cloudflare": "challenge",
    "js_challenge": "challenge", "geo": "geo-blocked",
}  # fmt: skip


@pytest.mark.fault(17, 18, 19)
@pytest.mark.parametrize("name", sorted(NOTICES))
def test_a_notice_in_place_of_the_register_is_told_and_not_read(
    name: str, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.lie_everywhere(Reply(body=NOTICES[name].encode()))
    crawl, after = enduring.endure(name)
    assert (crawl.code, crawl.verdict) == (3, "failed")
    if name in BEHIND:
        assert BEHIND[name] in crawl.reasons
    kept = [f for f in after.fetches if f["run_id"] == crawl.run["run"]]
    assert kept and all(f["body_sha256"] for f in kept)


HELD: list[Any] = [
    pytest.param(HEALTHY.first(100), "mass-removal", id="half", marks=pytest.mark.fault(58)),
    pytest.param(HEALTHY.added(200), "mass-addition", id="doubled", marks=pytest.mark.fault(66)),
    pytest.param(
        Register(
            tuple(HEALTHY.renamed(r.number, r.name + "ъ").truth[r.number] for r in HEALTHY.rows),
            YESTERDAY,
        ),
        "mass-change",
        id="every-name",
        marks=pytest.mark.fault(67),
    ),
]


@pytest.mark.parametrize(("register", "reason"), HELD)
def test_a_register_that_is_whole_and_implausible_is_held(
    register: Register, reason: str, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.serve(register)
    crawl, _after = enduring.endure(reason)
    assert (crawl.code, crawl.verdict) == (3, "held")
    assert reason in crawl.reasons


@pytest.mark.fault(59)
def test_a_register_of_no_rows_is_a_failure(enduring: Enduring, ministry: Ministry) -> None:
    ministry.only_interface(HEALTHY.first(0))
    crawl, _after = enduring.endure("no rows")
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"empty"})


@pytest.mark.fault(60)
def test_one_row_missing_once_is_unconfirmed_and_never_reported(
    home: Home, ministry: Ministry
) -> None:
    before = look(home)
    ministry.serve(HEALTHY.first(199))
    crawl = home.crawl()
    assert (crawl.code, crawl.verdict, crawl.run["absent"]) == (0, "complete", 1)
    assert look(home).statuses()["200"] == "absent"
    ministry.serve(HEALTHY)
    assert home.crawl().code == 0
    after = look(home)
    assert facts(after) == facts(before) and after.changes == before.changes
    assert_history_kept(before, after)


@pytest.mark.fault(68)
def test_another_order_and_new_technical_numbers_are_no_change(
    home: Home, ministry: Ministry
) -> None:
    before = look(home)
    ministry.only_interface(HEALTHY.shifted(77))
    crawl = home.crawl()
    assert (crawl.code, crawl.verdict) == (0, "complete")
    assert facts(look(home)) == facts(before)


@pytest.mark.fault(68)
def test_numbers_written_with_zeros_in_front_change_nothing_that_is_known(
    enduring: Enduring, ministry: Ministry
) -> None:
    answer = json.loads(BODY)
    for row in answer["values"]:
        row["field_1_i"] = f"{row['field_1_i']:04d}"
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, json_reply(json.dumps(answer).encode()))
    enduring.endure("zeros")


def edited(change: Callable[[list[dict[str, Any]]], None]) -> Reply:
    """The healthy answer with something done to its rows."""
    answer = json.loads(BODY)
    change(answer["values"])
    return json_reply(json.dumps(answer, ensure_ascii=False).encode())


@pytest.mark.fault(43)
def test_one_date_that_cannot_be_read_is_one_issue_and_the_row_is_there(
    home: Home, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, edited(lambda rows: rows[11].update(field_4_s="31.02.2023")))
    crawl = home.crawl()
    assert (crawl.code, crawl.verdict, crawl.run["observed"]) == (0, "complete", 200)
    after = look(home)
    assert set(after.statuses().values()) == {"listed"} and len(after.records) == 200
    mine = [i for i in after.issues if i["run"] == crawl.run["run"] and i["locator"]]
    assert [i["locator"] for i in mine] == ["/values/11"]
    known = next(row.listed_on for row in HEALTHY.rows if row.number == 12)
    assert after.records["12"]["fields"]["listed_on"] == known.isoformat()  # it stands


@pytest.mark.fault(43)
def test_one_row_whose_number_cannot_be_read_counts_as_present(
    home: Home, ministry: Ministry
) -> None:
    before = look(home)
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, edited(lambda rows: rows[11].update(field_1_i="двенадцать")))
    crawl, after = home.crawl(), look(home)
    assert crawl.run["observed"] == 200
    assert "unread-row" in after.issue_kinds() or crawl.verdict == "held"
    assert after.changes == before.changes and after.faults == []
    assert after.names() == before.names()


@pytest.mark.fault(41)
def test_a_renamed_heading_stops_the_run_and_is_named(
    enduring: Enduring, ministry: Ministry
) -> None:
    info = api_info(HEALTHY).decode().replace(json.dumps(NAME, ensure_ascii=False)[1:-1], "Кто")
    ministry.only_interface(HEALTHY)
    ministry.lie(INFO, json_reply(info.encode()))
    crawl, after = enduring.endure("renamed")
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"layout-changed"})
    assert NAME[:30] in part_words(enduring.home, "layout-changed")
    assert after.fetches[-1]["body_sha256"]


def part_words(home: Home, reason: str) -> str:
    """The sentence that `status` shows for a reason of the newest run."""
    from storage.queries import part_states

    store = home.store()
    try:
        with store.read() as connection:
            (state,) = part_states(connection)
            return str(state["reasons"][reason])
    finally:
        store.close()


@pytest.mark.fault(41)
def test_a_column_that_nobody_reads_is_an_issue_and_the_run_is_whole(
    enduring: Enduring, ministry: Ministry
) -> None:
    info = json.loads(api_info(HEALTHY))
    info["columns"].append({"name": "field_22_s", "title": "Новая графа", "hidden": False})
    ministry.only_interface(HEALTHY)
    ministry.lie(INFO, json_reply(json.dumps(info, ensure_ascii=False).encode()))
    ministry.lie(VALUES, edited(lambda rows: [r.update(field_22_s="x") for r in rows]))  # type: ignore[func-returns-value]
    crawl, after = enduring.endure("extra column")
    assert (crawl.code, crawl.verdict) == (0, "complete")
    issue = next(i for i in after.issues if i["kind"] == "unknown-column")
    assert issue["heading"] == "Новая графа"


def in_charset(charset: str, declared: str | None) -> Reply:
    """The healthy answer in a charset, under a header that says so or not."""
    kind = "application/json" + (f";charset={declared}" if declared else "")
    # koi8-r has no sign №: a server that writes it puts a question mark there.
    return Reply(body=BODY.decode().encode(charset, "replace"), headers=[("Content-Type", kind)])


DOUBLE = BODY.decode().encode().decode("latin-1").encode()
CHARSETS: list[Any] = [
    pytest.param(in_charset("cp1251", "utf-8"), id="cp1251-as-utf-8", marks=pytest.mark.fault(33)),
    pytest.param(in_charset("cp1251", None), id="cp1251-as-nothing", marks=pytest.mark.fault(34)),
    pytest.param(in_charset("utf-8", "cp1251"), id="utf-8-as-cp1251", marks=pytest.mark.fault(34)),
    pytest.param(in_charset("koi8-r", "koi8-r"), id="koi8-r", marks=pytest.mark.fault(34)),
    pytest.param(in_charset("koi8-r", "utf-8"), id="koi8-r-as-utf-8", marks=pytest.mark.fault(34)),
    pytest.param(in_charset("utf-16", "utf-16"), id="utf-16-bom", marks=pytest.mark.fault(34)),
    pytest.param(in_charset("utf-16-le", "utf-8"), id="utf-16-no-bom", marks=pytest.mark.fault(34)),
    pytest.param(
        Reply(body=DOUBLE, headers=JSON_TYPE), id="double-utf-8", marks=pytest.mark.fault(34)
    ),
    pytest.param(in_charset("utf-8-sig", None), id="utf-8-bom", marks=pytest.mark.fault(35)),
]


@pytest.mark.parametrize("reply", CHARSETS)
def test_a_lie_about_the_charset_never_becomes_a_change(
    reply: Reply, enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, reply)
    crawl, _after = enduring.endure("charset")
    # Read right, or refused, or held: `endure` saw no name change. Never quietly half right.
    assert crawl.verdict in ("complete", "unchanged", "held", "failed")
    assert (crawl.code == 0) == (crawl.verdict in ("complete", "unchanged"))


@pytest.mark.fault(35)
def test_the_same_text_in_another_charset_is_no_change(
    enduring: Enduring, ministry: Ministry
) -> None:
    ministry.only_interface(HEALTHY)
    ministry.lie(VALUES, in_charset("utf-8-sig", "utf-8"))
    crawl, _after = enduring.endure("bom")
    assert crawl.code == 0 and crawl.verdict in WHOLE
    assert sum(crawl.run["changes"].values()) == 0


def test_an_export_is_read_when_the_interface_is_gone_altogether(
    home: Home, ministry: Ministry
) -> None:
    before = look(home)
    ministry.lie(INFO, Reply(status=404))
    ministry.lie(VALUES, Reply(status=404))
    ministry.server.hits.clear()
    crawl, after = home.crawl(), look(home)
    assert (crawl.code, crawl.verdict) == (0, "complete")
    assert [hit.path.split("?")[0] for hit in ministry.server.hits] == [INFO, VALUES, EXPORT]
    assert after.names() == before.names() and after.changes == before.changes
