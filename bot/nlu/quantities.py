"""Quantities put together from their parts: "twenty five", "4 May 2023", "six days ago".

Works on marks alone and knows no language: what stands beside what is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.i18n.calendars import Calendar
from bot.nlu.calendars import MONTH_KINDS, converted, is_old_year
from bot.nlu.dates import iso
from bot.nlu.eras import settle
from bot.nlu.marks import DOUBTFUL_MONTH, Mark
from bot.nlu.nearness import linked, near

_CLOSE = re.compile(r"[\s.,-]*")
# As many marks can stand on one side of a month: a day, the word for "year", the year.
LINKS = 3
_MONTHS = {"month", DOUBTFUL_MONTH, *MONTH_KINDS}
Joiners = frozenset[str]


def combine(
    marks: list[Mark],
    text: str,
    joiners: Joiners = frozenset(),
    calendar: Calendar | None = None,
) -> list[Mark]:
    """Put the parts together; marks that only make sense together (`ago`) vanish alone.

    Args:
        marks: Marks of a text in order, without overlaps except on the same stretch.
        text: The folded text.
        joiners: Words that join tens and units in this language, such as "și".
        calendar: What a year such as 1389 is of where nothing beside it tells.
    """
    marks = _spread_pairs(marks)
    marks = _merged(marks, lambda first, second: _sum(first, second, text, joiners))
    marks = _merged(marks, lambda first, second: _hundreds(first, second, text))
    marks = _dates(marks, text)
    marks = settle(_durations(marks, text), text, calendar)
    return [mark for mark in marks if mark.entity != DOUBTFUL_MONTH and mark[2:] != ("ago", "yes")]


def _spread_pairs(marks: list[Mark]) -> list[Mark]:
    """A dual such as "two months" in one word is a number and a unit in one place."""
    spread: list[Mark] = []
    for mark in marks:
        unit, star, count = str(mark.value).partition("*")
        if mark.entity == "unit" and star:
            spread.append(mark._replace(entity="number", value=int(count)))
            mark = mark._replace(value=unit)
        spread.append(mark)
    return spread


def _merged(marks: list[Mark], merge: Callable[[Mark, Mark], Mark | None]) -> list[Mark]:
    """Merge neighbours for as long as the function makes one of two."""
    result: list[Mark] = []
    for mark in marks:
        together = merge(result[-1], mark) if result else None
        if together:
            result[-1] = together
        else:
            result.append(mark)
    return result


def _sum(first: Mark, second: Mark, text: str, joiners: Joiners) -> Mark | None:
    """Add up "twenty" and "five": in words, tens first or, with a joiner, units first."""
    if not (_spelt(first, text) and _spelt(second, text)) or first.end > second.start:
        return None
    gap = text[first.end : second.start].strip(" -")
    one, two = int(first.value), int(second.value)
    ascending = one < 10 and _is_tens(two) and _starts_joined(second, text, joiners)
    # The second fills the empty places of the first: 20 and 5, 1000 and 300, 1300 and 89.
    fills = one % 1000 == 0 and two < 1000 or one % 100 == 0 and two < 100
    descending = one >= 20 and two > 0 and (fills or (_is_tens(one % 100) and two < 10))
    if ascending or (descending and (not gap or gap in joiners)):
        return _joined(first, second, "number", one + two)
    return None


def _hundreds(first: Mark, second: Mark, text: str) -> Mark | None:
    """Multiply "two" and "thousand", in words."""
    if not (_spelt(first, text) and _spelt(second, text)) or first.end > second.start:
        return None
    one, two = int(first.value), int(second.value)
    if one < two and two in (100, 1000) and _CLOSE.fullmatch(text[first.end : second.start]):
        return _joined(first, second, "number", one * two)
    return None


def _starts_joined(mark: Mark, text: str, joiners: Joiners) -> bool:
    """Whether the joiner stands before the mark or is written together with it."""
    before = text[: mark.start].split()[-1:]
    return text[mark.start :].startswith(tuple(joiners)) or bool(joiners.intersection(before))


def _spelt(mark: Mark, text: str) -> bool:
    return mark.entity == "number" and not text[mark.start].isdigit()


def _is_tens(number: int) -> bool:
    return 20 <= number <= 90 and number % 10 == 0


def _dates(marks: list[Mark], text: str) -> list[Mark]:
    """Months with the year after them (or before) and the day before them."""
    result: list[Mark] = []
    rest = list(marks)
    while rest:
        mark = rest.pop(0)
        if mark.entity not in _MONTHS:
            result.append(mark)
            continue
        result.append(_date_around(mark, result, rest, text))
    return result


def _date_around(month: Mark, before: list[Mark], after: list[Mark], text: str) -> Mark:
    year, day = _beside(month, before, after, text)
    if year is None:
        # Without a year there is no date; a day beside it still shows that it is a month.
        return month._replace(entity="month") if day and month.entity == DOUBTFUL_MONTH else month
    value = _dated(month, year, day)
    if value is None:
        return month
    parts = [part for part in (day, month, year) if part]
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    for marks in (before, after):
        marks[:] = [mark for mark in marks if mark.end <= start or end <= mark.start]
    return Mark(start, end, "date", value)


def _dated(month: Mark, year: Mark, day: Mark | None) -> str | None:
    """The date of those parts, in the month's calendar."""
    number, day_number = int(month.value), int(day.value) if day else None
    calendar = MONTH_KINDS.get(month.entity)
    if calendar:
        return converted(calendar, int(year.value), number, day_number)
    return iso(int(year.value), number, day_number)


def _beside(
    month: Mark, before: list[Mark], after: list[Mark], text: str
) -> tuple[Mark | None, Mark | None]:
    """The year and the day that stand beside a month."""
    follow = [mark for mark in linked(month, after, text, LINKS) if mark[2:] != ("unit", "year")]
    ahead = linked(month, reversed(before), text, LINKS)
    if month.entity in MONTH_KINDS:
        # "5 of the month of Ramadan"; "5 months, May 2023" is no 5 May.
        ahead = [mark for mark in ahead if mark[2:] != ("unit", "month")]
    previous = ahead[0] if ahead else None
    following = follow[0] if follow else None
    day = next((mark for mark in (previous, following) if mark and _is_day(mark)), None)
    if day is not None and day is following:
        beyond = follow[1] if len(follow) > 1 else None
    else:
        beyond = following
    year = next((mark for mark in (beyond, previous) if mark and _is_bare_year(mark, month)), None)
    return year, day


def _is_day(mark: Mark) -> bool:
    return mark.entity == "number" and 1 <= int(mark.value) <= 31


def _is_bare_year(mark: Mark, month: Mark) -> bool:
    if month.entity in MONTH_KINDS:
        return mark.entity == "number" and is_old_year(int(mark.value))
    if mark.entity == "number":
        return 1900 <= int(mark.value) <= 2100
    return mark.entity == "date" and len(str(mark.value)) == 4


def _durations(marks: list[Mark], text: str) -> list[Mark]:
    """A word for "ago" on either side of a number and a unit, or of a unit alone ("a year")."""
    result: list[Mark] = []
    index = 0
    while index < len(marks):
        for size in (3, 2):
            group = marks[index : index + size]
            together = _duration(group, text) if len(group) == size else None
            if together:
                result.append(together)
                index += size
                break
        else:
            result.append(marks[index])
            index += 1
    return result


def _duration(group: list[Mark], text: str) -> Mark | None:
    names = sorted(mark.entity for mark in group)
    if names not in (["ago", "number", "unit"], ["ago", "unit"]):
        return None
    middle_is_ago = len(group) == 3 and group[1].entity == "ago"
    pairs = zip(group, group[1:], strict=False)
    if middle_is_ago or not all(near(one, two, text) for one, two in pairs):
        return None
    values = {mark.entity: mark.value for mark in group}
    if values["ago"] != "yes":
        return None
    return _joined(group[0], group[-1], "ago", f"{values.get('number', 1)} {values['unit']}")


def _joined(first: Mark, second: Mark, entity: str, value: str | int) -> Mark:
    return Mark(min(first.start, second.start), max(first.end, second.end), entity, value)
