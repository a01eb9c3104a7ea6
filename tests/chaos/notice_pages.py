"""Notice pages as servers show them in place of the page that was asked for.

Written after the forms that public crawlers describe; names of vendors are theirs.
"""


def shell(title: str, body: str, head: str = "") -> str:
    """A small whole page."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body>{body}</body></html>"
    )


NOTICES = {
    "maint": shell(
        "Технические работы",
        "<h1>На сайте ведутся технические работы</h1><p>Приносим извинения за неудобства.</p>",
    ),
    "captcha": shell(
        "Проверка",
        "<form method=post><p>Введите код с картинки</p><img src='/captcha.php?id=1'>"
        "<input name=captcha><input type=submit value='Продолжить'></form>",
    ),
    "smartcaptcha": shell(
        "Вы не робот?",
        "<h1>Подтвердите, что запросы отправляли вы, а не робот</h1>"
        "<div class='smart-captcha' data-sitekey='x'></div>",
        "<script src='https://smartcaptcha.yandexcloud.net/captcha.js'></script>",
    ),
    "ddos_guard": shell(
        "DDoS-Guard",
        "<h1 id='title'>Checking your browser before accessing example.ru</h1>"
        "<p>Please wait a few seconds. DDoS protection by DDoS-Guard</p>",
        "<script src='/.well-known/ddos-guard/js-challenge/index.js'></script>",
    ),
    "qrator": shell(
        "",
        "<div id='qrator-loader'></div><noscript>Включите JavaScript</noscript>",
        "<script src='/__qrator/qauth_utm_v2.js'></script>",
    ),
    "cloudflare": shell(
        "Just a moment...",
        "<noscript>Enable JavaScript and cookies to continue</noscript>",
        "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>",
    ),
    "js_challenge": shell(
        "",
        "<noscript>Для просмотра сайта включите JavaScript</noscript>",
        "<script>document.cookie='__jsc=1';location.reload();</script>",
    ),
    "login": shell(
        "Вход в систему",
        "<h1>Вход в систему</h1><form method=post><input name=login>"
        "<input type=password name=pass><input type=submit value='Войти'></form>",
    ),
    "soft-404": shell(
        "Страница не найдена",
        "<h1>Страница не найдена</h1><p>Возможно, она была удалена или перемещена.</p>",
    ),
    "geo": shell(
        "Запрос заблокирован",
        "<p>Этот запрос заблокирован по соображениям безопасности (G)</p>"
        "<p>IP: 192.0.2.1, страна: NL</p>",
    ),
}
