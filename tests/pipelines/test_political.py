"""Agencies and the ordered rules of what is a political blocking."""

import csv
import re
import time
from collections import Counter
from datetime import date

import pytest

from pipelines import political
from pipelines.agencies import PROSECUTOR_GENERAL, Agency, read_agency
from pipelines.political import Verdict, is_kept, judge, reference_category
from tests.captured import real

REFERENCE = {"news.example": "NEWS", "call.rights.example": "HUMR", "vpn.example": "ANON"}
TAX = "Федеральная налоговая служба"


@pytest.mark.parametrize(
    ("raw", "name", "kind"),
    [
        ("Генпрокуратура", PROSECUTOR_GENERAL, "prosecutor_general"),
        (" ГЕНПРОКУРАТУРА\u00a0", PROSECUTOR_GENERAL, "prosecutor_general"),
        ("Генеральная прокуратура Российской Федерации", PROSECUTOR_GENERAL, "prosecutor_general"),
        ("ФНС", TAX, "tax"),
        ("Роскомнадзор, на основании ранее вынесенного решения (ФНС)", TAX, "tax"),
        (
            "Роскомнадзор, на основании ранее вынесенного решения (Генпрокуратура)",
            PROSECUTOR_GENERAL,
            "prosecutor_general",
        ),
        ("суд", "суд", "court"),
        ("Мосгорсуд", "Московский городской суд", "court"),
        ("Юргинский горсуд", "Юргинский горсуд", "court"),
        (
            "Ленинский районный суд г. Чебоксары - Чувашская  Республика - Чувашия",
            "Ленинский районный суд г. Чебоксары - Чувашская Республика - Чувашия",
            "court",
        ),
        ("Росмолодёжь", "Федеральное агентство по делам молодежи", "youth"),
        ("Прокуратура Сахалинской области", "Прокуратура Сахалинской области", "unknown"),
        ("Новое ведомство рассудка", "Новое ведомство рассудка", "unknown"),
        ("", None, "hidden"),
        (" \u00a0", None, "hidden"),
    ],
)
def test_agencies_get_their_official_name(raw: str, name: str | None, kind: str) -> None:
    assert read_agency(raw) == Agency(name, kind)


WAR = date(2022, 2, 24)
RULES = [
    ("Генпрокуратура", "", WAR, "x.org", None, "yes", "prosecutor-general", False),
    ("Генпрокуратура", "41/7-8-5", None, "x.org", "3", "yes", "prosecutor-general", False),
    ("", "27-31-2015/Ид831-15 ", None, "x.org", None, "yes", "prosecutor-general-number", True),
    ("", "", WAR, "news.example", "5", "review", "hidden-other-entry-type", False),
    ("", "", date(2024, 5, 28), "m.news.example", None, "yes", "hidden-in-reference", True),
    ("", "", date(2022, 5, 26), "call.rights.example", "3", "yes", "hidden-in-reference", True),
    ("", "", date(2022, 5, 26), "rights.example", "3", "review", "hidden", True),
    ("", "", date(2022, 5, 26), "vpn.example", "3", "review", "hidden", True),
    ("", "", WAR, "x.org", "3", "yes", "hidden-2022-02-24", True),
    ("", "", date(2024, 5, 29), "diplom.example", "3", "review", "hidden-forged-papers", True),
    ("", "", date(2023, 1, 26), "d.cloudfront.net", "3", "review", "hidden-cloud-mirrors", True),
    ("", "", None, "x.org", None, "review", "hidden", True),
    ("Роскомнадзор", "1-URL-on", None, "x.org", "3", "review", "entry-type", False),
    ("суд", "2-1081/20", None, "news.example", "1", "review", "court-in-reference", False),
    ("суд", "2-1081/20", WAR, "x.org", None, "no", "court", False),
    ("Прокуратура района", "", None, "x.org", None, "review", "agency-unknown", False),
    ("ФНС", "2-6-14", WAR, "news.example", "1", "no", "agency-not-political", False),
    ("Роскомнадзор", "1-URL-on", None, "x.org", "1", "no", "agency-not-political", False),
]


@pytest.mark.parametrize(
    ("agency", "number", "day", "domain", "entry", "answer", "rule", "inferred"), RULES
)
def test_the_first_rule_that_holds_decides(
    agency: str,
    number: str,
    day: date | None,
    domain: str,
    entry: str | None,
    answer: str,
    rule: str,
    inferred: bool,
) -> None:
    found = judge(read_agency(agency), number, day, [domain], entry, REFERENCE.get)
    assert (found.political, found.rule) == (answer, rule)
    assert found.agency_inferred == (PROSECUTOR_GENERAL if inferred else None)


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://x.org/stali-izvestny-poteri-okkupanta-v-vojne-s-sosedom/", "court-words"),
        ("https://x.org/%D0%BC%D0%B8%D1%82%D0%B8%D0%BD%D0%B3", "court-words"),
        ("https://x.org/navalny/", "court-words"),
        ("https://x.org/kupit-diplom/", "court"),
        ("https://x.org/computing-sputnik-kommitting/", "court"),
    ],
)
def test_an_address_that_a_court_forbids_is_looked_at_for_its_words(url: str, rule: str) -> None:
    found = judge(read_agency("суд"), "2-1/2022", None, ["x.org"], None, REFERENCE.get, [url])
    assert found.rule == rule
    assert found.political == ("review" if rule == "court-words" else "no")


def test_each_rule_of_the_documented_table_is_tried_here() -> None:
    documented = set(re.findall(r"^\| `([\w-]+)` \|", political.__doc__ or "", re.MULTILINE))
    assert documented == {row[6] for row in RULES} | {"court-words"}


def test_media_rows_of_other_agencies_are_kept_but_not_political() -> None:
    no = Verdict("no", "agency-not-political")
    assert is_kept(no, in_reference=True)
    assert not is_kept(no, in_reference=False)
    assert is_kept(Verdict("review", "hidden"), in_reference=False)


@pytest.mark.parametrize(
    ("listed", "category"),
    [
        ({"a.b.example.org": "NEWS", "example.org": "HUMR"}, "NEWS"),
        ({"example.org": "HUMR", "org": "NEWS"}, "HUMR"),
        ({"a.b.example.org": "ANON", "example.org": "HUMR"}, "HUMR"),
        ({"b.example.org": "NEWS"}, None),
        ({"org": "NEWS"}, None),
    ],
)
def test_the_reference_is_asked_for_the_host_then_for_the_registrable_domain(
    listed: dict[str, str], category: str | None
) -> None:
    assert reference_category(["a.b.example.org"], listed.get) == category


@pytest.mark.fault(55)
@pytest.mark.parametrize("unit", [" ", "(", "суд", "Роскомнадзор, на основании ранее "])
def test_hostile_agencies_and_numbers_take_no_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    judge(read_agency(text), text, None, [], None, REFERENCE.get)
    judge(Agency(None, "hidden"), "27-31-2015/Ид" + "8" * 1_000_000, None, [], None, REFERENCE.get)
    assert time.process_time() - began < 1


@pytest.mark.real
def test_captured_blocklist_rows_are_judged_by_named_rules() -> None:
    rules: Counter[str] = Counter()
    for name in ("dump_2016-06-12T1324Z.filtered.csv", "sample_2023-2024_new_format.csv"):
        with real("zi", name).open(encoding="cp1251", newline="") as lines:
            for row in csv.reader(lines, delimiter=";"):
                if len(row) == 6:
                    agency = read_agency(row[3])
                    assert agency.kind != "unknown", row[3]
                    rules[judge(agency, row[4], None, [], None, REFERENCE.get).rule] += 1
    assert rules["prosecutor-general"] >= 1439
    assert rules["hidden"] == 8
    assert rules["court"] > 10
