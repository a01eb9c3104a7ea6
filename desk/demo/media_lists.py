"""Citizen Lab's test lists: five CSV files of which site is of what kind."""

from desk.demo.reply import Asked, Reply
from desk.demo.story import Week, known_in, names, pick, story

HOME = "/citizenlab/test-lists/master/lists/"
HEADER = "url,category_code,category_description,date_added,source,notes"
RENAMED = "url,category,category_description,date_added,source,notes"


def answer(asked: Asked, week: Week) -> Reply | None:
    """One file of the repository."""
    name = asked.path.removeprefix(HOME).removesuffix(".csv")
    if asked.path != f"{HOME}{name}.csv" or name not in story()["lists"]["names"]:
        return None
    return Reply(_file(name, week).encode(), "text/plain; charset=utf-8")


def _file(name: str, week: Week) -> str:
    told = story()["lists"]
    described = {code: words for code, words, _site in names()["categories"]}
    rows = [_filling(name, number) for number in range(1, told["rows"] + 1)]
    if name == "ru":
        rows += [(row["url"], row["category"]) for row in known_in(told["row"], week)]
    header = RENAMED if week.renamed == "media_citizenlab" else HEADER
    lines = [f"{url},{code},{described[code]},2024-05-06,citizenlab," for url, code in rows]
    return "\n".join([header, *lines, ""])


def _filling(name: str, number: int) -> tuple[str, str]:
    code, _words, site = pick("categories", number)
    return f"https://{site}-{name}-{number}.example/", code
