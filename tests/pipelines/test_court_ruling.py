"""A card of a Russian court as the contract's ruling; persons are fictional."""

import json
from dataclasses import replace
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.court_card import LISTS, TEXTS, Card, CardEvent, CardParty, card_of, quote_of
from pipelines.court_parties import public_among
from pipelines.court_ruling import Bench, normalise_card, normalise_court
from pipelines.intake import protect
from pipelines.observation import Observation
from pipelines.outcomes import outcomes
from pipelines.protect import FIELDS
from storage.masking import public_view
from tests.captured import real

LETTERS = "ст.чпКоАПУРФ 0123456789-/,;:()«»\nабвВИХ<>"
BENCH = Bench("rulings_sudrf", b"a key of this installation")
PENALTY = "Вынесено постановление о назначении административного наказания"
ACT = (
    "Дело № 5-12/2026\n43RS0001-01-2026-000100-40\nПОСТАНОВЛЕНИЕ\nСудья Глушков А.С.\nУСТАНОВИЛ:\n"
    "ФИО1 разместил запись.\nПОСТАНОВИЛ:\nФИО1 признать виновным в совершении правонарушения, "
    "предусмотренного ч. 1 ст. 20.3.3 КоАП РФ, и назначить наказание в виде административного "
    "штрафа в размере 30 000 (тридцать тысяч) рублей.\nСудья А.С. Глушков"
)
CARD = Card(
    court="Лесной районный суд", court_code="43rs0001", kind="1500001",
    case_number="ДЕЛО № 5-12/2026", previous_number="5-3/2026",
    uid="43rs0001-01-2026-000100-40", received_on="15.04.2026", decided_on="05.06.2026",
    judge="Глушков А. С.", protocol="0001-АП Управление Минюста РФ по Кир.обл.",
    outcome=f"{PENALTY} (п.1 ч.1 ст.29.9 КоАП РФ)", act_text=ACT,
    act_url="https://court.example/act",
    parties=(
        CardParty("ПРИВЛЕКАЕМОЕ ЛИЦО", "Клён Марк Юрьевич", "ст.20.3.3 ч.1 КоАП РФ"),
        CardParty("Защитник", "Лесная Вера Олеговна"),
    ),
)  # fmt: skip


def kinds(card: Card) -> list[tuple[str, str]]:
    return [(one.kind, one.heading) for one in normalise_card(card, BENCH).troubles]


def test_a_card_gives_every_field_of_the_contract() -> None:
    read = normalise_card(CARD, BENCH)
    assert read.troubles == ()
    assert set(read.fields) == FIELDS["ruling"]
    fields = dict(read.fields)
    parties = fields.pop("parties")
    digest = fields.pop("act_text_digest")
    assert fields == {
        "court": "Лесной районный суд", "court_code": "43RS0001", "judge": "Глушков А.С.",
        "case_number": "5-12/2026", "case_numbers": ["5-12/2026", "5-3/2026"],
        "uid": "43RS0001-01-2026-000100-40", "instance": "first",
        "proceeding": "administrative",
        "articles": [{"code": "КоАП РФ", "article": "20.3.3", "part": "1", "point": None}],
        "received_on": "2026-04-15", "decided_on": "2026-06-05", "in_force_on": None,
        "outcome": "penalty", "outcome_raw": f"{PENALTY} (п.1 ч.1 ст.29.9 КоАП РФ)",
        "direction": "act", "sanction": {"kind": "fine", "amount_rub": 30_000},
        "protocol_by": "Управление Минюста РФ по Кир.обл.", "restricted_urls": [],
        "act_url": "https://court.example/act",
    }  # fmt: skip
    assert [(party["role"], party["initials"]) for party in parties] == [
        ("defendant", "К.М.Ю."), ("defender", "Л.В.О."),
    ]  # fmt: skip
    assert len(digest) == 64
    assert read.measure == {
        "code": "speech_fine", "direction": "act", "target": None, "target_type": "person",
        "acted_on": "2026-06-05", "authority": "Лесной районный суд",
        "articles": ["КоАП РФ 20.3.3"],
    }  # fmt: skip


def test_neither_fields_nor_issues_nor_the_quote_hold_a_private_name() -> None:
    other = CardParty("Никто", "Дубенко Артём Захарович", "ст. неизвестная 5")
    card = replace(CARD, outcome="Клён Марк Юрьевич помилован", parties=(*CARD.parties, other))
    read = normalise_card(card, BENCH)
    kept = json.dumps([dict(read.fields), dict(read.measure)], ensure_ascii=False)
    told = " ".join(trouble.text for trouble in read.troubles)
    for word in ("Клён", "Марк", "Лесная", "Дубенко", "Артём"):
        assert word not in kept
        assert word not in told
    assert quote_of({"party_names": ["Клён"], "outcome": PENALTY, "case_number": "5-1"}) == PENALTY


def test_a_masked_case_shows_nothing_that_leads_to_it() -> None:
    shown, masked = public_view("ruling", normalise_card(CARD, BENCH).fields)
    assert masked
    assert set(shown) == {
        "court", "court_code", "articles", "outcome", "direction", "decided_on",
    }  # fmt: skip


def test_a_ruling_whose_parties_are_not_stated_is_masked() -> None:
    read = normalise_card(replace(CARD, parties=()), BENCH)
    assert public_view("ruling", read.fields)[1]


def test_a_listed_person_is_named_in_the_ruling() -> None:
    public = public_among(["Клён Марк Юрьевич"])
    read = normalise_card(CARD, replace(BENCH, public=public))
    assert read.fields["parties"][0]["name"] == "Клён Марк Юрьевич"
    assert read.measure["target"] == "Клён Марк Юрьевич"


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        ({"outcome": "Съедено"}, ("unknown-value", "outcome")),
        ({"kind": "999"}, ("unknown-value", "kind")),
        ({"uid": "43-1"}, ("unread-number", "uid")),
        ({"uid": "43RS0001-01-2026-000101-40"}, ("contradiction", "uid")),
        ({"case_number": "5-13/2026"}, ("contradiction", "case_number")),
        ({"decided_on": "05.06.26"}, ("unread-date", "decided_on")),
        ({"decided_on": "05.03.2026"}, ("implausible-date", "decided_on")),
        ({"outcome": "Дело прекращено"}, ("contradiction", "outcome")),
        ({"act_text": "Дело № 5-12/2026\n" + "УСТАНОВИЛ: и так далее\n" * 20},
         ("unread-act", "act_text")),
        ({"act_text": ACT.replace("30 000 (тридцать тысяч)", "30 000 (сорок тысяч)")},
         ("unread-sanction", "act_text")),
        ({"parties": (CardParty("ПРИВЛЕКАЕМОЕ ЛИЦО", "ООО «Ромашка»", "абзац 3 закона"),)},
         ("unknown-value", "articles")),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_an_issue(changed: dict[str, Any], trouble: tuple[str, str]) -> None:
    if "kind" in changed:
        changed["case_number"] = ""
    assert trouble in kinds(replace(CARD, **changed))


def test_an_unknown_outcome_keeps_its_words_and_gets_no_code_but_that_of_the_act() -> None:
    read = normalise_card(replace(CARD, outcome="Съедено", act_text=""), BENCH)
    assert (read.fields["outcome"], read.fields["outcome_raw"]) == (None, "Съедено")
    assert read.fields["direction"] is None


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "pending"),
        ({"events": (CardEvent("Заседание", "", "Производство по делу приостановлено"),)},
         "suspended"),
        ({"events": (CardEvent("Заседание", "", "Производство по делу приостановлено"),
                     CardEvent("Заседание", "", "Рассмотрение отложено"))}, "pending"),
        ({"decided_on": "05.06.2026"}, None),
        ({"outcome": "В инстанции не рассматривалось"}, None),
    ],
)  # fmt: skip
def test_an_open_case_is_pending_or_suspended(changed: dict[str, Any], outcome: str | None) -> None:
    card = replace(CARD, outcome="", decided_on="", act_text="")
    assert normalise_card(replace(card, **changed), BENCH).fields["outcome"] == outcome


def test_a_verdict_is_told_by_its_text() -> None:
    text = "Дело № 1-5/2026\nПРИГОВОРИЛ:\nФИО1 признать {} ст. 280 УК РФ, {}.\nСудья"
    guilty = text.format("виновным в преступлении, предусмотренном ч. 2",
                         "и назначить 1 год лишения свободы")  # fmt: skip
    cleared = text.format("невиновным по ч. 2", "оправдать за отсутствием состава")
    card = Card(kind="1540006", case_number="1-5/2026", outcome="Вынесен ПРИГОВОР")
    seen = [normalise_card(replace(card, act_text=act), BENCH) for act in ("", guilty, cleared)]
    assert [(one.fields["outcome"], one.fields["direction"]) for one in seen] == [
        ("verdict", "act"), ("convicted", "act"), ("acquitted", "reversal"),
    ]  # fmt: skip
    assert seen[1].fields["sanction"] == {"kind": "imprisonment", "months": 12}
    assert seen[1].measure["code"] == "speech_case"


def test_results_of_the_accused_make_a_verdict_exact_where_they_agree() -> None:
    both = tuple(
        CardParty("ПОДСУДИМЫЙ", name, "ст. 280 ч.2 УК РФ", result="ОПРАВДАТЕЛЬНЫЙ ПРИГОВОР")
        for name in ("Клён Марк Юрьевич", "Лесная Вера Олеговна")
    )
    card = Card(kind="1540006", case_number="1-5/2026", outcome="Вынесен ПРИГОВОР", parties=both)
    assert normalise_card(card, BENCH).fields["outcome"] == "acquitted"
    one = replace(card, parties=(both[0], replace(both[1], result="ОБВИНИТЕЛЬНЫЙ ПРИГОВОР")))
    assert normalise_card(one, BENCH).fields["outcome"] == "verdict"


def test_the_day_of_the_deciding_event_stands_in_where_the_card_states_none() -> None:
    events = (CardEvent("Заседание", "01.06.2026", "Рассмотрение отложено"),
              CardEvent("Заседание", "05.06.2026", PENALTY),
              CardEvent("Сдано", "18.06.2026"))  # fmt: skip
    read = normalise_card(replace(CARD, decided_on="", events=events), BENCH)
    assert read.fields["decided_on"] == "2026-06-05"


def test_protection_cuts_nothing_out_of_an_ordinary_ruling() -> None:
    fields = dict(normalise_card(CARD, BENCH).fields)
    assert protect(fields) == fields


@given(
    st.builds(
        Card,
        **{name: st.text(LETTERS, max_size=40) for name in TEXTS},  # type: ignore[arg-type]
        parties=st.lists(
            st.builds(CardParty, *[st.text(LETTERS, max_size=30)] * 3), max_size=3
        ).map(tuple),
    )
)
def test_any_card_gives_fields_and_issues_and_never_an_error(card: Card) -> None:
    read = normalise_card(card, BENCH)
    assert set(read.fields) == FIELDS["ruling"]
    assert read.fields["outcome"] in {None, *outcomes()}


def test_the_state_of_a_moscow_card_gives_outcome_and_dates() -> None:
    card = Card(
        kind="first-admin", case_number="3а-3843/2020 ∼ Ма-0639/2020", received_on="18.03.2020",
        category="172 - О признании информации в сети Интернет, запрещенной",
        state="Удовлетворено, 16.10.2020", claim_urls=("https://example.org/a https://b.example/",),
        parties=(CardParty("Административный истец", "Прокуратура Лесного района"),),
    )  # fmt: skip
    read = normalise_card(card, BENCH)
    fields = read.fields
    assert (fields["outcome"], fields["decided_on"], fields["outcome_raw"]) == (
        "granted", "2020-10-16", "Удовлетворено",
    )  # fmt: skip
    assert fields["restricted_urls"] == ["https://example.org/a", "https://b.example/"]
    assert (read.measure["code"], read.measure["direction"]) == ("content_ban_ruling", "act")
    assert read.troubles == ()
    in_force = normalise_card(replace(card, state="Вступило в силу, 05.04.2023"), BENCH).fields
    assert (in_force["in_force_on"], in_force["outcome"]) == ("2023-04-05", None)


def test_a_challenge_granted_is_a_remedy_for_the_claimant() -> None:
    card = Card(
        kind="41", case_number="2а-5/2026", outcome="Иск (заявление, жалоба) УДОВЛЕТВОРЕН",
        category="Гл. 22 КАС РФ -> об оспаривании решений органов государственной власти",
        parties=(CardParty("АДМ. ИСТЕЦ", "АНО «Ромашка»"),
                 CardParty("АДМ. ОТВЕТЧИК", "Министерство юстиции РФ")),
    )  # fmt: skip
    read = normalise_card(card, BENCH)
    assert read.fields["direction"] == "remedy"
    assert (read.measure["target"], read.measure["target_type"]) == (
        "АНО «Ромашка»",
        "organisation",
    )


def test_an_aggregators_text_gives_number_court_day_and_article() -> None:
    card = Card(
        act_title="Постановление № 5-12/2026 от 5 июня 2026 г. по делу № 5-12/2026",
        court_line="Лесной районный суд (Кировская область) - Административные правонарушения",
        act_text=ACT,
    )
    fields = normalise_card(card, BENCH).fields
    assert fields["court"] == "Лесной районный суд (Кировская область)"
    assert (fields["case_number"], fields["decided_on"]) == ("5-12/2026", "2026-06-05")
    assert (fields["proceeding"], fields["outcome"]) == ("administrative", "penalty")
    assert [one["article"] for one in fields["articles"]] == ["20.3.3"]


def test_an_observation_becomes_a_card_and_a_torn_table_an_issue() -> None:
    seen = Observation(
        ("43RS0001", "1500001", "a"),
        {"case_number": "5-1/2026", "party_roles": ["ИСТЕЦ", "ОТВЕТЧИК"], "party_names": ["А", ""],
         "event_names": ["x"], "articles": ["ст.20.3 ч.1"], "birth_date": "1.1.1990"},
        "html:1", "",
    )  # fmt: skip
    card, troubles = card_of(seen)
    assert card.parties == (CardParty("ИСТЕЦ", "А"), CardParty("ОТВЕТЧИК", ""))
    assert card.events == (CardEvent("x"),)
    assert [(one.kind, one.heading) for one in troubles] == [("unknown-field", "birth_date")]
    torn = replace(seen, fields={"party_roles": ["ИСТЕЦ"], "party_names": ["А", "Б"]})
    card, troubles = card_of(torn)
    assert card.parties == ()
    assert [(one.kind, one.heading) for one in troubles] == [("torn-table", "party_roles")]


def test_every_name_of_a_raw_field_is_read() -> None:
    fields = {name: [name] if name in LISTS else name for name in (*TEXTS, *LISTS)}
    card, troubles = card_of(Observation(("k",), fields, "html:1", ""))
    assert troubles == ()
    assert card.parties[0] == CardParty(
        "party_roles", "party_names", "party_articles", "party_results", "party_inns"
    )
    assert card.events[0] == CardEvent("event_names", "event_dates", "event_results")
    assert all(getattr(card, name) == name for name in TEXTS)


@pytest.mark.real
def test_the_captured_card_of_kirov_is_read_as_a_person_reads_it() -> None:
    page = lxml.html.fromstring(real("courts", "sudrf_html", "kirov_koap.html").read_text("utf-8"))
    cells = {
        row.xpath("./td[1]")[0].text_content().strip(): row.xpath("./td[2]")[0].text_content()
        for row in page.xpath('//div[@id="cont1"]//tr[count(td)=2]')
    }
    rows = page.xpath('//div[@id="cont3"]//tr[td[2]]')[1:]  # the first holds the headings
    act = page.xpath('//div[@id="cont_doc1"]//p')
    columns = [
        [row.xpath(f"./td[{place}]")[0].text_content() for row in rows] for place in (1, 2, 3)
    ]
    seen = Observation(
        ("43RS0001",),
        {"court": "Ленинский районный суд г. Кирова", "court_code": "43RS0001", "kind": "1500001",
         "case_number": page.xpath('//div[@class="casenumber"]')[0].text_content(),
         "uid": cells["Уникальный идентификатор дела"],
         "received_on": cells["Дата поступления"], "judge": cells["Судья"],
         "previous_number": cells["Номер по предыдущей регистрации"],
         "protocol": cells["Номер протокола об АП"], "decided_on": cells["Дата рассмотрения"],
         "outcome": cells["Результат рассмотрения"],
         "party_roles": columns[0], "party_names": columns[1], "party_articles": columns[2],
         "act_text": "\n".join(line.text_content() for line in act)},
        "html:1", "",
    )  # fmt: skip
    read = normalise_court(seen, "rulings_sudrf", b"key")
    assert read.troubles == ()
    fields = read.fields
    assert fields["case_numbers"] == ["5-174/2026", "5-78/2026"]
    assert fields["uid"] == "43RS0001-01-2026-000667-40"
    assert fields["protocol_by"] == "Управление Минюста РФ по Кир.обл."
    assert fields["sanction"] == {"kind": "fine", "amount_rub": 100_000}
    assert [party["initials"] for party in fields["parties"]] == ["Б.М.Е.", "Ф.П.К.", "В.А.К."]
    assert read.measure["code"] == "foreign_agent_fine"
