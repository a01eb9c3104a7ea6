"""The right text or a typed error, whatever headers, meta and marks claim."""

import codecs
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.charset import decode_text
from crawler.errors import CorruptBody
from tests.captured import every, real
from tests.chaos.register_forms import html_page
from tests.chaos.registers import REG

PAGE = html_page(REG(50)).translate(str.maketrans("«»№—–", '""N--'))  # KOI8-R has none of them
WITH_META = PAGE.replace("<head>", '<head><meta charset="{}">')
UTF8, CP1251 = "text/html; charset=utf-8", "text/html; charset=windows-1251"


def meta(charset: str, *, encoded: str) -> bytes:
    """The page whose meta names a charset, in the bytes of another."""
    return WITH_META.format(charset).encode(encoded)


# name: (body, declared by the source, header) -> each gives PAGE (with or without its meta)
READ = {
    "header utf-8, body cp1251": (PAGE.encode("cp1251"), "windows-1251", UTF8),
    "header utf-8, body and meta cp1251": (meta("cp1251", encoded="cp1251"), None, UTF8),
    "header cp1251, body utf-8": (PAGE.encode(), None, CP1251),
    "declared cp1251, body utf-8": (PAGE.encode(), "cp1251", CP1251),
    "meta cp1251, body utf-8": (meta("windows-1251", encoded="utf-8"), None, None),
    "header koi8-r, body koi8-r": (PAGE.encode("koi8-r"), None, "charset=koi8-r"),
    "declared cp1251, header koi8-r, body koi8-r": (
        PAGE.encode("koi8-r"),
        "cp1251",
        "text/html; charset='KOI8-R'",
    ),
    "declared koi8-r, body cp1251 by header": (PAGE.encode("cp1251"), "koi8-r", CP1251),
    "header latin-1, body cp1251": (PAGE.encode("cp1251"), "cp1251", "charset=iso-8859-1"),
    "header latin-1, meta cp1251": (meta("cp1251", encoded="cp1251"), None, "iso-8859-1"),
    "utf-16 with a mark": (PAGE.encode("utf-16"), None, UTF8),
    "utf-16 big with a mark": (codecs.BOM_UTF16_BE + PAGE.encode("utf-16-be"), None, CP1251),
    "utf-16 without a mark": (PAGE.encode("utf-16-le"), None, UTF8),
    "utf-16 big without a mark": (PAGE.encode("utf-16-be"), "cp1251", None),
    "utf-8 with a mark under cp1251": (codecs.BOM_UTF8 + PAGE.encode(), "cp1251", CP1251),
    "utf-32 with a mark": (PAGE.encode("utf-32"), None, None),
}
HELD = {
    "koi8-r as cp1251": (PAGE.encode("koi8-r"), "cp1251", CP1251),
    "iso 8859-5 as cp1251": (PAGE.encode("iso8859-5"), "cp1251", None),
    "cp866 as cp1251": (PAGE.encode("cp866"), "cp1251", CP1251),
    "cp1251 as koi8-r": (PAGE.encode("cp1251"), "koi8-r", None),
    "cp1251 as utf-8 with nothing else known": (PAGE.encode("cp1251"), None, UTF8),
    "cp1251 as latin-1": (PAGE.encode("cp1251"), None, "text/html; charset=iso-8859-1"),
    "cp1251 as utf-16": (PAGE.encode("cp1251"), "utf-16", None),
    "utf-8 twice over latin-1": (PAGE.encode().decode("latin-1").encode(), None, UTF8),
    "utf-8 twice over cp1251": (
        PAGE.replace("И", "И".lower()).encode().decode("cp1251").encode(),
        "utf-8",
        UTF8,
    ),
    "utf-8 cut inside a letter": (PAGE[: PAGE.index("Реестр") + 3].encode()[:-1], "cp1251", UTF8),
    "one broken byte in utf-8": (PAGE.encode().replace("Р".encode(), b"\xd0", 1), "cp1251", UTF8),
    "a replacement character": (PAGE.replace("Реестр", "Ре\ufffdстр").encode(), None, UTF8),
    "0x98, which cp1251 does not have": (PAGE.encode("cp1251") + b"\x98", "cp1251", CP1251),
    "a mark of utf-8 before cp1251": (codecs.BOM_UTF8 + PAGE.encode("cp1251"), "cp1251", CP1251),
    "utf-16 cut inside a letter": (PAGE.encode("utf-16")[:-1], None, None),
    "utf-7 in the header": (PAGE.encode("cp1251"), None, "charset=utf-7"),
    "overlong utf-8": (b"<p>" + b"\xc0\xaf" * 30, "utf-8", UTF8),
    "lone surrogates": (b"<p>" + b"\xed\xa0\x80" * 30, None, UTF8),
}


@pytest.mark.fault(33, 34)
@pytest.mark.parametrize("lie", READ)
def test_the_right_text_is_read_in_spite_of(lie: str) -> None:
    body, declared, header = READ[lie]
    text, _ = decode_text(body, declared, header, is_html=True)
    assert re.sub("<meta.*?>", "", text) == PAGE


@pytest.mark.fault(33, 34, 37)
@pytest.mark.parametrize("lie", HELD)
def test_a_page_is_held_where_it_is(lie: str) -> None:
    body, declared, header = HELD[lie]
    with pytest.raises(CorruptBody):
        decode_text(body, declared, header, is_html=True)


@pytest.mark.fault(34)
@pytest.mark.parametrize("word", ["Реестр", "Иванов", "СССР", "Общество «Пример»"])
@pytest.mark.parametrize("charset", ["latin-1", "cp1251"])
def test_even_one_word_that_was_encoded_twice_is_held(word: str, charset: str) -> None:
    try:
        body = word.encode().decode(charset).encode()
    except UnicodeDecodeError:
        body = word.encode().replace(b"\x98", b"").decode(charset, "ignore").encode()
    with pytest.raises(CorruptBody, match="twice"):
        decode_text(body, None, UTF8, is_html=False)


@pytest.mark.parametrize("word", ["РСФСР", "«РС»", "С – Р", "Россия", "РС\u00a0РФ", "Ё", "№ 5"])
def test_words_that_resemble_broken_ones_are_read(word: str) -> None:
    assert decode_text(word.encode(), None, None, is_html=False) == (word, "utf-8")
    assert decode_text(word.encode("cp1251"), "cp1251", None, is_html=False) == (word, "cp1251")


@pytest.mark.fault(35)
def test_the_same_text_in_another_charset_is_the_same_text() -> None:
    texts = {
        decode_text(PAGE.encode(charset), "cp1251", None, is_html=True)[0]
        for charset in ("cp1251", "utf-8", "utf-8-sig", "utf-16", "utf-16-le")
    }
    assert texts == {PAGE}


def test_pure_ascii_is_said_to_be_ascii() -> None:
    for declared in (None, "cp1251", "utf-8", "koi8-r"):
        assert decode_text(b'{"size": 0}', declared, "utf-16", is_html=False)[1] == "ascii"


@pytest.mark.fault(36)
def test_a_nul_byte_stays_in_the_text() -> None:
    text, charset = decode_text(PAGE.replace("END", "E\x00D").encode(), None, None, is_html=True)
    assert (charset, text.count("\x00")) == ("utf-8", 1)


def test_meta_counts_in_html_only() -> None:
    body = meta("windows-1251", encoded="cp1251")
    assert decode_text(body, None, None, is_html=True)[1] == "cp1251"
    with pytest.raises(CorruptBody):
        decode_text(body, None, None, is_html=False)


def test_an_xml_declaration_is_believed() -> None:
    body = f'<?xml version="1.0" encoding="windows-1251"?><r>{PAGE}</r>'.encode("cp1251")
    assert decode_text(body, None, None, is_html=False)[1] == "cp1251"


def test_a_source_that_declares_no_charset_at_all_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="no charset"):
        decode_text("ё".encode("cp1251"), "windows-1521", None, is_html=False)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([None, "cp1251", "utf-8"]))
def test_any_bytes_give_a_text_without_loss_or_a_typed_error(body: bytes, declared: str) -> None:
    try:
        text, charset = decode_text(body, declared, None, is_html=True)
    except CorruptBody:
        return
    assert "\ufffd" not in text
    assert body.endswith(text.encode(charset))


TEXTS = ("*.html", "*.csv", "*.json", "*.txt", "*.xml", "*.rss")
LOST_UPSTREAM = "fingerprints_http.csv"  # OONI keeps U+FFFD of its own in two patterns
CP1251_FOLDERS = ("zi", "dumpxml")


@pytest.mark.real
@pytest.mark.parametrize("path", every(*TEXTS))
def test_every_captured_text_is_read(path: Path) -> None:
    body = path.read_bytes()
    if path.name == LOST_UPSTREAM:
        with pytest.raises(CorruptBody, match="U\\+FFFD"):
            decode_text(body, "utf-8", None, is_html=False)
        return
    text, charset = decode_text(body, "cp1251", None, is_html=path.suffix == ".html")
    in_cp1251 = path.parent.name in CP1251_FOLDERS or path.name.startswith(("exportfsm", "sudrf_c"))
    assert charset == ("cp1251" if in_cp1251 else "utf-8") or body.isascii()
    assert text


@pytest.mark.real
@pytest.mark.parametrize("charset", ["koi8-r", "cp866", "iso8859-5"])
def test_real_pages_in_another_charset_than_declared_are_held(charset: str) -> None:
    for path in real("courts", "sudrf_html").glob("*.html"):
        text, _ = decode_text(path.read_bytes(), "cp1251", None, is_html=True)
        body = text.replace("charset", "").encode(charset, "ignore")
        with pytest.raises(CorruptBody):
            decode_text(body, "cp1251", CP1251, is_html=True)
