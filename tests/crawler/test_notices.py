"""A notice is never taken for a page, and a page never for a notice."""

import tomllib
from pathlib import Path

import pytest

from crawler.charset import decode_text
from crawler.errors import Blocked, Captcha, Maintenance, PageChanged, SourceError
from crawler.notices import notices, refuse_notices
from tests.captured import every
from tests.chaos.notice_pages import NOTICES, shell
from tests.chaos.register_forms import api_page, html_page, mirror_json
from tests.chaos.registers import REG

MAINTENANCE = (
    "На сайте ведутся технические работы",
    "Сайт недоступен: проводятся плановые технические работы до 18:00",
    "В связи с проведением технических работ портал недоступен",
    "Технический перерыв. Приём запросов возобновится в 09:00",
    "Проводятся регламентные работы",
    "Ведутся профилактические работы на сервере",
    "Сайт временно недоступен",
    "Сервис временно недоступен. Попробуйте позже",
    "ПОРТАЛ ВРЕМЕННО НЕДОСТУПЕН",
    "Ресурс временно недоступен",
    "Информация временно недоступна. Приносим свои извинения. Попробуйте обратиться позже",
    "В настоящий момент производится информационное наполнение сайта",
    "В настоящее время сайт временно недоступен",
    "Сайт находится на реконструкции",
    "Ведётся обновление сайта",
    "Мы скоро вернёмся!",
    "The site is under maintenance",
    "We are down for maintenance",
    "Scheduled maintenance in progress",
    "We'll be right back",
    "The service is temporarily unavailable",
    "503 Service Unavailable",
)
COURT = {
    "Неверно указан проверочный код с картинки.": "captcha",
    "Время жизни сессии закончилось": "captcha",
    "Данный модуль неактивен": "source-error",
    "НЕВЕРНЫЙ ФОРМАТ ЗАПРОСА!": "source-error",
    "Warning: pg_connect(): Unable to connect": "source-error",
    "Указанный сервер СДП не найден.": "source-error",
    "Данный запрос некорректен… (B)": "blocked",
    "Этот запрос заблокирован по соображениям безопасности (G)": "geo-blocked",
}
LONG = "<p>" + "Суд рассмотрел дело и нашёл, что доводы жалобы подлежат отклонению. " * 90 + "</p>"


def reason_of(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        refuse_notices(text)
    return caught.value.reason


@pytest.mark.fault(17)
@pytest.mark.parametrize("wording", MAINTENANCE)
def test_maintenance_is_told_in_each_wording(wording: str) -> None:
    for text in (shell("Сайт", f"<div><p>{wording}</p></div>"), shell("", f"<h1>{wording}</h1>")):
        with pytest.raises(Maintenance) as caught:
            refuse_notices(text)
        assert caught.value.reason == "maintenance"
    assert reason_of(wording) == "maintenance"


@pytest.mark.fault(18, 19)
@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("maint", Maintenance, "maintenance"),
        ("captcha", Captcha, "captcha"),
        ("smartcaptcha", Captcha, "captcha"),
        ("ddos_guard", Captcha, "challenge"),
        ("qrator", Captcha, "challenge"),
        ("cloudflare", Captcha, "challenge"),
        ("js_challenge", Captcha, "challenge"),
        ("login", Blocked, "login"),
        ("soft-404", PageChanged, "soft-404"),
        ("geo", Blocked, "geo-blocked"),
    ],
)
def test_each_notice_page_has_its_error_and_reason(
    name: str, kind: type[SourceError], reason: str
) -> None:
    with pytest.raises(kind) as caught:
        refuse_notices(NOTICES[name])
    assert caught.value.reason == reason


@pytest.mark.fault(19)
@pytest.mark.parametrize("sentence", COURT)
def test_a_court_notice_is_told_inside_the_whole_shell_of_the_court(sentence: str) -> None:
    page = shell("Районный суд", f"{LONG}<div id=content><div>{sentence}<br></div></div>{LONG}")
    assert reason_of(page) == COURT[sentence]


@pytest.mark.fault(20)
@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "\r\n\t",
        "\ufeff",
        "\u00a0\u200b",
        "\x00",
        "<html></html>",
        "<!-- x -->",
        "<p> </p>",
    ],
)
def test_a_body_that_shows_nothing_is_empty(body: str) -> None:
    assert reason_of(body) == "empty"


def test_a_page_with_a_lone_surrogate_or_nul_is_still_judged() -> None:
    assert reason_of("<h1>Технические \x00работы\ud800</h1>") == "maintenance"


def test_nothing_found_is_no_notice() -> None:
    refuse_notices(shell("Суд", "<div id=error>Данных по запросу не обнаружено.</div>"))


ROW = "<tr><td>{}</td><td>{}</td><td>05.03.2024</td></tr>"
WORDS = (*MAINTENANCE, *COURT, "Страница не найдена", "Вход в систему", "Введите код с картинки")


@pytest.mark.parametrize("words", WORDS)
def test_a_row_of_a_register_may_say_anything(words: str) -> None:
    rows = "".join(ROW.format(n, words if n == 2 else f"Фирма {n}") for n in range(1, 5))
    refuse_notices(shell("Реестр", f"<table>{rows}</table>"))
    rows_json = mirror_json(REG(3).renamed(2, words)).decode()
    refuse_notices(rows_json)


@pytest.mark.parametrize("words", [w for w in WORDS if w not in COURT])
def test_a_long_text_may_mention_anything(words: str) -> None:
    refuse_notices(
        shell("Решение", f"{LONG}<p>Истец сообщил: «{words}», что суд отклонил.</p>{LONG}")
    )
    refuse_notices(shell("Решение", f"{LONG}<p>Суд установил, что {words} на день обращения.</p>"))


@pytest.mark.parametrize("words", COURT)
def test_a_ruling_may_quote_a_court_notice(words: str) -> None:
    refuse_notices(shell("Решение", f"{LONG}<p>Заявитель указал на ответ «{words}».</p>"))


@pytest.mark.parametrize(
    "row", ["Техническое обслуживание автомобилей", "ООО «Вход»", "Фонд «404»", "Captcha Media"]
)
def test_a_short_page_with_a_name_like_a_notice_passes(row: str) -> None:
    refuse_notices(
        shell("Реестр", f"<p>Всего: 1</p><table><tr><td>1</td><td>{row}</td></tr></table>")
    )


def test_scripts_of_vendors_in_an_ordinary_page_are_no_notice() -> None:
    script = "<script src='/__qrator/x.js'></script><div class='smart-captcha'></div>"
    refuse_notices(shell("Дело", script + LONG))


def test_ordinary_forms_of_registers_pass() -> None:
    for text in (html_page(REG(3)), html_page(REG(900)), api_page(REG(2)).decode(), "1;2;3\n"):
        refuse_notices(text)


def test_the_phrases_are_folded_and_each_stands_once() -> None:
    seen: set[tuple[str, str]] = set()
    for notice in notices():
        for name in ("sentences", "short", "headings", "markup"):
            for phrase in getattr(notice, name):
                assert (name, phrase) not in seen
                seen.add((name, phrase))
    assert {notice.reason for notice in notices()} >= {"maintenance", "captcha", "login"}


def test_an_unknown_key_of_the_phrases_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    notices.cache_clear()
    wrong = {"notice": [{"reason": "captcha", "title": ["x"]}]}
    monkeypatch.setattr(tomllib, "loads", lambda text: wrong)
    with pytest.raises(TypeError, match="title"):
        notices()
    notices.cache_clear()


NOTICE_FILES = {
    "ksoyu_temporarily_unavailable.html": "maintenance",
    "ksoyu_listing_captcha_gate.html": "captcha",
    "magistrate_kcaptcha_gate.html": "captcha",
}
KINDS = ("*.html", "*.json", "*.csv", "*.xml", "*.txt", "*.lst", "*.rss")


@pytest.mark.real
@pytest.mark.parametrize("path", every(*KINDS))
def test_captured_notices_are_told_and_captured_pages_pass(path: Path) -> None:
    if path.name == "fingerprints_http.csv":
        pytest.skip("a list of the texts of block pages, some of them with lost letters")
    text, _ = decode_text(path.read_bytes(), "cp1251", None, is_html=path.suffix == ".html")
    if path.name in NOTICE_FILES:
        assert reason_of(text) == NOTICE_FILES[path.name]
    else:
        refuse_notices(text)
