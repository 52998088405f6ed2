"""Ages out of a day, a month or a year of birth: only what is certain on the day it is told.

Whoever is born in 2012 is 13 or 14 in 2026; a year of the Solar Hijri calendar lies across two
years of ours. Where the birthday decides, no age follows and the age itself is asked.
"""

from __future__ import annotations

import calendar
import datetime as dt

from actions.interview.mentions import Mentions

# Between "born" and the date: "born in the year", "born on".
NEAR_BORN = 12
BORN = ("age", "born")


def days_meant(value: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a date: `2012`, `2012-05`, `2012-05-03` or `first/last`.

    Raises:
        ValueError: If it is no date.
    """
    first, slash, last = value.partition("/")
    if slash:
        return dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    year, month, day = ([int(part) for part in value.split("-")] + [0, 0])[:3]
    last_month = month or 12
    end = day or calendar.monthrange(year, last_month)[1]
    return dt.date(year, month or 1, day or 1), dt.date(year, last_month, end)


def certain_date(value: str) -> str | None:
    """The most exact plain date that holds all days of an interval; None if no year does.

    The month of Mordad 1402 lies in July and August 2023: `2023` is what is certain.
    """
    first, slash, last = value.partition("/")
    if not slash:
        return value
    for length in (10, 7, 4):
        if first[:length] == last[:length]:
            return first[:length]
    return None


def ages_of(value: str, today: dt.date) -> tuple[int, int] | None:
    """The lowest and the highest age today of somebody born then; None if it is yet to come."""
    try:
        first, last = days_meant(value)
    except ValueError:
        return None
    if first > today:
        return None
    return _years(min(last, today), today), _years(first, today)


def is_birth(mentions: Mentions, index: int) -> bool:
    """Whether the word "born" stands beside this date: "born in 2012", "2012 born"."""
    before = index - 1
    # "Born in the year 1389": the word for the year is a mention of its own.
    while (mention := mentions.at(before)) is not None and mention.name == "unit":
        before -= 1
    return any(_is_born_beside(mentions, index, place) for place in (before, index + 1))


def _is_born_beside(mentions: Mentions, index: int, place: int) -> bool:
    date, word = mentions.at(index), mentions.at(place)
    if date is None or word is None or (word.name, word.value) != BORN:
        return False
    return max(date.start, word.start) - min(date.end, word.end) <= NEAR_BORN


def _years(born: dt.date, today: dt.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
