"""Opening hours: a subset of OpenStreetMap's form, in Romanian time, with public holidays.

`Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-12:00; PH off`: rules from left to right, of which the
last one that names a day counts. On public holidays nobody works unless a rule with `PH` says so.
Source of the form: wiki.openstreetmap.org/wiki/Key:opening_hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Bucharest")
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOLIDAY = "PH"
_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_LOOK_AHEAD_DAYS = 60
_DAY_MINUTES = 24 * 60

Spans = tuple[tuple[int, int], ...]
"""From and to, in minutes of the day, in order."""


@dataclass(frozen=True)
class Hours:
    """When counsellors work; `by_day` holds the weekdays' names and `PH`."""

    by_day: Mapping[str, Spans]

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Read opening hours.

        Raises:
            ValueError: If they are not in the form above, or never open.
        """
        by_day: dict[str, Spans] = {}
        for rule in filter(None, (part.strip() for part in text.split(";"))):
            days, _, times = rule.partition(" ")
            if rule == "24/7":
                days, times = "Mo-Su,PH", "00:00-24:00"
            spans = _read_spans(times)
            by_day.update(dict.fromkeys(_read_days(days), spans))
        if not any(by_day.values()):
            raise ValueError("must be opening hours such as Mo-Fr 09:00-17:00; Sa 10:00-12:00")
        return cls(by_day)

    def is_open(self, at: datetime) -> bool:
        """Tell whether counsellors work at a moment (a time with a zone)."""
        return self.closing(at) is not None

    def closing(self, at: datetime) -> datetime | None:
        """Give the end of the hours that a moment lies in; None if it lies in none."""
        local = at.astimezone(ZONE)
        minute = local.hour * 60 + local.minute
        for start, end in self._spans(local.date()):
            if start <= minute < end:
                return _moment(local.date(), end)
        return None

    def next_opening(self, at: datetime) -> datetime | None:
        """Give the next beginning of hours after a moment; None if none is near."""
        local = at.astimezone(ZONE)
        for day in _days_from(local.date()):
            for start, _ in self._spans(day):
                opening = _moment(day, start)
                if opening > local:
                    return opening
        return None

    def _spans(self, day: date) -> Spans:
        name = _HOLIDAY if is_holiday(day) else _DAYS[day.weekday()]
        return self.by_day.get(name, ())


def is_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday in Romania.

    Source: the library `holidays` (Labour Code, art. 139).
    """
    return day in _romanian()


@lru_cache(maxsize=1)
def _romanian() -> Mapping[date, str]:
    # Imported when it is first asked for: the library takes half a second to read.
    import holidays

    found: Mapping[date, str] = holidays.country_holidays("RO")
    return found


def _days_from(day: date) -> Iterator[date]:
    return (day + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD_DAYS))


def _moment(day: date, minute: int) -> datetime:
    days, rest = divmod(minute, _DAY_MINUTES)
    return datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), ZONE)


def _read_days(text: str) -> Sequence[str]:
    days: list[str] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if part == _HOLIDAY:
            days.append(_HOLIDAY)
        elif first in _DAYS and (last in _DAYS if dash else True):
            days += _range(first, last or first)
        else:
            raise ValueError("must name days as Mo, Tu, We, Th, Fr, Sa, Su or PH")
    return days


def _range(first: str, last: str) -> Sequence[str]:
    start, end = _DAYS.index(first), _DAYS.index(last)
    return [_DAYS[day % 7] for day in range(start, end + 1 if end >= start else end + 8)]


def _read_spans(text: str) -> Spans:
    if text in ("off", "closed"):
        return ()
    spans = tuple(_read_span(part.strip()) for part in text.split(","))
    if any(later[0] < earlier[1] for earlier, later in zip(spans, spans[1:], strict=False)):
        raise ValueError("must name times in order, none within another")
    return spans


def _read_span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    hours = [int(number) for number in found.groups()] if found else []
    if not hours or hours[1] > 59 or hours[3] > 59:
        raise ValueError("must name times as 09:00-17:00")
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if not 0 <= start < end <= _DAY_MINUTES:
        raise ValueError("must begin before they end, on the same day")
    return start, end
