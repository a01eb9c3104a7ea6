"""Plain sentences for the machine words that the record uses."""

VERDICTS = {
    "complete": "read whole",
    "unchanged": "the source sent the same bytes as last time",
    "partial": "some of it could not be read; nothing was concluded from what is missing",
    "held": "read whole but implausible; nothing was changed until a person approves it",
    "failed": "nothing usable was read",
    "interrupted": "the run was stopped before it was decided",
}

REASONS = {
    "truncated-body": "The page ended before its end: it was cut on the way.",
    "corrupt-body": "The page contradicts its own checksum, coding or charset.",
    "count-mismatch": "The source declares another number of rows than were read.",
    "mass-removal": "Far more rows vanished than is plausible.",
    "identity-churn": "As many rows appeared as vanished: the rule of the key has changed.",
    "mass-change": "The same field changed in far more rows than is plausible.",
    "mass-addition": "Far more rows appeared than is plausible.",
    "mass-exclusion": "Far more dates of exclusion appeared than is plausible.",
    "exclusions-lost": "Dates of exclusion disappeared.",
    "exclusions-contradict": "The dates of exclusion contradict a newer state that is held.",
    "number-gap": "The running numbers have a new gap.",
    "layout-changed": "The page does not have the form that is expected.",
    "captcha": "The source asks for a captcha; it is not solved.",
    "challenge": "The source shows a challenge page to programs.",
    "maintenance": "The source says that it is being repaired.",
    "geo-blocked": "The source refuses addresses of this country; it needs an exit.",
    "blocked": "The source refuses us.",
    "login": "The source asks for a login.",
    "soft-404": "The source says that there is no such page.",
    "source-error": "The source's own back end is broken.",
    "stale": "The source has not renewed its state for longer than it should.",
    "older-state": "The source shows an older state than the one that is held.",
    "empty": "The source shows no row at all; zero is a failure here, never a result.",
    "limited": "Stopped after the number of rows that was asked for.",
    "unexpected-count": "The number of rows is outside the usual bounds.",
    "interrupted": "The run was stopped or its process died; its evidence is kept.",
    "time-limit": "The time allowed for the run was over.",
    "page-limit": "More pages were needed than the source is allowed.",
    "memory-limit": "The run needed more memory than it is allowed.",
    "too-large": "The body is larger than the source is allowed to send.",
    "egress-refused": "The address is not one that the source lists; nothing was sent.",
    "offsite-redirect": "The source redirects to a host that it does not list.",
    "redirect-loop": "The source redirects in a circle.",
    "dns": "The name of the host was not found.",
    "connect": "The connection could not be made or was lost.",
    "timeout": "No complete answer came in the time allowed.",
    "tls": "The server could not prove who it is.",
    "proxy": "The exit did not open a way to the source.",
    "bad-response": "The answer is not HTTP.",
    "breaker-open": "The host failed many times in a row and was not asked again.",
    "parser-limit": "The page is too deep or too large to be parsed safely.",
    "we-failed": "The program itself failed; nothing of the run was kept but its evidence.",
    "approved": "A person approved it.",
}


def reason(word: str) -> str:
    """A sentence for a reason; an HTTP status says itself."""
    if word.startswith("http-"):
        return f"The server answered {word.removeprefix('http-')}."
    return REASONS.get(word, word)
