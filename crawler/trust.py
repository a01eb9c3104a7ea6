"""Which roots may vouch for a host: the public set, and the operator's extra set for few hosts."""

import hashlib
import re
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from OpenSSL import SSL, crypto

from crawler.addresses import read_address
from crawler.network import Network

# The national root of Russia may vouch for Russian names only (xn--p1ai is .рф).
EXTRA_ROOT_ZONES = (".ru", ".su", ".xn--p1ai")
_PEM_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)


class TrustBroken(Exception):
    """The configured certificates are not what they should be: the run does not start."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The certificates of one source. `untrusted` may link a chain, never end one.

    webpki           PEM file of the public roots
    webpki_sha256    the digests of those roots, which tell the two sets apart
    """

    webpki: Path
    webpki_sha256: frozenset[str]
    extra: tuple[x509.Certificate, ...] = ()
    untrusted: tuple[x509.Certificate, ...] = ()
    loopback_hosts: frozenset[str] = frozenset()

    def counts_extra(self, host: str) -> bool:
        """Whether the extra roots may vouch for this host."""
        return host.endswith(EXTRA_ROOT_ZONES) or host in self.loopback_hosts

    def kind(self, root: x509.Certificate) -> str:
        """`webpki` or `extra`, by the certificate that ends a chain."""
        return "webpki" if sha256_of(root) in self.webpki_sha256 else "extra"

    def fill(self, context: SSL.Context, host: str) -> None:
        """Put the roots for this host, and the missing links, into an OpenSSL context.

        A store's certificate that is not self-signed ends no chain as long as the flag
        PARTIAL_CHAIN is not set, and it is not set here.
        """
        context.load_verify_locations(str(self.webpki))
        store = context.get_cert_store()
        if store is None:
            raise TrustBroken("OpenSSL gave no certificate store")
        extra = self.extra if self.counts_extra(host) else ()
        for certificate in (*extra, *self.untrusted):
            store.add_cert(crypto.X509.from_cryptography(certificate))


def read_trust(network: Network, webpki: Path, untrusted: Iterable[x509.Certificate] = ()) -> Trust:
    """The trust of a source; `TrustBroken` for a bundle that cannot be read or is another one.

    `webpki` is the PEM file of the public roots (certifi), never the machine's own store, to which
    an exit's owner may have added roots.
    """
    loopback = (entry.rpartition(":")[0].strip("[]") for entry in network.allow)
    return Trust(
        webpki=webpki,
        webpki_sha256=_digests(webpki.read_text("ascii")),
        extra=_read_extra(network),
        untrusted=tuple(untrusted),
        loopback_hosts=frozenset(host for host in loopback if _is_loopback(host)),
    )


def _digests(pem: str) -> frozenset[str]:
    """Without parsing: one public root has a serial number that `cryptography` warns of."""
    blocks = _PEM_BLOCK.findall(pem)
    return frozenset(
        hashlib.sha256(ssl.PEM_cert_to_DER_cert(block)).hexdigest() for block in blocks
    )


def _is_loopback(host: str) -> bool:
    address = read_address(host)
    return address is not None and address.is_loopback


def _read_extra(network: Network) -> tuple[x509.Certificate, ...]:
    if network.ca_bundle is None:
        return ()
    try:
        pem = network.ca_bundle.read_bytes()
    except OSError as error:
        raise TrustBroken(f"ca_bundle {network.ca_bundle}: {error.strerror}") from error
    expected = network.ca_bundle_sha256
    if expected is not None and hashlib.sha256(pem).hexdigest() != expected.lower():
        raise TrustBroken(f"ca_bundle {network.ca_bundle} is not the file with SHA-256 {expected}")
    return _read_pem(pem, network.ca_bundle)


def _read_pem(pem: bytes, path: Path) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise TrustBroken(f"{path} is not a list of PEM certificates") from error


def sha256_of(certificate: x509.Certificate) -> str:
    """The SHA-256 of the DER form, in hex."""
    return certificate.fingerprint(SHA256()).hex()
