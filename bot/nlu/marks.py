"""Marks: stretches of a folded text that mean something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# A phrase whose words mean nothing where they stand together: it covers them, and is no fact.
SKIPPED = ("skip", "phrase")
# A month's name that is also an everyday word: counts only beside a year or a day.
DOUBTFUL_MONTH = "month?"


class Mark(NamedTuple):
    """A meaning found in a text.

    Attributes:
        start: Where it begins in the folded text.
        end: Where it ends.
        entity: The name of the fact, such as "person".
        value: What it says, such as "wife"; numbers and months are whole numbers.
    """

    start: int
    end: int
    entity: str
    value: str | int


def longest(marks: Iterable[Mark]) -> list[Mark]:
    """Without marks that overlap a longer one, in the text's order.

    Marks on exactly the same stretch stay together when they tell different facts: "Romania"
    is a country and the place. Of the same fact the first one given wins. The person comes
    first, so that what else is said of it ("ex-wife") finds somebody to be said of.
    """
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.start - mark.end):
        if all(_compatible(mark, other) for other in kept):
            kept.append(mark)
    return sorted(kept, key=_place)


def _place(mark: Mark) -> tuple[int, int, bool, str]:
    return mark.start, mark.end, mark.entity != "person", mark.entity


def _compatible(mark: Mark, other: Mark) -> bool:
    if (mark.start, mark.end) == (other.start, other.end):
        return mark.entity != other.entity
    return mark.end <= other.start or other.end <= mark.start
