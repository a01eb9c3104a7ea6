"""ZI(n): a synthetic dump.csv of the mirror of the blocking register, with known truth.

Form of the real file: windows-1251, LF, first line `Updated: ...`, no header; columns are IP list,
domain, URL list, agency, number, date; quotes only where a cell needs them. Addresses are those
reserved for documentation.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

AGENCIES = ("Генпрокуратура", "Роскомнадзор", "суд", "Мосгорсуд", "ФНС")
NUMBERS = ("27-31-2024/Ид{}-24", "{}-ОИ", "2-{}/2024", "3и-{:04d}/2024", "2-6-20/2024-{}")


@dataclass(frozen=True)
class Blocked:
    """One row of the dump: the truth that its reader must arrive at."""

    ips: tuple[str, ...]
    domain: str
    urls: tuple[str, ...]
    agency: str
    number: str
    decided_on: date


@dataclass(frozen=True)
class Blocklist:
    """Rows in the order of the file, and the moment of its first line."""

    rows: tuple[Blocked, ...]
    updated_at: datetime = datetime(2024, 9, 20, 12, 5)

    def by_agency(self) -> dict[str, int]:
        """How many rows each agency has."""
        return {name: sum(row.agency == name for row in self.rows) for name in AGENCIES}

    def added(self, count: int) -> "Blocklist":
        """New rows at the end."""
        new = tuple(make_blocked(len(self.rows) + n + 1) for n in range(count))
        return replace(self, rows=self.rows + new)

    def without(self, places: Iterable[int]) -> "Blocklist":
        """The rows at some places taken out: unblocked."""
        gone = set(places)
        return replace(self, rows=tuple(r for n, r in enumerate(self.rows) if n not in gone))

    def at(self, moment: datetime) -> "Blocklist":
        """The same rows under another first line."""
        return replace(self, updated_at=moment)


def ZI(n: int) -> Blocklist:
    """A dump of n rows, always the same for the same n."""
    return Blocklist(tuple(make_blocked(number) for number in range(1, n + 1)))


def make_blocked(number: int) -> Blocked:
    """The row of one number; agencies take turns, every seventh has no URL, every ninth two."""
    agency = number % len(AGENCIES)
    domain = f"site{number}.example"
    count = 0 if number % 7 == 0 else 2 if number % 9 == 0 else 1
    return Blocked(
        ips=tuple(f"192.0.2.{(number + n) % 254 + 1}" for n in range(number % 3)),
        domain=domain,
        urls=tuple(f"http://{domain}/page;id={n}?q=новость" for n in range(count)),
        agency=AGENCIES[agency],
        number=NUMBERS[agency].format(number),
        decided_on=date(2022, 3, 1) + timedelta(days=number % 900),
    )


def zi_csv(blocklist: Blocklist) -> bytes:
    """The bytes of dump.csv in windows-1251."""
    first = f"Updated: {blocklist.updated_at:%Y-%m-%d %H:%M:%S} +0000"
    return "\n".join([first, *map(zi_line, blocklist.rows), ""]).encode("cp1251")


def zi_line(row: Blocked) -> str:
    """One line; a cell with the separator or a quote in it stands in quotes."""
    values = (" | ".join(row.ips), row.domain, " | ".join(row.urls), row.agency, row.number)
    return ";".join([*map(quoted, values), row.decided_on.isoformat()])


def quoted(cell: str) -> str:
    """A cell, in quotes only where it needs them."""
    needs = any(sign in cell for sign in ';"\n')
    return '"' + cell.replace('"', '""') + '"' if needs else cell
