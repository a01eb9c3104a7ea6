"""Whole numbers in Russian words, in any case: `одной тысячи`, `двадцать четыре`, `ста тысяч`."""

from pipelines.spec import fold

_FORMS = {
    0: "ноль нуля",
    1: "один одна одно одного одной одну одним одному",
    2: "два две двух двум двумя",
    3: "три трех трем тремя",
    4: "четыре четырех четырем четырьмя",
    5: "пять пяти пятью", 6: "шесть шести шестью", 7: "семь семи семью",
    8: "восемь восьми восемью восьмью", 9: "девять девяти девятью",
    10: "десять десяти десятью",
    11: "одиннадцать одиннадцати одиннадцатью", 12: "двенадцать двенадцати двенадцатью",
    13: "тринадцать тринадцати тринадцатью", 14: "четырнадцать четырнадцати четырнадцатью",
    15: "пятнадцать пятнадцати пятнадцатью", 16: "шестнадцать шестнадцати шестнадцатью",
    17: "семнадцать семнадцати семнадцатью", 18: "восемнадцать восемнадцати восемнадцатью",
    19: "девятнадцать девятнадцати девятнадцатью",
    20: "двадцать двадцати двадцатью", 30: "тридцать тридцати тридцатью",
    40: "сорок сорока", 50: "пятьдесят пятидесяти пятьюдесятью",
    60: "шестьдесят шестидесяти шестьюдесятью", 70: "семьдесят семидесяти семьюдесятью",
    80: "восемьдесят восьмидесяти восемьюдесятью", 90: "девяносто девяноста",
    100: "сто ста", 200: "двести двухсот двумстам двумястами", 300: "триста трехсот тремстам",
    400: "четыреста четырехсот", 500: "пятьсот пятисот", 600: "шестьсот шестисот",
    700: "семьсот семисот", 800: "восемьсот восьмисот", 900: "девятьсот девятисот",
}  # fmt: skip
_UNITS = {form: value for value, forms in _FORMS.items() for form in forms.split()}
_SCALES = {
    1_000: "тысяча тысячи тысяч тысячу тысячей тысячам тысячами тыс",
    1_000_000: "миллион миллиона миллионов миллионом млн",
    1_000_000_000: "миллиард миллиарда миллиардов млрд",
}
SCALES = {form: value for value, forms in _SCALES.items() for form in forms.split()}


def read_number(words: str) -> int | None:
    """The number that all the words together state; None where one of them is no number word."""
    total = group = 0
    seen = False
    for word in fold(words).replace("-", " ").split():
        bare = word.strip(".,;")
        if bare in _UNITS:
            group += _UNITS[bare]
        elif bare in SCALES:
            total += (group or 1) * SCALES[bare]
            group = 0
        else:
            return None
        seen = True
    return total + group if seen else None


def trailing_number(words: str) -> int | None:
    """The number at the end of a phrase: 10000 of `в размере десяти тысяч`."""
    parts = fold(words).split()
    start = len(parts)
    while start and (
        parts[start - 1].strip(".,;") in _UNITS or parts[start - 1].strip(".,;") in SCALES
    ):
        start -= 1
    return read_number(" ".join(parts[start:])) if start < len(parts) else None
