"""News of the Ministry (a feed and its items) and of the Prosecutor General (a list and items)."""

from email.utils import format_datetime
from html import escape

from desk.demo.reply import Asked, Reply
from desk.demo.story import Table, Week, friday, known_in, story

FEED, ITEMS = "/ru/subscription/rss/events/", "/ru/events/"
OFFICE = "/web/gprf/mass-media/news"
RSS = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>События</title>'
    "{}</channel></rss>"
)
PAGE = '<!DOCTYPE html>\n<html lang="ru"><head><meta charset="utf-8"></head><body>{}</body></html>'
MONTHS = {11: "ноября"}  # the archive lies in one month


def ministry(asked: Asked, week: Week) -> Reply | None:
    """The Ministry's feed, or one of its items."""
    items = known_in(story()["news"]["ministry"], week)
    if asked.path == FEED:
        told = "".join(_entry(row) for row in items)
        return Reply(RSS.format(told).encode(), "application/rss+xml; charset=utf-8")
    for row in items:
        if asked.path == f"{ITEMS}{row['number']}/":
            title = f"<h1>{escape(row['title'])}</h1>"
            return _page(f'<main>{title}<div class="news-detail">{_paragraphs(row)}</div></main>')
    return None


def prosecutor(asked: Asked, week: Week) -> Reply | None:
    """The Prosecutor General's list, or one of its items."""
    items = known_in(story()["news"]["prosecutor"], week)
    if asked.path != OFFICE:
        return None
    if "item" not in asked.query:
        lines = "".join(_line(row) for row in items)
        return _page(f'<div class="feeds-list__list_body">{lines}</div>')
    for row in items:
        if asked.query["item"] == str(row["number"]):
            title = f'<div class="feeds-page__subtitle">{escape(row["title"])}</div>'
            text = f'<div class="feeds-page__article_text_block">{_paragraphs(row)}</div>'
            return _page(title + text)
    return None


def _page(body: str) -> Reply:
    return Reply(PAGE.format(body).encode(), "text/html; charset=utf-8")


def _paragraphs(row: Table) -> str:
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in row["paragraphs"])


def _entry(row: Table) -> str:
    at = format_datetime(friday(row.get("week", 1)))
    link = f"https://minjust.gov.ru{ITEMS}{row['number']}/"
    title = escape(row["title"])
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{at}</pubDate></item>"


def _line(row: Table) -> str:
    at = friday(row.get("week", 1))
    link = f"https://epp.genproc.gov.ru{OFFICE}?item={row['number']}"
    shown = f"{at.day} {MONTHS[at.month]} {at.year}, 16:00"
    name = escape(row["title"])
    return (
        f'<div class="feeds-list__list_item"><span>{shown}</span><a href="{link}">{name}</a></div>'
    )
