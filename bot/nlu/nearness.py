"""Which marks of a text stand so near that they belong together; knows no language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.nlu.marks import Mark

# Between the parts of one date or duration: nothing, or short words such as "of", "din", "من".
_BETWEEN = re.compile(r"[\W_]*(?:\w{1,3}[\W_]+){0,2}")


def near(first: Mark, second: Mark, text: str) -> bool:
    """Whether nothing but short words stands between two marks, given in the text's order."""
    if first.end > second.start:
        return (first.start, first.end) == (second.start, second.end)
    return _BETWEEN.fullmatch(text[first.end : second.start]) is not None


def linked(start: Mark, marks: Iterable[Mark], text: str, longest: int) -> list[Mark]:
    """The marks on one side, the nearest first, for as long as each is near the one before it."""
    found: list[Mark] = []
    for mark in marks:
        first, second = sorted((found[-1] if found else start, mark), key=lambda each: each.start)
        if len(found) == longest or not near(first, second, text):
            break
        found.append(mark)
    return found
