"""Addresses of the portal, exactly as its own forms send them: parameters in windows-1251.

Source of names and codes: the forms of the portal as captured in 2024-2026. Empty fields are
harmless except `vnkod`, which at a court of cassation must be filled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, quote_plus, urlsplit

from crawler.portal.courts import Court

MODULE = "modules.php"
FIND = "Найти"  # the value of the form's button; without it the form comes back
# A gated search carries these only where somebody solved a captcha, which we never do.
SOLVED = frozenset({"captcha", "captchaid"})


@dataclass(frozen=True, slots=True)
class CardFile:
    """One card file ("картотека") of the portal: a kind of proceeding at an instance."""

    name: str
    delo_id: str
    new: str
    table: str
    proceeding: str
    instance: str
    article_field: str | None  # where its form asks for an article


CARD_FILES = (
    CardFile("adm", "1500001", "0", "adm_case", "administrative", "first", "adm_parts"),
    CardFile("adm1", "1502001", "0", "adm1_case", "administrative", "appeal", "adm1_parts"),
    CardFile("adm2", "1513001", "0", "adm2_case", "administrative", "appeal", "adm2_parts"),
    CardFile("adm33", "2550001", "0", "adm33_case", "administrative", "cassation", "adm33_parts"),
    CardFile("u1", "1540006", "0", "u1_case", "criminal", "first", "U1_DEFENDANT"),
    CardFile("u2", "4", "4", "u2_case", "criminal", "appeal", "U2_DEFENDANT"),
    CardFile("u33", "2450001", "2450001", "u33_case", "criminal", "cassation", "U33_DEFENDANT"),
    CardFile("g1", "1540005", "0", "g1_case", "civil", "first", None),
    CardFile("g2", "5", "5", "g2_case", "civil", "appeal", None),
    CardFile("g33", "2800001", "2800001", "g33_case", "civil", "cassation", None),
    CardFile("p1", "41", "0", "p1_case", "cas", "first", None),
    CardFile("p2", "42", "0", "p2_case", "cas", "appeal", None),
    CardFile("p33", "43", "0", "p33_case", "cas", "cassation", None),
    CardFile("m", "1610001", "0", "m_case", "material", "first", None),
    CardFile("m2", "1610002", "0", "m_case", "material", "appeal", None),
)
BY_NAME = {one.name: one for one in CARD_FILES}
# A card of cassation names itself by the short number of the appeal and the long `new`.
BY_DELO = {(one.delo_id, one.new): one for one in CARD_FILES}


def card_file(delo_id: str, new: str = "0") -> CardFile | None:
    """The card file of a link's `delo_id` and `new`; None where nobody knows it."""
    exact = BY_DELO.get((delo_id, new))
    if exact:
        return exact
    some = [one for one in CARD_FILES if one.delo_id == delo_id]
    return some[0] if len(some) == 1 else None


def schedule(court: Court, server: str, day: date) -> str:
    """The hearings of one day at one server; the whole day is one page, without a captcha."""
    return _url(court, [("name", "sud_delo"), ("srv_num", server), ("H_date", f"{day:%d.%m.%Y}")])


def listing(
    court: Court, server: str, file: CardFile, article: str, first: date, last: date, page: int
) -> str:
    """Cases of an article that came in between two days; `20.3` also lists 20.3.1 to 20.3.4."""
    if court.layout == "vnkod":
        return _url(court, _vnkod(court, server, file, article, first, last, page))
    return _url(court, _primary(court, server, file, article, first, last, page))


def _primary(
    court: Court, server: str, file: CardFile, article: str, first: date, last: date, page: int
) -> list[tuple[str, str]]:
    asked = [
        ("name", "sud_delo"), ("srv_num", server), ("name_op", "r"), ("page", str(page)),
        ("delo_id", file.delo_id), ("case_type", "0"), ("new", file.new),
        ("delo_table", file.table),
    ]  # fmt: skip
    if court.level == "cassation":
        asked.insert(4, ("vnkod", court.code))
    if article and file.article_field:
        asked.append((f"{file.article_field}__LAW_ARTICLESS", article))
    asked += [
        (f"{file.table}__ENTRY_DATE1D", f"{first:%d.%m.%Y}"),
        (f"{file.table}__ENTRY_DATE2D", f"{last:%d.%m.%Y}"),
        ("Submit", FIND),
    ]
    return asked


def _vnkod(
    court: Court, server: str, file: CardFile, article: str, first: date, last: date, page: int
) -> list[tuple[str, str]]:
    return [
        ("name", "sud_delo"), ("name_op", "r"), ("_page", str(page)), ("vnkod", court.code),
        ("srv_num", server), ("_deloId", file.delo_id), ("case__case_type", "0"),
        ("_new", file.new), ("case__vnkod", court.code), ("case__num_build", server),
        ("process-type", f"{file.delo_id}_0_{file.new}"), ("parts__law_articless", article),
        ("case__entry_date1d", f"{first:%d.%m.%Y}"), ("case__entry_date2d", f"{last:%d.%m.%Y}"),
    ]  # fmt: skip


def register_of_uid(court: Court, server: str, file: CardFile, uid: str) -> str:
    """All cards of one UID over all courts: how a case that was handed over is followed."""
    return _url(
        court,
        [
            ("name", "sud_delo"), ("name_op", "r_juid"), ("vnkod", court.code),
            ("srv_num", server), ("delo_id", file.delo_id), ("case_type", "0"),
            ("judicial_uid", uid),
        ],
    )  # fmt: skip


def _url(court: Court, asked: Sequence[tuple[str, str]]) -> str:
    query = "&".join(f"{name}={quote_plus(value, encoding='cp1251')}" for name, value in asked)
    return f"http://{court.host}/{MODULE}?{query}"


def parameters(href: str) -> dict[str, str]:
    """The parameters of a link, under one name in both layouts (`_deloId` is `delo_id`)."""
    pairs = parse_qsl(urlsplit(href).query, keep_blank_values=True, encoding="cp1251")
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(OTHER_NAMES.get(name, name), value)
    return found


OTHER_NAMES = {
    "_deloId": "delo_id", "_id": "case_id", "_uid": "case_uid", "_new": "new",
    "_caseType": "case_type", "_page": "page",
}  # fmt: skip
