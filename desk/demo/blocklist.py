"""The blocklist's public mirror: its feed of commits and `dump-00.csv`.

windows-1251, LF, six columns without headings: addresses, domain, URLs, agency, number, date; the
first line states when the file was made. Addresses are those reserved for documentation.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from desk.demo.reply import Asked, Reply
from desk.demo.story import Table, Week, known_in, story

FEED = "/zapret-info/z-i/commits/master.atom"
FIRST_FILL = date(2025, 1, 13)
COLUMNS = ("domain", "urls", "agency", "number", "decided")
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US">
  <id>tag:github.com,2008:/zapret-info/z-i/commits/master</id>
  <title>Recent Commits to z-i:master</title>
  <updated>{at}</updated>
  <entry>
    <id>tag:github.com,2008:Grit::Commit/{commit}</id>
    <title>Updated: {at}</title>
    <updated>{at}</updated>
  </entry>
</feed>
"""


def answer(asked: Asked, week: Week) -> Reply | None:
    """What the mirror answers; there is no second part and no other form of the list."""
    if asked.path == FEED:
        feed = ATOM.format(at=f"{week.renewed:%Y-%m-%dT%H:%M:%SZ}", commit=commit(week))
        return Reply(feed.encode(), "application/atom+xml; charset=utf-8")
    if asked.path == f"/zapret-info/z-i/{commit(week)}/dump-00.csv":
        return Reply(dump(week), "text/plain; charset=windows-1251")
    return None


def commit(week: Week) -> str:
    """The mirror's commit of a week."""
    return hashlib.sha256(week.at.encode()).hexdigest()[:40]


def dump(week: Week) -> bytes:
    """The list as it stands in a week."""
    first = f"Updated: {week.renewed:%Y-%m-%d %H:%M:%S} +0000"
    return "\n".join([first, *_lines(week), ""]).encode("cp1251")


def _lines(week: Week) -> Iterator[str]:
    told = known_in(story()["blocklist"]["row"], week)
    for place, row in enumerate([*told, *fillings()], 1):
        address = f"192.0.2.{place % 250 + 1}"
        yield ";".join([address, *(row[column] for column in COLUMNS)])


def fillings() -> Iterator[Table]:
    """Rows of the kinds that are counted and never kept."""
    for fill in story()["blocklist"]["fill"]:
        for n in range(1, fill["count"] + 1):
            row = {key: fill[key].format(n=n) for key in COLUMNS[:-1]}
            yield row | {"decided": (FIRST_FILL + timedelta(days=n)).isoformat()}
