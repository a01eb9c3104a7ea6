"""Every machine word has a sentence in both languages."""

import ast
import re
from pathlib import Path

import pytest

from desk import words
from desk.words import LANGS
from pipelines import stated_reasons
from pipelines.outcomes import outcomes
from pipelines.strasbourg import DECISIVE

ROOT = Path(__file__).parents[2]
# Where reasons of a verdict are written: `reason = "..."`, `fail("...", ...)`, reason="..."
PLACES = ("storage", "crawler", "pipelines")


def _reasons() -> set[str]:
    notices = (ROOT / "crawler" / "notices.toml").read_text(encoding="utf-8")
    found = set(re.findall(r'(?m)^reason = "([^"]+)"', notices))
    found |= {"mass-addition", "mass-removal", "identity-churn", "number-gap", "mass-change"}
    for place in PLACES:
        for path in (ROOT / place).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                found |= _told(node)
    return {word for word in found if re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", word)}


def _told(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call):
        named = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[:1] if named == "fail" and len(node.args) == 2 else []
        given = [key.value for key in node.keywords if key.arg == "reason"]
        return {str(n.value) for n in [*first, *given] if isinstance(n, ast.Constant) and n.value}
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
        return set()
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    return {str(node.value.value)} if names == ["reason"] else set()


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_of_a_verdict_has_a_sentence(lang: words.Lang) -> None:
    reasons = _reasons()
    assert len(reasons) > 15
    assert {word for word in reasons if words.reason_words(word, lang) == word} == set()


def test_an_http_reason_names_its_status() -> None:
    assert "503" in words.reason("http-503", "en")
    assert "503" in words.reason("http-503", "ru")


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "1 включение"), (2, "2 включения"), (5, "5 включений"), (11, "11 включений"),
     (21, "21 включение"), (112, "112 включений")],
)  # fmt: skip
def test_russian_counts_have_the_right_form(n: int, text: str) -> None:
    assert words.count("subject", "designations", "ru", n) == text


def test_articles_are_told_in_words() -> None:
    articles = '[{"code": "КоАП", "article": "19.34", "part": "4"}, "255-ФЗ"]'
    assert words.article_text(articles) == "КоАП 19.34 (4); 255-ФЗ"


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_that_a_state_gives_has_words(lang: words.Lang) -> None:
    codes = stated_reasons.codes()
    assert len(codes) > 15
    assert [code for code in codes if words.stated_reason(code, lang) == code] == []


def test_every_outcome_of_a_court_has_words_in_both_languages() -> None:
    entries = words._book()["outcome"]
    codes = {*outcomes(), *DECISIVE, "violation", "no_violation"} - {"none"}
    assert codes == set(entries)
    assert all(entry[lang] for entry in entries.values() for lang in LANGS)
    assert words.outcome("annulled", "ru") == "отменено"
    assert words.outcome("a-new-code", "en") == "a-new-code"
    assert words.outcome(None, "en") == words.say("say", "no_outcome", "en")
