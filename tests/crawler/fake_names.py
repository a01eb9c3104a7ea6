"""DNSF, names that answer what a test says: the setting FAKE_NAMES holds answers by name.

`{"a.example": [["127.0.0.2"], ["127.0.0.1"]]}` answers the second question otherwise than the
first; the last answer stays; an empty answer is "no such name", null is no answer at all.
"""

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]


@implementer(IHostResolution)
class Question:
    """A question that cannot be taken back."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing runs that could be stopped."""


@implementer(IHostnameResolver)
class FakeNames:
    """What Scrapy builds from TWISTED_DNS_RESOLVER."""

    def __init__(self, answers: dict[str, list[list[str] | None]], reactor: Any) -> None:
        self.answers = answers
        self.reactor = reactor

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "FakeNames":
        """Read the answers from the settings."""
        return cls(dict(crawler.settings.getdict("FAKE_NAMES")), reactor)

    def install_on_reactor(self) -> None:
        """Answer for this reactor."""
        self.reactor.installNameResolver(self)

    def resolveHostName(
        self,
        receiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: str = "TCP",
    ) -> Question:
        """Twisted's name: tell the addresses of a name."""
        question = Question(hostName)
        receiver.resolutionBegan(question)
        left = self.answers.get(hostName, [[]])
        answer = left.pop(0) if len(left) > 1 else left[0]
        if answer is None:
            return question
        for address in answer:
            receiver.addressResolved(IPv4Address("TCP", address, portNumber))
        receiver.resolutionComplete()
        return question
