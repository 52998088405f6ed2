"""What follows with certainty from the facts given, so that it is not asked.

Ages grow between the day they were told and today; ages at the asylum application and "born
after it" follow from its date and the age now, where no birthday can change the result.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

from actions.law.conditions import DONT_KNOW
from actions.law.schema import SCHEMA, FactsError

AGES = ("sponsor.age", "person.age")
ADULT = 18
# States of the documents that add a flag; of the others the table knows nothing.
NO_WAY = ("embassy_out_of_reach", "no_passport")
THRESHOLDS = (17, ADULT)
# The facts that a date of the asylum application can tell, and the age that they also need.
FROM_DATE = {
    "person.born_after_asylum_application": "person.age",
    "person.age_at_asylum_application": "person.age",
    "sponsor.turned_18": "sponsor.age",
}
DATE = "sponsor.asylum_application"
COUPLE = ("spouse", "fiance", "partner")


def today_of(facts: Mapping[str, Any]) -> dt.date:
    """The day for which the facts are judged; the machine's date if none is given.

    Raises:
        FactsError: If it is no day.
    """
    return _day("today", facts.get("today")) if "today" in facts else dt.date.today()


def grow(flat: Mapping[str, Any], told_on: Any, today: dt.date) -> dict[str, Any]:
    """Bring what ages from the day it was told to today.

    An age that may have passed 17 or 18 since is not known any more and is left out.

    Raises:
        FactsError: If `told_on` names no fact, no day, or a day that is not yet.
    """
    grown = dict(flat)
    if not isinstance(told_on, Mapping):
        raise FactsError("told_on: must be an object of paths and days")
    for path, told in told_on.items():
        if path not in SCHEMA:
            raise FactsError(f"told_on.{path}: unknown key")
        day = _day(f"told_on.{path}", told)
        if day > today:
            raise FactsError(f"told_on.{path}: {day} lies after today, {today}")
        value = grown.get(path)
        if isinstance(value, bool) or not isinstance(value, int):
            continue
        if path in AGES:
            aged = _aged(value, day, today)
            if aged is None:
                del grown[path]
            else:
                grown[path] = aged
        elif path == "sponsor.refusal_days":
            grown[path] = value + (today - day).days
        elif path == "months_since_application":
            grown[path] = value + _months(day, today)
    return grown


def _day(path: str, value: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise FactsError(f"{path}: must be a day, YYYY-MM-DD") from None


def _aged(age: int, told: dt.date, today: dt.date) -> int | None:
    years = _years(told, today)
    at_most = years if told == today else years + 1
    low, high = age + years, age + at_most
    return None if any(low < limit <= high for limit in THRESHOLDS) else low


def _years(start: dt.date, end: dt.date) -> int:
    """Full years from start to end; never below 0."""
    years = end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    return max(years, 0)


def _months(start: dt.date, end: dt.date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)


def derive(flat: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """Add what is certain; a fact that was given stays as it was given.

    Raises:
        FactsError: If the asylum application lies after today.
    """
    facts = dict(flat)
    if facts.get("person.place") == DONT_KNOW:
        facts["person.place"] = "unknown"
    facts = nothing_told() | facts
    date = facts.get(DATE)
    if date is not None and date != DONT_KNOW:
        _derive_from_date(facts, _span(date), today)
    if facts.get("person.relation") in COUPLE and (_age(facts, "person.age") or ADULT) < ADULT:
        _add(facts, "person.marriage.under_18_now", True)
    return settle(facts)


def nothing_told() -> dict[str, Any]:
    """The facts of somebody who has told nothing: what is never asked is false."""
    never_asked = [path for path, fact in SCHEMA.items() if not fact.asked and fact.kind == "bool"]
    return dict.fromkeys([*never_asked, *(f"documents.{state}" for state in NO_WAY)], False)


def settle(facts: dict[str, Any]) -> dict[str, Any]:
    """What follows from the state of the family's application.

    Only after an approval can a visa be asked for; without an application nobody was under 18
    when it was filed.
    """
    return follows(facts.get("application")) | facts


def follows(application: str | None) -> dict[str, bool]:
    """Facts that are certain in a state of the family's application, unless they were told."""
    certain = []
    if application is not None and application != "approved":
        certain.append("visa_refused")
    if application == "none":
        certain += ["sponsor.applied_before_18", "person.under_18_at_family_application"]
    return dict.fromkeys(certain, False)


def _span(date: str) -> tuple[dt.date, dt.date]:
    """First and last day that the date can mean."""
    parts = [int(part) for part in date.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else None
    if len(parts) == 3:
        day = dt.date(*parts)
        return day, day
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _derive_from_date(facts: dict[str, Any], span: tuple[dt.date, dt.date], today: dt.date) -> None:
    first, last = span[0], min(span[1], today)
    if first > today:
        raise FactsError(f"{DATE}: lies after today, {today}")
    person = _age(facts, "person.age")
    if person is not None:
        youngest, oldest = _ages_then(person, first, last, today)
        if youngest >= 0 or oldest < 0:
            _add(facts, "person.born_after_asylum_application", oldest < 0)
        if youngest >= ADULT or oldest < ADULT:
            then = youngest if youngest >= ADULT else max(oldest, 0)
            _add(facts, "person.age_at_asylum_application", then)
    sponsor = _age(facts, "sponsor.age")
    if sponsor is not None and _ages_then(sponsor, first, last, today)[0] >= ADULT:
        _add(facts, "sponsor.turned_18", "no")


def _age(facts: Mapping[str, Any], path: str) -> int | None:
    age = facts.get(path)
    return age if isinstance(age, int) else None


def _ages_then(age: int, first: dt.date, last: dt.date, today: dt.date) -> tuple[int, int]:
    """Lowest and highest age between two days of somebody who is `age` today; below 0: unborn."""
    # Born on or before this day, and after the same day one year earlier.
    latest = _years_before(today, age)
    earliest = _years_before(today, age + 1) + dt.timedelta(days=1)
    lowest = _years(latest, first) if latest <= first else -1
    highest = _years(earliest, last) if earliest <= last else -1
    return lowest, highest


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _add(facts: dict[str, Any], path: str, value: Any) -> None:
    if facts.get(path) in (None, DONT_KNOW):
        facts[path] = value
