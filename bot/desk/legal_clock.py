"""The times that the law and its practice count, reckoned from what was told: pure.

Everything here is "about": people tell months and ages, not days.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

FIRST_LIMIT, LAST_LIMIT = 9, 15
"""Months from the application within which the procedure is to end, and with more checks (F6.4)."""
_LAST_MINOR_YEAR = 17


class Clock(NamedTuple):
    """One count.

    Attributes:
        kind: `application` (months since), `refusal` (days since), `eighteen`.
        since: The day on which it began; of `eighteen` the day on which 17 was told.
        amount: Months or days until today.
        first, last: Of an application the two limits; of `eighteen` the last possible birthday.
        who: The family member's kind whom `eighteen` is about; None: the sponsor.
    """

    kind: str
    since: dt.date
    amount: int
    first: dt.date | None = None
    last: dt.date | None = None
    who: str | None = None


def clocks(facts: Mapping[str, Any], opened_on: dt.date, today: dt.date) -> list[Clock]:
    """Reckon what runs.

    Args:
        facts: A handoff's facts: `shared`, `told_on`, `members`.
        opened_on: Counts as the day of telling where none was kept.
        today: This day.
    """
    shared, told_on = _mapping(facts.get("shared")), _mapping(facts.get("told_on"))
    found = [
        *_application(shared, told_on, opened_on, today),
        *_refusal(shared, told_on, opened_on, today),
        *_eighteen(shared.get("sponsor.age"), told_on.get("sponsor.age"), opened_on, None),
    ]
    for member in facts.get("members") or ():
        age, days = _mapping(member.get("facts")).get("age"), _mapping(member.get("told_on"))
        found += _eighteen(age, days.get("age"), opened_on, str(member.get("kind")))
    return found


def _application(
    shared: Mapping[str, Any], told_on: Mapping[str, Any], opened_on: dt.date, today: dt.date
) -> Iterator[Clock]:
    months = _number(shared.get("months_since_application"))
    if shared.get("application") != "pending" or months is None:
        return
    since = add_months(_day(told_on.get("months_since_application"), opened_on), -months)
    yield Clock(
        "application",
        since,
        _months_between(since, today),
        add_months(since, FIRST_LIMIT),
        add_months(since, LAST_LIMIT),
    )


def _refusal(
    shared: Mapping[str, Any], told_on: Mapping[str, Any], opened_on: dt.date, today: dt.date
) -> Iterator[Clock]:
    days = _number(shared.get("sponsor.refusal_days"))
    if days is None:
        return
    since = _day(told_on.get("sponsor.refusal_days"), opened_on) - dt.timedelta(days=days)
    yield Clock("refusal", since, (today - since).days)


def _eighteen(age: object, told: object, opened_on: dt.date, who: str | None) -> Iterator[Clock]:
    if _number(age) == _LAST_MINOR_YEAR:
        since = _day(told, opened_on)
        yield Clock("eighteen", since, _LAST_MINOR_YEAR, last=add_months(since, 12), who=who)


def add_months(day: dt.date, months: int) -> dt.date:
    """Give the same day some months later; the month's last one where it has fewer days."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _months_between(start: dt.date, end: dt.date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _day(value: object, otherwise: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return otherwise
