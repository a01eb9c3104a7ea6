"""The CA certificate that a server forgets to send, fetched from where its CA publishes it.

The Ministry's host sends its own certificate alone (observed 2026). Whatever arrives counts only
when its SHA-256 is the one in the source's spec; it may link a chain and never end one.
"""

import hashlib
import http.client
import logging
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from crawler.egress import Gate, resolve
from crawler.errors import EgressRefused, SourceError
from crawler.network import IntermediatePin, Network, Origin

logger = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024  # a CA certificate has 1 to 3 KB
TIMEOUT_S = 20.0
Download = Callable[[str], bytes]


def read_intermediate(network: Network) -> tuple[x509.Certificate, ...]:
    """The pinned certificate of a source, from its cache or the net; none when neither has it.

    Its absence is no error of its own: the handshake then fails and says so.
    """
    pin = network.intermediate
    if pin is None or network.cache_dir is None:
        return ()
    if not any(origin.scheme == "https" for origin in network.origins):
        return ()
    try:
        der = intermediate(pin, network.cache_dir, download=_Fetch(network))
    except (SourceError, OSError, http.client.HTTPException) as error:
        logger.warning("the missing TLS intermediate was not fetched: %s", error)
        return ()
    return (x509.load_der_x509_certificate(der),)


def intermediate(pin: IntermediatePin, cache_dir: Path, download: Download) -> bytes:
    """The DER bytes whose SHA-256 is the pin, cached; `SourceError` when the bytes are others."""
    expected = pin.sha256.replace(":", "").lower()
    path = cache_dir / f"{expected}.der"
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == expected:
        return path.read_bytes()
    der = _der(download(pin.url))
    if hashlib.sha256(der).hexdigest() != expected:
        raise SourceError(f"what {pin.url} serves is not the pinned certificate", reason="tls")
    certificate = x509.load_der_x509_certificate(der)
    if certificate.issuer == certificate.subject:
        raise SourceError("a pinned intermediate must not be a root of its own", reason="tls")
    _write(path, der)
    return der


def _der(raw: bytes) -> bytes:
    if not raw.startswith(b"-----BEGIN"):
        return raw
    try:
        return x509.load_pem_x509_certificate(raw).public_bytes(Encoding.DER)
    except ValueError:
        return raw


def _write(path: Path, der: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_bytes(der)
    draft.replace(path)


class _Fetch:
    """One GET before the crawl starts: no redirects, the address checked before it is dialled."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def __call__(self, url: str) -> bytes:
        """The body of a 200; `SourceError` for all else."""
        origin = Origin.of(url)
        gate = Gate.of(self.network)
        connection = _connect(gate, origin)
        target = url if gate.proxy is not None else urlsplit(url).path or "/"
        headers = {"User-Agent": self.network.user_agent, "Host": urlsplit(url).netloc}
        if gate.proxy is not None and gate.proxy.authorization is not None:
            headers["Proxy-Authorization"] = gate.proxy.authorization.decode("ascii")
        try:
            connection.request("GET", target, headers=headers)
            return _body(connection.getresponse())
        finally:
            connection.close()


def _connect(gate: Gate, origin: Origin) -> http.client.HTTPConnection:
    """Connected to the proxy, or to the first address of the host that the gate lets pass."""
    if origin.scheme != "http":
        # CAs publish over http, since a chain cannot be verified before it is complete.
        raise EgressRefused("an intermediate is fetched over http; its digest is what protects it")
    if gate.proxy is not None:
        address, port = gate.proxy.address, gate.proxy.port
    else:
        address, port = resolve(origin.host)[0], origin.port
    gate.check_address(address, port)
    return http.client.HTTPConnection(address, port, timeout=TIMEOUT_S)


def _body(response: http.client.HTTPResponse) -> bytes:
    raw = response.read(MAX_BYTES + 1)
    if response.status != 200 or len(raw) > MAX_BYTES:
        raise SourceError(f"no certificate there (HTTP {response.status})", reason="tls")
    return raw
