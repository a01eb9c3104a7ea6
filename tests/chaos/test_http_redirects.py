"""Redirects in circles and to where nobody may go, over real HTTP through the real command."""

import json
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.chaos.conftest import Enduring
from tests.chaos.ministry import EXPORT, INFO, VALUES, Ministry
from tests.chaos.server import LyingServer, Reply, Request


def moved(location: str, status: int = 302) -> Reply:
    """A redirect to wherever."""
    return Reply(status=status, headers=[("Location", location)])


def growing(request: Request) -> Reply:
    """Always to itself, with another query."""
    return moved(f"{request.path}?n={request.count}")


@pytest.mark.fault(15)
@pytest.mark.parametrize("kind", ["circle", "chain", "growing"])
def test_redirects_without_an_end_are_a_loop_whose_chain_is_recorded(
    kind: str, enduring: Enduring, ministry: Ministry, server: LyingServer
) -> None:
    for path in (INFO, VALUES, EXPORT):
        ministry.lie(path, moved(f"{path}/loop"))
        ministry.lie(f"{path}/loop", moved(path) if kind == "circle" else growing)
    if kind == "chain":
        ministry.lie("/step/*", lambda request: moved(f"/step/{len(server.hits)}"))
        for path in (INFO, VALUES, EXPORT):
            ministry.lie(path, moved("/step/0"))
    crawl, after = enduring.endure(kind)
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"redirect-loop"})
    # Three addresses, five redirects each, and the mirror that stands in for the register.
    assert len(server.hits) <= 18 + 1
    longest = max((json.loads(f["chain"]) for f in after.fetches), key=len)
    assert len(longest) >= 1 and longest[0].endswith(("info", "values", "export?", "export"))


@pytest.fixture
def canary() -> Iterator[tuple[int, list[str]]]:
    """An internal service on every address of this machine: its port, and who connected."""
    listener = socket.create_server(("", 0))
    callers: list[str] = []

    def accept() -> None:
        while True:
            try:
                connection, address = listener.accept()
            except OSError:
                return
            callers.append(str(address))
            connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield listener.getsockname()[1], callers
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(timeout=5)


# Three a crawl, one for each address of the source.
FORBIDDEN = [
    ("http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"),
    ("http://0.0.0.0:{port}/", "http://127.1:{port}/", "http://2130706433:{port}/"),
    ("http://0x7f.1:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://10.0.0.1:{port}/"),
    ("http://[64:ff9b::7f00:1]:{port}/", "http://169.254.169.254/", "http://100.64.0.1:{port}/"),
    ("http://[fe80::1]:{port}/", "file:///etc/passwd", "http://192.0.2.1/"),
]


@pytest.mark.fault(16, 119, 121)
@pytest.mark.parametrize("targets", FORBIDDEN)
def test_no_redirect_leads_to_an_address_that_the_source_does_not_list(
    targets: tuple[str, str, str],
    enduring: Enduring,
    ministry: Ministry,
    canary: tuple[int, list[str]],
) -> None:
    port, callers = canary
    with socket.create_connection(("127.0.0.1", port)):
        pass  # the canary sings
    for path, target in zip((INFO, VALUES, EXPORT), targets, strict=True):
        ministry.lie(path, moved(target.format(port=port), 307))
    crawl, after = enduring.endure(str(targets))
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"offsite-redirect"})
    assert len(callers) == 1
    mine = [i for i in after.issues if i["run"] == crawl.run["run"]]
    assert {"offsite-redirect"} == {i["heading"] for i in mine if i["kind"] == "info-unavailable"}
    kept = [f for f in after.fetches if f["run_id"] == crawl.run["run"] and f["status"] == 307]
    assert len(kept) == 3  # each redirect is evidence


@pytest.mark.fault(16, 119)
@pytest.mark.parametrize("place", ["header", "page"])
def test_a_page_that_refreshes_to_another_host_is_refused_and_not_followed(
    place: str, enduring: Enduring, ministry: Ministry, canary: tuple[int, list[str]]
) -> None:
    port, callers = canary
    target = f"0;url=http://127.0.0.1:{port}/"
    meta = f'<html><head><meta http-equiv="refresh" content="{target}"></head></html>'.encode()
    reply = Reply(headers=[("Refresh", target)], body=b"<p>moved</p>")
    ministry.lie_everywhere(reply if place == "header" else Reply(body=meta))
    crawl, _after = enduring.endure(place)
    assert (crawl.code, crawl.verdict, crawl.reasons) == (3, "failed", {"offsite-redirect"})
    assert callers == []
