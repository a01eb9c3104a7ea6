"""Trusted lists: who stands in one is named in rulings, who does not is masked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.server import LyingServer, Reply
from tests.crawler.court_home import CourtHome
from tests.crawler.moscow_portal import Case, MoscowPortal

POLITICAL = "/list-persecuted/spisok-politzaklyuchyonnyh-bez-presleduemyh-za-religiyu/"
RELIGION = "/list-persecuted/spisok-politzaklyuchyonnyh-presleduemyh-za-religiyu/"
HEAD = "Список политзаключённых;\n"


@pytest.fixture
def server() -> Iterator[LyingServer]:
    with LyingServer() as running:
        yield running


def listed(*names: str) -> Reply:
    rows = "".join(f"{n};https://memopzk.org/?p={place}\n" for place, n in enumerate(names, 100))
    return Reply(body=(HEAD + rows).encode(), headers=(("Content-Type", "text/csv"),))


def prosecutions(*rows: dict[str, object], total: int | None = None) -> Reply:
    body = {"total": len(rows) if total is None else total, "data": list(rows)}
    kind = (("Content-Type", "application/json"),)
    return Reply(body=json.dumps(body, ensure_ascii=False).encode(), headers=kind)


def test_a_listed_person_is_named_in_a_ruling_and_another_one_is_not(
    tmp_path: Path, server: LyingServer
) -> None:
    server.route(POLITICAL, listed("Ветлугин Аркадий Титович"))
    server.route(RELIGION, listed("Клён Марк Юрьевич"))
    home = CourtHome(tmp_path / "home", server, 'articles = ["КоАП 20.3.3"]\n')
    run = home.run("prisoners_memorial", "crawl")
    assert (run["verdict"], run["observed"]) == ("complete", 2)
    rows = {one["key"][0]: one["fields"] for one in home.records("prisoners_memorial")}
    assert rows["political"]["name"] == "Ветлугин Аркадий Титович"
    assert rows["political"]["list"] == "political prisoners (Memorial)"
    assert rows["religion"]["url"] == "https://memopzk.org/?p=100"
    assert rows["religion"]["domain"] is None
    other = Case("df043061-4638-11ed-8d08-000000000002", name="Берёзин Олег Львович")
    MoscowPortal(server, [Case("df043061-4638-11ed-8d08-000000000001"), other])
    home.run("rulings_mosgorsud", "crawl", "--since", "2026-06-01", "--until", "2026-06-07")
    told = [one["fields"]["parties"][0] for one in home.records("rulings_mosgorsud")]
    assert sorted(str(party.get("name")) for party in told) == ["None", "Ветлугин Аркадий Титович"]
    assert "Берёзин" not in home.without_evidence()


def test_a_person_who_leaves_the_list_is_no_removal_at_the_first_look(
    tmp_path: Path, server: LyingServer
) -> None:
    names = [f"Ветлугин Аркадий{'а' * n} Титович" for n in range(1, 5)]
    server.route(POLITICAL, listed(*names))
    server.route(RELIGION, listed("Клён Марк Юрьевич"))
    home = CourtHome(tmp_path / "home", server)
    home.run("prisoners_memorial", "crawl")
    server.route(POLITICAL, listed(*names[:3]))
    run = home.run("prisoners_memorial", "crawl")
    assert (run["verdict"], run["absent"], run["changes"]["gone"]) == ("complete", 1, 0)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        ("<html><body><h1>Технические работы</h1></body></html>".encode(), "maintenance"),
        ("Ветлугин Аркадий Титович;https://memopzk.org/?p=1\n".encode(), "layout-changed"),
        ("Имя;Статья\nВетлугин Аркадий Титович;207.3\n".encode(), "layout-changed"),
        (HEAD.encode(), "empty"),
    ],
)
def test_another_file_is_never_an_empty_list(
    tmp_path: Path, server: LyingServer, body: bytes, reason: str
) -> None:
    server.route(POLITICAL, Reply(body=body))
    server.route(RELIGION, listed("Клён Марк Юрьевич"))
    home = CourtHome(tmp_path / "home", server)
    run = home.run("prisoners_memorial", "crawl")
    assert run["verdict"] == "partial" and reason in run["reasons"]


def test_prosecutions_of_one_person_are_one_record_and_children_are_not_named(
    tmp_path: Path, server: LyingServer
) -> None:
    person = {"person_id": 7, "name_ru": "Ветлугин Аркадий Титович", "birth_year": 1970}
    child = {"person_id": 8, "name_ru": "Клён Марк Юрьевич", "age_persecution_began": 16}
    later = dict(child, age_persecution_began=19)
    server.route("/v1/data", prosecutions(person, person, child, later))
    home = CourtHome(tmp_path / "home", server)
    run = home.run("persecuted_ovdinfo", "crawl")
    assert (run["verdict"], run["observed"]) == ("complete", 4)
    rows = {one["key"][0]: one["fields"] for one in home.records("persecuted_ovdinfo")}
    assert [rows[key]["name"] for key in ("7", "8")] == ["Ветлугин Аркадий Титович", None]
    kept = home.without_evidence()
    assert "Клён" not in kept and "1970" not in json.dumps(rows)
    assert [kind for kind, _heading in home.issues()] == ["unexpected-count"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (prosecutions({"person_id": 7, "name_ru": "Ветлугин А.Т."}, total=2), "count-mismatch"),
        (prosecutions({"person_id": 7, "name_en": "Vetlugin"}), "layout-changed"),
        (Reply(body=b'{"data": []}'), "layout-changed"),
        (Reply(body=b'{"total": 0, "data": []}'), "empty"),
        (Reply(body=b'{"total": 1, "data": [{"person_id": 7'), "truncated-body"),
        (Reply(status=429, headers=(("Retry-After", "0"),), body=b""), "http-429"),
    ],
)
def test_another_answer_is_never_an_empty_list(
    tmp_path: Path, server: LyingServer, reply: Reply, reason: str
) -> None:
    server.route("/v1/data", reply)
    home = CourtHome(tmp_path / "home", server)
    run = home.run("persecuted_ovdinfo", "crawl")
    assert run["verdict"] in ("failed", "partial") and reason in run["reasons"]
