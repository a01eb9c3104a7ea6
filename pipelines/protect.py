"""What may enter a table, and what is cut out of a string before it does.

`FIELDS` is the one list of fields: class A of the safety rules, by family. A field that is not in
it (birth date, SNILS, INN of a person, address, account) is dropped by name. `scrub` cuts the same
kinds of data where they stand inside a text that is kept: names, quotes, decisions, titles.
Everything here is bounded, so that a hostile text of a megabyte takes well under a second.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MARK = "[…]"

FIELDS: Mapping[str, frozenset[str]] = {
    family: frozenset(names.split())
    for family, names in {
        "designation": "number name names target_type legal_basis listed_on published_on"
        " delisted_on domains urls members registration_number ogrn inn decisions country"
        " legal_form own_name other_names mixed_script accounts countries subject_kind"
        " subject_rule row_uuid",
        "blocking": "domains urls ips agency agency_inferred decision_number decided_on"
        " included_at article entry_type block_type political political_rule",
        "ruling": "court court_code judge case_number case_numbers uid instance proceeding"
        " articles received_on decided_on in_force_on outcome outcome_raw direction sanction"
        " parties protocol_by restricted_urls act_url act_text_digest",
        "announcement": "title published_on acted_on kind subject names subject_kind country"
        " reasons text url authority",
        "curated": "id code direction target target_type target_initials target_hash acted_on"
        " place authority articles stated_reason source_url attachments author entered_on note"
        " public_reason withdrawn_on withdrawn_reason",
        "reachability": "domain window_from window_to measurements networks confirmed anomaly"
        " failure verdict rule ok days days_with_signs networks_with_signs confirmed_networks read"
        " kinds fingerprints incidents evidence",
        "reference": "url domain category name list listed_on",
        "corroboration": "feed guid url title published_at outlet",
    }.items()
}
# Cells of a page that are no field of their own: fields above are read out of them. A cell that is
# neither here nor a field (a name that is reduced to initials, a birth date) is shown to nobody.
CELLS: Mapping[str, frozenset[str]] = {
    family: frozenset(names.split())
    for family, names in {
        "designation": "minjust_order prosecutor_decision minjust_exclusion_order"
        " prosecutor_cancellation status",
        "blocking": "domain",
        "ruling": "appno ecli article violation nonviolation originatingbody doctypebranch"
        " respondent document itemid kpdate kind category protocol state previous_number"
        " lower_numbers party_roles party_articles party_results event_names event_dates"
        " event_results claim_kinds claim_urls act_title court_line",
        "reachability": "probes",
    }.items()
}
NOT_KEPT = "(not kept)"
# The raw spelling of these would bring back what the value hides.
_NO_RAW = frozenset({"parties", "inn", "act_text_digest"})
_ROLE_MAILBOXES = frozenset({"info", "press", "pr", "office", "contact", "editor", "news", "mail"})

_DAY = r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}"
_WORD_DAY = r"[0-9]{1,2}\s[а-яё]{3,8}\s[0-9]{4}"
_BORN = r"(?:г\.?\s?р\.|г(?:ода|\.)?\s?рожд[а-яё]{0,6}|гр\.|рожд[а-яё]{1,6})"  # г.р., года рождения
_STREET = (
    r"(?:ул|улица|улице|пер|переулок|пр-т|пр-кт|просп|проспект|проезд|пр-д|б-р|бульвар|наб|"
    r"набережная|шоссе|ш|мкр|микрорайон|тупик|аллея)"
)
# `Лесная`, `Л. Толстого`, `9 Января`; possessive, so that a long text is not tried again and again
_STREET_NAME = (
    r"(?:[0-9]{1,3}[\s-])?(?:[А-ЯЁ]\.\s?){0,2}(?:(?!\sд(?:ом)?\b)[^,;.0-9\n()\[\]]){1,40}+"
)
_HOUSE = r"(?:д|дом|доме|д\.№|владение|вл)\.?\s?[0-9]{1,4}[а-яё]?(?:/[0-9]{1,3})?"
_FLAT = r"(?:,?\s?(?:корп|корпус|к|стр|строение|кв|квартира|комн?|комната)\.?\s?[0-9]{1,4}[а-яё]?)"
_FOUND = re.compile(
    rf"""
    (?P<url>(?:https?://|\bwww\.)[^\s;,"<>|«»]{{1,2000}}
        |(?<![\w.@-])(?:[\w-]{{1,63}}\.){{1,5}}[a-zа-яё]{{2,20}}/[^\s;,"<>|«»]{{0,2000}})
    |(?P<email>(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}})
    |(?P<snils>(?<![\w./-])[0-9]{{3}}-[0-9]{{3}}-[0-9]{{3}}[\s-]?[0-9]{{2}}(?![0-9]|[.-]\w)
        |\bСНИЛС\W{{0,4}}[0-9](?:[\s-]?[0-9]){{10}}(?![0-9]))
    |(?P<passport>\bпаспорт[а-яё]{{0,6}}[^0-9\n]{{0,40}}[0-9]{{2}}\s?[0-9]{{2}}[\s№N]{{0,4}}(?:номер\s)?[0-9]{{6}}(?![0-9])
        |\bсери[яиею]{{1,2}}[\s:]{{1,3}}[0-9]{{2}}\s?[0-9]{{2}}[\s,]{{0,3}}(?:№|N|номер)\s?[0-9]{{6}}(?![0-9])
        |(?<![\w./-])[0-9]{{2}}\s[0-9]{{2}}\s(?:№\s?)?[0-9]{{6}}(?![\w/]))
    |(?P<birth>(?<![0-9])(?:{_DAY}|{_WORD_DAY}|(?:19|20)[0-9]{{2}})\s?{_BORN}
        |\b(?:род(?:\.|ился|илась|ившийся|ившаяся|ившегося|ившейся)|дат[аыу]\sрождения|рождения|р\.)
        [\s:–-]{{0,4}}(?:{_DAY}|{_WORD_DAY}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:\s?(?:г\.(?:\s?р\.)?|года))?)
    |(?P<address>\b{_STREET}\b\.?\s?{_STREET_NAME}[,\s]{{0,2}}(?:{_HOUSE}{_FLAT}{{0,3}}
        |[0-9]{{1,4}}[а-яё]?(?:[-/][0-9]{{1,4}})?(?:{_FLAT}){{1,2}})
        |\b{_HOUSE}{_FLAT}{{0,2}},?\s?кв(?:\.|артира)\s?[0-9]{{1,4}})
    |(?P<phone>(?:\+[0-9]{{1,3}}|(?<![\w./№-])8)[\s(-]{{0,2}}[0-9]{{3}}[\s)-]{{0,2}}[0-9]{{3}}[\s-]?[0-9]{{2}}[\s-]?[0-9]{{2}}(?![0-9])
        |\bтел(?:ефон[а-яё]{{0,2}})?[.:\s]{{1,3}}[0-9(][0-9()\s-]{{5,16}}[0-9](?![0-9])
        |(?<![\w./№-])79[0-9]{{9}}(?![0-9]))
    |(?P<inn>\bИНН\W{{0,4}}[0-9]{{12}}(?![0-9])
        |\bОГРНИП\W{{0,4}}[0-9]{{15}}(?![0-9]))
    |(?P<digits>(?<![\w./№-])(?:[0-9]{{15}}|[0-9]{{11,12}})(?![\w/-]))
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Whole texts in which nothing can be found, told at a twentieth of the cost: no digit and no @, one
# URL, an ISO date, an IP address, a domain. Most texts of a blocklist's rows are one of these.
_NOTHING_TO_CUT = re.compile(
    r"""[^0-9@]*|https?://[^\s;,"<>|«»]{1,2000}|[0-9]{4}-[0-9]{2}-[0-9]{2}"""
    r"|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?"
    r"|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:/[0-9]{1,3})?"
    r"|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,20}",
    re.IGNORECASE,
)
_INN_WEIGHTS = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))


class AddressPart(str):
    """A part of a URL: left alone as the URL is, though digits may look like a person's number."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut: `kind` may be told and logged, `value` is for a keyed digest only."""

    kind: str
    value: str = field(repr=False)


def allowed(family: str, name: str) -> bool:
    """May this field, or the raw twin of this field, stand in a table? KeyError: no such family."""
    names = FIELDS[family]
    bare = name.removesuffix("_raw")
    return name in names or (bare in names and bare not in _NO_RAW)


def keep_allowed(family: str, fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The fields that may be stored, and the names (never the values) of those dropped."""
    kept = {name: value for name, value in fields.items() if allowed(family, name)}
    return kept, [name for name in fields if name not in kept]


def show_cell(family: str, name: str, value: str | Sequence[str] | None) -> str:
    """A page's own cell as a person at this machine may see it: scrubbed, or `(not kept)`."""
    if not allowed(family, f"{name}_raw") and name not in CELLS.get(family, ()):
        return NOT_KEPT
    return scrub(value if isinstance(value, str) else "; ".join(value or ()))[0]


def scrub(text: str) -> tuple[str, list[Cut]]:
    """The text with personal data replaced by `[…]`, and what was cut, in order.

    Cut are SNILS, INN and OGRNIP of persons, passports, telephone numbers, birth dates, streets
    with house numbers, e-mail addresses of persons. Left alone are URLs, ordinary dates, numbers of
    cases and decisions, INN (10 digits) and OGRN (13) of organisations.
    """
    if _NOTHING_TO_CUT.fullmatch(text):
        return text, []
    pieces: list[str] = []
    cuts: list[Cut] = []
    end = 0
    for found in _FOUND.finditer(text):
        kind = _kind(found)
        if kind is not None:
            pieces += (text[end : found.start()], MARK)
            cuts.append(Cut(kind, found[0]))
            end = found.end()
    if not cuts:
        return text, cuts
    return "".join(pieces) + text[end:], cuts


def _kind(found: re.Match[str]) -> str | None:
    """The kind of personal data, or null for what only looked like it."""
    kind = found.lastgroup
    if kind == "url":
        return None
    if kind == "email":
        return None if found[0].partition("@")[0].casefold() in _ROLE_MAILBOXES else "email"
    return _kind_of_digits(found[0]) if kind == "digits" else kind


def _kind_of_digits(digits: str) -> str | None:
    """Bare digits count only when their control digits are right: one in a hundred by chance."""
    if len(digits) == 15:
        return "inn" if digits[0] == "3" and int(digits[:14]) % 13 % 10 == int(digits[14]) else None
    if len(digits) == 12:
        return "inn" if valid_personal_inn(digits) else None
    return "snils" if _is_snils(digits) else None


def valid_personal_inn(digits: str) -> bool:
    """Are both control digits of a person's INN right? `digits` are twelve digits."""
    return all(
        sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10
        == int(digits[len(weights)])
        for weights in _INN_WEIGHTS
    )


def _is_snils(digits: str) -> bool:
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
    return total % 101 % 100 == int(digits[9:])
