"""The contract's fields by family: what `records` shows, with null where a source states none."""

FIELDS: dict[str, tuple[str, ...]] = {
    "designation": (
        "number", "name", "names", "target_type", "legal_basis", "listed_on", "published_on",
        "delisted_on", "domains", "urls", "members", "registration_number", "ogrn", "inn",
        "decisions", "country", "countries", "legal_form", "own_name", "other_names",
        "mixed_script", "accounts", "subject_kind", "subject_rule", "row_uuid",
    ),
    "blocking": (
        "domains", "urls", "ips", "agency", "agency_inferred", "decision_number", "decided_on",
        "included_at", "article", "entry_type", "block_type", "political", "political_rule",
    ),
    "ruling": (
        "court", "court_code", "judge", "case_number", "case_numbers", "uid", "instance",
        "proceeding", "articles", "received_on", "decided_on", "in_force_on", "outcome",
        "outcome_raw", "direction", "sanction", "parties", "protocol_by", "restricted_urls",
        "act_url", "act_text_digest",
    ),
    "reachability": (
        "domain", "window_from", "window_to", "measurements", "networks", "confirmed", "anomaly",
        "failure", "verdict", "rule", "ok", "days", "days_with_signs", "networks_with_signs",
        "confirmed_networks", "read", "kinds", "fingerprints", "incidents", "evidence",
    ),
    "announcement": (
        "title", "published_on", "acted_on", "kind", "subject", "names", "subject_kind",
        "country", "reasons", "text", "url", "authority",
    ),
    "curated": (
        "id", "code", "direction", "target", "target_initials", "target_type", "acted_on", "place",
        "authority", "articles", "stated_reason", "source_url", "attachments", "author",
        "entered_on", "note", "public_reason", "withdrawn_on", "withdrawn_reason",
    ),
    "reference": ("url", "domain", "category", "name", "list", "listed_on"),
}  # fmt: skip
LISTS = frozenset(
    {"names", "domains", "urls", "members", "decisions", "ips", "case_numbers", "articles",
     "parties", "restricted_urls", "reasons", "attachments", "countries", "other_names",
     "mixed_script", "accounts", "kinds", "fingerprints", "incidents",
     "evidence"}
)  # fmt: skip


def complete(family: str, fields: dict[str, object]) -> dict[str, object]:
    """All fields of the family in the contract's order, then the raw twins that are there."""
    names = FIELDS.get(family, ())
    shown = {name: fields.get(name, [] if name in LISTS else None) for name in names}
    return shown | {name: value for name, value in fields.items() if name not in shown}
