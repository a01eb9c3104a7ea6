"""HTML loses nothing in silence: limits, cuts and doubles are loud."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from crawler.documents.html_form import only, require_end, select, soup, tree
from crawler.documents.html_table import rows
from crawler.documents.nodes import text_of
from crawler.errors import PageChanged, SourceError, TruncatedBody
from tests.captured import real

Parse = Callable[[str], Any]
BOTH = pytest.mark.parametrize("parse", [soup, tree], ids=["soup", "tree"])


def page(inside: str) -> str:
    return f"<!DOCTYPE html><html><body>{inside}<p id=end>END</p></body></html>"


def register(count: int) -> str:
    lines = "".join(f"<tr><td>{n}</td><td>Имя {n}</td></tr>" for n in range(1, count + 1))
    return page(f"<table class=registry><tr><th>№</th><th>Имя</th></tr>{lines}</table>")


@BOTH
@pytest.mark.fault(44, 45)
@pytest.mark.parametrize(
    "inside",
    [
        "<p>" + "x" * 11_000_000 + "</p><p>после</p>",
        "<!--" + "x" * 11_000_000 + "--><p>после</p>",
        "<p title='" + "x" * 11_000_000 + "'>a</p>",
        "<div>" * 5_000 + "внутри" + "</div>" * 5_000,
        "<p " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">a</p>",
        "<p " + "".join(f"a{n}='>'" for n in range(100_000)) + ">a</p>",
        "<tr><td>1</td></tr>" * 1_000_000,
    ],
    ids=["text", "comment", "attribute", "depth", "attributes", "quoted", "rows"],
)
def test_what_the_parser_would_drop_or_choke_on_is_a_limit(parse: Parse, inside: str) -> None:
    start = time.process_time()
    with pytest.raises(SourceError) as caught:
        parse(page(inside))
    assert caught.value.reason == "parser-limit"
    assert time.process_time() - start < 5


@BOTH
@pytest.mark.fault(45)
def test_a_page_below_the_limits_is_read_whole(parse: Parse) -> None:
    crowded = " ".join(f"a{n}=1" for n in range(400))
    deep = "<div>" * 200 + "внутри" + "</div>" * 200
    root = parse(page(deep + f"<p {crowded}>много</p><p>{'x' * 9_000_000}</p>"))
    assert "внутри" in text_of(root)
    assert len(text_of(root)) > 9_000_000
    assert text_of(only(root, "#end")) == "END"


@BOTH
def test_an_empty_page_is_truncated(parse: Parse) -> None:
    with pytest.raises(TruncatedBody):
        parse(" ")


@BOTH
def test_a_declared_encoding_does_not_change_decoded_text(parse: Parse) -> None:
    text = '<?xml version="1.0" encoding="windows-1251"?><html><meta charset="koi8-r"><p>Яблоко</p>'
    assert text_of(only(parse(text), "p")) == "Яблоко"


@BOTH
def test_only_names_the_selector_and_the_count(parse: Parse) -> None:
    root = parse(page("<table class=a></table><table class=a></table>"))
    with pytest.raises(PageChanged, match=r"2 elements match 'table\.a'"):
        only(root, "table.a")
    with pytest.raises(PageChanged, match=r"0 elements match 'table\.b'"):
        only(root, "table.b")


@BOTH
@pytest.mark.fault(47)
def test_copies_in_noscript_template_and_comments_do_not_count(parse: Parse) -> None:
    copy = "<table class=a><tr><td>копия</td></tr></table>"
    inside = f"<noscript>{copy}</noscript><template>{copy}</template><!--{copy}-->"
    root = parse(page(f"{inside}<table class=a><tr><td>сама</td></tr></table>"))
    assert len(select(root, "table.a")) == 1
    assert text_of(only(root, "table.a")) == "сама"


@BOTH
@pytest.mark.fault(3, 7, 46)
def test_a_page_cut_at_any_percent_is_truncated_although_the_parser_is_content(
    parse: Parse,
) -> None:
    text = register(900)
    counts = set()
    for percent in range(1, 100):
        part = text[: len(text) * percent // 100]
        with pytest.raises(TruncatedBody, match="</html>"):
            require_end(part, "</html>")
        if percent in (30, 50, 70):
            counts.add(len(list(rows(only(parse(part), "table.registry")))))
    assert max(counts) < 900  # what would have passed without the mark
    require_end(text, "</HTML>")
    assert len(list(rows(only(parse(text), "table.registry")))) == 900


@BOTH
def test_text_is_what_a_browser_shows(parse: Parse) -> None:
    inside = (
        "<div id=a> Суд\n  <b>города</b><br>N <!-- нет -->1<p>два\u00a0 слова</p>"
        "<script>нет</script><template>нет</template></div>"
    )
    assert text_of(only(parse(page(inside)), "#a")) == "Суд города\nN 1\nдва\u00a0 слова"


@pytest.mark.real
@BOTH
def test_captured_court_pages_meet_no_limit(parse: Parse) -> None:
    for path in sorted(real("courts", "sudrf_html").glob("*.html")):
        content = path.read_bytes()
        encoding = "cp1251" if b"windows-1251" in content[:2_000].lower() else "utf-8"
        text = content.decode(encoding, errors="replace")
        require_end(text, "</html>")
        assert len(text_of(parse(text))) > 100, path.name
