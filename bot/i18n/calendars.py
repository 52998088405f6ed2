"""The calendars that people of our languages live by beside the Gregorian one.

Both directions: the days that a year, a month or a day of such a calendar means, and how a
Gregorian day is told in it. The Solar Hijri calendar (Iran, Afghanistan) is computed; of the Hijri
one it is the calculated calendar of Umm al-Qura: where the moon is watched for, a day may differ.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Final, Literal

import jdatetime
from hijridate import Gregorian, Hijri

_DARI = "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت".split()
_PASHTO = "وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب".split()
_PERSIAN = list(jdatetime.date.j_months_fa)
_LATIN = list(jdatetime.date.j_months_en)
# The Solar Hijri months by language tag; where it is everyone's calendar it is always told too.
SOLAR_MONTHS = {"fa": _PERSIAN, "fa-AF": _DARI, "prs": _DARI, "ps": _PASHTO}
# Months of the Hijri calendar whose names the library knows; others are told the English names.
_HIJRI_NAMES: Final[dict[str, Literal["ar", "bn", "en", "tr"]]] = {
    "ar": "ar",
    "bn": "bn",
    "tr": "tr",
}
MONTHS = 12


class Calendar(Enum):
    """A calendar beside the Gregorian one."""

    SOLAR = "solar"
    HIJRI = "hijri"


def days_of(
    calendar: Calendar, year: int, month: int | None = None, day: int | None = None
) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that the parts given can mean; None if there is no such date.

    Args:
        calendar: Whose parts they are.
        year: 1389 of the Solar Hijri calendar is 21 March 2010 to 20 March 2011.
        month: 1 to 12, or None for the whole year.
        day: 1 to 31, or None for the whole month.
    """
    try:
        first = _day(calendar, year, month or 1, day or 1)
        if day:
            return first, first
        after = (year + 1, 1) if month in (None, MONTHS) else (year, (month or 0) + 1)
        return first, _day(calendar, *after, 1) - dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def parts_of(calendar: Calendar, day: dt.date) -> tuple[int, int, int]:
    """Year, month and day of a Gregorian day in that calendar.

    Raises:
        OverflowError: Outside of the years 1343 to 1500 of the Hijri calendar.
    """
    if calendar is Calendar.SOLAR:
        solar = jdatetime.date.fromgregorian(date=day)
        return solar.year, solar.month, solar.day
    return Gregorian(day.year, day.month, day.day).to_hijri().datetuple()


def month_name(calendar: Calendar, month: int, tag: str) -> str:
    """The name of a month in a language; in Latin letters where the language has none."""
    if calendar is Calendar.SOLAR:
        return str((SOLAR_MONTHS.get(tag) or SOLAR_MONTHS.get(_base(tag), _LATIN))[month - 1])
    return Hijri(1400, month, 1).month_name(_HIJRI_NAMES.get(_base(tag), "en"))


def everyday(tag: str) -> Calendar | None:
    """The calendar that a language's speakers live by, if it is not the Gregorian one."""
    return Calendar.SOLAR if tag in SOLAR_MONTHS or _base(tag) in SOLAR_MONTHS else None


def tell_day(calendar: Calendar, day: dt.date, tag: str) -> str:
    """A day with its month's name: `13 Ordibehesht 1402`."""
    year, month, number = parts_of(calendar, day)
    return f"{number} {month_name(calendar, month, tag)} {year}"


def tell_span(calendar: Calendar, first: dt.date, last: dt.date, tag: str) -> str:
    """The months from one day to another: `Ordibehesht – Khordad 1402`."""
    (year, month, _), (last_year, last_month, _) = (
        parts_of(calendar, first),
        parts_of(calendar, last),
    )
    start, end = month_name(calendar, month, tag), month_name(calendar, last_month, tag)
    if (year, month) == (last_year, last_month):
        return f"{start} {year}"
    return f"{start} – {end} {year}" if year == last_year else f"{start} {year} – {end} {last_year}"


def _day(calendar: Calendar, year: int, month: int, day: int) -> dt.date:
    if calendar is Calendar.SOLAR:
        gregorian: dt.date = jdatetime.date(year, month, day).togregorian()
        return gregorian
    return dt.date(*Hijri(year, month, day).to_gregorian().datetuple())


def _base(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0]
