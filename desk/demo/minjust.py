"""The interface that the Ministry's registers share: answers of `/info` and `/values`.

Column N of a register is `field_N_s` of a row (`field_1_i` the number); keys of the search engine
stand between them. Source: eighteen real rows of 18 September 2026.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from desk.demo.reply import Asked, Reply, as_json
from desk.demo.story import Week

MOST_ROWS = 1000  # more is cut without a word
Cells = dict[int, str]


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its number on the site, its titles by column, and its rows in a week.

    `hidden` columns are not shown on the site, and sent all the same; `dated` ones are sent twice.
    """

    number: str
    title: str
    titles: Mapping[int, str]
    rows: Callable[[Week], list[Cells]]
    hidden: tuple[int, ...] = ()
    dated: tuple[int, ...] = ()

    def answer(self, asked: Asked, week: Week) -> Reply | None:
        """What the interface answers; None where it knows no such page."""
        home = f"/rest/registry/{self.number}/"
        if asked.path == f"{home}info":
            return as_json(self._info(week))
        if asked.path == f"{home}values":
            return as_json(self._page(week, int(asked.body["offset"]), int(asked.body["limit"])))
        return None

    def _info(self, week: Week) -> Mapping[str, object]:
        columns = [
            {"name": _key(place), "title": title, "hidden": place in self.hidden}
            for place, title in self.titles.items()
        ]
        return {"title": self.title, "lastModified": _milliseconds(week), "columns": columns}

    def _page(self, week: Week, offset: int, limit: int) -> Mapping[str, object]:
        limit = min(limit, MOST_ROWS)
        rows = self.rows(week)
        values = [self._record(cells, week) for cells in rows[offset : offset + limit]]
        return {"size": len(rows), "offset": offset, "limit": limit, "values": values}

    def _record(self, cells: Cells, week: Week) -> dict[str, str | int]:
        number, moment = int(cells[1]), _milliseconds(week)
        record: dict[str, str | int] = {
            _key(place): cells.get(place, "") for place in self.titles if place > 1
        }
        record |= {f"field_{place}_dt": cells.get(place, "") for place in self.dated}
        return record | {
            "field_1_i": number, "grid_s": self.number,
            "id": str(UUID(int=(0xDE30 << 112) | (4 << 76) | (8 << 60) | number)),
            "lastModified_l": moment, "_version_": 1876677600000000000 + moment % 10**9 + number,
        }  # fmt: skip


def _milliseconds(week: Week) -> int:
    return int(week.renewed.timestamp()) * 1000


def _key(place: int) -> str:
    return f"field_{place}_i" if place == 1 else f"field_{place}_s"
