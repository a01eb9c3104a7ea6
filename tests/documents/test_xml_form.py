"""XML brings in nothing from outside and expands nothing."""

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.documents.xlsx_form import read_sheet
from crawler.documents.xml_form import iter_xml, parse_xml
from crawler.errors import CorruptBody, PageChanged, SourceError, TruncatedBody
from tests.captured import real
from tests.documents.workbooks import with_sheet

Read = Callable[[bytes], object]
BOTH = pytest.mark.parametrize(
    "read", [parse_xml, lambda body: list(iter_xml(body, "c"))], ids=["parse", "iter"]
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


class Listener:
    """A loopback server that counts who connects."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.hits = 0
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            peer, _ = self.socket.accept()
            with peer:
                if peer.recv(4) == b"quit":
                    return
                self.hits += 1

    def close(self) -> None:
        """Returns when every connection before has been counted."""
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.sendall(b"quit")
            self.thread.join()
        self.socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    if server.thread.is_alive():
        server.close()


@BOTH
@pytest.mark.fault(51)
def test_nothing_is_fetched_for_an_external_dtd_or_entity(read: Read, listener: Listener) -> None:
    url = f"http://127.0.0.1:{listener.port}/x.dtd"
    bodies = [
        f'<!DOCTYPE r SYSTEM "{url}"><r><c/></r>',
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]><r><c>&x;</c></r>',
        f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{url}"> %p;]><r><c/></r>',
        f'<?xml-stylesheet href="{url}"?><!DOCTYPE r SYSTEM "{url}"><r><c/></r>',
    ]
    for body in bodies:
        with pytest.raises(SourceError) as caught:
            read(body.encode())
        assert caught.value.reason == "parser-limit"
    include = f'<r xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{url}"/><c/></r>'
    read(include.encode())
    listener.close()
    assert listener.hits == 0


@pytest.mark.fault(51)
def test_the_reader_of_workbooks_fetches_nothing_either(listener: Listener) -> None:
    url = f"http://127.0.0.1:{listener.port}/x.dtd"
    for doctype in (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]>',
        f'<!DOCTYPE x SYSTEM "{url}">',
    ):
        body = with_sheet(b"<row r='1'><c r='A1'><v>1</v></c></row>", doctype.encode())
        try:
            assert [row.cells for row in read_sheet(body).rows] == [["1"]]
        except SourceError as error:
            assert error.reason == "parser-limit"
    listener.close()
    assert listener.hits == 0


@BOTH
@pytest.mark.fault(51)
def test_a_local_file_is_not_read(read: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("тайна")
    body = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]><r><c>&x;</c></r>'
    with pytest.raises(SourceError, match="doctype"):
        read(body.encode())


@BOTH
@pytest.mark.fault(51)
@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><r><c>&l9;</c></r>',
        f'<!DOCTYPE r [<!ENTITY q "{"q" * 50_000}">]><r><c>{"&q;" * 50_000}</c></r>',
        '<!-- <r> --><?a b?><!DOCTYPE r [<!ENTITY q "q">]><r>&q;</r>',
        f"<r><!--{'x' * 10 * 2**20}--><c/></r>",
        f"<r><c>{'x' * 11_000_000}</c></r>",
        f"<r>{'<c>' * 5_000}{'</c>' * 5_000}</r>",
        f"<!--{'x' * 100_000}--><r/>",
    ],
    ids=["laughs", "quadratic", "behind-comment", "comment", "text", "depth", "prolog"],
)
def test_bombs_are_refused_at_once(read: Read, body: str) -> None:
    start = time.process_time()
    with pytest.raises(SourceError) as caught:
        read(body.encode())
    assert caught.value.reason == "parser-limit"
    assert time.process_time() - start < 2


@BOTH
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", TruncatedBody),
        (b"<r><c>1</c>", TruncatedBody),
        (b"<r><c></d></r>", CorruptBody),
        (b"<r><c>&nope;</c></r>", CorruptBody),
        (b"<r>\xff</r>", CorruptBody),
        (b"<r><c/></r><r/>", CorruptBody),
        (b'<?xml version="1.0" encoding="UTF-7"?><r/>', CorruptBody),
        ("<r/>".encode("utf-16"), PageChanged),
        (b"<!DOCTYPE html><html></html>", PageChanged),
        (b"<html><body>503", PageChanged),
        (b'{"a": 1}', PageChanged),
    ],
)
def test_faults_of_the_body_are_typed(read: Read, body: bytes, kind: type[SourceError]) -> None:
    with pytest.raises(kind):
        read(body)


def test_declared_windows_1251_is_read() -> None:
    body = '<?xml version="1.0" encoding="windows-1251"?><r><c>Яблоко</c></r>'.encode("cp1251")
    assert [element.text for element in iter_xml(body, "c")] == ["Яблоко"]
    assert parse_xml(b"\xef\xbb\xbf<r><c/></r>").tag == "r"


def test_a_stream_gives_whole_elements_and_keeps_none() -> None:
    body = b"<r>" + b"".join(b"<c id='%d'><n>x</n></c>\n" % n for n in range(50_000)) + b"</r>"
    seen = 0
    for element in iter_xml(io.BytesIO(body), "c"):
        assert (element.get("id"), len(element)) == (str(seen), 1)
        before = element.getprevious()  # the one before, emptied, and no other
        assert before is None or (len(before) == 0 and before.getprevious() is None)
        seen += 1
    assert seen == 50_000


@pytest.mark.fault(7)
def test_a_document_cut_at_any_percent_is_truncated() -> None:
    body = b"<r>" + b"".join(b"<c id='%d'><n>x &amp; y</n></c>" % n for n in range(900)) + b"</r>"
    for percent in range(1, 100):
        part = body[: len(body) * percent // 100]
        with pytest.raises(TruncatedBody):
            list(iter_xml(part, "c"))
        with pytest.raises(TruncatedBody):
            parse_xml(part)


@pytest.mark.real
def test_a_captured_register_has_all_its_records() -> None:
    body = real("dumpxml", "dump_2015-08-20T1500.filtered.xml").read_bytes()
    assert sum(1 for _ in iter_xml(body, "content")) == body.count(b"<content ") == 879
