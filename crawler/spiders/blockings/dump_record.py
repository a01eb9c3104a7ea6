"""One record of dump.xml, in every form from 2.0 (2014) to 2.4 (2024).

    <content id="7097471" includeTime="2024-06-04T17:25:01" urgencyType="1" entryType="3"
     hash="2D18..." blockType="domain-mask" ts="2024-06-04T23:20:01">
     <decision date="2022-10-05" number="" org=""/>
     <domain><![CDATA[*.site.example]]></domain>
     <ip>192.0.2.1</ip>
    </content>

The order of attributes differs between generations. `hash` and `ts` change when addresses do and
say nothing of their own; `urgencyType` goes with entry type 3. Source: dossier of blockings,
section 2.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawler.documents.xml_form import element_of
from crawler.errors import SourceError
from pipelines import kept_lines
from pipelines.observation import Observation, Raw
from pipelines.reading import BadRow, Oddity, RawRow

ID = re.compile(rb"<content\b[^>]*?\sid=[\"']([0-9]{1,18})[\"']")
LAST, BLANK = b"</content>", b" \t\r\n"
NO_NEWS = frozenset({"hash", "ts", "urgencyType"})
ATTRIBUTES = NO_NEWS | {"id", "includeTime", "entryType", "blockType"}
ADDRESSES = ("ip", "ipv6", "ipSubnet", "ipv6Subnet")
NAMES = ("url", "domain")
CHILDREN = frozenset({"decision", *NAMES, *ADDRESSES})
DECISION = frozenset({"org", "number", "date"})
BETWEEN = " | "  # how the register's other forms join what one row names
LONGEST_NAME = 40  # signs of an unknown name that an issue shows


def locate(raw: bytes, start: int) -> str:
    """The place of a record whose closing tag is cut off, without the blanks in front of it."""
    blanks = len(raw) - len(raw.lstrip(BLANK))
    return kept_lines.locate(start + blanks, start + len(raw) + len(LAST))


class Records:
    """Reads the records of one dump; each name that nobody knows is told once."""

    def __init__(self, part: str, encoding: str) -> None:
        self.part = part
        self.encoding = encoding
        self.odd: list[Oddity] = []
        self.was_odd = False  # has the record read last something that nobody reads?
        self._told: set[str] = set()

    def row(self, raw: bytes, start: int) -> RawRow | BadRow:
        """A record by its bytes, which begin at `start` of the whole; nothing is taken apart."""
        where = kept_lines.locate(start, start + len(raw))
        found = ID.match(raw)
        if found is None:
            return BadRow(None, "id", "A record has no number.", where)
        return RawRow((found[1].decode(),), raw, where, self.read, self.part)

    def read(self, row: RawRow) -> Observation | BadRow:
        """What a record says. Raises SourceError where it is not well formed."""
        self.was_odd = False
        record = _element(row, self.encoding)
        attributes: dict[str, str] = dict(record.items())
        if attributes.get("id") != row.key[0]:
            return BadRow(None, "id", "A record does not state its number plainly.", row.locator)
        texts, decisions = self._children(record)
        if not attributes.keys() <= ATTRIBUTES:
            self._tell(attributes.keys() - ATTRIBUTES)
        heading = _unread(attributes, decisions)
        if heading is not None:
            words = f"A record does not state its `{heading}` as every record does."
            return BadRow(row.key, heading, words, row.locator)
        decision, urls = decisions[0], texts.get("url", [])
        fields: dict[str, Raw] = {
            "agency": decision["org"],
            "decision_number": decision["number"],
            "decided_on": decision["date"],
            "ips": BETWEEN.join([text for name in ADDRESSES for text in texts.get(name, ())]),
            "domain": BETWEEN.join(texts.get("domain", ())),
            # their order has no meaning and is not always the same
            "urls": BETWEEN.join(sorted(set(urls)) if len(urls) > 1 else urls),
            "included_at": attributes["includeTime"],
            "entry_type": attributes["entryType"],
            "block_type": attributes.get("blockType", ""),
        }
        # thousands of addresses say less than the rest, and stand last in every generation
        quote = row.raw.partition(b"<ip")[0].decode(self.encoding).rstrip()
        return Observation(row.key, fields, row.locator, quote, self.part)

    def take(self, raw: bytes, start: int) -> tuple[list[Observation | BadRow | Oddity], bool]:
        """What a record says by its bytes; and does it say so in every state, without an issue?"""
        blanks = len(raw) - len(raw.lstrip(BLANK))
        row = self.row(raw[blanks:] + LAST, start + blanks)
        said = self.read(row) if isinstance(row, RawRow) else row
        return [said, *self.told()], not self.was_odd

    def told(self) -> Iterator[Oddity]:
        """What was not understood since the last call."""
        yield from self.odd
        self.odd.clear()

    def _children(self, record: Any) -> tuple[dict[str, list[str]], list[dict[str, str]]]:
        """The texts of a record by name, and the attributes of its decisions."""
        texts: dict[str, list[str]] = {}
        decisions: list[dict[str, str]] = []
        for child in record:
            name = child.tag
            if name == "decision":
                decisions.append(dict(child.items()))
            elif name not in CHILDREN:
                self._tell({name} if isinstance(name, str) else {"comment"})
            elif child.text:
                texts.setdefault(name, []).append(child.text)
        return texts, decisions

    def _tell(self, names: set[str]) -> None:
        self.was_odd = True
        for name in sorted(names - self._told):
            self._told.add(name)
            heading = name[:LONGEST_NAME]
            words = f"Nobody reads `{heading}` of a record."
            self.odd.append(Oddity("unknown-field", heading, words))


def _element(row: RawRow, encoding: str) -> Any:
    """The record's element. The parser's own words may repeat an address: they stay here."""
    try:
        return element_of(row.raw, encoding)
    except SourceError as error:
        words = f"The record at {row.locator} is not well-formed XML, or past the parser's limits."
        raise SourceError(words, reason=error.reason) from None


def _unread(attributes: dict[str, str], decisions: list[dict[str, str]]) -> str | None:
    """The heading without which a record says nothing, None where all are there."""
    if len(decisions) != 1 or not decisions[0].keys() >= DECISION:
        return "decision"
    if "includeTime" not in attributes:
        return "includeTime"
    return None if "entryType" in attributes else "entryType"
