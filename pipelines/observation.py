"""What a spider says about one row, in the page's own strings."""

from collections.abc import Mapping
from dataclasses import dataclass

Raw = str | list[str] | None


@dataclass(frozen=True, slots=True)
class Observation:
    """One row as the page states it: nothing cleaned, nothing decided.

    key      the fewest raw, stable, mandatory strings that name the row in its source
    fields   the page's own strings by our field names; a field that the form lacks is not there
    locator  where in the decoded body the row stands: JSON pointer, `xlsx:Sheet!A5:U5`,
             `csv:bytes=120-245`, `html:...`
    quote    the row, or the one field, that states it; passes `protect` before it is kept
    part     the unit of completeness that the row belongs to
    """

    key: tuple[str, ...]
    fields: Mapping[str, Raw]
    locator: str
    quote: str
    part: str = "register"
