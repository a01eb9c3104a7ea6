"""The gate: what may be asked, what may be dialled, with real connections that must not happen."""

import ipaddress
from pathlib import Path

import pytest

from crawler.addresses import is_global_unicast, read_endpoint
from crawler.egress import Gate, install, uninstall
from crawler.errors import EgressRefused
from crawler.network import Network, Origin
from tests.chaos.server import LyingServer, Reply
from tests.crawler.tiny_crawl import crawl

LISTED = frozenset({Origin("https", "minjust.gov.ru", 443), Origin("http", "127.0.0.1", 8801)})
NAMES = {"TWISTED_DNS_RESOLVER": "tests.crawler.fake_names.FakeNames"}


@pytest.mark.fault(119, 121)
@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "data:text/html,hello",
        "ftp://minjust.gov.ru/a",
        "gopher://minjust.gov.ru/a",
        "https://minjust.gov.ru\\@evil.example/",
        "https://evil.example\\@minjust.gov.ru/",
        "https://minjust.gov.ru@evil.example/",
        "https://user:secret@minjust.gov.ru/",
        "https://minjust.gov.ru.evil.example/",
        "https://minjust.gov.ru./",
        "https://minjust.gоv.ru/",  # a Cyrillic о
        "https://xn--minjust-xyz.ru/",
        "https://minjust.gov.ru:22/",
        "https://minjust.gov.ru:0/",
        "https://minjust.gov.ru:99999/",
        "http://minjust.gov.ru/",
        "https://minjust.gov.ru\t.evil.example/",
        "https:///a",
        "//minjust.gov.ru/a",
        "http://127.0.0.1:8802/",
        "http://localhost:8801/",
        "http://[::1]:8801/",
        "http://[::ffff:127.0.0.1]:8801/",
        "http://127.1:8801/",
        "http://2130706433:8801/",
    ],
)
def test_a_url_outside_the_listed_origins_is_refused(url: str) -> None:
    with pytest.raises(EgressRefused) as refusal:
        Gate(LISTED).check_url(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    ["https://minjust.gov.ru/a?b=c@d", "https://MINJUST.gov.ru:443/", "http://127.0.0.1:8801/"],
)
def test_a_url_of_a_listed_origin_passes(url: str) -> None:
    Gate(LISTED).check_url(url)


@pytest.mark.fault(119)
@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.1", "169.254.169.254"),
        *("172.16.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
        *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808"),
        *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1"),
        *("fc00::1", "fd00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "::127.0.0.1"),
    ],
)
def test_an_address_that_is_not_global_unicast_is_not_dialled(address: str) -> None:
    assert not is_global_unicast(ipaddress.ip_address(address))
    with pytest.raises(EgressRefused):
        Gate(LISTED).check_address(address, 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "95.173.136.70", "2a0c:a9c7:8::1"])
def test_a_public_address_is_dialled(address: str) -> None:
    Gate(LISTED).check_address(address, 443)


def test_a_name_that_nobody_resolved_is_not_dialled() -> None:
    with pytest.raises(EgressRefused):
        Gate(LISTED).check_address("minjust.gov.ru", 443)


def test_allow_opens_one_address_and_one_port() -> None:
    gate = Gate(LISTED, frozenset({"127.0.0.1:8801", "[::1]:8801"}))
    gate.check_address("127.0.0.1", 8801)
    gate.check_address("::1", 8801)
    for host, port in (("127.0.0.1", 8802), ("127.0.0.2", 8801), ("::ffff:127.0.0.1", 8801)):
        with pytest.raises(EgressRefused):
            gate.check_address(host, port)


@pytest.mark.parametrize("entry", ["127.0.0.1", "localhost:80", "127.0.0.1:0", "127.0.0.1:x", ""])
def test_a_broken_allow_entry_is_refused_when_it_is_read(entry: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_endpoint(entry)


def test_behind_a_proxy_only_the_proxy_is_dialled_and_its_secret_is_not_in_the_url() -> None:
    network = Network(LISTED, "test", proxy="http://user:s%40cret@exit.example:3128")
    gate = Gate.of(network, resolve=lambda host: ["192.168.7.7", "192.168.7.8"])
    gate.check_address("192.168.7.7", 3128)
    for host, port in (("192.168.7.7", 80), ("8.8.8.8", 443), ("192.168.7.8", 3128)):
        with pytest.raises(EgressRefused):
            gate.check_address(host, port)
    assert gate.proxy is not None
    assert gate.proxy.url == "http://192.168.7.7:3128"
    assert "cret" not in repr(gate.proxy) + repr(network)


@pytest.mark.fault(119)
def test_no_spelling_of_loopback_reaches_a_listener() -> None:
    with LyingServer() as canary:
        hosts = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0.0.0.0"]
        hosts += ["[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]"]
        urls = [canary.url("/" + host, host=host) for host in hosts]
        result = crawl(urls, allow=[f"127.0.0.2:{canary.port}"])
    assert canary.connection_count == 0
    assert result.pages == []
    assert set(result.reasons().values()) == {"egress-refused"}
    assert len(result.errors) == len(urls) == len(result.fetches)


@pytest.mark.fault(16, 119, 121)
def test_redirects_to_other_places_are_refused_before_they_are_dialled() -> None:
    with LyingServer() as server:
        targets = {
            "/meta": "http://169.254.169.254/latest/meta-data",
            "/ten": "http://10.0.0.1/",
            "/userinfo": f"http://user:canary-word@127.0.0.1:{server.port}/ok",
            "/backslash": f"http://evil.example\\@127.0.0.1:{server.port}/ok",
            "/ssh": "http://127.0.0.1:22/",
            "/gopher": "gopher://127.0.0.1/",
        }
        for path, target in targets.items():
            server.route(path, Reply(status=302, headers=[("Location", target)]))
        paths = ["/to_local", "/to_port", "/to_file", "/refresh", "/refresh_header", *targets]
        result = crawl(map(server.url, paths), allow=[f"127.0.0.1:{server.port}"])
    assert result.reasons() == dict.fromkeys(paths, "offsite-redirect")
    assert server.internal_hits == []
    assert "offsite-redirect" in result.log
    assert "canary-word" not in result.log + str(result.errors)


@pytest.mark.fault(30, 120)
def test_names_are_checked_by_the_address_that_is_dialled_and_dead_addresses_are_passed() -> None:
    with LyingServer(host="127.0.0.2") as good, LyingServer() as inside:
        good.route("/a", Reply(body=b"<p>a"))
        names = {
            "rebinding.example": [["127.0.0.2"], ["127.0.0.1"]],
            "missing.example": [[]],
            "silent.example": [None],
            "half-dead.example": [["127.0.0.3", "127.0.0.2"]],
        }
        urls = [good.url(f"/a?{name}", host=name) for name in names]
        urls.insert(1, good.url("/a?again", host="rebinding.example"))
        result = crawl(
            urls,
            allow=[f"127.0.0.2:{good.port}", f"127.0.0.3:{good.port}"],
            timeout_s=1.0,
            settings={**NAMES, "FAKE_NAMES": names},
        )
    pages = {page["path"] for page in result.pages}
    assert pages == {"/a?rebinding.example", "/a?half-dead.example"}
    assert result.reasons() == {
        "/a?again": "egress-refused",
        "/a?missing.example": "dns",
        "/a?silent.example": "timeout",
    }
    assert len(result.tries("/a?missing.example")) == 2
    assert inside.connection_count == 0


@pytest.mark.fault(122, 123, 128)
def test_a_crawl_opens_no_port_uses_no_proxy_of_the_environment_and_writes_nothing(
    tmp_path: Path,
) -> None:
    with LyingServer() as server, LyingServer() as proxy:
        env = {name: proxy.url("") for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY")}
        env |= {"no_proxy": "", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
        result = crawl([server.url("/ok")], allow=[f"127.0.0.1:{server.port}"], env=env)
    assert [page["status"] for page in result.pages] == [200]
    assert result.listeners == []
    assert proxy.connection_count == 0
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.fault(127, 128)
def test_a_configured_proxy_gets_the_request_and_its_secret_stays_out_of_records_and_log() -> None:
    with LyingServer() as proxy:
        proxy.route("http://registry.example/*", Reply(body=b"<p>by the exit"))
        proxy.route("*", Reply(body=b"<p>by the exit"))
        url = proxy.url("").replace("http://", "http://user:canary-secret@")
        result = crawl(["http://registry.example/list"], proxy=url, settings={"LOG_LEVEL": "DEBUG"})
    assert [page["status"] for page in result.pages] == [200]
    assert proxy.hits[0].path == "http://registry.example/list"
    assert proxy.hits[0].headers["proxy-authorization"].startswith("Basic ")
    told = result.log + str(result.fetches) + str(result.stats)
    assert "canary-secret" not in told
    assert proxy.hits[0].headers["proxy-authorization"].removeprefix("Basic ") not in told
    assert ["Proxy-Authorization", "***"] in result.fetches[0]["request_headers"]


class Dialler:
    """A reactor that notes what it would dial."""

    def __init__(self) -> None:
        self.dialled: list[tuple[str, int]] = []

    def connectTCP(self, host: str, port: int, factory: object, timeout: float = 30) -> str:
        """Twisted's name."""
        self.dialled.append((host, port))
        return "connector"


def test_the_gate_before_a_reactor_is_replaced_not_stacked_and_can_be_taken_away() -> None:
    reactor = Dialler()
    install(reactor, Gate(LISTED))
    install(reactor, Gate(LISTED, frozenset({"127.0.0.1:8801"})))
    assert reactor.connectTCP("127.0.0.1", 8801, object()) == "connector"
    with pytest.raises(EgressRefused):
        reactor.connectTCP("127.0.0.1", 8802, object())
    uninstall(reactor)
    reactor.connectTCP("127.0.0.1", 8802, object())
    assert reactor.dialled == [("127.0.0.1", 8801), ("127.0.0.1", 8802)]
