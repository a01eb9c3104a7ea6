"""Cells of the Moscow portal without what its designers hung into them.

A value holds hints for the mouse ("Скопировать в буфер обмена"), a long one is cut and stands whole
in `data-full-text`, escaped; U+223C stands for the tilde, a Latin C in "Cудья" (captures of 2026).
"""

from collections.abc import Iterator

from crawler.documents.html_form import select, tree
from crawler.documents.nodes import Node, attribute, name_of, parts, text_of

FULL = "data-full-text"
TILDE = str.maketrans({"\u223c": "~", "\u00a0": " "})
# Classes of what is no part of a value: hints, the word that unfolds a cut one.
HANGINGS = frozenset(
    {"hint", "copy__copied", "tooltip", "tooltip__text", "info-circle-icon", "jsExpand"}
)
LATIN = str.maketrans("ABCEHKMOPTXaceopxy", "АВСЕНКМОРТХасеорху")


def whole(cell: Node) -> Node:
    """The cell with its full text where it is cut, and without its hangings."""
    cut = [node for node in [cell, *select(cell, f"[{FULL}]")] if attribute(node, FULL)]
    node = tree(f"<div>{attribute(cut[0], FULL)}</div>") if cut else cell
    for one in [*node.iter()]:
        if isinstance(one.tag, str) and _hangs(one) and one.getparent() is not None:
            one.drop_tree()
    return node


def _hangs(node: Node) -> bool:
    classes = (attribute(node, "class") or "").split()
    return bool(HANGINGS.intersection(classes)) or attribute(node, "data-action") == "expand"


def value(cell: Node) -> str:
    """The value of a cell, lines kept."""
    lines = (" ".join(line.split()) for line in text_of(whole(cell)).translate(TILDE).splitlines())
    return "\n".join(line for line in lines if line)


def line(cell: Node) -> str:
    """The value of a cell in one line."""
    return " ".join(value(cell).split())


def label(text: str) -> str:
    """A label or heading for comparing: small letters, Latin look-alikes made Cyrillic."""
    return " ".join(text.translate(TILDE).translate(LATIN).split()).casefold().rstrip(" :")


def parties(cell: Node) -> list[tuple[str, str]]:
    """(role, names) of a cell of parties; an empty role where the cell names none.

    A role is bold, `<p class="table-bold-text">` (2026) or `<strong>` with a colon (2018-2024)."""
    found: list[tuple[str, str]] = []
    role, words = "", ""
    for is_role, text in _pieces(whole(cell)):
        if is_role or text == "\n":
            if words.strip():
                found.append((role, " ".join(words.split())))
            words, role = "", " ".join(text.split()).rstrip(" :") if is_role else role
        else:
            words += text
    if words.strip():
        found.append((role, " ".join(words.split())))
    return found


def _pieces(node: Node) -> Iterator[tuple[bool, str]]:
    for part in parts(node):
        if isinstance(part, str):
            yield False, part.replace("\n", " ").translate(TILDE)
        elif name_of(part) in ("strong", "b") or "table-bold-text" in (part.get("class") or ""):
            yield True, text_of(part).translate(TILDE)
        elif name_of(part) == "br":
            yield False, "\n"
        else:
            yield from _pieces(part)
