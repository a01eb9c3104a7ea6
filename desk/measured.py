"""What was measured, in words: beside the registers, never in their place."""

from typing import Any

from desk import words
from desk.words import Lang


def sentence(one: dict[str, Any], lang: Lang = "en") -> str:
    """A verdict with its numbers and the name of its rule, or the reports of incidents."""
    told = words.say("measured", one["verdict"], lang)
    if one["measurements"] is None:
        titles = "; ".join(report["title"] for report in one["incidents"])
        return words.say("measure_line", "incidents", lang, words=told, titles=titles)
    return words.say(
        "measure_line", "counts", lang, words=told, signs=one["anomaly"] + one["confirmed"],
        counted=one["measurements"] - one["failure"], networks=one["networks"],
        first=one["window_from"], last=one["window_to"], rule=one["rule"],
    )  # fmt: skip


def with_words(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `show` with the column `measured`: of itself, or of the domains that it names."""
    is_itself = row["fields"].get("verdict") is not None and "window_to" in row["fields"]
    found = [row["fields"]] if is_itself else row.get("reachability", [])
    told = [f"{one['domain']}: {sentence(one)}" for one in found]
    return row | {"measured": "; ".join(told) or None}
