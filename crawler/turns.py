"""Turns: a platform of many hosts that counts requests over all of them is asked in turn.

Waited for in the download handler, the last place before the wire: what waits in queues further up
may be sent at any moment, in any order.
"""

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.task import deferLater

from storage.clock import SystemClock


class Turns:
    """At least `gap_s` seconds between the starts of any two requests."""

    def __init__(self, gap_s: float) -> None:
        self.gap_s = gap_s
        self._clock = SystemClock()  # waits are real, whatever date a synthetic home pretends
        self._next_at = self._rest_until = 0.0

    def rest(self, seconds: float) -> None:
        """Leave the platform alone from now on; who waits for a turn waits for that too."""
        self._rest_until = max(self._rest_until, self._clock.monotonic() + seconds)

    async def wait(self) -> None:
        """Return when it is this request's turn."""
        from twisted.internet import reactor  # the import chooses the reactor: not at the top

        while True:
            now = self._clock.monotonic()
            at = max(now, self._next_at, self._rest_until)
            self._next_at = at + self.gap_s
            if at > now:
                await maybe_deferred_to_future(deferLater(reactor, at - now))
            if self._rest_until <= at:  # nobody was told meanwhile to leave it alone
                return
