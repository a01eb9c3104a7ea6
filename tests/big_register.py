"""A synthetic register of blocked sites of any size, in both forms, with known truth.

    python -m tests.big_register FOLDER --rows 1000000 --form csv|xml [--day 1|2] [--parts BYTES]
        [--reorder]

Writes the files of one day (`dump.csv`, `dump.xml`, or their parts) and `truth.json`. Day 2 is the
next day: some rows gone, some new, some under other addresses, some edited. Agencies have about the
shares of 2024; rows of harmful kinds have the word `canary` in their names, so that a test can look
for it everywhere. All addresses are those reserved for documentation. A million rows of one form
take about ten seconds for both days.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

BETWEEN = " | "
DAYS = [(date(2022, 3, 1) + timedelta(days=n)).isoformat() for n in range(800)]
MOMENTS = {1: "2024-05-18 12:04:00", 2: "2024-05-19 12:04:00"}
AT_ONCE = 20_000  # rows joined and encoded at once
REMOVED_EVERY, READDRESSED_EVERY, EDITED_EVERY = 1250, 2500, 3000
ADDED_OF = 1250  # one new row for so many


class Kind(NamedTuple):
    """How rows of one agency look. `kept`: political, so a record and not only a count."""

    word: str  # our machine word for the agency
    agency: str
    number: str
    entry_type: str
    block_type: str
    domain: str
    page: str
    kept: bool = False


PROSECUTOR = Kind(
    "prosecutor_general", "Генпрокуратура", "27-31-2024/Ид{n}-24", "3", "", "news{n}.example",
    "/a;b={n}?q=новость", kept=True,
)  # fmt: skip
HIDDEN = Kind("hidden", "", "", "3", "domain-mask", "*.media{n}.example", "", kept=True)
COURT_ON_WAR = Kind(
    "court", "Ленинский районный суд г. Владимира", "2а-{n}/2022", "1", "", "paper{n}.example",
    "/poteri-v-vojne-{n}/", kept=True,
)  # fmt: skip
COURT = Kind("court", "суд", "2-{n}/2023", "1", "domain", "papers{n}.example", "")
TAX = Kind("tax", "ФНС", "2-6-14/2024-{n}-АИ", "1", "domain", "casino{n}.example", "")
COPYRIGHT = Kind("court", "Мосгорсуд", "3и-{n}/2024", "2", "", "film{n}.example", "/watch/{n}")
MIRRORS = Kind("digital", "Минцифры", "1з-{n}/2024", "5", "domain", "m{n}.film.example", "")
ABUSE = Kind(
    "roskomnadzor", "Роскомнадзор", "{n}-URL-on", "1", "", "canary-harm{n}.example",
    "/canary-page-{n}",
)  # fmt: skip
DRUGS = Kind("interior", "МВД", "8/7/10-{n}", "1", "domain", "canary-drug{n}.example", "")
SUICIDE = Kind(
    "consumer", "Роспотребнадзор", "{n}", "1", "", "canary-end{n}.example", "/canary/{n}"
)  # fmt: skip
SHARES = (
    (PROSECUTOR, 2), (HIDDEN, 1), (COURT_ON_WAR, 1), (COURT, 10), (TAX, 30), (COPYRIGHT, 14),
    (MIRRORS, 12), (ABUSE, 10), (DRUGS, 15), (SUICIDE, 5),
)  # fmt: skip
KINDS = [kind for kind, share in SHARES for _ in range(share)]  # of a hundred rows


class Row(NamedTuple):
    """One row of one day."""

    number: int
    kind: Kind
    ips: list[str]
    domain: str
    urls: list[str]
    decision: str
    decided_on: str


@dataclass(frozen=True)
class Truth:
    """What a reader must find: rows and records of each day, and what happened between them.

    counted        rows of day 1 that are no records, by agency
    readdressed    records under other addresses, and nothing else: no news
    edited         records with one more page. dump.csv has no numbers of records, so there an
                   edited row is one that is new and one that is gone
    """

    rows: int
    rows_next: int
    kept: int
    kept_next: int
    counted: dict[str, int]
    appeared: int
    removed: int
    readdressed: int
    edited: int


def numbers(rows: int, day: int) -> Iterator[int]:
    """The numbers of the rows of a day, ascending."""
    first = range(1, rows + 1)
    if day == 1:
        return iter(first)
    left = (n for n in first if n % REMOVED_EVERY)
    return chain(left, range(rows + 1, rows + added(rows) + 1))


def reordered(found: Iterable[int]) -> list[int]:
    """The same numbers in an order that has nothing to do with the one before (dump.xml was
    ascending in 2015 and grouped by kind in 2021)."""
    return sorted(found, key=lambda n: (n * 7919 % 100_003, n))


def added(rows: int) -> int:
    """How many rows are new on the next day; a small register has some too."""
    return max(rows // ADDED_OF, 100)


def row(n: int, day: int) -> Row:
    """The row of a number on a day."""
    kind = KINDS[n % 100]
    domain = kind.domain.replace("{n}", str(n))
    host = domain.removeprefix("*.")
    pages = [f"http://{host}{kind.page.replace('{n}', str(n))}"] if kind.page else []
    last = n % 250
    if day == 2 and kind.kept:
        if is_readdressed(n):
            last += 1
        elif is_edited(n) and pages:
            pages.append(f"http://{host}/second")
    ips = [f"192.0.2.{last}", f"198.51.100.{n % 253}"] if n % 3 else [f"192.0.2.{last}"]
    return Row(n, kind, ips, domain, pages, kind.number.replace("{n}", str(n)), DAYS[n % 800])


def is_readdressed(n: int) -> bool:
    """Does the row stand under other addresses on day 2?"""
    return n % READDRESSED_EVERY in (0, 1, 2)


def is_edited(n: int) -> bool:
    """Does the row name one more page on day 2?"""
    return n % EDITED_EVERY in (1100, 1101, 1103)


def truth(rows: int) -> Truth:
    """What is true of a register of so many rows."""
    today, tomorrow = set(numbers(rows, 1)), set(numbers(rows, 2))
    kept = {n for n in today | tomorrow if KINDS[n % 100].kept}
    both = kept & today & tomorrow
    readdressed = {n for n in both if is_readdressed(n)}
    return Truth(
        rows=len(today), rows_next=len(tomorrow),
        kept=len(kept & today), kept_next=len(kept & tomorrow),
        counted=dict(Counter(KINDS[n % 100].word for n in today if n not in kept)),
        appeared=len(kept & (tomorrow - today)), removed=len(kept & (today - tomorrow)),
        readdressed=len(readdressed),
        edited=sum(1 for n in both - readdressed if is_edited(n) and KINDS[n % 100].page),
    )  # fmt: skip


def csv_line(one: Row) -> str:
    """A line of dump.csv; a cell with the separator in it stands in quotes."""
    urls = BETWEEN.join(one.urls)
    if ";" in urls:
        urls = f'"{urls}"'
    return (
        f"{BETWEEN.join(one.ips)};{one.domain};{urls};{one.kind.agency};{one.decision};"
        f"{one.decided_on}\n"
    )


def xml_record(one: Row) -> str:
    """A record of dump.xml as they are since 2024."""
    kind = one.kind
    block = f' blockType="{kind.block_type}"' if kind.block_type else ""
    urgent = ' urgencyType="1"' if kind.entry_type == "3" else ""
    sign = one.number * 2_654_435_761 + int(one.ips[0].rpartition(".")[2])
    urls = "".join(f" <url><![CDATA[{url}]]></url>\n" for url in one.urls)
    ips = "".join(f" <ip>{ip}</ip>\n" for ip in one.ips)
    return (
        f'<content id="{one.number}" includeTime="{one.decided_on}T17:25:01"{urgent} '
        f'entryType="{kind.entry_type}" hash="{sign:032X}"{block} ts="{one.decided_on}T23:20:01">\n'
        f' <decision date="{one.decided_on}" number="{one.decision}" org="{kind.agency}"/>\n'
        f"{urls} <domain><![CDATA[{one.domain}]]></domain>\n{ips}</content>\n"
    )


def head_of(form: str, day: int) -> str:
    """What stands before the first row."""
    if form == "csv":
        return f"Updated: {MOMENTS[day]} +0000\n"
    moment = MOMENTS[day].replace(" ", "T") + "+00:00"
    return (
        '<?xml version="1.0" encoding="windows-1251"?>\n'
        f'<reg:register updateTime="{moment}" formatVersion="2.4" xmlns:reg="http://rsoc.ru" '
        'xmlns:tns="http://rsoc.ru">\n'
    )


def stretches(form: str, rows: int, day: int, *, reorder: bool = False) -> Iterator[bytes]:
    """The file of a day, in stretches."""
    made = csv_line if form == "csv" else xml_record
    yield head_of(form, day).encode("cp1251")
    left = iter(reordered(numbers(rows, day))) if reorder else numbers(rows, day)
    while some := list(islice(left, AT_ONCE)):
        yield "".join([made(row(n, day)) for n in some]).encode("cp1251")
    if form == "xml":
        yield b"</reg:register>\n"


def write(
    folder: Path, form: str, rows: int, day: int, *, part_bytes: int = 0, reorder: bool = False
) -> list[Path]:
    """The files of a day. part_bytes: cut in parts of about so many bytes, dump.csv at line ends
    and dump.xml anywhere, as the mirrors do. reorder: the rows in an order of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    if not part_bytes:
        path = folder / f"dump.{form}"
        with path.open("wb") as file:
            file.writelines(stretches(form, rows, day, reorder=reorder))
        return [path]
    parts = cut(stretches(form, rows, day, reorder=reorder), part_bytes, whole_lines=form == "csv")
    paths = []
    for number, body in enumerate(parts):
        name = f"dump-{number:02}.csv" if form == "csv" else f"dump.xml.{number:02}"
        paths.append(folder / name)
        paths[-1].write_bytes(body)
    return paths


def cut(found: Iterable[bytes], size: int, *, whole_lines: bool) -> Iterator[bytes]:
    """The same bytes in parts."""
    held = b""
    for stretch in found:
        held += stretch
        while len(held) > size:
            place = held.index(b"\n", size) + 1 if whole_lines and b"\n" in held[size:] else size
            yield held[:place]
            held = held[place:]
    yield held


def main() -> None:
    """Write the files of one day and the truth of both."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--form", choices=("csv", "xml"), default="csv")
    parser.add_argument("--day", type=int, choices=(1, 2), default=1)
    parser.add_argument("--parts", type=int, default=0, metavar="BYTES")
    parser.add_argument("--reorder", action="store_true", help="rows in an order of their own")
    given = parser.parse_args()
    paths = write(
        given.folder, given.form, given.rows, given.day,
        part_bytes=given.parts, reorder=given.reorder,
    )  # fmt: skip
    told = asdict(truth(given.rows))
    (given.folder / "truth.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    for path in paths:
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
