"""Registers of blocked sites of a few lines with everything odd in them, day after day."""

import random
from datetime import datetime
from pathlib import Path

AGENCIES = {
    "kept": "Генпрокуратура", "hidden": "", "tax": "ФНС", "drugs": "МВД", "court": "суд",
    "unknown": "Палата мер и весов",
}  # fmt: skip
CSV_ODD = (
    "only;three;cells\n",
    '192.0.2.9;stray{n}.example;;Генпрокуратура;a " quote;2022-03-01\n',
    '192.0.2.9;;"http://two{n}.example/a\nb";Генпрокуратура;27-31-2020/Ид{n}-20;2020-02-02\n',
    "\n",
    "192.0.2.8;;;Генпрокуратура;27-31-2020/Ид{n}-20;2020-02-02\n",
    "192.0.2.8;undated{n}.example;;Генпрокуратура;27-31-2020/Ид{n}-20;soon\n",
    "192.0.2.8;ending{n}.example;;ФНС;{n};2020-02-02\r\n",
    '192.0.2.8;;"http://quoted{n}.example/a;b";Генпрокуратура;27-31-2020/Ид{n}-20;2020-02-02\n',
)
CSV_STRAY = '192.0.2.9;open{n}.example;"http://open{n}.example/;Генпрокуратура;x;2020-02-02\n'
XML_ODD = (
    '<content id="{n}" includeTime="2020-02-02T00:00:00" entryType="3" colour="red">'
    '<decision date="2020-02-02" number="1" org="Генпрокуратура"/><domain>odd{n}.example</domain>'
    "</content>",
    '<content id="{n}" includeTime="2020-02-02T00:00:00" entryType="1">'
    '<decision date="2020-02-02" number="1" org="ФНС"/><smell/><domain>odd{n}.example</domain>'
    "</content>",
    '<content includeTime="2020-02-02T00:00:00" entryType="3"></content>',
    '<content id="{n}" entryType="3"><decision date="2020-02-02" number="" org=""/></content>',
    '\r\n  <content id="{n}" includeTime="2020-02-02T00:00:00" entryType="3">'
    '<decision date="2020-02-02" number="1" org="Генпрокуратура"/>'
    "<url><![CDATA[http://cdata{n}.example/</content>\n<content]]></url></content>",
    '<content id="{m}" includeTime="2020-02-02T00:00:00" entryType="3">'
    '<decision date="2020-02-02" number="{n}" org="Генпрокуратура"/>'
    "<domain>twice{n}.example</domain></content>",
)


class Lines:
    """The rows of one day; the next day has most of them, in an order of its own."""

    def __init__(
        self, form: str, chance: random.Random, *, plain: bool = False, stray: bool = False
    ) -> None:
        self.form, self.chance, self.plain, self.number = form, chance, plain, 0
        self.odd = CSV_ODD if form == "csv" else XML_ODD
        if stray and form == "csv":  # may swallow the rest of the file
            self.odd = (*self.odd, CSV_STRAY)
        self.rows = [self._row() for _n in range(80)]

    def next_day(self) -> None:
        """Some rows go, some come, some say something else, some stand twice."""
        chance = self.chance
        self.rows = [row for row in self.rows if chance.random() > 0.05]
        self.rows += [self._row() for _n in range(chance.randrange(6))]
        for _n in range(chance.randrange(4)):
            place = chance.randrange(len(self.rows))
            self.rows[place] = self.rows[place].replace("192.0.2.", "198.51.100.")
            self.rows.append(chance.choice(self.rows))
            self.rows.append(chance.choice(self.rows).replace("192.0.2.", "203.0.113."))
        if chance.random() < 0.7:
            chance.shuffle(self.rows)

    def counted(self) -> int:
        """How many different rows there are that are only counted."""
        return len({row for row in self.rows if "ФНС" in row or "МВД" in row or ";суд;" in row})

    def _row(self) -> str:
        self.number += 1
        if not self.plain and self.chance.random() < 0.12:
            found = self.chance.choice(self.odd)
            return found.replace("{n}", str(self.number)).replace("{m}", str(self.number // 2))
        kind = self.chance.choice(list(AGENCIES)[: 5 if self.plain else 6])
        return (csv_row if self.form == "csv" else xml_row)(kind, self.number)


def csv_row(kind: str, n: int) -> str:
    """A row as the mirror writes it."""
    page = f"http://page{n}.example/{n}" if kind == "drugs" else ""
    return f"192.0.2.{n % 200};{kind}{n}.example;{page};{AGENCIES[kind]};{n};2022-03-0{n % 9 + 1}\n"


def xml_row(kind: str, n: int) -> str:
    """A record as operators get it."""
    entry = "3" if kind in ("kept", "hidden") else "1"
    return (
        f'<content id="{n}" includeTime="2022-03-01T10:00:00" entryType="{entry}">'
        f'<decision date="2022-03-01" number="{n}" org="{AGENCIES[kind]}"/>'
        f"<domain>{kind}{n}.example</domain><ip>192.0.2.{n % 200}</ip></content>\n"
    )


def csv_files(folder: Path, lines: Lines, day: datetime, chance: random.Random) -> list[Path]:
    """The rows as one file or as parts."""
    rows = [f"Updated: {day:%Y-%m-%d %H:%M:%S} +0000\n", *lines.rows, csv_row("tax", 9_999)]
    place = chance.randrange(2, len(rows) - 1)
    parts = chance.choice([[rows], [rows[:place], rows[place:]]])
    paths = [folder / f"dump-{number:02}.csv" for number in range(len(parts))]
    for path, some in zip(paths, parts, strict=True):
        path.write_bytes("".join(some).encode("cp1251"))
    return paths


def xml_files(folder: Path, lines: Lines, day: datetime, chance: random.Random) -> list[Path]:
    """The records as one file, or cut anywhere behind the root."""
    head = (
        '<?xml version="1.0" encoding="windows-1251"?><reg:register formatVersion="2.4" '
        f'updateTime="{day:%Y-%m-%dT%H:%M:%S}+00:00" xmlns:reg="http://rsoc.ru">'
    )
    body = f"{head}{''.join(lines.rows)}</reg:register>".encode("cp1251")
    place = chance.randrange(len(head) + 1, len(body))
    parts = chance.choice([[body], [body[:place], body[place:]]])
    paths = [folder / f"dump.xml.{number:02}" for number in range(len(parts))]
    for path, some in zip(paths, parts, strict=True):
        path.write_bytes(some)
    return paths
