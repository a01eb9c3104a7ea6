"""Quotes and brackets in the names of registers, which nest them and often close them once."""

import re
from collections.abc import Iterator

CLOSING = {"»": "«", "”": "“", "“": "„", '"': '"'}
QUOTED_LIST = re.compile(r"«[^«»]+»(?:, ?«[^«»]+»)+")  # «Русский криминал», «ВЧК-ОГПУ»
_OR = re.compile(r"» или «")  # («Аль-Джихад» или «Египетский исламский джихад»)
_PAIRS = (("«", "»"), ('"', '"'), ("“", "”"), ("„", "“"))


def group_start(text: str) -> int:
    """Where the quote or bracket that closes the text was opened; -1 where none does."""
    if not text:
        return -1
    closing = text[-1]
    if closing in CLOSING:
        return text.rfind(CLOSING[closing], 0, len(text) - 1)
    if closing != ")":
        return -1
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return -1


def unclosed(text: str) -> int:
    """Where the first bracket stands that nothing closes; -1 where there is none."""
    opened: list[int] = []
    for place, sign in enumerate(text):
        if sign == "(":
            opened.append(place)
        elif sign == ")" and opened:
            opened.pop()
    return opened[0] if opened else -1


def split(group: str) -> Iterator[str]:
    """Parts of a list at its commas and semicolons outside quotes and brackets, as written.

    The registers close nested quotes once (`«Партия «АЛДЕ», «АЛДЕ»`), so a closing quote before a
    comma ends the part whatever is still open.
    """
    group = _OR.sub("», «", group)
    start = depth = 0
    for place, sign in enumerate(group):
        if sign in "«(":
            depth += 1
        elif sign in "»)":
            ends = group[place + 1 : place + 2] in ("", ",", ";")
            depth = 0 if ends and sign == "»" else max(0, depth - 1)
        elif sign in ",;" and depth == 0:
            yield from filter(None, [group[start:place].strip()])
            start = place + 1
    yield from filter(None, [group[start:].strip()])


def unquoted(name: str) -> str:
    """Without the quotes that enclose all of it; quotes inside stay balanced."""
    name = name.strip(" \t;,.") if name.strip().endswith((";", ",")) else name.strip()
    if name[:1] == '"' and name[-1:] == '"' and len(name) > 1:
        return name[1:-1].strip()
    if name[:1] != "«":
        return name
    if name.count("«") > name.count("»"):
        return name[1:].strip()
    return name[1:-1].strip() if name.endswith("»") and name.count("«") == name.count("»") else name


def first_quoted(text: str) -> str:
    """What the outermost quotes hold, quotes inside balanced; nothing where there are none.

    Of names side by side (`«Первый», «Второй»`) the first."""
    spans = [(text.find(opened), text.rfind(closed)) for opened, closed in _PAIRS]
    start, end = min(((s, e) for s, e in spans if 0 <= s < e - 1), default=(-1, -1))
    if start < 0:
        return ""
    whole, inside = text[start : end + 1], text[start + 1 : end].strip()
    if QUOTED_LIST.fullmatch(whole):
        return whole.split("»")[0][1:]
    if whole[0] == '"':
        return inside + '"' if inside.count('"') % 2 else inside
    return unquoted(whole) if whole[0] == "«" else inside


def without_stray_quote(text: str) -> str:
    """`"Общество ... «ЕЛКИН КАРТОН»` has an opening quote that nothing closes."""
    return text.strip('" ') if text.count('"') == 1 and text[:1] + text[-1:] != '"' else text
