"""Which of its two living layouts a page of the portal has: looked at each time, never assumed.

39 of 2,270 courts changed theirs within eight months of 2024. Both wordings of the newer layout
hold no-break spaces, so the structure decides: the form of the schedule stands on every page of the
module (captures of 2026).
"""

from crawler.documents.html_form import select
from crawler.documents.nodes import Node
from crawler.errors import PageChanged

DAY_FIELD = "#calformH input#H_date"


def layout_of(root: Node) -> str:
    """`primary` or `vnkod`. PageChanged: the page is none of the portal's module."""
    if select(root, f".round-border-container {DAY_FIELD}"):
        return "vnkod"
    if select(root, DAY_FIELD):
        return "primary"
    raise PageChanged(
        "The page does not have the form of the hearing schedule, which every page of the "
        "portal's module has: the court has a new layout, or the page is not the court's."
    )


def day_shown(root: Node) -> str | None:
    """The day that the form of the schedule shows, `15.06.2026`."""
    found = select(root, DAY_FIELD)
    return (found[0].get("value") or "").strip() or None if found else None
