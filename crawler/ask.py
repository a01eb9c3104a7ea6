"""One request that a part needs."""

from dataclasses import dataclass, field
from typing import Any

ASK = "ask"  # request.meta: the ask that a request is


@dataclass(frozen=True)
class Ask:
    """One request that a part needs; `context` is handed to the reader with the page.

    beside: the endpoint whose rows this one is only to be counted against."""

    url: str
    form: str
    part: str
    endpoint: int
    method: str = "GET"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    beside: int | None = None

    @property
    def reading(self) -> tuple[str, int]:
        """Part and endpoint whose reading waits for this request."""
        return self.part, self.endpoint if self.beside is None else self.beside

    def noted(self) -> dict[str, Any]:
        """What a fetch row notes of the ask behind it: a replay reads its page by this."""
        return {
            "part": self.part, "endpoint": self.endpoint, "form": self.form,
            "context": self.context,
        }  # fmt: skip
