"""Errors of Scrapy, Twisted and OpenSSL told as `SourceError`: a machine word and plain words."""

from collections.abc import Iterator
from http import HTTPStatus

from OpenSSL import SSL
from scrapy import exceptions
from scrapy.core.downloader.handlers.http11 import TunnelError
from twisted.internet.error import ConnectError, ConnectionClosed, SSLError, UserError

from crawler.errors import BodyTooLarge, SourceError, TruncatedBody


class FetchFailed(SourceError):
    """A request that ended without a page: `reason` says how (dns, connect, timeout, http-404)."""


class TlsRefused(SourceError):
    """We do not believe that the server is who it says it is, or cannot speak safely with it."""

    reason = "tls"


# What OpenSSL 3 says, as found in the error's text, and what it means.
_TLS_WORDS = (
    ("unsupported protocol", "the server speaks only TLS 1.1 or older"),
    ("alert protocol version", "the server speaks only TLS 1.1 or older"),
    ("wrong version number", "the server does not speak TLS on this port"),
    ("handshake failure", "the server and we have no cipher in common"),
)
_SIMPLE: tuple[tuple[type[Exception], str, str], ...] = (
    (exceptions.CannotResolveHostError, "dns", "the name of the host was not found"),
    (exceptions.DownloadConnectionRefusedError, "connect", "the server refused the connection"),
    (exceptions.DownloadTimeoutError, "timeout", "no complete answer within the time allowed"),
)


def typed(error: BaseException) -> SourceError | None:
    """The `SourceError` that tells this error; None when it is a fault of our own code."""
    if isinstance(error, SourceError):
        return error
    for kind, reason, words in _SIMPLE:
        if isinstance(error, kind):
            return FetchFailed(words, reason=reason)
    if isinstance(error, exceptions.ResponseDataLossError):
        return TruncatedBody("the connection ended before the body did")
    if isinstance(error, exceptions.DownloadCancelledError):
        # The download is cancelled from within for one cause only: DOWNLOAD_MAXSIZE.
        return BodyTooLarge("the body is larger than the source's limit")
    return _from_causes(error)


def _from_causes(error: BaseException) -> SourceError | None:
    """Look into what the error wraps: Twisted hides the cause in lists of failures."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, SourceError):
            return cause
    for cause in causes:
        if isinstance(cause, (SSL.Error, SSLError)) and not _is_hang_up(cause):
            return TlsRefused(_tls_words(cause))
    for cause in causes:
        if isinstance(cause, TunnelError):
            return FetchFailed("the proxy opened no way to the server", reason="proxy")
        if isinstance(cause, (ConnectionClosed, ConnectError, UserError, SSL.Error)):
            return FetchFailed("the connection was lost before the answer came", reason="connect")
    if isinstance(error, exceptions.DownloadFailedError):
        return FetchFailed("the server's answer is not HTTP", reason="bad-response")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    for failure in getattr(error, "reasons", ()):
        yield from _causes(failure.value)
    if error.__cause__ is not None:
        yield from _causes(error.__cause__)


def _is_hang_up(error: BaseException) -> bool:
    """The server closed the connection in the middle of TLS: worth another try."""
    dropped = isinstance(error, (SSL.SysCallError, SSL.ZeroReturnError))
    return dropped or "unexpected eof" in str(error).lower()


def _tls_words(error: BaseException) -> str:
    text = str(error).lower()
    for sign, words in _TLS_WORDS:
        if sign in text:
            return words
    return "the TLS connection could not be made"


def http_failure(status: int) -> FetchFailed:
    """The failure that an HTTP status outside 200 to 299 is, such as `http-404`."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:  # sites invent numbers, such as 522 and 999
        phrase = "no standard meaning"
    return FetchFailed(f"the server answered {status} ({phrase})", reason=f"http-{status}")
