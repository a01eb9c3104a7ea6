"""Whom we believe: chains, names, dates, versions, and roots that count for few hosts only."""

import ssl
from hashlib import sha256
from pathlib import Path
from typing import Any

import certifi
import pytest
from OpenSSL import SSL, crypto

from crawler.errors import SourceError
from crawler.intermediate import intermediate
from crawler.network import IntermediatePin, Network, Origin
from crawler.trust import TrustBroken, read_trust
from tests.chaos.certificates import Authority
from tests.chaos.server import LyingServer, Reply
from tests.crawler.relay import Relay
from tests.crawler.tiny_crawl import Result, crawl
from tests.crawler.tls_servers import DER, PEM, Linked, old_tls, self_signed

NAMES = {"TWISTED_DNS_RESOLVER": "tests.crawler.fake_names.FakeNames"}


@pytest.fixture(scope="module")
def believed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One crawl of eight servers: public root `public`, extra root `national`, nobody's `alien`."""
    folder = tmp_path_factory.mktemp("tls")
    public, national, alien = (Authority(n) for n in ("Public", "National", "Alien"))
    (folder / "public.pem").write_bytes(public.pem)
    (folder / "national.pem").write_bytes(national.pem)
    contexts: dict[str, tuple[str, ssl.SSLContext]] = {
        "good": ("127.0.0.1", public.context(folder)),
        "expired": ("127.0.0.1", public.context(folder, days=-1)),
        "alien": ("127.0.0.1", alien.context(folder)),
        "self_signed": ("127.0.0.1", self_signed(folder / "self.pem", "127.0.0.1")),
        "wrong_host": ("127.0.0.1", public.context(folder, host="other.example")),
        "old_tls": ("127.0.0.1", old_tls(public.context(folder))),
        "national_ru": ("court.ru", national.context(folder, host="court.ru")),
        "national_rf": ("xn--d1aqf.xn--p1ai", national.context(folder, host="xn--d1aqf.xn--p1ai")),
        "national_loopback": ("127.0.0.1", national.context(folder)),
        "national_abroad": ("court.example", national.context(folder, host="court.example")),
        "public_ru": ("news.ru", public.context(folder, host="news.ru")),
    }
    servers = {path: (host, LyingServer(tls=tls)) for path, (host, tls) in contexts.items()}
    for _, server in servers.values():
        server.__enter__()
    try:
        return crawl(
            [server.url(f"/ok?{path}", host=host) for path, (host, server) in servers.items()],
            allow=[f"127.0.0.1:{server.port}" for _, server in servers.values()],
            ca_bundle=str(folder / "national.pem"),
            settings={
                **NAMES,
                "FAKE_NAMES": {host: [["127.0.0.1"]] for host, _ in servers.values()},
                "TLS_PUBLIC_ROOTS": str(folder / "public.pem"),
            },
        )
    finally:
        for _, server in servers.values():
            server.__exit__(None, None, None)


@pytest.mark.fault(28, 129)
def test_a_server_that_we_cannot_believe_is_refused_in_plain_words(believed: Result) -> None:
    told = {error["path"].removeprefix("/ok?"): error["text"] for error in believed.errors}
    nobody = "nobody whom we trust vouches for the certificate (or the server left out a link)"
    assert told == {
        "expired": "the certificate has expired",
        "alien": nobody,
        "self_signed": "the certificate is self-signed",
        "wrong_host": "the certificate is not for 127.0.0.1",
        "old_tls": "the server speaks only TLS 1.1 or older",
        "national_abroad": nobody,
    }
    assert {error["reason"] for error in believed.errors} == {"tls"}
    assert len(believed.tries("/ok?expired")) == 1


@pytest.mark.fault(29)
def test_a_record_tells_which_set_of_roots_vouched(believed: Result) -> None:
    roots = {
        fetch["final_url"].partition("?")[2]: fetch["tls_root"]
        for fetch in believed.fetches
        if fetch["status"] == 200
    }
    assert roots == {
        "good": "webpki",
        "public_ru": "webpki",
        "national_ru": "extra",
        "national_rf": "extra",
        "national_loopback": "extra",
    }
    assert all(len(f["tls_cert_sha256"]) == 64 for f in believed.fetches if f["status"] == 200)


def test_a_missing_intermediate_is_fetched_by_its_pin_and_the_chain_then_holds(
    tmp_path: Path,
) -> None:
    linked = Linked(tmp_path)
    (tmp_path / "root.pem").write_bytes(linked.root.public_bytes(PEM))
    settings = {"TLS_PUBLIC_ROOTS": str(tmp_path / "root.pem")}
    with LyingServer(tls=linked.context) as server, LyingServer() as publisher:
        publisher.route("/link.crt", Reply(body=linked.link.public_bytes(DER)))
        more: dict[str, Any] = {
            "allow": [f"127.0.0.1:{server.port}", f"127.0.0.1:{publisher.port}"],
            "cache_dir": str(tmp_path / "cache"),
            "settings": settings,
        }
        without = crawl([server.url("/ok")], **more)
        pin = linked.pin(publisher.url("/link.crt"))
        results = [crawl([server.url("/ok")], intermediate=pin, **more) for _ in range(2)]
    assert without.reasons() == {"/ok": "tls"}
    assert [fetch["tls_root"] for result in results for fetch in result.fetches] == ["webpki"] * 2
    assert len(publisher.hits) == 1, "the second crawl takes it from the cache"


def test_a_pinned_intermediate_ends_no_chain(tmp_path: Path) -> None:
    linked = Linked(tmp_path)
    network = Network(frozenset({Origin("https", "127.0.0.1", 443)}), "test")
    trust = read_trust(network, Path(certifi.where()), [linked.link])
    context = SSL.Context(SSL.TLS_METHOD)
    trust.fill(context, "127.0.0.1")
    store = context.get_cert_store()
    assert store is not None
    leaf = crypto.X509.from_cryptography(linked.leaf)
    with pytest.raises(crypto.X509StoreContextError):
        crypto.X509StoreContext(store, leaf).verify_certificate()


@pytest.mark.parametrize("served", ["other", "root", "page"])
def test_bytes_that_are_not_the_pinned_intermediate_are_not_kept(
    tmp_path: Path, served: str
) -> None:
    linked = Linked(tmp_path)
    root = linked.root.public_bytes(DER)
    bodies = {"other": Authority().certificate.public_bytes(DER), "root": root, "page": b"<html>"}
    expected = root if served == "root" else linked.link.public_bytes(DER)
    pin = IntermediatePin("http://ca.example/link.crt", sha256(expected).hexdigest())
    cache = tmp_path / "cache"
    with pytest.raises(SourceError):
        intermediate(pin, cache, download=lambda url: bodies[served])
    assert not cache.exists()


def test_a_pem_form_and_a_colon_digest_of_the_intermediate_are_the_same_certificate(
    tmp_path: Path,
) -> None:
    linked = Linked(tmp_path)
    der = linked.link.public_bytes(DER)
    digest = sha256(der).hexdigest().upper()
    colons = ":".join(digest[i : i + 2] for i in range(0, 64, 2))
    pin = IntermediatePin("http://ca.example/link.crt", colons)
    pem = linked.link.public_bytes(PEM)
    assert intermediate(pin, tmp_path / "cache", download=lambda url: pem) == der


@pytest.mark.fault(129)
def test_an_exchanged_or_broken_bundle_refuses_to_start(tmp_path: Path) -> None:
    bundle = tmp_path / "national.pem"
    bundle.write_bytes(Authority().pem)
    origins = frozenset({Origin("https", "court.ru", 443)})
    digest = sha256(bundle.read_bytes()).hexdigest()
    read_trust(
        Network(origins, "test", ca_bundle=bundle, ca_bundle_sha256=digest), Path(certifi.where())
    )
    bundle.write_bytes(Authority().pem)
    for ca_bundle, ca_sha256 in ((bundle, digest), (tmp_path / "none.pem", None)):
        network = Network(origins, "test", ca_bundle=ca_bundle, ca_bundle_sha256=ca_sha256)
        with pytest.raises(TrustBroken):
            read_trust(network, Path(certifi.where()))


@pytest.mark.fault(127, 128)
def test_https_goes_through_the_tunnel_of_the_exit_and_is_verified_at_its_end(
    tmp_path: Path,
) -> None:
    public = Authority()
    (tmp_path / "root.pem").write_bytes(public.pem)
    context = public.context(tmp_path, host="court.ru")
    with LyingServer(tls=context) as server, Relay(("127.0.0.1", server.port)) as exit_ru:
        result = crawl(
            ["https://court.ru/ok", "https://other.ru/ok?forged"],
            proxy=f"http://user:canary-secret@127.0.0.1:{exit_ru.port}",
            settings={"TLS_PUBLIC_ROOTS": str(tmp_path / "root.pem"), "LOG_LEVEL": "DEBUG"},
        )
    assert [(page["path"], page["status"]) for page in result.pages] == [("/ok", 200)]
    assert [error["text"] for error in result.errors] == ["the certificate is not for other.ru"]
    asked = sorted(head.partition("\r\n")[0] for head in exit_ru.heads)  # two hosts, any order
    assert asked[0] == "CONNECT court.ru:443 HTTP/1.1"
    assert all("Proxy-Authorization: Basic " in head for head in exit_ru.heads)
    assert "proxy-authorization" not in server.hits[0].headers
    assert "canary-secret" not in result.log + str(result.fetches)
