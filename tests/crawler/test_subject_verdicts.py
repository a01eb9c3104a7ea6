"""Kinds of subjects lean on the reference lists: when those grow, no source has changed."""

import json
from pathlib import Path

from crawler.importing import import_files
from crawler.recheck import recheck
from storage.config import Config
from storage.queries import Filters, changes, records
from storage.store import Store, open_writer

AGENTS, LISTS = "agents_minjust", "media_citizenlab"
ROW = {
    "id": "1", "fullName": "Проект «Образец»", "law": "Статья 7 Федерального закона № 255-ФЗ",
    "dateIn": "01.12.2023", "dateOut": "", "resources": "https://sample.media",
}  # fmt: skip
HEAD = "url,category_code,category_description,date_added,source,notes\n"
LISTED = "https://sample.media/,NEWS,News Media,2024-04-15,citizenlab,\n"


def kinds(store: Store) -> list[tuple[str, str]]:
    """Kind and rule of every designation, as `records` shows them."""
    with store.read() as connection:
        found = [r["fields"] for r in records(connection, Filters(source=AGENTS))]
        columns = connection.exec_driver_sql("SELECT subject_kind, subject_rule FROM designation")
        assert [tuple(row) for row in columns] == [
            (one["subject_kind"], one["subject_rule"]) for one in found
        ]
    return [(one["subject_kind"], one["subject_rule"]) for one in found]


def test_a_grown_reference_list_is_no_change_of_the_register(tmp_path: Path) -> None:
    store = open_writer(Config(home=tmp_path / "home"))
    register, lists = tmp_path / "registry.json", tmp_path / "ru.csv"
    register.write_text(json.dumps([ROW]), "utf-8")
    lists.write_text(HEAD + LISTED, "utf-8")
    import_files(store, AGENTS, [register])
    assert kinds(store) == [("review", "none")]
    import_files(store, LISTS, [lists])
    checked = recheck(store)
    assert checked["faults"] == [] and checked["checked"] >= 2
    register.write_text(json.dumps([ROW]) + "\n", "utf-8")  # the same words in other bytes
    run = import_files(store, AGENTS, [register])[-1]
    assert kinds(store) == [("outlet", "news in the reference lists")]
    with store.read() as connection:
        found = [(c["change"], c["fields"]) for c in changes(connection, Filters(source=AGENTS))]
    assert found == [("baseline", []), ("reparsed", [])]
    assert run["changes"]["changed"] == 0
