"""What an analyst asks about a subject and an actor, and how identities are decided."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crawler.importing import import_files
from desk.cli import app
from desk.digest import make_digest
from desk.release import publish
from desk.release_build import open_file
from storage.clock import SystemClock
from storage.config import Config
from storage.errors import Refused
from storage.identities import AGAIN
from storage.store import open_writer
from storage.verify import verify
from tests.captured import real
from tests.desk.test_digest_announced import NEWS, announcement
from tests.desk.world import AGENTS, BLOCKED, COURTS, Row, World, agent, blocking, ruling

AGENCY = "Генеральная прокуратура Российской Федерации"
PERSON = "Щедрина Юлия Ильинична"
Ask = Callable[..., list[dict[str, Any]]]


def register(number: int) -> Row:
    """The second designation of a person, and what stands beside it."""
    rows = {
        1: agent(1, PERSON, "2021-09-29", "2022-10-05"),
        2: agent(2, "Издание «Медуница»", "2024-02-03", target_type="information_resource",
                 names=["Medunitsa"], domains=["medunitsa.example"]),
        3: agent(3, PERSON, "2026-11-13"),
        4: agent(4, "Щедрин Пётр Ильич", "2024-01-05"),
        5: agent(5, "Фонд «Сказка»", "2024-01-05", target_type="organisation"),
    }  # fmt: skip
    return rows[number]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("entities"), "2026-11-09T03:00:00Z")
    world.read("2026-11-09T03:00:00Z", AGENTS, [register(n) for n in (1, 2, 4, 5)])
    renamed = replace(register(5), fields={**register(5).fields, "name": "Фонд «Былина»"})
    rows = [*(register(n) for n in (1, 2, 3, 4)), renamed]
    world.read("2026-11-17T03:00:00Z", AGENTS, rows)
    blocked = [
        blocking("medunitsa.example", "2025-06-07", agency=AGENCY),
        blocking("other.example", "2024-01-02", agency=None, agency_inferred=AGENCY),
    ]
    world.read("2026-11-17T04:00:00Z", BLOCKED, blocked)
    hidden = {"role": "defendant", "initials": "В.П.И.", "kind": "person"}
    world.read("2026-11-17T05:00:00Z", COURTS, [ruling("5-1/2026", hidden, "2026-11-03")])
    world.store.engine.dispose()
    return world


@pytest.fixture
def home(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("UNSILENCED_HOME", str(world.store.home))
    monkeypatch.setenv("COLUMNS", "300")
    return world


@pytest.fixture
def ask(home: World) -> Ask:
    def lines(*words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in said(*words, "--json").splitlines()]

    return lines


def said(*words: str) -> str:
    """Standard output of a command that ends well."""
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def refused(*words: str) -> str:
    """The plain words with which a command is refused."""
    with pytest.raises(Refused) as caught:
        CliRunner().invoke(app, words, catch_exceptions=False)
    return str(caught.value)


@pytest.mark.fault(70)
@pytest.mark.parametrize(
    "words",
    ["Медуница", "медуниц", "Meдуница", "«МЕДУНИЦА»", "Medunitsa", "medunitsa.example",
     "https://www.medunitsa.example/"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["search", "show"])
def test_a_subject_is_found_in_every_spelling(ask: Ask, command: str, words: str) -> None:
    keys = [row["key"] for row in ask(command, words) if row["source"] == "agents_minjust"]
    assert keys == [["2"]]


@pytest.mark.parametrize(
    "name", ["Shchedrina", "Yuliya Shchedrina", "Щедрина", "SHHEDRINA", "iuliia"]
)
def test_a_surname_is_found_in_every_transliteration(ask: Ask, name: str) -> None:
    assert [row["key"] for row in ask("search", name)] == [["1"], ["3"]]


def test_show_tells_names_and_links(ask: Ask) -> None:
    [row] = ask("show", "5")
    [link] = row["links"]
    assert (link["kind"], link["status"], link["earlier"]) == (AGAIN, "suggested", True)
    assert row["entities"][0]["roles"] == ["target"]
    [renamed] = ask("show", "Былина")
    assert renamed["entities"][0]["names"] == [{"name": "Фонд «Сказка»", "kind": "former"}]
    assert "designated again; earlier № 1 of 2021-09-29, excluded 2022-10-05" in said(
        "show", PERSON
    )


def test_a_former_name_finds_the_subject(ask: Ask) -> None:
    assert [row["key"] for row in ask("show", "Сказка")] == [["5"]]


def test_a_timeline_tells_both_designations_and_the_exclusion_by_date(ask: Ask) -> None:
    events = ask("timeline", "Shchedrina")
    assert [(event["date"], event["act"], event["key"]) for event in events] == [
        ("2021-09-29", "inclusion", ["1"]),
        ("2022-10-05", "exclusion", ["1"]),
        ("2026-11-13", "inclusion", ["3"]),
    ]
    assert events[2]["match"]["kind"] == AGAIN
    assert all(event["fact"].startswith("F") for event in events)


def test_a_timeline_reaches_what_was_done_to_the_sites_of_a_subject(ask: Ask) -> None:
    events = ask("timeline", "Медуница")
    assert [(event["date"], event["act"], event["through"]) for event in events] == [
        ("2024-02-03", "inclusion", None),
        ("2025-06-07", "blocking", "medunitsa.example"),
    ]


def test_the_timeline_of_a_domain_tells_who_named_it_and_who_blocked_it(ask: Ask) -> None:
    events = ask("timeline", "medunitsa.example")
    assert [(event["act"], event["source"]) for event in events] == [
        ("inclusion", "agents_minjust"), ("blocking", "blocked_zapretinfo"),
    ]  # fmt: skip


def test_a_timeline_tells_a_rename(ask: Ask) -> None:
    events = ask("timeline", "Былина")
    assert [(event["act"], event["fields"]) for event in events][1] == ("changed", ["name"])


def test_namesakes_are_told_apart_by_id(ask: Ask, home: World) -> None:
    words = refused("timeline", "Ильи")  # a part of two patronymics
    assert "may be one of" in words
    some_id = words.splitlines()[1].split()[0]
    assert ask("timeline", some_id)
    assert "known as 'Никто'" in refused("timeline", "Никто")


def test_an_actor_is_found_by_its_short_name_and_counted(ask: Ask) -> None:
    acts = ask("actor", "Генпрокуратура")
    assert [(act["date"], act["target"], act["basis"]) for act in acts] == [
        ("2025-06-07", "medunitsa.example", "stated"), ("2024-01-02", "other.example", "inferred"),
    ]  # fmt: skip
    counts = ask("actor", "Prosecutor General", "--counts")
    assert [(row["year"], row["act"], row["acts"]) for row in counts] == [
        (2025, "blocking", 1), (2024, "blocking", 1),
    ]  # fmt: skip
    assert [act["date"] for act in ask("actor", "Генпрокуратура", "--since", "2025-01-01")] == [
        "2025-06-07"
    ]


def test_judges_and_courts_are_actors(ask: Ask) -> None:
    assert [act["act"] for act in ask("actor", "Тверской районный суд")] == ["ruling"]
    assert [act["role"] for act in ask("actor", "Судья Б. Б.")] == ["judge"]


def test_who_is_no_actor_is_sent_to_the_timeline(home: World) -> None:
    assert "`unsilenced timeline E" in refused("actor", "Медуница")
    assert "known as 'Никто'" in refused("actor", "Никто")


def test_matches_are_listed_with_both_rows(ask: Ask) -> None:
    [match] = ask("match", "review", "--kind", AGAIN)
    assert (match["left"]["key"], match["right"]["key"]) == (["3"], ["1"])
    assert ask("match", "review", "--min-score", "0.99") == []
    assert ask("match", "review", "--source", "blocked_zapretinfo") == []
    assert "no kind x" in refused("match", "review", "--kind", "x")
    assert "no status x" in refused("match", "review", "--status", "x")


def test_a_decision_needs_a_reason(home: World) -> None:
    assert "--reason" in refused("match", "review", "--confirm", "1")
    assert "not both" in refused("match", "review", "--confirm", "1", "--reject", "1")
    assert "no match 99" in refused("match", "review", "--reject", "99", "--reason", "x")


def test_a_rejected_match_parts_the_rows_and_is_audited(ask: Ask, home: World) -> None:
    [told] = ask("match", "review", "--reject", "1", "--reason", "another person")
    assert (told["from"], told["to"]) == ("suggested", "rejected")
    assert "may be one of 2" in refused("timeline", "Shchedrina")
    with home.store.read() as connection:
        kinds = connection.exec_driver_sql("SELECT kind FROM audit ORDER BY seq DESC").scalar()
    assert kinds == "match-decided"
    assert verify(home.store).faults == []
    [told] = ask("match", "review", "--confirm", "1", "--reason", "the same after all")
    assert len(ask("timeline", "Shchedrina")) == 3


def test_commands_without_a_record_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSILENCED_HOME", str(tmp_path / "none"))
    for words in (("timeline", "x"), ("actor", "x"), ("match", "review")):
        assert said(*words) == ""


def test_a_release_has_timelines_and_actors(world: World, tmp_path: Path) -> None:
    connection = open_file(publish(world.store, tmp_path / "releases").folder / "release.sqlite")
    timeline = "SELECT acted_on, event, through FROM subject_timeline WHERE name = ? ORDER BY 1"
    found = [tuple(row) for row in connection.execute(timeline, ("Издание «Медуница»",))]
    assert found == [
        ("2024-02-03", "inclusion", None), ("2025-06-07", "blocking", "medunitsa.example"),
    ]  # fmt: skip
    actors = "SELECT month, acts FROM actor_actions WHERE authority = ? ORDER BY month"
    assert [tuple(row) for row in connection.execute(actors, (AGENCY,))] == [
        ("2024-01", 1), ("2025-06", 1),
    ]  # fmt: skip
    found = connection.execute(
        "SELECT record FROM search WHERE search MATCH 'shchedrina'"
    ).fetchall()
    assert sorted({row[0] for row in found}) == [1, 5]
    connection.close()


def test_a_release_tells_of_a_masked_ruling_only_the_court_and_the_month(
    world: World, tmp_path: Path
) -> None:
    connection = open_file(publish(world.store, tmp_path / "releases").folder / "release.sqlite")
    rows = connection.execute(
        "SELECT e.kind, i.role, i.acted_on FROM involvements i JOIN entities e ON e.id = i.entity "
        "JOIN records r ON r.id = i.record WHERE r.masked = 1"
    ).fetchall()
    assert [tuple(row) for row in rows] == [("court", "ordered", "2026-11")]
    judges = "SELECT count(*) FROM entity_names WHERE name LIKE 'Судья%'"
    assert connection.execute(judges).fetchone()[0] == 0
    connection.close()


def test_a_digest_tells_of_an_earlier_designation(world: World) -> None:
    digest = make_digest(world.store, "2026-W47")
    items = [item for section in digest.sections for item in section.items]
    [again] = [item for item in items if item.subject == PERSON]
    assert again.details[0] == (
        "designated again", "earlier № 1 of 29 September 2021, excluded 5 October 2022",
    )  # fmt: skip
    assert not any("designated again" in dict(i.details) for i in items if i.subject != PERSON)


def test_an_announcement_stands_in_the_timeline_of_its_subject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.announced import match_announcements

    world = World(tmp_path, "2026-11-20T03:00:00Z")
    item = announcement("Ю.И. Щедрина")
    run = world.read("2026-11-20T03:00:00Z", NEWS, [item], part="/item/")
    world.read("2026-11-21T03:00:00Z", AGENTS, [agent(1, PERSON, "2026-11-20")])
    match_announcements(world.store, "agents_minjust", run["run"])
    monkeypatch.setenv("UNSILENCED_HOME", str(world.store.home))
    events = [json.loads(line) for line in said("timeline", PERSON, "--json").splitlines()]
    assert [event["act"] for event in events] == ["announced", "inclusion"]


@pytest.mark.real
def test_the_real_register_has_its_subjects_that_were_included_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = real("foreign_agents", "minjust_export_2025-08-08.xlsx")
    store = open_writer(Config(home=tmp_path / "home"), SystemClock())
    import_files(store, "agents_minjust", [path])
    store.close()
    monkeypatch.setenv("UNSILENCED_HOME", str(tmp_path / "home"))
    listed = said("match", "review", "--kind", AGAIN, "--json").splitlines()
    numbers = [
        (match["left"]["key"][0], match["right"]["key"][0]) for match in map(json.loads, listed)
    ]
    assert sorted(numbers) == [
        ("187", "21"), ("490", "273"), ("500", "93"), ("585", "143"), ("849", "197"),
    ]  # fmt: skip
