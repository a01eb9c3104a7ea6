"""The analyst's view of a case before a Russian court: kind of measure, target, day, authority."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.articles import Article
from pipelines.court_claims import Claim
from pipelines.outcomes import ACT
from pipelines.taxonomy import REVIEW
from pipelines.watched_articles import measure_of

# Whom the case is against, in this order; of a claim against nobody, who brings it.
TARGETS = ("defendant", "respondent", "complainant", "claimant")
CHALLENGERS = ("claimant", "complainant")  # a challenge is brought against the state


def measure(fields: Mapping[str, Any], articles: list[Article], claim: Claim) -> dict[str, Any]:
    """The measure of a case: kind by article, else by claim; its target where it may be named."""
    day = date.fromisoformat(fields["decided_on"]) if fields["decided_on"] else None
    roles = CHALLENGERS if claim.challenge else TARGETS
    target = next(
        (party for role in roles for party in fields["parties"] if party["role"] == role), None
    )
    return {
        "code": measure_of(articles, day) or claim.measure or REVIEW,
        "direction": fields["direction"] or ACT,
        "target": target.get("name") if target else None,
        "target_type": target["kind"] if target else "unknown",
        "acted_on": fields["decided_on"], "authority": fields["court"],
        "articles": list(dict.fromkeys(f"{one.code} {one.article}" for one in articles)),
    }  # fmt: skip
