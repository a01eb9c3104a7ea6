"""Fictional persons, always the same for a number, with the data that must never leave a page."""

from dataclasses import dataclass
from datetime import date, timedelta

from desk.demo.story import pick


@dataclass(frozen=True, slots=True)
class Person:
    """A name, and what a register holds of it beside the name."""

    name: str
    born: str
    snils: str
    address: str


def person(number: int) -> Person:
    """The person of a number."""
    words = ("surnames", number), ("given", number // 19), ("patronymics", number // 7)
    born = date(1950, 1, 1) + timedelta(days=number * 13)
    return Person(
        name=" ".join(pick(*word) for word in words),
        born=f"{born:%d.%m.%Y}",
        snils=f"9{number % 90 + 10}-{number % 900 + 100}-777 {number % 100:02}",
        address=f"г. {pick('places', number)}, ул. Примерная, д. {number}, кв. 5",
    )
