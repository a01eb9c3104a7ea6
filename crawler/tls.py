"""TLS as a client: verified always, 1.2 at least, with plain words for each refusal."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any

from OpenSSL import SSL, crypto
from scrapy.crawler import Crawler
from service_identity import VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, ServiceID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.addresses import read_address
from crawler.failures import TlsRefused
from crawler.intermediate import read_intermediate
from crawler.network import Network
from crawler.trust import Trust, read_trust, sha256_of

# X509_V_ERR_* of OpenSSL 3, x509_vfy.h
_VERIFY_WORDS = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is self-signed",
    19: "the chain ends in a root that we do not trust",
    20: "nobody whom we trust vouches for the certificate (or the server left out a link)",
    21: "nobody whom we trust vouches for the certificate (or the server left out a link)",
    23: "the certificate was revoked",
    66: "the key of a certificate in the chain is too short",
}


def tls_policy(crawler: Crawler) -> "TlsPolicy":
    """The one policy of a crawl; fetches the missing intermediate when the spec names one.

    Raises `TrustBroken` for a broken or exchanged bundle.
    """
    policy: TlsPolicy | None = getattr(crawler, "tls_policy", None)
    if policy is None:
        network: Network = crawler.spider.network
        webpki = Path(crawler.settings["TLS_PUBLIC_ROOTS"])
        policy = TlsPolicy(read_trust(network, webpki, read_intermediate(network)))
        crawler.tls_policy = policy
    return policy


@implementer(IPolicyForHTTPS)
class TlsPolicy:
    """What Twisted asks for each https connection.

    `vouched` says, for the SHA-256 of a server's certificate, which set of roots ended its chain.
    """

    def __init__(self, trust: Trust) -> None:
        self.trust = trust
        self.vouched: dict[str, str] = {}
        self._options: dict[bool, CertificateOptions] = {}

    def creatorForNetloc(self, hostname: bytes, port: int) -> "VerifiedConnection":
        """Twisted's name: the maker of connections to one host."""
        host = hostname.decode("ascii").lower()
        return VerifiedConnection(self, self._options_for(host), host)

    def _options_for(self, host: str) -> CertificateOptions:
        """One OpenSSL context for hosts with the extra roots, one for the others."""
        key = self.trust.counts_extra(host)
        if key not in self._options:
            options = CertificateOptions(trustRoot=None, raiseMinimumTo=TLSVersion.TLSv1_2)
            self.trust.fill(options.getContext(), host)
            self._options[key] = options
        return self._options[key]


@implementer(IOpenSSLClientConnectionCreator)
class VerifiedConnection:
    """Makes the connections to one host and verifies chain, name and dates."""

    def __init__(self, policy: TlsPolicy, options: CertificateOptions, host: str) -> None:
        self.policy = policy
        self.options = options
        self.host = host
        self.is_address = read_address(host) is not None

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        """Twisted's name: a connection that has yet to shake hands."""
        connection = SSL.Connection(self.options.getContext(), None)
        if not self.is_address:  # RFC 6066 allows no addresses in the server name
            connection.set_tlsext_host_name(self.host.encode("ascii"))
        verifier = _Verifier(self, protocol)
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, verifier)
        return connection


class _Verifier:
    """OpenSSL's callback for one handshake: called from the root down to the server's own."""

    def __init__(self, maker: VerifiedConnection, protocol: Any) -> None:
        self.maker = maker
        self.protocol: Any = protocol
        self.root: str | None = None

    def __call__(
        self, connection: SSL.Connection, cert: crypto.X509, error: int, depth: int, ok: int
    ) -> bool:
        """True to go on. Nothing may be raised here: OpenSSL would swallow it."""
        if not ok:
            return self._refuse(_VERIFY_WORDS.get(error, f"OpenSSL error {error}"))
        certificate = cert.to_cryptography()
        if self.root is None:
            self.root = self.maker.policy.trust.kind(certificate)
        if depth > 0:
            return True
        try:
            verify_service_identity(extract_patterns(cert), [_identity(self.maker)], [])
        except (VerificationError, ValueError):
            return self._refuse(f"the certificate is not for {self.maker.host}")
        self.maker.policy.vouched[sha256_of(certificate)] = self.root
        self.protocol = None  # Twisted would keep the whole connection alive
        return True

    def _refuse(self, words: str) -> bool:
        if self.protocol is not None:
            self.protocol.failVerification(Failure(TlsRefused(words)))
        self.protocol = None
        return False


def _identity(maker: VerifiedConnection) -> ServiceID:
    if maker.is_address:
        return IPAddress_ID(str(ip_address(maker.host)))
    return DNS_ID(maker.host)
