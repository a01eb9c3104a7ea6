"""What a source can do to us: each error carries the machine word of `contract` reasons."""


class SourceError(Exception):
    """The world failed: recorded as a reason of the part, never a crash of the run.

    `reason` is the machine word that the verdict shows; the message says it in plain words.
    """

    reason = "failed"

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        if reason is not None:
            self.reason = reason


class TruncatedBody(SourceError):
    """The body ends before its own form says that it ends."""

    reason = "truncated-body"


class CorruptBody(SourceError):
    """The body contradicts its own checksum, coding or charset."""

    reason = "corrupt-body"


class BodyTooLarge(SourceError):
    """Past the size or the compression ratio that the source's spec allows."""

    reason = "too-large"


class PageChanged(SourceError):
    """The page does not have the form that the spider was written for."""

    reason = "layout-changed"


class Blocked(SourceError):
    """The server refuses us or shows a notice in place of the page."""

    reason = "blocked"


class Captcha(Blocked):
    """A captcha or a challenge page: recorded, never solved."""

    reason = "captcha"


class Maintenance(Blocked):
    """The source says that it is being repaired."""

    reason = "maintenance"


class EgressRefused(SourceError):
    """The address is not one that the source lists; nothing was sent."""

    reason = "egress-refused"
