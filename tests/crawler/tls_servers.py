"""TLS servers of every untrustworthy kind, and one that forgets a link of its chain."""

import ssl
import warnings
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.chaos.certificates import alternative, private_pem, started

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


def server_context(path: Path, pem: bytes) -> ssl.SSLContext:
    """A server that shows these certificates; the key stands before them."""
    path.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def self_signed(path: Path, host: str) -> ssl.SSLContext:
    """A server that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    names = x509.SubjectAlternativeName([alternative(host)])
    builder = started(name, name, key, days=30).add_extension(names, critical=False)
    return server_context(
        path, private_pem(key) + builder.sign(key, hashes.SHA256()).public_bytes(PEM)
    )


def old_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same server, speaking TLS 1.0 and nothing newer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


class Linked:
    """A root, an intermediate under it, and a server that shows its own certificate alone."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        root_key, link_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
        root_name, link_name, name = (
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
            for text in ("Linked root", "Linked intermediate", host)
        )
        may_sign = x509.BasicConstraints(ca=True, path_length=None)
        self.root = (
            started(root_name, root_name, root_key, days=99)
            .add_extension(may_sign, critical=True)
            .sign(root_key, hashes.SHA256())
        )
        self.link = (
            started(link_name, root_name, link_key, days=99)
            .add_extension(may_sign, critical=True)
            .sign(root_key, hashes.SHA256())
        )
        self.leaf = (
            started(name, link_name, key, days=9)
            .add_extension(x509.SubjectAlternativeName([alternative(host)]), critical=False)
            .sign(link_key, hashes.SHA256())
        )
        self.context = server_context(
            folder / "linked.pem", private_pem(key) + self.leaf.public_bytes(PEM)
        )

    def pin(self, url: str) -> dict[str, str]:
        """The intermediate's address and digest, as a spec gives them."""
        return {"url": url, "sha256": sha256(self.link.public_bytes(DER)).hexdigest()}
