"""What a run saw of one part, gathered while it reads, judged when it closes."""

from dataclasses import dataclass, field
from datetime import datetime

from storage.audit import canonical
from storage.evidence import sha256
from storage.source_facts import OFFICIAL

COMPLETE, PARTIAL, HELD, FAILED, INTERRUPTED, UNCHANGED = (
    "complete",
    "partial",
    "held",
    "failed",
    "interrupted",
    "unchanged",
)
WHOLE = (COMPLETE, UNCHANGED)
NEWER, STALE, OLDER = "newer", "stale", "older"
# From best to worst: a run's verdict is the worst that its parts give it.
ORDER = (UNCHANGED, COMPLETE, PARTIAL, HELD, INTERRUPTED, FAILED)
# Some of the part was read, the rest is missing: everything else that goes wrong is `failed`
# once nothing was observed.
PARTIAL_REASONS = {"truncated-body", "count-mismatch", "limited", "stale", "page-missing"}
# The page is not what the spider was written for: no row of it may be believed.
FAILING_REASONS = {"layout-changed", "egress-refused"}


@dataclass
class PartReport:
    """One part as read from one endpoint of its source.

    declared   rows that the source says it has, None where it does not say
    observed   rows seen, unparsed and hashed ones included: a bad row still counts as present
    pages      page name -> digest of its decoded body, in the order read
    reasons    machine word -> plain words of what went wrong
    absent     keys of rows that their own page shows to be there no more
    unread     rows that could not be read, those that would unread a known date included
    unkeyed    rows that could not be read and of which not even the key is known
    state_at   the source's own date of this state
    state_for_s  how old `state_at` may be, in seconds, where the endpoint has a limit of its own
    looked_at  when the state was seen, where that was not now: the moment of an archive's capture
    age        newer, stale or older beside the state that is held: which endpoint is believed
    asked_only  the index of an archive was asked, and shows nothing that was not read before
    may_be_empty  a window in which the source says that it has nothing, beside others that show
               that it answers
    """

    key: str
    endpoint: int = 0
    url: str = ""
    role: str = OFFICIAL
    declared: int | None = None
    observed: int = 0
    hashed: int = 0
    issues: int = 0
    unread: int = 0
    unkeyed: int = 0
    pages: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    state_at: datetime | None = None
    numbers: set[int] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    not_modified: bool = False
    same_bytes: bool = False
    may_be_empty: bool = False
    state_for_s: int | None = None
    looked_at: datetime | None = None
    asked_only: bool = False
    age: str = NEWER

    def fail(self, reason: str, words: str) -> None:
        """Note why the part could not be read whole."""
        self.reasons.setdefault(reason, words)

    def bytes_sha256(self) -> str:
        """One digest over all pages: equal when the source sent the same bytes."""
        return sha256(canonical(sorted(self.pages.values())).encode())

    def read_verdict(self) -> str:
        """Judge transport, shape, closure and parsing alone: history comes after."""
        self._close()
        if not self.reasons:
            return UNCHANGED if self.same_bytes else COMPLETE
        if FAILING_REASONS & set(self.reasons):
            return FAILED
        if self.observed or self.reasons.keys() & PARTIAL_REASONS:
            return PARTIAL
        return FAILED

    def _close(self) -> None:
        """Count closure: zero rows and a wrong count are reasons like any other."""
        if self.same_bytes or self.reasons:
            return
        nothing = self.may_be_empty and self.declared == 0
        if self.observed == 0 and not nothing and not self.absent:
            self.fail("empty", "The source was read and shows no row: zero results is a failure.")
        elif self.declared is not None and self.declared != self.observed:
            self.fail(
                "count-mismatch",
                f"The source declares {self.declared} rows, {self.observed} were read.",
            )


def roll_up(verdicts: list[str]) -> str:
    """A run's verdict from those of its parts: some failed beside others is `partial`."""
    if not verdicts:
        return FAILED
    worst = max(verdicts, key=ORDER.index)
    if worst == FAILED and any(v in WHOLE for v in verdicts):
        return PARTIAL
    return worst
