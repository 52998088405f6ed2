"""Years and dates whose calendar the text has to tell: settled by the words beside them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.calendars import Calendar
from bot.nlu.calendars import (
    CALENDAR,
    MONTH_KINDS,
    OLD_DATE,
    converted,
    is_old_year,
    named_calendar,
)
from bot.nlu.marks import Mark
from bot.nlu.nearness import near

_HELPERS = {CALENDAR, *MONTH_KINDS}


def settle(marks: Sequence[Mark], text: str, own: Calendar | None) -> list[Mark]:
    """Turn years and dates of the Hijri calendars into ISO; drop what only helped to read them.

    Args:
        marks: Marks of a text in order.
        text: The folded text.
        own: The calendar of the message's language, or None.
    """
    settled = [_settled(index, marks, text, own) for index in range(len(marks))]
    return [mark for mark in settled if mark and mark.entity not in _HELPERS]


def _settled(index: int, marks: Sequence[Mark], text: str, own: Calendar | None) -> Mark | None:
    mark = marks[index]
    parts = _parts(mark)
    if parts is None or _is_counted(index, marks, text):
        return mark
    calendar = _told_beside(index, marks, text, own) or own
    value = converted(calendar, *parts) if calendar else None
    if value:
        return mark._replace(entity="date", value=value)
    return None if mark.entity == OLD_DATE else mark


def _parts(mark: Mark) -> tuple[int, ...] | None:
    if mark.entity == OLD_DATE:
        return tuple(int(part) for part in str(mark.value).split("-"))
    if mark.entity == "number" and is_old_year(int(mark.value)):
        return (int(mark.value),)
    return None


def _is_counted(index: int, marks: Sequence[Mark], text: str) -> bool:
    """Whether it is an amount: "1400 days"."""
    after = marks[index + 1] if index + 1 < len(marks) else None
    return after is not None and after.entity == "unit" and near(marks[index], after, text)


def _told_beside(
    index: int, marks: Sequence[Mark], text: str, own: Calendar | None
) -> Calendar | None:
    for first, second in ((index, index + 1), (index - 1, index)):
        if first < 0 or second >= len(marks) or not near(marks[first], marks[second], text):
            continue
        beside = marks[second if first == index else first]
        if beside.entity == CALENDAR:
            return named_calendar(str(beside.value), own)
    return None
