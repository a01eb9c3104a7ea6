"""What the loopback copy of a source is asked and what it answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `query` and `body` are decoded."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer with status 200; the server may still send less of it."""

    body: bytes
    kind: str


def as_json(value: Any) -> Reply:
    """A value as the JSON interfaces of these sources write it."""
    return Reply(json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8")
