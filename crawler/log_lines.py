"""Log lines that nothing from outside can forge: control characters are shown, not acted on.

A title with a newline would otherwise write a line of its own, and one with an escape sequence
would paint the terminal of whoever reads the log.
"""

import logging

from crawler.escape import printable


class PlainRecord(logging.LogRecord):
    """A record whose message is one printable line."""

    def getMessage(self) -> str:
        """The message with its arguments, escaped line by line."""
        return " | ".join(printable(line) for line in super().getMessage().split("\n"))


def write_plain_lines() -> None:
    """From now on every logger of this process, Scrapy's included, writes plain lines."""
    logging.setLogRecordFactory(PlainRecord)
