"""Dates and numbers written in digits, in a folded text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from bot.nlu.calendars import OLD_DATE, is_old_year
from bot.nlu.marks import Mark

FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_NUMBER = 4
_ISO = re.compile(r"(?<![\d.])(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?![\d.]\d)")
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?!\d)")
_MONTH_YEAR = re.compile(r"(?<![\d./-])(\d{1,2})[-/.](\d{4})(?!\d)")
_DIGITS = re.compile(r"\d+")


def digit_marks(text: str) -> Iterator[Mark]:
    """Every date and number in digits; a year alone is a date, a long number (a phone) nothing.

    A date of a year from 1300 to 1450 is `date?`: whose calendar it is, the text has to tell.
    """
    taken: list[Mark] = []
    for mark in _dates(text):
        if all(mark.end <= other.start or other.end <= mark.start for other in taken):
            taken.append(mark)
    yield from taken
    for match in _DIGITS.finditer(text):
        if any(mark.start <= match.start() < mark.end for mark in taken):
            continue
        if len(match[0]) <= LONGEST_NUMBER:
            yield _number(match)


def is_year(number: int) -> bool:
    """Whether a number is a year that people speak of here."""
    return FIRST_YEAR <= number <= LAST_YEAR


def iso(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """An ISO date as exact as the parts given, or None if there is no such date."""
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    if not is_year(year):
        return None
    if month is None:
        return f"{year}"
    return f"{year}-{month:02}" if day is None else f"{year}-{month:02}-{day:02}"


def _number(match: re.Match[str]) -> Mark:
    number = int(match[0])
    if len(match[0]) == 4 and is_year(number):
        return Mark(match.start(), match.end(), "date", match[0])
    return Mark(match.start(), match.end(), "number", number)


def _dates(text: str) -> Iterator[Mark]:
    for match in _DAY_FIRST.finditer(text):
        first, second, year = (int(part) for part in match.groups())
        day, month = (second, first) if second > 12 else (first, second)
        yield from _mark(match, year, month, day)
    for match in _ISO.finditer(text):
        yield from _mark(match, int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    for match in _MONTH_YEAR.finditer(text):
        yield from _mark(match, int(match[2]), int(match[1]))


def _mark(match: re.Match[str], year: int, month: int, day: int | None = None) -> Iterator[Mark]:
    value = iso(year, month, day)
    if value:
        yield Mark(match.start(), match.end(), "date", value)
    elif is_old_year(year):
        parts = (year, month) if day is None else (year, month, day)
        yield Mark(match.start(), match.end(), OLD_DATE, "-".join(map(str, parts)))
