"""The figures of the monitoring, made of single requests; pure.

Counts go through `bot.desk.disclosure`. Times are shown where at least five people are behind
them, the 90th percentile where ten are: of fewer it would be one person's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from bot.desk.disclosure import LEAST, Count, release
from bot.store.figures import Request, Wait

RANGES = (7, 30, 90)
"""The ranges in days; each ends with the last full day."""
_STEP = {7: 1, 30: 5, 90: 10}
_LEAST_FOR_P90 = 10
_FINDING = "finding:"
DIMENSIONS = ("language", "reason", "channel", "priority")
TIME = "time"


@dataclass(frozen=True)
class Times:
    """How long it took, in seconds; None where too few are behind it."""

    median: int | None
    p90: int | None


@dataclass(frozen=True)
class Row:
    """One value of a table, or all of them together.

    Attributes:
        requests: Those who asked, or who wait now; None: withheld.
        unanswered: Those whom no counsellor has answered; None: withheld, or not asked for.
        answer: Until the first answer; of those who wait now: how long they wait.
        close: Until it was closed.
    """

    requests: Count | None
    unanswered: Count | None
    answer: Times
    close: Times


@dataclass(frozen=True)
class Figures:
    """All together, and by each dimension; a table that is withheld is None."""

    total: Row
    tables: Mapping[str, Mapping[str, Row] | None]


def span(days: int, today: date) -> tuple[date, date]:
    """Give a range's first day and the day after its last one: today counts when it is over."""
    return today - timedelta(days=days), today


def of_requests(requests: Sequence[Request], start: date, days: int) -> Figures:
    """Make the figures of a range."""
    groups = {name: _grouped(requests, _key(name)) for name in DIMENSIONS}
    steps = {day: [] for day in _days(start, days)} | _grouped(requests, _step(start, days))
    groups[TIME] = dict(sorted(steps.items()))
    asked = _released(len(requests), groups)
    open_ = {
        name: {value: _unanswered(members) for value, members in table.items()}
        for name, table in groups.items()
    }
    left = _released(len(_unanswered(requests)), open_)
    return _figures(requests, groups, asked, left, _row)


def of_waits(waits: Sequence[Wait]) -> Figures:
    """Make the figures of those who wait now."""
    groups = {name: _grouped(waits, _key(name)) for name in DIMENSIONS}
    asked = _released(len(waits), groups)
    return _figures(waits, groups, asked, None, _waiting_row)


def of_numbers(numbers: Mapping[str, int]) -> Figures:
    """Make figures of mere counts by language."""
    shown = release(sum(numbers.values()), {"language": numbers})
    nothing = Times(None, None)
    table = shown.tables["language"]
    rows = (
        None
        if table is None
        else {value: Row(each, None, nothing, nothing) for value, each in table.items()}
    )
    return Figures(Row(shown.total, None, nothing, nothing), {"language": rows})


def times(seconds: Iterable[int | None]) -> Times:
    """Give the median and the 90th percentile (nearest rank) of what is known."""
    known = sorted(each for each in seconds if each is not None)
    return Times(
        round(median(known)) if len(known) >= LEAST else None,
        known[math.ceil(0.9 * len(known)) - 1] if len(known) >= _LEAST_FOR_P90 else None,
    )


_Shown = tuple["Count | None", Mapping[str, "Mapping[str, Count] | None"]]
_Members = Sequence[Request] | Sequence[Wait]
_Groups = Mapping[str, Mapping[str, _Members]]


def _figures(
    members: _Members,
    groups: _Groups,
    asked: _Shown,
    left: _Shown | None,
    row: Callable[..., Row],
) -> Figures:
    tables: dict[str, Mapping[str, Row] | None] = {}
    for name, table in groups.items():
        counts, open_ = asked[1][name], left[1][name] if left else None
        tables[name] = (
            None
            if counts is None
            else {
                value: row(some, counts[value], open_[value] if open_ else None)
                for value, some in table.items()
            }
        )
    return Figures(row(members, asked[0], left[0] if left else None), tables)


def _released(total: int, groups: Mapping[str, Mapping[str, Sequence[object]]]) -> _Shown:
    numbers = {
        name: {value: len(members) for value, members in table.items()}
        for name, table in groups.items()
    }
    shown = release(total, numbers)
    return shown.total, shown.tables


def _row(requests: Sequence[Request], asked: Count | None, left: Count | None) -> Row:
    return Row(
        asked,
        left,
        times(each.answer_seconds for each in requests),
        times(each.close_seconds for each in requests),
    )


def _waiting_row(waits: Sequence[Wait], asked: Count | None, left: Count | None) -> Row:
    return Row(asked, left, times(each.waiting_seconds for each in waits), Times(None, None))


def _unanswered(requests: Sequence[Request]) -> list[Request]:
    return [each for each in requests if each.answer_seconds is None]


def _grouped(members: Sequence, key: Callable[..., str]) -> dict[str, list]:  # type: ignore[type-arg]
    groups: dict[str, list] = {}  # type: ignore[type-arg]
    for member in members:
        groups.setdefault(key(member), []).append(member)
    # Not by size: the order would tell what the rounding hides.
    return dict(sorted(groups.items()))


def _key(name: str) -> Callable[[Request | Wait], str]:
    def key(member: Request | Wait) -> str:
        value = str(getattr(member, name) or "")
        return _FINDING if value.startswith(_FINDING) else value

    return key


def _days(start: date, days: int) -> list[str]:
    step = _STEP[days]
    return [str(start + timedelta(days=number)) for number in range(0, days, step)]


def _step(start: date, days: int) -> Callable[[Request], str]:
    def key(request: Request) -> str:
        passed = (request.opened_on - start).days
        return str(start + timedelta(days=passed - passed % _STEP[days]))

    return key
