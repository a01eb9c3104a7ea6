"""The week in words: what is told, what is not, and that it is inert."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from desk.digest import make_digest
from desk.digest_model import Digest, as_json
from desk.digest_render import FORMS, Form, markdown, render, safe_link
from desk.release import Release
from desk.words import LANGS, Lang
from storage.approve import approve
from storage.checkpoints import read as read_checkpoints
from storage.errors import Refused
from tests.desk.conftest import CANARIES, EVIL, WEEK
from tests.desk.world import AGENTS, BLOCKED, World, agent, blocking

EVERY_FORM = [(form, lang) for form in FORMS for lang in LANGS]


@pytest.fixture(scope="module")
def digest(world: World) -> Digest:
    return make_digest(world.store, WEEK)


def _headlines(digest: Digest, key: str) -> str:
    return "\n".join(item.headline for item in digest.section(key).items)


def test_a_designation_is_told_as_an_act_of_a_state(digest: Digest) -> None:
    told = _headlines(digest, "designations")
    assert "designated by the Ministry of Justice on 13 November 2026" in told
    assert "is a foreign agent" not in render(digest, "txt")


def test_an_exclusion_has_a_section_a_figure_and_a_place_in_the_subject(digest: Digest) -> None:
    (item,) = digest.section("exclusions").items
    assert item.headline.startswith("Лицо 2: excluded from the register")
    assert "1 exclusion" in digest.subject
    assert [f.this_week.acts for f in digest.figures if f.line == "exclusions" and f.this_week] == [
        1
    ]


def test_an_update_says_what_was_and_what_is(digest: Digest) -> None:
    (item,) = digest.section("updates").items
    (difference,) = item.differences
    shown = (difference.field, difference.before, difference.after)
    assert shown == ("name", "Лицо 3", "Лицо 3 (новое имя)")


def test_remedies_stand_apart_from_rulings(digest: Digest) -> None:
    assert "fined" in _headlines(digest, "rulings")
    assert "acquitted" not in _headlines(digest, "rulings")
    assert "acquitted" in _headlines(digest, "remedies")


def test_a_masked_ruling_is_told_without_anything_that_leads_to_the_case(digest: Digest) -> None:
    (item,) = [item for item in digest.section("rulings").items if item.masked]
    assert (item.digest, item.locator, item.quote, item.url, item.details) == (None,) * 4 + ((),)
    assert "Тверской районный суд" in item.headline
    assert item.headline.endswith(" November 2026")


@pytest.mark.fault(108)
def test_a_source_that_was_not_read_gives_no_data_and_never_zero(digest: Digest) -> None:
    (figure,) = [figure for figure in digest.figures if figure.line == "blockings"]
    assert figure.this_week is None
    assert figure.last_week is not None
    note = digest.section("blockings").note
    assert note is not None and note.startswith("No data")
    (health,) = [row for row in digest.health if row.source == "blocked_zapretinfo"]
    assert health.state == "unread"
    assert health == digest.health[0]
    assert "captcha" in health.words and "503" in health.words


@pytest.mark.fault(108)
def test_a_week_without_any_read_says_so_and_is_still_a_digest(world: World) -> None:
    empty = make_digest(world.store, "2026-W30")
    assert "no data" in empty.subject
    assert all(figure.this_week is None for figure in empty.figures)
    assert {row.state for row in empty.health} == {"never"}
    assert "no events" not in render(empty, "md").replace("not the same as no events", "")


def test_a_quiet_week_that_was_read_is_a_zero(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-10T09:00:00Z")
    rows = [agent(1, "Лицо", "2024-01-05")]
    world.read("2026-11-10T09:00:00Z", AGENTS, rows)
    world.read("2026-11-17T09:00:00Z", AGENTS, rows)
    quiet = make_digest(world.store, WEEK)
    (figure,) = [figure for figure in quiet.figures if figure.line == "designations"]
    assert figure.this_week is not None and figure.this_week.acts == 0
    assert quiet.subject == "W47: nothing new, 1 source read"


@pytest.mark.fault(116)
def test_a_held_read_is_a_sentence_and_no_event(digest: Digest) -> None:
    (held,) = digest.held
    assert held.reasons and held.source == "agents_minjust"
    for form in FORMS:
        assert "staged-secret" not in render(digest, form)
        assert "Seen, unconfirmed" in render(digest, form) or form == "txt"
    assert "staged-secret" not in json.dumps(as_json(digest), ensure_ascii=False)


def test_an_approved_read_is_told_in_the_week_of_the_approval(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-10T09:00:00Z")
    rows = [agent(n, f"Лицо {n}", "2024-01-05") for n in range(1, 31)]
    world.read("2026-11-10T09:00:00Z", AGENTS, rows)
    many = [agent(n, f"Новое {n}", "2026-11-18") for n in range(31, 71)]
    run = world.read("2026-11-20T09:00:00Z", AGENTS, rows + many)
    assert run["verdict"] == "held"
    assert make_digest(world.store, WEEK).section("designations").items == ()
    world.clock.at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    approve(world.store, AGENTS, run["run"], "looked at the register", "analyst")
    assert make_digest(world.store, WEEK).held == ()
    assert len(make_digest(world.store, "2026-W48").section("designations").items) == 40


def test_a_baseline_is_told_only_where_its_own_date_lies_in_the_week(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-18T09:00:00Z")
    rows = [
        agent(1, "Давно", "2024-01-05"),
        agent(2, "Сейчас", "2026-11-17"),
        agent(3, "Исключён сейчас", "2024-01-05", "2026-11-16"),
    ]
    world.read("2026-11-18T09:00:00Z", AGENTS, rows)
    told = make_digest(world.store, WEEK)
    assert [item.subject for item in told.section("designations").items] == ["Сейчас"]
    assert [item.subject for item in told.section("exclusions").items] == ["Исключён сейчас"]


def test_a_change_of_network_addresses_alone_is_no_news(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-10T09:00:00Z")
    row = ("news.example", "2024-01-05")
    world.read("2026-11-10T09:00:00Z", BLOCKED, [blocking(*row)])
    changed = world.read("2026-11-17T09:00:00Z", BLOCKED, [blocking(*row, ips=["192.0.2.9"])])
    assert changed["changes"]["changed"] == 1
    told = make_digest(world.store, WEEK)
    assert all(section.items == () for section in told.sections)


def test_an_inferred_agency_is_marked_with_its_rule(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-10T09:00:00Z")
    old = blocking("old.example", "2024-01-05")
    world.read("2026-11-10T09:00:00Z", BLOCKED, [old])
    hidden = {"agency": None, "agency_inferred": "Генпрокуратура", "political_rule": "hidden-x"}
    review = blocking("shop.example", "2026-11-17", political="review")
    world.read(
        "2026-11-18T09:00:00Z", BLOCKED,
        [old, blocking("news.example", "2026-11-17", **hidden), review],
    )  # fmt: skip
    section = make_digest(world.store, WEEK).section("blockings")
    (item,) = section.items
    assert "the Prosecutor General's Office (inferred" in item.headline
    assert "hidden-x" in item.headline
    assert section.note is not None and section.note.startswith("1 more")


def test_a_removal_is_told_after_two_looks_and_not_after_one(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-10T09:00:00Z")
    rows = [agent(n, f"Лицо {n}", "2024-01-05") for n in range(1, 31)]
    world.read("2026-11-10T09:00:00Z", AGENTS, rows)
    world.read("2026-11-17T09:00:00Z", AGENTS, rows[:-1])
    assert make_digest(world.store, WEEK).section("removals").items == ()
    world.read("2026-11-19T09:00:00Z", AGENTS, rows[:-1])
    (item,) = make_digest(world.store, WEEK).section("removals").items
    assert (item.event, item.subject) == ("gone", "Лицо 30")


def test_what_only_our_parser_changed_stands_apart(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-10T09:00:00Z")
    world.read("2026-11-10T09:00:00Z", AGENTS, [agent(1, "Лицо", "2024-01-05")])
    again = [agent(1, "Лицо", "2024-01-05", legal_basis="№ 255-ФЗ")]
    world.read("2026-11-17T09:00:00Z", AGENTS, again, trigger="replay")
    told = make_digest(world.store, WEEK)
    assert told.reparsed == {"agents_minjust": 1}
    assert told.section("updates").items == ()


def test_a_week_ends_at_midnight_in_moscow(tmp_path: Path) -> None:
    world = World(tmp_path, "2026-11-10T09:00:00Z")
    rows = [agent(1, "Лицо", "2024-01-05")]
    world.read("2026-11-10T09:00:00Z", AGENTS, rows)
    rows.append(agent(2, "В воскресенье", "2026-11-22"))
    world.read("2026-11-22T20:59:59Z", AGENTS, rows)
    rows.append(agent(3, "В понедельник", "2026-11-22"))
    world.read("2026-11-22T21:00:00Z", AGENTS, rows)
    (item,) = make_digest(world.store, WEEK).section("designations").items
    assert item.subject == "В воскресенье"


def test_without_a_week_the_digest_is_of_the_week_that_contains_now(world: World) -> None:
    assert make_digest(world.store).week == WEEK


@pytest.mark.parametrize("week", ["2026-47", "2026-W60", "W47", "2026-W47; DROP"])
def test_what_is_not_a_week_is_refused_in_plain_words(world: World, week: str) -> None:
    with pytest.raises(Refused, match="is not a week"):
        make_digest(world.store, week)


@pytest.mark.parametrize(("form", "lang"), EVERY_FORM)
def test_a_release_and_the_record_render_to_the_same_bytes(
    world: World, release: Release, form: Form, lang: Lang
) -> None:
    of_record = make_digest(world.store, WEEK, lang)
    world.clock.advance(days=400)
    of_release = make_digest(release.folder, WEEK, lang)
    again = make_digest(world.store, WEEK, lang)
    world.clock.advance(days=-400)
    assert render(of_record, form) == render(of_release, form) == render(again, form)
    assert asdict(of_record) == asdict(again)


@pytest.mark.fault(114)
@pytest.mark.parametrize(("form", "lang"), EVERY_FORM)
def test_nothing_private_is_in_any_form(world: World, form: Form, lang: Lang) -> None:
    text = render(make_digest(world.store, WEEK, lang), form)
    assert [canary for canary in CANARIES if canary in text] == []


@pytest.mark.fault(111)
def test_names_are_inert_in_html(digest: Digest) -> None:
    soup = BeautifulSoup(render(digest, "html"), "lxml")
    assert soup.find_all(["script", "img", "iframe"]) == []
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert not str(tag.get("href", "")).lower().startswith(("javascript", "data"))
    assert all("noreferrer" in link["rel"] for link in soup.find_all("a"))
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert policy is not None and "default-src 'none'" in str(policy["content"])
    assert "<script>alert(1)</script>" in soup.get_text()


@pytest.mark.fault(111)
@pytest.mark.parametrize("name", EVIL)
def test_names_are_inert_in_markdown(name: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(f"- {markdown(name)}")
    soup = BeautifulSoup(html, "lxml")
    assert {tag.name for tag in soup.find_all(True)} <= {"html", "body", "ul", "li", "p"}


@pytest.mark.fault(111)
def test_the_whole_markdown_has_no_link_and_no_tag_of_a_name(digest: Digest) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(render(digest, "md"))
    soup = BeautifulSoup(html, "lxml")
    assert soup.find_all(["a", "script", "img"]) == []
    assert [row.find("td") is None for row in soup.find_all("thead")] == [True, True]


@pytest.mark.fault(111)
@pytest.mark.parametrize("form", FORMS)
def test_no_form_turns_the_direction_of_writing_or_runs_a_template(
    digest: Digest, form: Form
) -> None:
    text = render(digest, form)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", text)
    assert markdown("{{7*7}}") in text or "{{7*7}}" in text


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "http://a b/", "//host/", "JAVASCRIPT:x", "http:x",
     "https://x.example/\u202e", None],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize("form", FORMS)
def test_the_checkpoint_in_each_form_can_be_checked(
    digest: Digest, form: Form, tmp_path: Path
) -> None:
    path = tmp_path / f"digest.{form}"
    path.write_text(render(digest, form), encoding="utf-8")
    (line,) = read_checkpoints(path)
    assert line.holds()


def test_each_item_leads_to_its_evidence(digest: Digest) -> None:
    items = [i for section in digest.sections for i in section.items if not i.masked]
    assert items
    for item in items:
        assert re.fullmatch(r"F\d+", item.fact)
        assert item.digest and item.locator and item.quote and item.source_title


def test_the_subject_fits_a_list_of_mails(world: World) -> None:
    for lang in LANGS:
        made = make_digest(world.store, WEEK, lang)
        assert len(made.subject) <= 60
        assert len(made.preheader) <= 90
        assert 1 <= len(made.leads) <= 3


def test_plain_text_keeps_to_76_columns(digest: Digest) -> None:
    lines = render(digest, "txt").splitlines()
    long = [line for line in lines if len(line) > 76 and " " in line.strip()]
    assert long == []
