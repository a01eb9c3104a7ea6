"""A row ready to be staged: normalised, protected, with its evidence."""

from dataclasses import dataclass

# Content hash of a row that is there but could not be read: present, judged as unchanged.
UNREAD = ""


@dataclass(frozen=True, slots=True)
class StagedRow:
    """All texts are canonical JSON where they hold structure; hashes are hexadecimal SHA-256."""

    key: str
    fields: str
    measure: str
    content_hash: str
    judged_hash: str
    fetch_id: str
    digest: str
    locator: str
    quote: str

    def at(self, fetch_id: str, digest: str, locator: str) -> "StagedRow":
        """The same row as other bytes state it (`replace` takes thrice as long)."""
        return StagedRow(
            self.key, self.fields, self.measure, self.content_hash, self.judged_hash,
            fetch_id, digest, locator, self.quote,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing not understood; never holds the value that was not understood."""

    kind: str
    heading: str
    text: str
    locator: str = ""
    digest: str | None = None
    part: str = "register"
    endpoint: int = 0
